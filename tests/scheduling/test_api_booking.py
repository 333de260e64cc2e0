"""Booking over the API, as other systems of the city do."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client
from knox.models import get_token_model

from outreach.actors import SYSTEM
from scheduling.models import Booking, Event
from scheduling.services import events
from tests.factories.events import make_plan, tomorrow
from tests.factories.people import make_pair
from tests.factories.places import BeatFactory, VenueFactory

pytestmark = pytest.mark.django_db
ALL = "/api/v1/events/"


@pytest.fixture
def beat():
    return BeatFactory(code="b1")


@pytest.fixture
def pair(beat):
    return make_pair(beat)


@pytest.fixture
def caller(pair):
    return Caller(pair[0])


class Caller:
    def __init__(self, staff) -> None:
        _, token = get_token_model().objects.create(user=staff.user)
        self.headers = {"Authorization": f"Token {token}"}
        self.client = Client()

    def send(self, method, path, body, key=None):
        headers = self.headers | ({"Idempotency-Key": key} if key else {})
        return getattr(self.client, method)(
            path, body, content_type="application/json", headers=headers
        )

    def book(self, body, key="k1"):
        return self.send("post", ALL, body, key)


def body(pair, **other) -> dict:
    start = tomorrow()
    return {
        "program": "neighborhood-watch",
        "beat": "b1",
        "summary": "Oak Street Watch",
        "starts_at": start.isoformat(),
        "ends_at": (start + timedelta(hours=1)).isoformat(),
        "staff": [person.user.username for person in pair],
    } | other


def test_booking_claims_everyone_and_answers_201(caller, pair):
    venue = VenueFactory()

    answer = caller.book(body(pair, venue=str(venue.uid)))

    assert answer.status_code == 201, answer.content
    shown = answer.json()
    assert (shown["sequence"], shown["status"], shown["classification"]) == (
        0, "confirmed", "public",
    )  # fmt: skip
    event = Event.objects.get(uid=shown["uid"])
    assert Booking.objects.active().filter(event=event).count() == 3


def test_clash_is_a_409_that_names_it_and_offers_three_times(caller, pair):
    caller.book(body(pair))

    answer = caller.book(body(pair, summary="Rival"), key="k2")

    assert answer.status_code == 409
    refusal = answer.json()
    assert {clash["who"] for clash in refusal["clashes"]} == {person.name for person in pair}
    assert set(refusal["clashes"][0]) == {"who", "from", "until", "reason", "words"}
    assert refusal["clashes"][0]["reason"] == "taken"
    assert len(refusal["free_times"]) == 3
    assert Event.objects.count() == 1


def test_same_key_answers_the_same_and_another_body_is_a_422(caller, pair):
    first = caller.book(body(pair))
    again = caller.book(body(pair))
    other = caller.book(body(pair, summary="Other"))

    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert first.json()["uid"] == again.json()["uid"]
    assert Event.objects.count() == 1


def test_key_of_a_refused_call_may_book_later(caller, pair):
    rival = events.create(make_plan(staff=pair), by=SYSTEM)
    assert caller.book(body(pair)).status_code == 409

    events.cancel(rival.pk, by=SYSTEM, reason="")

    assert caller.book(body(pair)).status_code == 201


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"starts_at": "2027-01-05T19:00:00"}, "starts_at"),
        ({"starts_at": "soon"}, "starts_at"),
        ({"ends_at": "2020-01-01T00:00:00Z"}, "ends_at"),
        ({"beat": "b9"}, "beat"),
        ({"staff": ["nobody"]}, "staff"),
        ({"staff": "nobody"}, "staff"),
        ({"venue": "x"}, "venue"),
        ({"program": "security-survey"}, "program"),
        ({"classification": "confidential"}, "classification"),
        ({"summary": "a\u202eb"}, "summary"),
        ({"summary": "a\x00b"}, "summary"),
        ({"summary": ""}, "summary"),
        ({"also_beats": ["b9"]}, "also_beats"),
    ],
    ids=str,
)
def test_wrong_field_is_a_400_that_names_it(caller, pair, wrong, field):
    answer = caller.book(body(pair, **wrong))

    assert answer.status_code == 400, answer.content
    assert list(answer.json()) == [field]
    assert not Event.objects.exists()


def test_no_key_no_body_no_sense_are_400s(caller, pair):
    assert caller.send("post", ALL, body(pair)).status_code == 400
    assert caller.send("post", ALL, body(pair), "x" * 101).status_code == 400
    for nonsense in ([], "x", 7, None):
        assert caller.book(nonsense).status_code == 400
    broken = caller.client.post(
        ALL, b"{", content_type="application/json",
        headers=caller.headers | {"Idempotency-Key": "k"},
    )  # fmt: skip
    assert broken.status_code == 400


@pytest.mark.usefixtures("no_margins")
def test_patch_moves_and_keeps_what_it_does_not_name(caller, pair, beat):
    uid = caller.book(body(pair, description="Bring a chair.")).json()["uid"]
    start = tomorrow() + timedelta(days=1)
    change = {"starts_at": start.isoformat(), "ends_at": (start + timedelta(hours=2)).isoformat()}

    moved = caller.send("patch", f"{ALL}{uid}/", change)
    again = caller.send("patch", f"{ALL}{uid}/", change)

    assert (moved.status_code, moved.json()["sequence"]) == (200, 1)
    assert again.json()["sequence"] == 1
    assert moved.json()["description"] == "Bring a chair."
    claimed = Booking.objects.active().filter(event__uid=uid)
    assert {claim.starts_at for claim in claimed} == {start}
    assert claimed.count() == 2


def test_patch_to_a_taken_time_is_refused_and_changes_nothing(caller, pair):
    uid = caller.book(body(pair)).json()["uid"]
    start = tomorrow(9)
    events.create(make_plan(staff=pair, starts_at=start), by=SYSTEM)
    change = {"starts_at": start.isoformat(), "ends_at": (start + timedelta(hours=1)).isoformat()}

    assert caller.send("patch", f"{ALL}{uid}/", change).status_code == 409
    assert Event.objects.get(uid=uid).starts_at == tomorrow()


def test_private_event_is_read_by_staff_and_by_nobody_else(caller, pair, client):
    uid = caller.book(body(pair, classification="private")).json()["uid"]

    assert caller.client.get(f"{ALL}{uid}/", headers=caller.headers).status_code == 200
    assert client.get(f"{ALL}{uid}/").status_code == 404
    assert client.get(ALL).json()["count"] == 0


def test_cancel_twice_is_once_and_then_nothing_moves(caller, pair):
    uid = caller.book(body(pair)).json()["uid"]

    answers = [caller.send("post", f"{ALL}{uid}/cancel/", {"reason": "Storm"}) for _ in range(2)]
    late = caller.send("patch", f"{ALL}{uid}/", {"summary": "Still on"})

    assert [(a.status_code, a.json()["status"]) for a in answers] == [(200, "cancelled")] * 2
    assert Event.objects.get(uid=uid).sequence == 1
    assert late.status_code == 409
    assert caller.send("post", f"{ALL}{uid}/cancel/", {}).status_code == 400


def test_event_of_several_beats_stands_in_each_feed_under_one_uid(caller, pair, client):
    BeatFactory(code="b2")
    uid = caller.book(body(pair, also_beats=["b2"])).json()["uid"]

    for code in ("b1", "b2"):
        assert uid in client.get(f"/feeds/beats/{code}.ics").content.decode()


@pytest.mark.django_db(transaction=True)
def test_same_key_twenty_times_at_once_books_once(caller, pair):
    barrier = threading.Barrier(20)

    def retry(_: int) -> tuple[int, str]:
        barrier.wait(20)
        try:
            answer = Caller.book(caller_of_thread(), body(pair))
            return answer.status_code, answer.json().get("uid", "")
        finally:
            connections.close_all()

    def caller_of_thread() -> Caller:
        own = object.__new__(Caller)
        own.headers, own.client = caller.headers, Client()
        return own

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(retry, range(20)))

    assert {status for status, _ in answers} == {201}
    assert len({uid for _, uid in answers}) == 1
    assert Event.objects.count() == 1


def test_longest_key_is_taken(caller, pair):
    assert caller.book(body(pair), key="k" * 100).status_code == 201
    assert caller.book(body(pair), key="k" * 101).status_code == 400


@pytest.mark.parametrize("when", ["9999-12-31T23:59:59-23:00", "0001-01-01T00:00:00+23:00"])
def test_time_out_of_reach_is_a_400(caller, pair, when):
    answer = caller.book(body(pair, starts_at=when, ends_at=when))

    assert answer.status_code == 400
    assert "starts_at" in answer.json()


def test_change_made_from_an_outdated_reading_is_refused(caller, pair, beat, monkeypatch):
    """Another editor moves the event between our look and our save."""
    event = events.create(make_plan(beat=beat), by=SYSTEM)
    calm, later = events.plan_of, tomorrow(21)

    def interrupted(read):
        plan = calm(read)
        moved = make_plan(beat=beat, starts_at=later, ends_at=later + timedelta(hours=1))
        events.change(event.pk, moved, by=SYSTEM)
        return plan

    monkeypatch.setattr(events, "plan_of", interrupted)
    answer = caller.send("patch", f"{ALL}{event.uid}/", {"summary": "New"})

    assert answer.status_code == 409
    assert Event.objects.get().starts_at == later


@pytest.mark.parametrize("field", ["staff", "also_beats", "beat", "venue"])
@pytest.mark.parametrize("name", ["a\0b", "\ud800", "x" * 5000])
def test_a_name_no_column_can_hold_is_refused_at_its_field(caller, pair, field, name):
    value = [name] if field in {"staff", "also_beats"} else name
    answer = caller.book(body(pair, **{field: value}))

    assert (answer.status_code, list(answer.json())) == (400, [field])
