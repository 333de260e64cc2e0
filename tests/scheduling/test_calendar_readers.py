"""Readers of calendars that others wrote agree on what ours says, over both clock changes."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import icalendar
import icalevents.icalparser
import ics
import pytest
import pytz
import recurring_ical_events
import vobject
import x_wr_timezone
from ical.calendar_stream import IcsCalendarStream
from khal.icalendar import cal_from_ics, split_ics
from khal.khalendar.event import Event as KhalEvent

# Some of them change how icalendar reads zones for the whole process.
icalendar.use_zoneinfo()

FEED = (Path(__file__).parents[1] / "feeds" / "clock-changes.ics").read_bytes().decode()
FIRST, LAST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
# (last digits of the UID, start, end) in UTC: the evenings around both nights, and in the doubled
# hour one event each time the clocks show it.
WANTED = {
    ("01", "2026-11-01T02:00", "2026-11-01T03:00"),
    ("02", "2026-11-01T07:00", "2026-11-01T08:00"),
    ("03", "2026-11-01T08:30", "2026-11-01T09:30"),
    ("04", "2026-11-01T09:30", "2026-11-01T10:30"),
    ("05", "2026-11-02T03:00", "2026-11-02T04:00"),
    ("06", "2027-03-14T03:00", "2027-03-14T04:00"),
    ("07", "2027-03-14T10:00", "2027-03-14T11:00"),
    ("08", "2027-03-15T02:00", "2027-03-15T03:00"),
}
Found = Iterator[tuple[Any, datetime, datetime]]


def by_icalendar(text: str) -> Found:
    for event in icalendar.Calendar.from_ical(text).events:
        yield event["UID"], event.start, event.end


def by_recurring_ical_events(text: str) -> Found:
    calendar = icalendar.Calendar.from_ical(text)
    # It turns UTC into this zone and forgets which of the doubled hours it was.
    del calendar["X-WR-TIMEZONE"]
    for event in recurring_ical_events.of(calendar).between(FIRST, LAST):
        yield event["UID"], event.start, event.end


def by_x_wr_timezone(text: str) -> Found:
    calendar = x_wr_timezone.to_standard(icalendar.Calendar.from_ical(text))
    for event in calendar.events:
        yield event["UID"], event.start, event.end


def by_vobject(text: str) -> Found:
    for event in vobject.readOne(text).vevent_list:
        yield event.uid.value, event.dtstart.value, event.dtend.value


def by_ical(text: str) -> Found:
    for event in IcsCalendarStream.calendar_from_ics(text).events:
        yield event.uid, event.dtstart, event.dtend


def by_icalevents(text: str) -> Found:
    for event in icalevents.icalparser.parse_events(text, start=FIRST, end=LAST):
        yield event.uid, event.start, event.end


def by_ics(text: str) -> Found:
    for event in ics.Calendar(text).events:
        yield event.uid, event.begin.datetime, event.end.datetime


def by_khal(text: str) -> Found:
    local = pytz.timezone("America/Los_Angeles")
    locale = {"default_timezone": local, "local_timezone": local}
    for item in split_ics(text):
        events = [part for part in cal_from_ics(item).walk() if part.name == "VEVENT"]
        event = KhalEvent.fromVEvents(events, ref="PROTO", locale=locale, calendar="x", color="")
        yield event.uid, event.start, event.end


READERS = [
    by_icalendar, by_recurring_ical_events, by_x_wr_timezone, by_vobject, by_ical,
    by_icalevents, by_ics, by_khal,
]  # fmt: skip


def read(reader, text: str) -> set[tuple[str, str, str]]:
    return {
        (str(uid)[-2:], *(f"{at.astimezone(UTC):%Y-%m-%dT%H:%M}" for at in (start, end)))
        for uid, start, end in reader(text)
    }


@pytest.mark.parametrize("reader", READERS)
def test_reader_finds_every_start_and_end(reader):
    assert read(reader, FEED) == WANTED


def test_readers_disagree_where_the_doubled_hour_is_written_as_local_time():
    """What decision 5 of the calendars is for: without UTC, the second 1:30 is another hour."""
    written = "DTSTART;TZID=America/Los_Angeles:20261101T013000"
    local = FEED.replace("DTSTART:20261101T093000Z", written)

    assert any(read(reader, local) != WANTED for reader in READERS)
