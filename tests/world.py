"""One of everything, for tests that open every address."""

from datetime import time, timedelta
from uuid import uuid4

import pytest

from notifications.enums import Channel, MessageKind
from notifications.models import Destruction, Erasure, Message
from notifications.services import planning, subscriptions
from notifications.services.retention import exporting, holds
from outreach import links
from outreach.actors import SYSTEM
from outreach.enums import (
    AccommodationKind,
    Disclosure,
    LinkPurpose,
    Role,
    SafeChannel,
    VenueKind,
)
from outreach.models import StaffMember
from outreach.services import firsts, people
from outreach.services import requests as asking
from outreach.services import surveys as requests
from scheduling.enums import Outcome, TimeOffKind
from scheduling.models import Closure, Hours, TimeOff
from scheduling.months import this_month
from scheduling.services import (
    accommodations,
    closing,
    door,
    events,
    hours,
    own_feeds,
    rsvps,
    series,
    surveys,
)
from scheduling.spans import Span
from tests.factories.calendars import make_import
from tests.factories.events import EventFactory, make_plan, tomorrow
from tests.factories.messages import SubscriptionFactory, make_campaign
from tests.factories.people import (
    StaffMemberFactory,
    make_event_request,
    make_pair,
    make_request,
)
from tests.factories.places import BeatFactory, VenueFactory, make_group
from tests.factories.seats import sign_up
from tests.factories.series import coming, make_wish
from tests.factories.webhooks import make_webhook


@pytest.fixture
def world(db: None) -> dict[str, object]:
    """One of everything: the beat of `cpc`, events, a survey visit, links and a call."""
    first = firsts.issue()
    beat = BeatFactory(code="b1")
    cpc, nro = make_pair(beat)
    other, _ = make_pair(BeatFactory(code="b2"))
    event = events.create(make_plan(beat=beat), by=SYSTEM)
    repeated = series.create(make_wish(beat=beat, staff=(cpc,), begins_on=coming(1)), by=SYSTEM)
    request = make_request(beat)
    visit = surveys.book_visit(request.pk, starts_at=tomorrow(10), staff=(cpc, nro), by=SYSTEM)
    quiet = make_request(beat, safe_channel=SafeChannel.CALL_ONLY, reach="+14155550123")
    surveys.book_visit(quiet.pk, starts_at=tomorrow(14), staff=(cpc,), by=SYSTEM)
    planning.plan()
    home = VenueFactory(kind=VenueKind.HOME, disclosure=Disclosure.BLOCK, address="", beat=beat)
    rsvps.set_seats(event.pk, capacity=4, most_a_household=4, closes_at=None)
    guest = sign_up(event, "Ana", 3)
    sign_up(event, "Ben", 2)
    walk_in = door.walk_in(event, heads=2, by=cpc)
    planning.plan()
    accommodations.ask(event, [accommodations.Need(AccommodationKind.ASL)])
    past = EventFactory(beat=beat, starts_at=tomorrow() - timedelta(days=2))
    said = (closing.Said("Dark alley", promise="A lamp"),)
    closing.close(past.pk, report=closing.Report(Outcome.HELD, 9, 60, ("en",), said), by=cpc)
    asked = make_event_request(beat)
    leave, extra, closure = absences(cpc)
    campaign = make_campaign(cpc, beat=beat)
    group = make_group(beat)
    sergeant = StaffMemberFactory(role=Role.SERGEANT)
    contact = SubscriptionFactory().contact
    pending = SubscriptionFactory(confirmed_at=None).contact
    administrator = StaffMemberFactory(role=Role.ADMINISTRATOR)
    someone = StaffMemberFactory()
    _, password = people.new_link(StaffMemberFactory().pk, by=administrator)
    return {
        "cpc": cpc,
        "other": other,
        "sergeant": sergeant,
        "planner": StaffMemberFactory(role=Role.EVENT_PLANNER),
        "administrator": administrator,
        "records_clerk": StaffMemberFactory(role=Role.RECORDS_CLERK),
        "read_only": StaffMemberFactory(role=Role.READ_ONLY),
        "arguments": {
            "": [],
            "code": ["b1"],
            "program": ["community"],
            "code program": ["b1", "community"],
            "language": ["es"],
            "language code": ["es", "b1"],
            "language program": ["es", "community"],
            "language code program": ["es", "b1", "community"],
            "group": [group.code],
            "language group": ["es", group.code],
            "no group": ["none"],
            "feed_token": [links.token(own_feeds.renew(nro))],
            "other_feed_token": [links.token(own_feeds.renew(other))[:-1] + "!"],
            "code language": ["b1", "es"],
            "code month": ["b1", this_month()],
            "code month language": ["b1", this_month(), "es"],
            "code month no language": ["b1", this_month(), "tlh"],
            "code far month": ["b1", "2999-12"],
            "event": [event.uid],
            "visit": [visit.uid],
            "series": [repeated.uid],
            "import": [make_import(cpc, beat).uid],
            "occurrence": [repeated.occurrences.all()[2].event.uid],
            "past": [past.uid],
            "event rsvp": [event.uid, guest.uid],
            "event attendance": [event.uid, walk_in.uid],
            "event need": [event.uid, event.accommodations.get().uid],
            "heard": [past.heard.get().uid],
            "rsvp_token": [rsvps.own_link(guest)],
            "asked": [asked.uid],
            "asked_token": [asking.own_link(asked)],
            "withdrawn_token": [asking.own_link(make_event_request(beat))],
            "guest": [guest.contact.uid],
            "guest message": [guest.contact.messages.first().uid],
            "campaign": [campaign.uid],
            "campaign language": [campaign.uid, "es"],
            "campaign no language": [campaign.uid, "tlh"],
            "webhook": [make_webhook().uid],
            "ended webhook": [make_webhook().uid],
            "record class": ["surveys"],
            "no record class": ["horoscopes"],
            "hold": [holds.hold_event(past, reason="Claim 26-1", by=sergeant).uid],
            "list": [Destruction.objects.create(made_by=sergeant).uid],
            "erasure": [Erasure.objects.create(reference="E1", staff=sergeant, language="en").uid],
            "export": [exporting.of_event(past, number="PRR 26-1", by=sergeant).uid],
            "kind": ["reminder"],
            "no kind": ["campaign"],
            "kind language": ["reminder", "es"],
            "kind no language": ["reminder", "tlh"],
            "venue": [VenueFactory().uid],
            "home": [home.uid],
            "request": [request.uid],
            "nothing": [uuid4()],
            "person": [cpc.pk],
            "nobody": [999_999_999],
            "someone": [someone.pk],
            "password_token": [password],
            "person leave": [cpc.pk, leave.uid],
            "person extra": [cpc.pk, extra.pk],
            "closure": [closure.uid],
            "call": [
                Message.objects.filter(channel=Channel.CALL, kind=MessageKind.VISIT_BOOKED)
                .get()
                .uid
            ],
            "survey_token": [requests.own_link(request)],
            "confirm_token": [subscriptions.link_token(pending, LinkPurpose.CONFIRM)],
            "preferences_token": [subscriptions.link_token(contact, LinkPurpose.PREFERENCES)],
            "first_token": [first],
            "other_token": [links.token(request.links.get())[:-1] + "!"],
        },
    }


def absences(cpc: StaffMember) -> tuple[TimeOff, Hours, Closure]:
    """A leave, a shift taken over and a closed day, all far from the events."""
    leave, extra = off_and_on(cpc)
    later = extra.starts_on + timedelta(days=30)
    closure = Closure.objects.create(
        name="Prueba", starts_on=later, ends_on=later + timedelta(days=1)
    )
    return leave, extra, closure


def off_and_on(staff: StaffMember) -> tuple[TimeOff, Hours]:
    day = (tomorrow() + timedelta(days=40)).date()
    begin = tomorrow() + timedelta(days=50)
    span = Span(begin, begin + timedelta(hours=2))
    leave = hours.take_leave(staff, kind=TimeOffKind.COURT, span=span)
    extra = Hours.objects.create(staff=staff, on=day, opens=time(9), closes=time(12), starts_on=day)
    return leave, extra
