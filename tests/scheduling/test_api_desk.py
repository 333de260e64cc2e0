"""Requests, attendance and figures over the API: what another desk of the city files and reads."""

from datetime import timedelta

import pytest

from outreach.enums import Role
from outreach.models import EventRequest
from scheduling.models import CloseOut
from tests.factories.events import EventFactory, tomorrow
from tests.factories.people import StaffMemberFactory, make_event_request, make_pair
from tests.factories.places import BeatFactory
from tests.factories.seats import make_seated, sign_up
from tests.scheduling.test_api_booking import Caller

pytestmark = pytest.mark.django_db
ASKED = "/api/v1/event-requests/"


@pytest.fixture
def beat():
    return BeatFactory(code="b1")


@pytest.fixture
def pair(beat):
    return make_pair(beat)


@pytest.fixture
def caller(pair):
    return Caller(pair[0])


def wish(**other) -> dict:
    return {
        "program": "presentations",
        "topic": "Bike theft",
        "wished_starts": [(tomorrow(10) + timedelta(days=n)).isoformat() for n in (30, 31)],
        "beat": "b1",
        "name": "Robin Xanthippe",
        "reach": "robin@example.org",
        "notes": "The back door sticks.",
        "source": "phone",
    } | other


def test_another_desk_files_a_request_once_and_follows_it(caller):
    first = caller.send("post", ASKED, wish(), "k1")
    assert first.status_code == 201, first.content
    assert caller.send("post", ASKED, wish(), "k1").json()["uid"] == first.json()["uid"]
    assert caller.send("post", ASKED, wish(topic="Other"), "k1").status_code == 422

    assert EventRequest.objects.get().contact.email == "robin@example.org"
    shown = caller.send("get", f"{ASKED}{first.json()['uid']}/", None)
    assert shown.json()["status"] == "received"
    assert shown.json()["wished_starts"] == first.json()["wished_starts"]
    assert len(caller.send("get", f"{ASKED}?status=received", None).json()["results"]) == 1


def test_who_asked_and_what_is_sealed_leaves_by_no_call(caller, beat):
    make_event_request(beat)
    caller.send("post", ASKED, wish(), "k1")

    text = caller.send("get", ASKED, None).content.decode()
    for private in ("Robin", "robin@", "back door"):
        assert private not in text


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"wished_starts": []}, "wished_starts"),
        ({"wished_starts": [tomorrow(10).isoformat()]}, "wished_starts"),  # two weeks of notice
        ({"wished_starts": ["2026-13-01T10:00:00Z"]}, "wished_starts"),
        ({"reach": "robin"}, "reach"),
        ({"beat": "b9"}, "beat"),
        ({"beat": "", "place": ""}, "place"),
        ({"name": "a\u202eb"}, "name"),
        ({"topic": "x" * 121}, "topic"),
        ({"program": "academy"}, "program"),
    ],
)
def test_bad_input_is_refused_at_its_field_with_nothing_kept(caller, change, field):
    answer = caller.send("post", ASKED, wish(**change), "k1")

    assert answer.status_code == 400
    assert field in answer.json()
    assert not EventRequest.objects.exists()


def test_only_the_requests_of_the_own_beats_are_listed(caller, beat):
    make_event_request(beat)
    make_event_request(BeatFactory(code="b2"))

    assert len(caller.send("get", ASKED, None).json()["results"]) == 1
    sergeant = Caller(StaffMemberFactory(role=Role.SERGEANT))
    assert len(sergeant.send("get", ASKED, None).json()["results"]) == 2


def test_list_asks_as_much_for_three_as_for_one(caller, beat, django_assert_max_num_queries):
    for _ in range(3):
        make_event_request(beat)
    with django_assert_max_num_queries(12):
        assert len(caller.send("get", ASKED, None).json()["results"]) == 3


def test_attendance_is_planned_counted_and_closed_out(caller, beat, pair):
    event = make_seated(4, beat=beat, staff=pair)
    sign_up(event, "Ana", 3)
    path = f"/api/v1/events/{event.uid}/attendance/"

    planned = caller.send("get", path, None).json()
    assert planned["planned"] == {"capacity": 4, "taken": 3, "households": 1, "waiting": 0}
    assert (planned["at_the_door"], planned["close_out"]) == (0, None)
    early = caller.send("put", path, {"outcome": "held", "head_count": 3})
    assert (early.status_code, early.json()) == (409, {"outcome": ["This event has not begun."]})

    past = EventFactory(beat=beat, starts_at=tomorrow() - timedelta(days=2))
    path = f"/api/v1/events/{past.uid}/attendance/"
    for heads in (12, 14):
        said = {"outcome": "held", "head_count": heads, "minutes": 60, "languages": ["en", "es"]}
        assert caller.send("put", path, said).json()["close_out"]["head_count"] == heads
    assert CloseOut.objects.get().head_count == 14
    assert caller.send("put", path, {"outcome": "held"}).json().keys() == {"head_count"}


def test_numbers_say_what_was_held_by_month_beat_and_program(caller, beat):
    past = EventFactory(beat=beat, starts_at=tomorrow() - timedelta(days=2))
    said = {"outcome": "held", "head_count": 12, "minutes": 60}
    caller.send("put", f"/api/v1/events/{past.uid}/attendance/", said)

    year = past.starts_at.year
    (cell,) = caller.send("get", f"/api/v1/numbers/?year={year}", None).json()
    assert (cell["beat"], cell["events"], cell["people"]) == ("b1", 1, 12)
    for nonsense in ("year=x", "year=1", "year=2026&month=13", "month=%00"):
        assert caller.send("get", f"/api/v1/numbers/?{nonsense}", None).status_code == 400
