"""The table of events: for a sheet or a program, and no formula in it."""

import csv
import io
from datetime import date

import pytest
import time_machine

from outreach.actors import SYSTEM
from outreach.enums import Disclosure, Program, VenueKind
from scheduling.enums import Classification, EventStatus
from scheduling.services import events
from tests.factories.events import EventFactory, local, make_plan
from tests.factories.places import BeatFactory, VenueFactory
from tests.hostile import HOSTILE

pytestmark = pytest.mark.django_db
START = local(2026, 10, 30, 19)
HEAD = ["uid", "program", "beat", "title", "start", "end", "status", "place", "page"]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-10-20T12:00:00-07:00", tick=False) as machine:
        yield machine


def rows(client, path="/events.csv") -> list[list[str]]:
    response = client.get(path)
    assert response.status_code == 200
    head, *found = csv.reader(io.StringIO(response.content.decode(), newline=""))
    assert head == HEAD
    return found


def test_row_has_local_times_with_their_offset(client):
    one, two = BeatFactory(code="b1"), BeatFactory(code="b2")
    venue = VenueFactory(name="Main Library", address="100 Main St")
    event = EventFactory(starts_at=START, beat=one, venue=venue, summary="Talk")
    event.also_beats.add(two)

    assert rows(client) == [
        [
            str(event.uid), "neighborhood-watch", "b1 b2", "Talk", "2026-10-30T19:00:00-07:00",
            "2026-10-30T20:00:00-07:00", "confirmed", "Main Library, 100 Main St",
            f"http://127.0.0.1:8000/events/{event.uid}/",
        ]
    ]  # fmt: skip


def test_filters_are_those_of_the_page(client):
    one, two = BeatFactory(code="b1"), BeatFactory(code="b2")
    first = EventFactory(starts_at=START, beat=one, program=Program.COMMUNITY)
    second = EventFactory(starts_at=START, beat=one)
    third = EventFactory(starts_at=START, beat=two)

    def shown(path):
        return {row[0] for row in rows(client, path)}

    assert shown("/events.csv?beat=&program=") == {str(e.uid) for e in (first, second, third)}
    assert shown("/events.csv?beat=b1") == shown("/beats/b1/events.csv")
    assert shown("/beats/b1/events.csv") == {str(first.uid), str(second.uid)}
    assert shown("/events.csv?beat=b1&program=community") == {str(first.uid)}
    assert shown("/beats/b1/events.csv?program=community") == {str(first.uid)}
    for wrong in ("?beat=none", "?program=security-survey", "?program=none"):
        assert client.get(f"/events.csv{wrong}").status_code == 404


def test_page_links_to_the_table_of_what_it_shows(client):
    BeatFactory(code="b1")

    page = client.get("/events/?beat=b1&program=community&page=1").content.decode()

    assert 'href="/events.csv?beat=b1&amp;program=community"' in page


def test_retired_beat_is_gone(client):
    BeatFactory(code="b9", ends_on=date(2026, 10, 1))

    assert client.get("/beats/b9/events.csv").status_code == 410


def test_table_is_the_same_for_everyone_and_a_304(client):
    EventFactory(starts_at=START)
    first = client.get("/events.csv")
    second = client.get("/events.csv", headers={"Accept-Language": "es", "Cookie": "language=es"})

    assert first.content == second.content
    assert first["Content-Type"] == "text/csv; charset=utf-8"
    assert first["Content-Disposition"] == 'inline; filename="events-all.csv"'
    assert not second.cookies
    again = client.get("/events.csv", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_cancelled_event_is_named_so_and_what_is_not_public_is_missing(client):
    event = events.create(make_plan(starts_at=START), by=SYSTEM)
    events.cancel(event.pk, by=SYSTEM, reason="storm")
    EventFactory(starts_at=START, classification=Classification.PRIVATE)
    EventFactory(starts_at=START, status=EventStatus.TENTATIVE)

    assert [(row[0], row[6]) for row in rows(client)] == [(str(event.uid), "cancelled")]


def test_home_shows_its_block(client):
    home = VenueFactory(
        kind=VenueKind.HOME, disclosure=Disclosure.BLOCK, address="", name="At Robin's",
        block="1200 block of Oak St",
    )  # fmt: skip
    EventFactory(starts_at=START, venue=home)

    assert rows(client)[0][7] == "1200 block of Oak St"
    assert b"Robin" not in client.get("/events.csv").content


@pytest.mark.parametrize("words", [*HOSTILE, "=1+1", "+1", "-1", "@x", "\t=1", "\r=1", '"=1"'])
def test_hostile_words_stay_in_their_cell_and_run_nowhere(client, words):
    EventFactory(starts_at=START, summary=words[:120], location=words)

    (row,) = rows(client)

    assert len(row) == len(HEAD)
    assert row[3].removeprefix("'") == words[:120]
    assert all(cell[:1] not in ("=", "+", "-", "@", "\t", "\r") for cell in row)
