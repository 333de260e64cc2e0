"""Accommodations: asked for by a shown date, arranged by staff, shown when certain."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from outreach.actors import SYSTEM
from outreach.enums import AccommodationKind
from scheduling import records
from scheduling.enums import AccommodationState
from scheduling.models import Accommodation, ProgramPolicy
from scheduling.services import accommodations, events
from tests.factories.events import EventFactory, local, tomorrow
from tests.factories.people import make_pair
from tests.factories.places import BeatFactory

pytestmark = pytest.mark.django_db
ASL = accommodations.Need(AccommodationKind.ASL)
SPANISH = accommodations.Need(AccommodationKind.INTERPRETER, "es")


@pytest.fixture
def beat():
    return BeatFactory(code="b1")


@pytest.fixture
def event(beat):
    return EventFactory(beat=beat, starts_at=tomorrow() + timedelta(days=30))


@pytest.fixture
def cpc(beat):
    return make_pair(beat)[0]


def sent(**wishes) -> dict[str, object]:
    return {"key": str(uuid4()), "needs": ["asl"]} | wishes


def states() -> list[tuple[str, str, str]]:
    return list(Accommodation.objects.values_list("kind", "language", "state"))


def test_last_day_to_ask_counts_the_citys_business_days():
    ProgramPolicy.objects.update(accommodation_days=5)
    # A Tuesday evening; Thanksgiving and the Friday after it are no business days.
    event = EventFactory(starts_at=local(2026, 12, 1, 19))

    assert accommodations.ask_until(event) == date(2026, 11, 20)


@pytest.mark.parametrize(("days_late", "may_ask"), [(0, True), (1, False)])
def test_public_asks_until_that_day_and_calls_after_it(client, event, days_late, may_ask):
    day = accommodations.ask_until(event) + timedelta(days=days_late)

    with time_machine.travel(local(day.year, day.month, day.day, 23)):
        answer = client.post(reverse("ask_needs", args=[event.uid]), sent())

    assert (answer.status_code, bool(states())) == ((302, True) if may_ask else (200, False))
    if not may_ask:
        assert "The last day to ask here was" in answer.content.decode()


def test_needs_move_from_needed_to_confirmed_and_only_then_stand_in_public(client, event, cpc):
    accommodations.ask(event, [ASL, SPANISH])
    public = reverse("event", args=[event.uid])
    assert "Sign language" not in client.get(public).content.decode()
    need = Accommodation.objects.get(kind=AccommodationKind.ASL)
    assert list(records.open_accommodations(cpc)) == list(Accommodation.objects.all())
    client.force_login(cpc.user, backend="allauth.account.auth_backends.AuthenticationBackend")

    for state in ("asked", "confirmed"):
        client.post(reverse("change_need", args=[event.uid, need.uid]), {"state": state})

    page = client.get(public).content.decode()
    assert "Sign language interpreter (ASL): <strong" in page
    assert "Interpreter (Spanish)" not in page
    assert "Ask by" in page
    assert [one.kind for one in records.open_accommodations(cpc)] == ["interpreter"]
    accommodations.ask(event, [ASL])  # asked again, it stays confirmed
    need.refresh_from_db()
    assert need.state == AccommodationState.CONFIRMED


def test_unknown_state_and_a_need_of_another_event_change_nothing(client, event, cpc):
    accommodations.ask(event, [ASL])
    need = Accommodation.objects.get()
    other = EventFactory(beat=event.beat)
    client.force_login(cpc.user, backend="allauth.account.auth_backends.AuthenticationBackend")

    client.post(reverse("change_need", args=[event.uid, need.uid]), {"state": "perhaps"})
    answer = client.post(reverse("change_need", args=[other.uid, need.uid]), {"state": "asked"})

    assert answer.status_code == 404
    assert states() == [("asl", "", "needed")]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"needs": []}, "This field is required"),
        ({"needs": ["interpreter"]}, "Choose the language the interpreter should speak"),
        ({"needs": ["wings"]}, "Select a valid choice"),
        ({"language": "xx"}, "Select a valid choice"),
        ({"key": "\x00"}, "Enter a valid UUID"),
    ],
    ids=str,
)
def test_wrong_ask_is_refused_at_its_field(client, event, wrong, words):
    answer = client.post(reverse("ask_needs", args=[event.uid]), sent(**wrong))

    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert states() == []


def test_staff_keep_what_is_needed_even_late(client, beat, cpc):
    event = EventFactory(beat=beat)
    client.force_login(cpc.user, backend="allauth.account.auth_backends.AuthenticationBackend")

    entry = sent(needs=["interpreter", "step-free"], language="ko")
    client.post(reverse("add_needs", args=[event.uid]), entry)

    assert states() == [("interpreter", "ko", "needed"), ("step-free", "", "needed")]


def test_cancelled_event_waits_for_nothing(event, cpc):
    accommodations.ask(event, [ASL])
    events.cancel(event.pk, by=SYSTEM, reason="storm")
    event.refresh_from_db()

    assert not accommodations.may_ask(event)
    assert list(records.open_accommodations(cpc)) == []
