"""An outside calendar read as busy time; pure, and run in a process of its own.

A file from outside may hold anything: rules that never end, or that fit no day and are looked for
until the year 9999. So a reader process takes it, with bounds on its time and memory; whatever
ends that process is answered with one plain refusal, and nothing but spans comes back.

    python -m scheduling.outside ZONE FIRST LAST < calendar.ics
"""

import json
import resource
import subprocess
import sys
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

from scheduling.spans import Span, merged

MOST_BYTES = 1_000_000
MOST_EVENTS = 5_000
MOST_SPANS = 5_000
LONGEST = timedelta(days=366)
CPU_SECONDS = 5
WALL_SECONDS = 30
MEMORY = 1_000_000_000
PROJECT = Path(__file__).resolve().parent.parent


class Fault(StrEnum):
    """Why a calendar is not taken."""

    TOO_BIG = "too-big"
    NOT_A_CALENDAR = "not-a-calendar"
    TOO_MANY = "too-many"
    TOO_LONG = "too-long"
    TOO_OFTEN = "too-often"
    UNKNOWN_ZONE = "unknown-zone"


class Unreadable(Exception):
    """Nothing of the calendar is taken; detail is a name from the file, where one helps."""

    def __init__(self, fault: Fault, detail: str = "") -> None:
        super().__init__(fault)
        self.fault, self.detail = fault, detail


def busy(data: bytes, *, zone: ZoneInfo, window: Span) -> list[Span]:
    """The busy spans within a window, merged. Raises Unreadable."""
    if len(data) > MOST_BYTES:
        raise Unreadable(Fault.TOO_BIG)
    if not data.lstrip(b"\xef\xbb\xbf \r\n\t")[:15].upper().startswith(b"BEGIN:VCALENDAR"):
        raise Unreadable(Fault.NOT_A_CALENDAR)
    bounds = [str(zone), window.starts_at.isoformat(), window.ends_at.isoformat()]
    try:
        reader = subprocess.run(  # noqa: S603 - our own module and bounds
            [sys.executable, "-m", "scheduling.outside", *bounds],
            input=data,
            cwd=PROJECT,
            capture_output=True,
            timeout=WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise Unreadable(Fault.TOO_OFTEN) from late
    if reader.returncode < 0:  # its processor time ran out
        raise Unreadable(Fault.TOO_OFTEN)
    if reader.returncode > 0:
        raise Unreadable(Fault.NOT_A_CALENDAR)
    answer = json.loads(reader.stdout)
    if "fault" in answer:
        raise Unreadable(Fault(answer["fault"]), answer["detail"])
    return [Span(*map(datetime.fromisoformat, pair)) for pair in answer["spans"]]


def read(data: bytes, *, zone: ZoneInfo, window: Span) -> list[Span]:
    """The same in this process: trust the file, or bound the process."""
    calendar = icalendar.Calendar.from_ical(data)
    found = calendar.walk("VEVENT")
    if len(found) > MOST_EVENTS:
        raise Unreadable(Fault.TOO_MANY)
    for event in found:
        _refuse_odd(event)
    spans: list[Span] = []
    query = recurring_ical_events.of(calendar)
    for event in query.between(window.starts_at, window.ends_at):
        if event.get("TRANSP") == "TRANSPARENT" or event.get("STATUS") == "CANCELLED":
            continue
        if span := _within(_span(event, zone), window):
            spans.append(span)
        if len(spans) > MOST_SPANS:
            raise Unreadable(Fault.TOO_MANY)
    return merged(spans)


def _refuse_odd(event: Any) -> None:
    """Zones nobody knows, and rules finer than a day."""
    for name in ("DTSTART", "DTEND", "RECURRENCE-ID"):
        stamp = event.get(name)
        zone = stamp.params.get("TZID") if stamp is not None else None
        if zone and isinstance(stamp.dt, datetime) and stamp.dt.tzinfo is None:
            raise Unreadable(Fault.UNKNOWN_ZONE, str(zone)[:60])
    if "DURATION" in event and event["DURATION"].dt > LONGEST:
        raise Unreadable(Fault.TOO_LONG)
    rules = event.get("RRULE", [])
    for rule in rules if isinstance(rules, list) else [rules]:
        if {"SECONDLY", "MINUTELY", "HOURLY"} & {str(one).upper() for one in rule.get("FREQ", [])}:
            raise Unreadable(Fault.TOO_OFTEN)


def _span(event: Any, zone: ZoneInfo) -> Span:
    span = Span(_instant(event.start, zone), _instant(event.end, zone))
    if span.length > LONGEST:
        raise Unreadable(Fault.TOO_LONG)
    return span


def _within(span: Span, window: Span) -> Span | None:
    part = Span(max(span.starts_at, window.starts_at), min(span.ends_at, window.ends_at))
    return part if part.starts_at < part.ends_at else None


def _instant(moment: date | datetime, zone: ZoneInfo) -> datetime:
    """A day begins at midnight here; a time without a zone is meant as our clocks show it."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time(), zone)
    local = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    return local.astimezone(ZoneInfo("UTC"))


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    zone, first, last = sys.argv[1:]
    window = Span(datetime.fromisoformat(first), datetime.fromisoformat(last))
    answer: dict[str, object]
    try:
        spans = read(sys.stdin.buffer.read(), zone=ZoneInfo(zone), window=window)
        answer = {"spans": [[one.starts_at.isoformat(), one.ends_at.isoformat()] for one in spans]}
    except Unreadable as refusal:
        answer = {"fault": refusal.fault, "detail": refusal.detail}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
