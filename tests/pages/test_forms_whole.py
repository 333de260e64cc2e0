"""Forms laid out by hand forget no field."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from outreach.actors import SYSTEM
from scheduling.services import events, rsvps, series
from tests.factories.events import EventFactory, make_plan, tomorrow
from tests.factories.people import make_event_request, make_pair
from tests.factories.places import BeatFactory, VenueFactory
from tests.factories.seats import sign_up
from tests.factories.series import make_wish

pytestmark = pytest.mark.django_db


@pytest.fixture
def whole(client) -> dict[str, list]:
    """A coordinator signed in, and for each kind of address what stands in it."""
    beat = BeatFactory()
    cpc, nro = make_pair(beat)
    client.force_login(cpc.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    make_pair(BeatFactory())  # somebody to take over
    start = tomorrow() + timedelta(days=30)  # early enough to ask for an interpreter
    event = events.create(make_plan(beat=beat, staff=(cpc, nro), starts_at=start), by=SYSTEM)
    later = make_wish(beat=beat, staff=(cpc,), summary="Porch talk")
    rsvps.set_seats(event.pk, capacity=9, most_a_household=4, closes_at=None)
    guest = sign_up(event, "Ana", 3)
    past = EventFactory(beat=beat, starts_at=tomorrow() - timedelta(days=2))
    return {
        "": [],
        "event": [event.uid],
        "past": [past.uid],
        "guest": [event.uid, guest.uid],
        "guest_token": [rsvps.own_link(guest)],
        "series": [series.create(later, by=SYSTEM).uid],
        "asked": [make_event_request(beat).uid],
        "person": [cpc.pk],
        "venue": [VenueFactory().uid],
    }


FORMS = [
    ("request_survey", ""),
    ("add_survey_request", ""),
    ("subscribe", ""),
    ("add_subscription", ""),
    ("add_event", ""),
    ("change_event", "event"),
    ("move_event", "event"),
    ("cancel_event", "event"),
    ("hand_over", "event"),
    ("recall", ""),
    ("add_series", ""),
    ("change_series", "series"),
    ("cancel_series", "series"),
    ("request_event", ""),
    ("add_event_request", ""),
    ("event_request", "asked"),
    ("decline_event_request", "asked"),
    ("take_seats", "event"),
    ("ask_needs", "event"),
    ("event_seats", "event"),
    ("add_sign_up", "event"),
    ("sign_up", "guest"),
    ("own_seats", "guest_token"),
    ("add_needs", "event"),
    ("close_event", "past"),
    ("log_activity", ""),
    ("set_hours", "person"),
    ("take_leave", "person"),
    ("swap_shift", "person"),
    ("bring_in", "person"),
    ("find_time", ""),
]
OF_PREVIEW = {"skips"}  # ticked beside the dates of a series once they are shown


@pytest.mark.parametrize(("name", "of"), FORMS, ids=[name for name, _ in FORMS])
def test_every_field_of_the_form_stands_on_the_page(client, whole, name, of):
    if of == "guest_token":  # staff are led to the door
        client.logout()

    answer = client.get(reverse(name, args=whole[of]))

    shown = set(re.findall(r' name="(\w+)"', answer.content.decode()))
    assert answer.status_code == 200
    assert set(answer.context["form"].fields) - shown <= OF_PREVIEW
