"""News feeds: the records in another coat, the same bytes for everyone."""

from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
import time_machine

from outreach.actors import SYSTEM
from outreach.enums import Disclosure, VenueKind
from scheduling.enums import Classification, EventStatus
from scheduling.services import events, surveys
from tests.factories.events import EventFactory, local, make_plan
from tests.factories.people import make_pair, make_request
from tests.factories.places import BeatFactory, VenueFactory
from tests.hostile import HOSTILE

pytestmark = pytest.mark.django_db
NS = {"a": "http://www.w3.org/2005/Atom"}
START = local(2026, 10, 30, 19)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-10-20T12:00:00-07:00", tick=False) as machine:
        yield machine


def parse(body: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(body)


def entries(client, path="/events.atom") -> dict[str, ElementTree.Element]:
    response = client.get(path)
    assert response.status_code == 200
    found = parse(response.content).findall("a:entry", NS)
    return {entry.findtext("a:id", "", NS): entry for entry in found}


def test_entry_carries_the_record(client, clock):
    venue = VenueFactory(name="Main Library", address="100 Main St")
    event = EventFactory(starts_at=START, venue=venue, summary="Talk", description="Come.\nAll.")
    clock.shift(timedelta(days=3))

    entry = entries(client)[f"urn:uuid:{event.uid}"]

    assert entry.findtext("a:title", "", NS) == "Talk"
    assert entry.find("a:link", NS).get("href") == f"http://127.0.0.1:8000/events/{event.uid}/"
    assert entry.findtext("a:updated", "", NS) == "2026-10-20T19:00:00+00:00"
    summary = entry.find("a:summary", NS)
    assert summary.get("type") == "html"
    assert summary.text == (
        "<p>Fri, Oct 30, 2026, 7–8 p.m.</p><p>Main Library, 100 Main St</p><p>Come.</p><p>All.</p>"
    )


def test_feed_was_updated_when_its_newest_entry_was(client, clock):
    EventFactory(starts_at=START)
    clock.shift(timedelta(hours=1))
    EventFactory(starts_at=START)
    clock.shift(timedelta(hours=5))

    feed = parse(client.get("/events.atom").content)

    assert feed.findtext("a:updated", "", NS) == "2026-10-20T20:00:00+00:00"
    assert feed.findtext("a:author/a:name", "", NS) == "Community Affairs Unit"


def test_empty_feed_asks_no_clock(client, clock):
    first = client.get("/events.atom").content
    clock.shift(timedelta(hours=5))

    assert client.get("/events.atom").content == first
    assert parse(first).findtext("a:updated", "", NS) == "2020-01-01T00:00:00+00:00"


def test_venue_that_changed_updates_its_events(client, clock):
    venue = VenueFactory()
    event = EventFactory(starts_at=START, venue=venue)
    clock.shift(timedelta(hours=1))
    venue.save()

    entry = entries(client)[f"urn:uuid:{event.uid}"]

    assert entry.findtext("a:updated", "", NS) == "2026-10-20T20:00:00+00:00"


def test_cancelled_event_says_so_until_its_day_is_past(client, clock):
    event = events.create(make_plan(starts_at=local(2026, 10, 22, 19)), by=SYSTEM)
    events.cancel(event.pk, by=SYSTEM, reason="storm")

    entry = entries(client)[f"urn:uuid:{event.uid}"]

    assert entry.findtext("a:title", "", NS) == "CANCELLED: Watch meeting"
    assert "This event will not take place." in entry.findtext("a:summary", "", NS)
    clock.move_to("2026-10-23T00:00:00-07:00")
    assert entries(client) == {}


@pytest.mark.parametrize("path", ["/events.atom", "/beats/b1/events.atom", "/events.es.atom"])
def test_unchanged_feed_is_the_same_bytes_for_everyone_and_a_304(client, clock, path):
    EventFactory(starts_at=START, beat=BeatFactory(code="b1"))
    first = client.get(path)
    clock.shift(timedelta(hours=2))
    second = client.get(
        path, headers={"Accept-Language": "es", "Cookie": "language=es; sessionid=stale"}
    )

    assert first.content == second.content
    assert second["Vary"] == "Accept-Encoding"
    assert second["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert second["Access-Control-Allow-Origin"] == "*"
    assert not second.cookies
    assert "Content-Security-Policy" not in second
    for value in (first["ETag"], f'"other", {first["ETag"]}', f"W/{first['ETag']}", "*"):
        again = client.get(path, headers={"If-None-Match": value})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    head = client.head(path)
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", first["ETag"])
    assert client.post(path).status_code == 405


def test_new_year_changes_no_entry(client, clock):
    EventFactory(starts_at=local(2027, 1, 12, 19))
    clock.move_to("2026-12-31T12:00:00-08:00")
    before = client.get("/events.atom").content
    clock.move_to("2027-01-01T12:00:00-08:00")

    assert client.get("/events.atom").content == before


def test_each_language_has_an_address_and_each_beat_its_events(client):
    one, two = BeatFactory(code="b1"), BeatFactory(code="b2")
    event = EventFactory(starts_at=START, beat=one)
    event.texts.create(language="es", summary="Reunión")
    EventFactory(starts_at=START, beat=two)

    (spanish,) = entries(client, "/beats/b1/events.es.atom").values()
    (english,) = entries(client, "/beats/b1/events.atom").values()

    assert spanish.findtext("a:title", "", NS) == "Reunión"
    assert english.findtext("a:title", "", NS) == event.summary
    assert len(entries(client)) == 2
    assert parse(client.get("/beats/b1/events.es.atom").content).get(
        "{http://www.w3.org/XML/1998/namespace}lang"
    ) == "es"  # fmt: skip
    for unknown in ("/beats/b1/events.en.atom", "/events.tlh.atom", "/beats/none/events.atom"):
        assert client.get(unknown).status_code == 404


def test_retired_beat_is_gone(client):
    BeatFactory(code="b9", ends_on=date(2026, 10, 1))

    assert client.get("/beats/b9/events.atom").status_code == 410


def test_page_of_a_beat_names_its_feeds(client):
    BeatFactory(code="b1")

    page = client.get("/beats/b1/").content.decode()

    for path in ("/beats/b1/events.atom", "/beats/b1/events.es.atom"):
        assert f'href="{path}">' in page.split("</head>")[0]


def test_what_is_not_public_is_in_no_feed(client):
    beat = BeatFactory()
    EventFactory(beat=beat, starts_at=START, classification=Classification.PRIVATE)
    EventFactory(beat=beat, starts_at=START, classification=Classification.CONFIDENTIAL)
    EventFactory(beat=beat, starts_at=START, status=EventStatus.TENTATIVE)
    pair, request = make_pair(beat), make_request(beat)
    surveys.book_visit(request.pk, starts_at=START, staff=pair, by=SYSTEM)
    home = VenueFactory(
        kind=VenueKind.HOME, disclosure=Disclosure.BLOCK, address="", name="At Robin's",
        block="1200 block of Oak St",
    )  # fmt: skip
    shown = EventFactory(beat=beat, starts_at=START, venue=home)

    for path in ("/events.atom", f"/beats/{beat.code}/events.atom"):
        assert set(entries(client, path)) == {f"urn:uuid:{shown.uid}"}
        body = client.get(path).content
        assert b"1200 block of Oak St" in body
        assert b"Robin" not in body


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.seen.append(tag)

    def handle_data(self, data):
        self.words += data


@pytest.mark.parametrize("words", [*HOSTILE, "bell\x07\x1b[31m"])
def test_hostile_words_stay_text(client, words):
    EventFactory(starts_at=START, summary=words[:120], description=words, location=words)

    (entry,) = entries(client).values()

    shown = Tags(entry.findtext("a:summary", "", NS))
    assert set(shown.seen) == {"p"}
    assert [child.tag.split("}")[1] for child in entry] == [
        "title", "link", "published", "updated", "id", "summary", "category",
    ]  # fmt: skip
    kept = words[:120].replace("\x07\x1b", "").replace("\r\n", "\n")
    assert entry.findtext("a:title", "", NS).replace("\r", "") == kept.replace("\r", "")


def test_stamps_are_whole_seconds_in_utc(client):
    moment = datetime(2026, 10, 19, 1, 2, 3, 456789, tzinfo=UTC)
    EventFactory(starts_at=START, created_at=moment, updated_at=moment)

    (entry,) = entries(client).values()

    assert entry.findtext("a:published", "", NS) == "2026-10-19T01:02:03+00:00"
