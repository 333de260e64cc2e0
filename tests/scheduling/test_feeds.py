"""Feeds as calendar clients need them."""

import gzip
from datetime import UTC, datetime, timedelta

import icalendar
import pytest
import time_machine
import vobject

from outreach.actors import SYSTEM
from outreach.enums import Disclosure, Program, VenueKind
from scheduling.enums import Classification
from scheduling.services import events, surveys
from tests.factories.events import EventFactory, local, make_plan
from tests.factories.people import make_pair, make_request
from tests.factories.places import BeatFactory, VenueFactory

pytestmark = pytest.mark.django_db
NOW = "2026-10-20T12:00:00-07:00"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as machine:
        yield machine


def fetch(client, path="/feeds/all.ics", **headers) -> bytes:
    response = client.get(path, headers=headers)
    assert response.status_code == 200
    return response.content


def parse(body: bytes) -> dict[str, icalendar.Event]:
    return {str(event["UID"]): event for event in icalendar.Calendar.from_ical(body).events}


# Evenings around both changes of the clocks, and the doubled hour itself.
STARTS = [
    local(2026, 10, 30, 19),
    local(2026, 11, 1, 19),
    local(2026, 11, 2, 19),
    datetime(2026, 11, 1, 8, 30, tzinfo=UTC),
    datetime(2026, 11, 1, 9, 30, tzinfo=UTC),
    local(2027, 3, 13, 19),
    local(2027, 3, 14, 19),
    local(2027, 3, 15, 19),
    local(2027, 7, 1, 9),
]


def test_vtimezone_is_ours_and_stands_before_the_first_event(client):
    EventFactory(starts_at=STARTS[0])
    text = fetch(client).decode()

    zone = text[text.index("BEGIN:VTIMEZONE") : text.index("END:VTIMEZONE")]
    assert text.index("BEGIN:VTIMEZONE") < text.index("BEGIN:VEVENT")
    assert text.count("BEGIN:VTIMEZONE") == 1
    assert zone.count("BEGIN:STANDARD") == zone.count("BEGIN:DAYLIGHT") == 1
    assert "DTSTART:19701101T020000\r\nTZOFFSETFROM:-0700\r\nTZOFFSETTO:-0800" in zone
    assert "RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11" in zone
    assert "DTSTART:19700308T020000\r\nTZOFFSETFROM:-0800\r\nTZOFFSETTO:-0700" in zone
    assert "RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3" in zone


def test_doubled_hour_of_autumn_is_written_in_utc(client):
    EventFactory(starts_at=datetime(2026, 11, 1, 9, 30, tzinfo=UTC))

    assert b"DTSTART:20261101T093000Z" in fetch(client)


def test_unchanged_feed_is_the_same_bytes_and_a_304(client, clock):
    EventFactory(starts_at=STARTS[0])
    first = client.get("/feeds/all.ics")
    clock.shift(timedelta(hours=2))
    second = client.get("/feeds/all.ics", headers={"Accept": "*/*", "User-Agent": "x"})

    assert first.content == second.content
    for value in (first["ETag"], f'"other", {first["ETag"]}', f"W/{first['ETag']}", "*"):
        again = client.get("/feeds/all.ics", headers={"If-None-Match": value})
        assert (again.status_code, again.content) == (304, b"")
    since = {"If-Modified-Since": second["Last-Modified"]}
    assert client.get("/feeds/all.ics", headers=since).status_code == 304
    stronger = since | {"If-None-Match": '"other"'}
    assert client.get("/feeds/all.ics", headers=stronger).status_code == 200


def test_feed_answers_as_clients_need(client):
    response = client.get("/feeds/all.ics", headers={"Cookie": "sessionid=stale"})

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == 'inline; filename="all.ics"'
    assert response["Cache-Control"] == "public, max-age=300, stale-if-error=86400"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Vary"] == "Accept-Encoding"
    assert not response.cookies
    head = client.head("/feeds/all.ics")
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", response["ETag"])
    assert client.post("/feeds/all.ics").status_code == 405
    assert client.generic("PROPFIND", "/feeds/all.ics").status_code == 405
    assert client.options("/feeds/all.ics").status_code == 405


def test_gzip_has_its_own_etag_and_the_same_text(client):
    EventFactory(starts_at=STARTS[0])
    plain = client.get("/feeds/all.ics")
    packed = client.get("/feeds/all.ics", headers={"Accept-Encoding": "br;q=0.5, gzip;q=0.8"})

    assert packed["Content-Encoding"] == "gzip"
    assert packed["ETag"] != plain["ETag"]
    assert gzip.decompress(packed.content) == plain.content
    refused = client.get("/feeds/all.ics", headers={"Accept-Encoding": "gzip;q=0"})
    assert refused.content == plain.content


def test_cancelled_event_stays_until_its_day_is_past(client, clock):
    event = events.create(make_plan(starts_at=local(2026, 10, 22, 19)), by=SYSTEM)
    clock.shift(60)
    events.cancel(event.pk, by=SYSTEM, reason="storm")

    shown = parse(fetch(client))[str(event.uid)]
    assert (shown["STATUS"], shown["SEQUENCE"]) == ("CANCELLED", 1)
    assert shown["SUMMARY"] == "CANCELLED: Watch meeting"
    clock.move_to("2026-10-22T23:59:00-07:00")
    assert str(event.uid) in parse(fetch(client))
    clock.move_to("2026-10-23T00:00:00-07:00")
    assert str(event.uid) not in parse(fetch(client))


def test_window_is_sixty_days_back_and_four_hundred_ahead(client):
    inside = [
        EventFactory(starts_at=local(2026, 8, 21, 12)),
        EventFactory(starts_at=local(2027, 11, 23, 23)),
    ]
    EventFactory(starts_at=local(2026, 8, 20, 12))
    EventFactory(starts_at=local(2027, 11, 24, 0))

    assert set(parse(fetch(client))) == {str(event.uid) for event in inside}


def test_private_and_confidential_events_are_in_no_feed(client):
    beat = BeatFactory()
    EventFactory(beat=beat, starts_at=STARTS[0], classification=Classification.PRIVATE)
    pair, request = make_pair(beat), make_request(beat)
    visit = surveys.book_visit(request.pk, starts_at=STARTS[0], staff=pair, by=SYSTEM)

    for path in ("/feeds/all.ics", f"/feeds/beats/{beat.code}.ics"):
        assert parse(fetch(client, path)) == {}
    assert client.get(f"/events/{visit.uid}/").status_code == 404
    assert client.get(f"/events/{visit.uid}.ics").status_code == 404
    assert client.get(f"/api/v1/events/{visit.uid}/").status_code == 404


def test_each_feed_holds_its_own_under_one_uid(client):
    one, two, three = BeatFactory(), BeatFactory(), BeatFactory()
    shared = EventFactory(beat=one, starts_at=STARTS[0], program=Program.COMMUNITY)
    shared.also_beats.add(two)
    city = EventFactory(starts_at=STARTS[0])

    both = {str(shared.uid), str(city.uid)}
    assert set(parse(fetch(client, f"/feeds/beats/{one.code}.ics"))) == both
    assert set(parse(fetch(client, f"/feeds/beats/{two.code}.ics"))) == both
    assert set(parse(fetch(client, f"/feeds/beats/{three.code}.ics"))) == {str(city.uid)}
    assert set(parse(fetch(client, "/feeds/programs/community.ics"))) == {str(shared.uid)}
    path = f"/feeds/beats/{one.code}/neighborhood-watch.ics"
    assert set(parse(fetch(client, path))) == {str(city.uid)}


def test_retired_beat_is_gone_and_an_unknown_one_not_found(client):
    gone = BeatFactory(ends_on=datetime(2026, 10, 1, tzinfo=UTC).date())

    assert client.get(f"/feeds/beats/{gone.code}.ics").status_code == 410
    assert client.get("/feeds/beats/none.ics").status_code == 404
    assert client.get("/feeds/programs/security-survey.ics").status_code == 404


def test_home_shows_its_block_and_no_point(client):
    home = VenueFactory(
        kind=VenueKind.HOME,
        disclosure=Disclosure.BLOCK,
        address="",
        name="At Robin's",
        block="1200 block of Oak St",
    )
    EventFactory(starts_at=STARTS[0], venue=home)

    body = fetch(client)
    assert b"LOCATION:1200 block of Oak St" in body
    assert b"GEO:" not in body
    assert b"Robin" not in body


def test_hostile_words_stay_text(client):
    words = "a,b;c\\d\nBEGIN:VEVENT\nATTENDEE:mailto:x@example.org é 🚲" + "x" * 80
    event = EventFactory(starts_at=STARTS[0], summary="a;b,c \\n", description=words)

    body = fetch(client)
    shown = parse(body)[str(event.uid)]
    assert body.count(b"\r\nBEGIN:VEVENT") == 1
    assert str(shown["DESCRIPTION"]).startswith(words)
    assert shown["SUMMARY"] == "a;b,c \\n"
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    assert b"\n" not in body.replace(b"\r\n", b"")


def test_empty_feed_keeps_its_timezone(client):
    body = fetch(client)

    assert b"BEGIN:VTIMEZONE" in body
    assert b"METHOD:PUBLISH" in body
    assert b"VEVENT" not in body
    assert vobject.readOne(body.decode())


def test_words_of_a_feed_are_of_the_department_whoever_asks(client):
    event = EventFactory(starts_at=STARTS[0])
    event.texts.create(language="es", summary="Reunión")

    assert fetch(client, **{"Accept-Language": "es"}) == fetch(client)


def test_event_that_left_a_feed_is_a_change_of_it(client, clock):
    """A client that asks by date alone would keep showing what was made private."""
    event = EventFactory(starts_at=local(2026, 11, 2, 19))
    clock.shift(timedelta(hours=1))
    before = client.get("/feeds/all.ics")["Last-Modified"]
    clock.shift(timedelta(hours=1))

    hidden = make_plan(starts_at=event.starts_at, classification=Classification.PRIVATE)
    events.change(event.pk, hidden, by=SYSTEM)
    clock.shift(timedelta(hours=1))

    assert client.get("/feeds/all.ics", headers={"If-Modified-Since": before}).status_code == 200


@pytest.mark.parametrize("wish", ["gzip;q=²", "gzip;q=.", "gzip;q=", "gzip;q=1e9", ";;,"])
def test_odd_wish_for_a_coding_breaks_nothing(client, wish):
    assert client.get("/feeds/all.ics", headers={"Accept-Encoding": wish}).status_code == 200
