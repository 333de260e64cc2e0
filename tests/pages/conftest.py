"""The demo city behind a real server, for a real browser."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, expect

from notifications.services import planning, subscriptions
from outreach.actors import SYSTEM
from outreach.enums import AccommodationKind, LinkPurpose, SafeChannel, SurveyStatus, VenueKind
from outreach.models import Beat, StaffMember, SurveyRequest, User, Venue
from outreach.services import people
from outreach.services import requests as asking
from outreach.services import surveys as requests
from scheduling.enums import AccommodationState, Outcome
from scheduling.models import Event, Rsvp
from scheduling.months import this_month
from scheduling.services import (
    accommodations,
    closing,
    door,
    events,
    imports,
    rsvps,
    series,
    surveys,
)
from scheduling.services.accommodations import Need
from tests.factories.calendars import make_import
from tests.factories.events import EventFactory, tomorrow
from tests.factories.messages import SubscriptionFactory, default_rules, make_campaign
from tests.factories.people import make_event_request, make_request
from tests.factories.places import make_group
from tests.factories.seats import sign_up
from tests.factories.series import coming, make_wish

PASSWORD = "a long enough pass phrase"
expect.set_options(timeout=15_000)  # a machine under test is slow


@pytest.fixture
def city(live_server, settings, tmp_path) -> dict[str, str]:
    """Everything a page can show, and the address of one of each."""
    default_rules()
    settings.DEMO, settings.DATA_DIR, settings.BASE_URL = True, tmp_path, live_server.url
    call_command("load_demo", verbosity=0, stdout=open("/dev/null", "w"))  # noqa: SIM115
    for user in User.objects.all():
        user.set_password(PASSWORD)
        user.save()
    beat = Beat.objects.order_by("code").first()
    maya = StaffMember.objects.get(user__username="maya")
    request = SurveyRequest.objects.filter(beat=beat, status=SurveyStatus.RECEIVED).first()
    called = make_request(beat, safe_channel=SafeChannel.CALL_MESSAGE, reach="+14155550123")
    start = surveys.free_times([maya])[0]
    visit = surveys.book_visit(called.pk, starts_at=start, staff=(maya,), by=SYSTEM)
    planning.plan()
    contact = SubscriptionFactory(beat=beat).contact
    pending = SubscriptionFactory(confirmed_at=None, beat=beat).contact
    single = Event.objects.filter(occurrence=None)
    public = single.filter(classification="public").order_by("starts_at")
    coming = [event for event in public if event.beat_id == beat.pk][-3:]
    events.cancel(coming[0].pk, by=SYSTEM, reason="A storm is coming.")
    repeated = series.create(make_wish(beat=beat, staff=(maya,), skips_closures=True), by=SYSTEM)
    seated, rsvp = _seat(coming[2])
    past = EventFactory(beat=beat, starts_at=tomorrow() - timedelta(days=2))
    said = (closing.Said("Dark alley", "1200 block of Oak St", "A lamp", timezone.localdate()),)
    closing.close(past.pk, report=closing.Report(Outcome.HELD, 9, 60, ("en",), said), by=maya)
    unclosed = EventFactory(beat=beat, starts_at=tomorrow() - timedelta(days=3))
    asked = make_event_request(beat)
    return {
        "asked": str(asked.uid),
        "asked_token": asking.own_link(asked),
        "seated": str(seated.uid),
        "rsvp": rsvps.own_link(rsvp),
        "rsvp_uid": str(rsvp.uid),
        "past": str(past.uid),
        "unclosed": str(unclosed.uid),
        "heard": str(past.heard.get().uid),
        "beat": beat.code,
        "group": make_group(beat).code,
        "month": str(this_month()),
        **_calendars(maya, beat),
        "event": str(coming[1].uid),
        "cancelled": str(coming[0].uid),
        "person": str(maya.pk),
        "venue": str(Venue.objects.exclude(kind=VenueKind.HOME).first().uid),
        "password": people.new_link(maya.pk, by=maya)[1],
        "visit": str(visit.uid),
        "series": str(repeated.uid),
        "occurrence": str(repeated.occurrences.all()[2].event.uid),
        "request": str(request.uid),
        "scheduled": str(called.uid),
        "own": requests.own_link(called),
        "open": requests.own_link(request),
        "campaign": str(make_campaign(maya).uid),
        "reader": str(contact.uid),
        "confirm": subscriptions.link_token(pending, LinkPurpose.CONFIRM),
        "preferences": subscriptions.link_token(contact, LinkPurpose.PREFERENCES),
    }


def _calendars(maya: StaffMember, beat: Beat) -> dict[str, str]:
    """One that waits for its button, one on its way in, one that is through."""
    body = f"SUMMARY:{'Long' * 25}\r\nLOCATION:{'Far' * 40}\r\nDTSTART:{coming(3):%Y%m%d}T190000"
    through, waiting, on_its_way = (
        make_import(maya, beat, f"UID:{n}\r\n{body}", f"UID:again\r\n{body}") for n in range(3)
    )
    imports.start(through)
    imports.bring_in(through.pk)
    imports.start(on_its_way)
    return {
        "through": str(through.uid),
        "waiting": str(waiting.uid),
        "coming": str(on_its_way.uid),
    }


def _seat(event: Event) -> tuple[Event, Rsvp]:
    """A full event in a month, with a line, a head at the door and what somebody needs."""
    start = tomorrow() + timedelta(days=30)
    Event.objects.filter(pk=event.pk).update(starts_at=start, ends_at=start + timedelta(hours=1))
    rsvps.set_seats(event.pk, capacity=4, most_a_household=4, closes_at=None)
    first, _, _ = (sign_up(event, name, 2) for name in ("Ana", "Ben", "Cleo"))
    maya = StaffMember.objects.get(user__username="maya")
    door.check_in(first.pk, heads=3, by=maya)
    door.walk_in(event, heads=2, by=maya)
    needs = [Need(AccommodationKind.ASL), Need(AccommodationKind.INTERPRETER, "es")]
    accommodations.ask(event, needs)
    accommodations.set_state(event.accommodations.first(), AccommodationState.CONFIRMED)
    return event, Rsvp.objects.get(contact__name="Ben", event=event)


@pytest.fixture
def sign_in(live_server):
    def go(page: Page, username: str = "maya") -> None:
        page.goto(f"{live_server.url}/accounts/login/?next=/staff/")
        page.fill("[name=login]", username)
        page.fill("[name=password]", PASSWORD)
        page.click("main button")
        page.wait_for_url("**/staff/")

    return go
