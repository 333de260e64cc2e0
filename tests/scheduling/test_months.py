"""The month of a beat in large print."""

import re
from datetime import date, timedelta

import pytest
import time_machine

from outreach.actors import SYSTEM
from outreach.enums import Disclosure, VenueKind
from scheduling.enums import Classification, EventStatus
from scheduling.services import events
from tests.factories.events import EventFactory, local, make_plan
from tests.factories.places import BeatFactory, VenueFactory
from tests.hostile import HOSTILE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-10-20T12:00:00-07:00", tick=False) as machine:
        yield machine


@pytest.fixture
def beat(db):
    return BeatFactory(code="b1", name="Harbor")


def main_of(client, path="/beats/b1/2026-11/", **headers) -> str:
    response = client.get(path, headers=headers)
    assert response.status_code == 200
    page = response.content.decode()
    return page[page.index("<main") : page.index("</main>")]


def test_days_are_headings_and_times_are_as_people_say_them(client, beat):
    venue = VenueFactory(name="Main Library", address="100 Main St")
    EventFactory(beat=beat, starts_at=local(2026, 11, 3, 19), summary="Talk", venue=venue)
    EventFactory(starts_at=local(2026, 11, 3, 9), summary="Whole city")
    EventFactory(beat=beat, starts_at=local(2026, 11, 12, 11), summary="Late")
    EventFactory(beat=BeatFactory(), starts_at=local(2026, 11, 4, 19), summary="Elsewhere")

    page = main_of(client)

    assert re.findall(r"<h2 id[^>]*>(.*?)</h2>", page) == [
        "Tuesday, November 3", "Thursday, November 12",
    ]  # fmt: skip
    assert re.findall(r"<time [^>]*>(.*?)</time>", page) == [
        "9–10 a.m.", "7–8 p.m.", "11 a.m.–noon",
    ]  # fmt: skip
    assert "Main Library, 100 Main St" in page
    assert "Elsewhere" not in page


def test_month_is_that_of_the_local_clock(client, beat):
    """In UTC the first of these begins in November, and the second in December."""
    EventFactory(beat=beat, starts_at=local(2026, 10, 31, 19), summary="October")
    EventFactory(beat=beat, starts_at=local(2026, 11, 30, 19), summary="November")

    assert "November</a>" in main_of(client)
    assert "October</a>" not in main_of(client)
    assert "October</a>" in main_of(client, "/beats/b1/2026-10/")


def test_event_that_goes_on_from_last_month_stands_on_the_first(client, beat):
    start = local(2026, 10, 31, 20)
    EventFactory(beat=beat, starts_at=start, ends_at=start + timedelta(hours=9))

    page = main_of(client)

    assert re.findall(r"<h2 id[^>]*>(.*?)</h2>", page) == ["Sunday, November 1"]
    assert "Sat, Oct 31, 2026, 8 p.m. – Sun, Nov 1, 2026, 5 a.m." in page


def test_months_lead_to_each_other_as_far_as_the_feeds_reach(client, beat):
    assert 'rel="prev" href="/beats/b1/2026-10/"' in main_of(client)
    assert 'rel="next" href="/beats/b1/2026-12/"' in main_of(client)
    assert 'rel="prev"' not in main_of(client, "/beats/b1/2026-08/")
    assert 'rel="next"' not in main_of(client, "/beats/b1/2027-11/")
    for month in ("2026-07", "2027-12", "2026-13", "2026-00", "2026-1", "9999-01"):
        assert client.get(f"/beats/b1/{month}/").status_code == 404


def test_cancelled_event_says_so_in_words_and_what_is_not_public_is_missing(client, beat):
    start = local(2026, 11, 3, 19)
    event = events.create(make_plan(starts_at=start, beat=beat), by=SYSTEM)
    events.cancel(event.pk, by=SYSTEM, reason="storm")
    for kind in (Classification.PRIVATE, Classification.CONFIDENTIAL):
        EventFactory(beat=beat, starts_at=start, classification=kind, summary="Secret")
    EventFactory(beat=beat, starts_at=start, status=EventStatus.TENTATIVE, summary="Secret")
    home = VenueFactory(
        kind=VenueKind.HOME, disclosure=Disclosure.BLOCK, address="", name="At Robin's",
        block="1200 block of Oak St",
    )  # fmt: skip
    EventFactory(beat=beat, starts_at=start, venue=home)

    page = main_of(client)

    assert "Cancelled.</strong> This event will not take place." in page
    assert "1200 block of Oak St" in page
    assert "Secret" not in page
    assert "Robin" not in page


def test_empty_month_and_retired_beat_say_so(client, beat):
    BeatFactory(code="b9", ends_on=date(2026, 10, 1))

    assert "No events are planned in this month yet." in main_of(client)
    gone = client.get("/beats/b9/2026-11/")
    assert gone.status_code == 410
    assert "This beat is no longer in use." in gone.content.decode()
    assert client.get("/beats/none/2026-11/").status_code == 404


def test_page_of_the_beat_leads_to_this_month(client, beat):
    page = client.get("/beats/b1/").content.decode()

    for path in ("", "flyer-en.pdf", "flyer-es.pdf"):
        assert f'href="/beats/b1/2026-10/{path}"' in page


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_change_no_tag(client, beat, words):
    event = EventFactory(beat=beat, starts_at=local(2026, 11, 3, 19), summary="a", location="b")
    tags = re.findall(r"</?\w+", main_of(client))

    type(event).objects.update(summary=words[:120], location=words)

    assert re.findall(r"</?\w+", main_of(client)) == tags


def test_month_asks_as_much_for_many_events_as_for_one(client, beat, django_assert_max_num_queries):
    for day in range(1, 9):
        event = EventFactory(beat=beat, starts_at=local(2026, 11, day, 19), venue=VenueFactory())
        event.texts.create(language="es", summary="Reunión")

    with django_assert_max_num_queries(6):
        main_of(client, **{"Accept-Language": "es"})
