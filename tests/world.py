"""One of everything, for tests that open every address."""

from uuid import uuid4

import pytest

from notifications.enums import Channel, MessageKind
from notifications.models import Message
from notifications.services import planning, subscriptions
from outreach import links
from outreach.actors import SYSTEM
from outreach.enums import Disclosure, LinkPurpose, Role, SafeChannel, VenueKind
from outreach.services import surveys as requests
from scheduling.services import events, series, surveys
from tests.factories.events import make_plan, tomorrow
from tests.factories.messages import SubscriptionFactory
from tests.factories.people import StaffMemberFactory, make_pair, make_request
from tests.factories.places import BeatFactory, VenueFactory
from tests.factories.series import coming, make_wish


@pytest.fixture
def world(db: None) -> dict[str, object]:
    """One of everything: the beat of `cpc`, an event, a survey visit, links and a call."""
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
    contact = SubscriptionFactory().contact
    pending = SubscriptionFactory(confirmed_at=None).contact
    return {
        "cpc": cpc,
        "other": other,
        "sergeant": StaffMemberFactory(role=Role.SERGEANT),
        "planner": StaffMemberFactory(role=Role.EVENT_PLANNER),
        "administrator": StaffMemberFactory(role=Role.ADMINISTRATOR),
        "arguments": {
            "": [],
            "code": ["b1"],
            "program": ["community"],
            "code program": ["b1", "community"],
            "event": [event.uid],
            "visit": [visit.uid],
            "series": [repeated.uid],
            "occurrence": [repeated.occurrences.all()[2].event.uid],
            "venue": [VenueFactory().uid],
            "home": [home.uid],
            "request": [request.uid],
            "nothing": [uuid4()],
            "call": [
                Message.objects.filter(channel=Channel.CALL, kind=MessageKind.VISIT_BOOKED)
                .get()
                .uid
            ],
            "survey_token": [requests.own_link(request)],
            "confirm_token": [subscriptions.link_token(pending, LinkPurpose.CONFIRM)],
            "preferences_token": [subscriptions.link_token(contact, LinkPurpose.PREFERENCES)],
            "other_token": [links.token(request.links.get())[:-1] + "!"],
        },
    }
