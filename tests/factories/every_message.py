"""Every kind of message there is, owed to readers of one language."""

from datetime import timedelta

from django.utils import timezone

from notifications.enums import MessageKind
from notifications.models import Campaign, Canary, Digest, Message
from notifications.services import campaigns, digests, planning, subscriptions
from outreach.actors import SYSTEM
from outreach.services import surveys as requests
from scheduling.models import Event
from scheduling.services import events, lateness, reshaping, rsvps, series, surveys
from scheduling.services import requests as event_requests
from scheduling.services.requests import Approval
from tests.factories.events import make_plan, tomorrow
from tests.factories.messages import SubscriptionFactory
from tests.factories.people import ContactFactory, make_event_request, make_pair, make_request
from tests.factories.places import BeatFactory
from tests.factories.seats import make_seated, sign_up
from tests.factories.series import make_wish, weekly


def owe_everything(language: str = "es") -> None:
    """One message of each kind at least, planned and not sent."""
    beat = BeatFactory()
    pair = make_pair(beat)
    reader = ContactFactory(language=language)
    SubscriptionFactory(beat=beat, contact=reader)
    subscriptions.sign_up("eva@example.org", subscriptions.Wish([beat]), language=language)
    plan = {"beat": beat, "texts": {"es": ("Reunión de vecinos", "")}}
    event = events.create(make_plan(**plan), by=SYSTEM)
    asked = make_request(beat, language=language, wants_invitation=True)
    planning.plan()
    long_booked = make_request(beat, language=language)
    visit = surveys.book_visit(long_booked.pk, starts_at=tomorrow(15), staff=pair, by=SYSTEM)
    Event.objects.filter(pk=visit.pk).update(updated_at=timezone.now() - timedelta(days=30))
    planning.plan()
    later = tomorrow() + timedelta(days=3)
    events.change(event.pk, make_plan(**plan, starts_at=later), by=SYSTEM)
    for hour in (10, 12):
        surveys.book_visit(asked.pk, starts_at=tomorrow(hour), staff=pair, by=SYSTEM)
        planning.plan()
    lateness.say(visit.pk, minutes=20, by=SYSTEM)
    events.cancel(event.pk, by=SYSTEM, reason="Por la lluvia.")
    repeated = make_wish(weekly(1, count=3), **plan)
    own = series.create(repeated, by=SYSTEM)
    reshaping.end(own.pk, since=None, by=SYSTEM, reason="Por la lluvia.")
    surveys.cancel_visit(asked.pk, by=SYSTEM, reason="")
    requests.withdraw(asked.pk, by=SYSTEM)
    seated = make_seated(4, **plan)
    holder = sign_up(seated, "Ana", 4, language=language)
    sign_up(seated, "Ben", 2, language=language)
    planning.plan()
    rsvps.give_back(holder.pk, by=SYSTEM)
    talk = Approval("Charla", tomorrow(10) + timedelta(days=30), 60, pair)
    for decide in (
        lambda one: event_requests.approve(one.pk, talk, by=pair[0]),
        lambda one: event_requests.decline(one.pk, by=SYSTEM, reason="No hay lugar."),
        lambda one: event_requests.withdraw(one.pk, by=SYSTEM),
    ):
        decide(make_event_request(beat, language=language))
    planning.plan()
    send_campaign(reader, pair[0])
    owe_digest(reader)
    owe_canary(language)


def owe_canary(language):
    ourselves = ContactFactory(language=language)
    due = {
        "channel": "email",
        "due_at": timezone.now(),
        "expires_at": timezone.now() + timedelta(minutes=9),
    }
    Message.objects.create(
        contact=ourselves, canary=Canary.objects.create(), kind=MessageKind.CANARY, **due
    )


def send_campaign(reader, staff):
    words = {
        "en": campaigns.Words("Night Out", "Come.", "Come."),
        "es": campaigns.Words("Noche", "Venga.", "Venga."),
    }
    drafted = Campaign(name="Noche", kind="night-out", channels=["email"], made_by=staff)
    campaign = campaigns.write(drafted, words)
    SubscriptionFactory(contact=reader, purpose="bulletins")
    campaigns.propose(campaign, by=staff)
    campaigns.send_test(campaign, reader.email, [reader.language])
    planning.plan()


def owe_digest(reader):
    digest, _ = Digest.objects.get_or_create(
        starts_on=digests.monday_of(timezone.now()), defaults={"planned_at": timezone.now()}
    )
    Message.objects.create(
        contact=reader,
        digest=digest,
        kind="digest",
        channel="email",
        due_at=timezone.now(),
        expires_at=timezone.now() + timedelta(days=1),
    )
