"""Who has seats is told: of the seats, of a change, and shortly before."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notifications import selectors
from notifications.enums import Channel, MessageKind, MessageStatus
from notifications.models import Message, ReminderRule, Suppression
from notifications.services import planning, rendering
from outreach.actors import SYSTEM, Actor
from outreach.enums import Source
from scheduling.enums import Classification
from scheduling.models import Rsvp
from scheduling.services import events, rsvps
from tests.factories.events import make_plan, tomorrow
from tests.factories.messages import SubscriptionFactory, claim_all
from tests.factories.people import ContactFactory, StaffMemberFactory, make_pair
from tests.factories.places import BeatFactory
from tests.factories.seats import make_seated, sign_up

pytestmark = pytest.mark.django_db


def told(contact) -> list[str]:
    return list(
        Message.objects.filter(contact=contact).order_by("pk").values_list("kind", flat=True)
    )


def far():
    """So far ahead that no reminder is due."""
    return tomorrow() + timedelta(days=30)


def soon():
    """So that exactly the reminder of the day before is due."""
    return timezone.now() + timedelta(hours=20)


def signed_up_long_ago(event) -> None:
    long_ago = timezone.now() - timedelta(days=9)
    Rsvp.objects.filter(event=event).update(created_at=long_ago, updated_at=long_ago)


def claimed() -> list[str]:
    return [message.kind for message in claim_all(50)]


def test_each_step_of_the_own_seats_is_told_once():
    event = make_seated(4, starts_at=far())
    ana, ben = sign_up(event, "Ana", 4), sign_up(event, "Ben", 2)
    planning.plan()
    rsvps.give_back(ana.pk, by=Actor(contact=ana.contact))

    planning.plan()
    planning.plan()

    assert told(ana.contact) == [MessageKind.RSVP_ACCEPTED]
    assert told(ben.contact) == [MessageKind.RSVP_WAITLISTED, MessageKind.RSVP_PROMOTED]


def test_news_that_is_no_longer_true_is_not_sent():
    event = make_seated(4, starts_at=far())
    ana, ben = sign_up(event, "Ana", 4), sign_up(event, "Ben", 2)
    planning.plan()
    rsvps.give_back(ana.pk, by=SYSTEM)
    planning.plan()

    sent = claim_all(50)

    assert [(one.kind, one.contact) for one in sent] == [(MessageKind.RSVP_PROMOTED, ben.contact)]
    assert set(Message.objects.exclude(pk=sent[0].pk).values_list("status", flat=True)) == {
        MessageStatus.WITHDRAWN
    }


def test_cancelled_event_confirms_no_seats_and_tells_all_who_have_or_wait():
    event = make_seated(4, starts_at=far())
    _ana, _ben, cleo = (sign_up(event, name, 4) for name in ("Ana", "Ben", "Cleo"))
    rsvps.give_back(cleo.pk, by=SYSTEM)
    planning.plan()
    events.cancel(event.pk, by=SYSTEM, reason="storm")
    planning.plan()

    sent = {(one.contact.name, one.kind) for one in claim_all(50)}

    assert sent == {("Ana", MessageKind.CANCELLATION), ("Ben", MessageKind.CANCELLATION)}


@pytest.mark.parametrize("change", ["moved", "cancelled", "reminder"])
@pytest.mark.parametrize("who", ["holder", "same_contact", "same_address"])
def test_holder_of_seats_hears_of_it_once_subscribed_or_not(who, change):
    plan = make_plan(starts_at=soon() if change == "reminder" else far())
    event = make_seated(4, starts_at=plan.starts_at)
    ana = sign_up(event, "Ana", 2)
    if who == "same_contact":
        SubscriptionFactory(contact=ana.contact)
    elif who == "same_address":
        SubscriptionFactory(contact=ContactFactory(email="ANA@Example.org"))
    neighbor = SubscriptionFactory().contact
    signed_up_long_ago(event)
    Message.objects.all().delete()
    if change == "moved":
        later = plan.starts_at + timedelta(days=1)
        moved = replace(plan, starts_at=later, ends_at=later + timedelta(hours=1))
        events.change(event.pk, moved, by=SYSTEM)
    elif change == "cancelled":
        events.cancel(event.pk, by=SYSTEM, reason="storm")

    counted = selectors.audience(event).by_email
    planning.plan()
    planning.plan()

    kind = {"moved": "move", "cancelled": "cancellation", "reminder": "reminder"}[change]
    about = Message.objects.filter(kind=kind)
    assert sorted(one.contact.email.lower() for one in about) == [
        "ana@example.org", neighbor.email,
    ]  # fmt: skip
    assert counted == 2
    assert claimed().count(kind) == 2


def test_subscriber_reminded_before_signing_up_under_another_name_is_reminded_once():
    event = make_seated(4, starts_at=soon())
    SubscriptionFactory(contact=ContactFactory(email="ana@example.org"))
    planning.plan()
    sign_up(event, "Ana", 2)
    signed_up_long_ago(event)

    planning.plan()

    assert Message.objects.filter(kind=MessageKind.REMINDER).count() == 1


def test_who_signs_up_late_is_not_reminded_of_what_the_confirmation_just_said():
    event = make_seated(4, starts_at=soon())
    ana = sign_up(event, "Ana", 2)

    planning.plan()

    assert told(ana.contact) == [MessageKind.RSVP_ACCEPTED]


def test_who_waits_in_line_is_reminded_of_nothing():
    event = make_seated(4, starts_at=soon())
    sign_up(event, "Ana", 4)
    ben = sign_up(event, "Ben", 1)
    signed_up_long_ago(event)

    planning.plan()

    assert told(ben.contact) == [MessageKind.RSVP_WAITLISTED]


def test_subscriber_who_gives_seats_back_is_reminded_as_a_subscriber_again():
    event = make_seated(4, starts_at=soon())
    reader = SubscriptionFactory(contact=ContactFactory(email="ana@example.org")).contact
    ana = sign_up(event, "Ana", 2)
    planning.plan()
    assert told(reader) == []

    rsvps.give_back(ana.pk, by=SYSTEM)
    planning.plan()

    assert told(reader) == [MessageKind.REMINDER]


@pytest.mark.parametrize("has_left", [True, False])
def test_claim_looks_again_whether_the_seats_are_held(has_left):
    event = make_seated(4, starts_at=soon())
    ana = sign_up(event, "Ana", 2)
    signed_up_long_ago(event)
    planning.plan()
    Message.objects.filter(kind=MessageKind.RSVP_ACCEPTED).delete()
    if has_left:
        rsvps.give_back(ana.pk, by=SYSTEM)

    assert claimed() == ([] if has_left else [MessageKind.REMINDER])


def test_holder_hears_of_an_event_that_became_private_and_a_subscriber_does_not():
    ReminderRule.objects.update(is_active=False)
    plan = make_plan(starts_at=far())
    event = make_seated(4, starts_at=plan.starts_at)
    ana = sign_up(event, "Ana", 2)
    reader = SubscriptionFactory().contact
    later = plan.starts_at + timedelta(days=1)
    hidden = replace(
        plan, starts_at=later, ends_at=later + timedelta(hours=1),
        classification=Classification.PRIVATE,
    )  # fmt: skip
    events.change(event.pk, hidden, by=SYSTEM)

    planning.plan()

    assert told(ana.contact) == [MessageKind.RSVP_ACCEPTED, MessageKind.MOVE]
    assert told(reader) == []
    assert claimed() == [MessageKind.RSVP_ACCEPTED, MessageKind.MOVE]


def test_who_gave_no_mail_is_called_when_coming_up_and_when_it_changes():
    beat = BeatFactory()
    cpc, _ = make_pair(beat)
    other, _ = make_pair(BeatFactory())
    event = make_seated(4, starts_at=far(), beat=beat)
    ana = sign_up(event, "Ana", 4)
    phoned = {"email": "", "phone": "+14155550123", "source": Source.PHONE}
    ben = sign_up(event, "Ben", 2, **phoned)
    sign_up(event, "Nobody", 1, email="")
    rsvps.give_back(ana.pk, by=SYSTEM)
    events.cancel(event.pk, by=SYSTEM, reason="storm")

    planning.plan()

    calls = Message.objects.filter(channel=Channel.CALL)
    assert [one.contact for one in calls] == [ben.contact]
    assert selectors.audience(event).by_call == 1
    assert [one.contact for one in selectors.calls_to_make(cpc)] == [ben.contact]
    assert list(selectors.calls_to_make(other)) == []


def test_call_of_a_promotion_leads_to_the_number(client):
    beat = BeatFactory()
    cpc, _ = make_pair(beat)
    event = make_seated(4, starts_at=far(), beat=beat)
    ana = sign_up(event, "Ana", 4)
    ben = sign_up(event, "Ben", 2, email="", phone="+14155550123", source=Source.PHONE)
    rsvps.give_back(ana.pk, by=SYSTEM)
    planning.plan()
    client.force_login(cpc.user, backend="allauth.account.auth_backends.AuthenticationBackend")

    day = client.get("/staff/").content.decode()

    address = f"/staff/events/{event.uid}/seats/{ben.uid}/"
    assert address in day
    assert "(415) 555-0123" in client.get(address).content.decode()


def test_stop_wins_over_seats():
    event = make_seated(4, starts_at=far())
    sign_up(event, "Ana", 2)
    Suppression.objects.create(address="ana@example.org", reason="bounce")
    planning.plan()

    assert claimed() == []
    assert Message.objects.get().status == MessageStatus.SUPPRESSED


@pytest.mark.parametrize("is_subscribed", [True, False])
def test_mail_to_a_holder_offers_the_seats_and_an_end_only_to_what_was_begun(is_subscribed):
    event = make_seated(4, starts_at=soon())
    ana = sign_up(event, "Ana", 2)
    if is_subscribed:
        SubscriptionFactory(contact=ana.contact)
    signed_up_long_ago(event)
    planning.plan()

    letter = rendering.render(Message.objects.get(kind=MessageKind.REMINDER))

    assert f"/rsvp/{rsvps.own_link(ana)}/" in letter.text
    assert ("List-Unsubscribe" in letter.headers) == is_subscribed
    assert ("you subscribed" in letter.text) == is_subscribed
    assert ("you signed up for seats" in letter.text) == (not is_subscribed)


def test_mail_of_a_promotion_says_that_nothing_is_to_be_done_and_how_to_give_back():
    event = make_seated(4, starts_at=far())
    ana, ben = sign_up(event, "Ana", 4), sign_up(event, "Ben", 2)
    rsvps.give_back(ana.pk, by=SYSTEM)
    planning.plan()

    message = Message.objects.get(kind=MessageKind.RSVP_PROMOTED)
    letter = rendering.render(message)

    assert rendering.render(message) == letter
    assert "You now have 2 seats" in letter.text
    assert "the seats are yours until the event begins" in letter.text
    assert f"/rsvp/{rsvps.own_link(ben)}/" in letter.text
    assert "Ben" not in letter.subject


def test_seats_taken_do_not_plan_the_reminders_of_all_again():
    event = make_seated(9, starts_at=soon())
    SubscriptionFactory()
    planning.plan()
    runs = list(event.reminder_runs.values_list("pk", flat=True))

    sign_up(event, "Ana", 2)
    planning.plan()

    assert runs
    assert list(event.reminder_runs.values_list("pk", flat=True)) == runs


def test_planning_asks_as_much_for_three_households_as_for_one():
    event = make_seated(30, starts_at=far())
    planning.plan()  # the weekly message is noted once a week
    counts = []
    for names in (["Ana"], ["Ben", "Cleo", "Dan"]):
        for name in names:
            sign_up(event, name, 1)
        with CaptureQueriesContext(connection) as asked:
            planning.plan()
        counts.append(len(asked))

    assert counts[0] == counts[1]
    assert Message.objects.filter(kind=MessageKind.RSVP_ACCEPTED).count() == 4


def test_staff_who_sign_somebody_up_are_named_in_the_journal():
    event, staff = make_seated(4), StaffMemberFactory()
    wish = rsvps.Wish(name="Ana", seats=1, email="ana@example.org", source=Source.COUNTER)

    rsvp = rsvps.sign_up(event.pk, wish=wish, by=Actor(staff=staff))

    assert rsvp.revisions.get().staff == staff
