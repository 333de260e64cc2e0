"""Two people at one thing: nobody's work vanishes unseen, and nobody meets a 500."""

from datetime import timedelta

import pytest
import time_machine
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from psycopg.errors import LockNotAvailable

from outreach.actors import SYSTEM
from outreach.enums import SurveyStatus
from outreach.services import surveys as requests
from scheduling.enums import EventStatus
from scheduling.models import Event
from scheduling.selectors import public_events
from scheduling.services import events, surveys
from tests.factories.events import make_plan, tomorrow
from tests.factories.people import make_pair, make_request
from tests.factories.places import BeatFactory, VenueFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def cpc(client):
    cpc, _ = make_pair(BeatFactory(code="b1"))
    client.force_login(cpc.user)
    return cpc


@pytest.fixture
def beat(cpc):
    return cpc.posts.get().beat


def form_of(client, event) -> dict[str, object]:
    """What a browser would send of the change form as it stands now."""
    form = client.get(reverse("change_event", args=[event.uid])).context["form"]
    sent = {field.html_name: field.initial for field in form}
    for name in ("starts", "ends"):
        sent[name] = f"{sent[name]:%H:%M}"
    sent["day"] = f"{sent['day']:%Y-%m-%d}"
    return {name: value for name, value in sent.items() if value is not None}


def test_form_that_is_outdated_is_not_saved_until_sent_again(client, beat):
    event = events.create(make_plan(beat=beat), by=SYSTEM)
    typed = form_of(client, event) | {"description": "Bring a chair."}
    later = tomorrow(20)
    events.change(
        event.pk,
        make_plan(beat=beat, starts_at=later, ends_at=later + timedelta(hours=1)),
        by=SYSTEM,
    )
    address = reverse("change_event", args=[event.uid])

    refused = client.post(address, typed)

    assert refused.status_code == 409
    assert "Someone else changed this event" in refused.content.decode()
    assert Event.objects.get().starts_at == later
    again = {**typed, "seen": refused.context["form"].data["seen"]}
    assert client.post(address, again).status_code == 302
    assert Event.objects.get().description == "Bring a chair."


def test_form_keeps_a_venue_that_is_no_longer_in_use(client, beat):
    venue = VenueFactory()
    event = events.create(make_plan(beat=beat, venue=venue), by=SYSTEM)
    venue.is_active = False
    venue.save()

    typed = form_of(client, event) | {"description": "Bring a chair."}
    client.post(reverse("change_event", args=[event.uid]), typed)

    saved = Event.objects.get()
    assert (saved.venue, saved.description) == (venue, "Bring a chair.")


def test_cancelling_locks_the_request_before_the_event_as_booking_does(beat, cpc):
    request = make_request(beat)
    visit = surveys.book_visit(request.pk, starts_at=tomorrow(10), staff=(cpc,), by=SYSTEM)

    with CaptureQueriesContext(connection) as queries:
        events.cancel(visit.pk, by=SYSTEM, reason="")

    locks = [one["sql"] for one in queries if "FOR UPDATE" in one["sql"]]
    assert "outreach_surveyrequest" in locks[0]
    assert any("scheduling_event" in sql for sql in locks[1:])


def test_lock_held_too_long_is_answered_409(client, beat, monkeypatch):
    def wait(*_args, **_kwargs):
        raise OperationalError("lock timeout") from LockNotAvailable()

    request = make_request(beat)
    monkeypatch.setattr(requests, "lock", wait)

    answer = client.post(reverse("withdraw_own", args=[requests.own_link(request)]))

    assert answer.status_code == 409


def test_withdrawal_of_a_done_request_is_refused_with_a_page(client, beat):
    request = make_request(beat)
    request.status = SurveyStatus.DONE
    request.save()

    answer = client.post(reverse("withdraw_own", args=[requests.own_link(request)]))

    assert answer.status_code == 409
    assert "Somebody was quicker" in answer.content.decode()


@pytest.mark.parametrize("name", ["cancel_own_visit", "withdraw_own"])
def test_old_link_undoes_no_visit_that_took_place(client, beat, cpc, name):
    request = make_request(beat)
    visit = surveys.book_visit(request.pk, starts_at=tomorrow(10), staff=(cpc,), by=SYSTEM)

    with time_machine.travel(timezone.now() + timedelta(days=3)):
        client.post(reverse(name, args=[requests.own_link(request)]))

    visit.refresh_from_db()
    assert visit.status == EventStatus.CONFIRMED


def test_tentative_event_is_cancelled_unseen(beat):
    event = events.create(make_plan(beat=beat, status=EventStatus.TENTATIVE), by=SYSTEM)

    events.cancel(event.pk, by=SYSTEM, reason="never mind")

    assert not public_events().exists()
