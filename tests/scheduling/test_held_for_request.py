"""The time of a request that waits is confirmed by approving it, and by no other door."""

import pytest
from django.urls import reverse
from knox.models import get_token_model

from outreach.enums import RequestStatus
from outreach.models import EventRequest
from scheduling.enums import BookingStatus, EventStatus
from scheduling.models import Booking, Event
from scheduling.services import requests
from tests.factories.people import make_pair
from tests.factories.places import BeatFactory
from tests.scheduling.test_requests import wish
from tests.scheduling.test_series_pages import form_of

pytestmark = pytest.mark.django_db
WORDS = "This time is held for a request. Approve the request instead."


@pytest.fixture
def beat():
    return BeatFactory(code="b1")


@pytest.fixture
def pair(beat):
    return make_pair(beat)


@pytest.fixture
def held(beat, pair):
    requests.ask(wish(beat))
    return Event.objects.get()


@pytest.fixture
def patch(client, pair):
    _, token = get_token_model().objects.create(user=pair[0].user)

    def send(event, **body):
        return client.patch(
            reverse("api-event-detail", args=[event.uid]),
            body,
            content_type="application/json",
            headers={"Authorization": f"Token {token}"},
        )

    return send


def is_kept(event) -> bool:
    event.refresh_from_db()
    held = Booking.objects.filter(event=event, status=BookingStatus.HELD)
    waits = EventRequest.objects.get().status == RequestStatus.RECEIVED
    return event.status == EventStatus.TENTATIVE and held.count() == 2 and waits


def test_api_does_not_confirm_what_is_held_for_a_request(patch, held):
    refused = patch(held, status="confirmed")

    assert (refused.status_code, refused.json()) == (400, {"status": [WORDS]})
    assert is_kept(held)


def test_api_confirms_a_tentative_event_nobody_asked_for(patch, held):
    held.requested.delete()

    answer = patch(held, status="confirmed")

    assert (answer.status_code, answer.json()["status"]) == (200, "confirmed")


def test_page_does_not_confirm_what_is_held_for_a_request(client, pair, held):
    client.force_login(pair[0].user, backend="allauth.account.auth_backends.AuthenticationBackend")
    address = reverse("change_event", args=[held.uid])

    page = client.post(address, form_of(client, address) | {"status": "confirmed"})

    assert page.context["form"].errors == {"status": [WORDS]}
    assert is_kept(held)


def test_page_confirms_a_tentative_event_nobody_asked_for(client, pair, held):
    held.requested.delete()
    client.force_login(pair[0].user, backend="allauth.account.auth_backends.AuthenticationBackend")
    address = reverse("change_event", args=[held.uid])

    page = client.post(address, form_of(client, address) | {"status": "confirmed"})

    held.refresh_from_db()
    assert (page.status_code, held.status) == (302, EventStatus.CONFIRMED)
