"""The dates of an event from outside: those of a series one by one, and what is wrong with each.

Pure; trusts nothing of the event, so call it in the bounded process only.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

from scheduling import outside
from scheduling.bounded import Fault, Unreadable
from scheduling.incoming_words import Note
from scheduling.spans import Span

UTC = ZoneInfo("UTC")
DAY = timedelta(days=1)
YEARS = range(1900, 2200)
LATER = timedelta(days=20 * 366)  # so far a rule with an end is asked for dates beyond
TIMES = ("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID")
BROKEN = (ValueError, OverflowError, TypeError, KeyError, AttributeError, IndexError)


class Left(StrEnum):
    """Why an entry is left out, as far as the file alone says."""

    PAST = "past"
    PAST_DATES = "past-dates"
    BEYOND = "beyond"
    BEYOND_DATES = "beyond-dates"
    CANCELLED = "cancelled"
    TAKEN_OUT = "taken-out"
    NO_START = "no-start"
    UNREADABLE = "unreadable"
    ENDS_FIRST = "ends-first"
    OVER_A_DAY = "over-a-day"
    OVERNIGHT = "overnight"
    GAP = "gap"
    TWICE = "twice"


@dataclass(frozen=True)
class Reading:
    """Whose clocks count, and which days are of interest."""

    zone: ZoneInfo
    window: Span


@dataclass(frozen=True)
class Dated:
    """An event with the times it has, in UTC, and what it is called in its series."""

    event: Any
    recurrence_id: str = ""
    sequence: int = 0
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    left: Left | None = None
    notes: tuple[Note, ...] = ()


def of_group(group: Sequence[Any], reading: Reading) -> list[Dated]:
    """All entries of one UID: its calendar, then its events. Raises Unreadable."""
    calendar, *events = group
    for event in events:
        _refuse(event)
    found, sound = [], []
    for event in events:
        if left := _fault_of(event):
            found.append(Dated(event, _key(event), _sequence(event), left=left))
        else:
            sound.append(event)
    latest: dict[str, Any] = {}
    for event in sorted(sound, key=_sequence):
        if (older := latest.get(_key(event))) is not None:
            found.append(replace(_single(older, reading), left=Left.TWICE))
        latest[_key(event)] = event
    main = latest.get("")
    if main is not None and _repeats(main):
        changed = [event for key, event in latest.items() if key]
        return found + _of_series(calendar, main, changed, reading)
    return found + [_single(event, reading) for event in latest.values()]


def _of_series(calendar: Any, main: Any, changed: Sequence[Any], reading: Reading) -> list[Dated]:
    """Its dates within the window, one line for those before and one for those after."""
    try:
        return list(_dates(calendar, main, changed, reading))
    except BROKEN:
        return [Dated(main, left=Left.UNREADABLE, sequence=_sequence(main))]


def _dates(calendar: Any, main: Any, changed: Sequence[Any], reading: Reading) -> Iterator[Dated]:
    window = reading.window
    query = recurring_ical_events.of(_alone(calendar, [main, *changed]))
    seen: set[str] = set()
    for event in query.between(window.starts_at, window.ends_at):
        one = _single(event, reading)
        if one.recurrence_id in seen:  # all that follow a moved one bear its name
            one = replace(one, recurrence_id=_text_of(event.start))
        seen.add(one.recurrence_id)
        yield one
    for event in changed:  # moved out of the window, or of a date that is no more
        if _key(event) not in seen:
            seen.add(_key(event))
            one = _single(event, reading)
            yield one if one.left else replace(one, left=Left.TAKEN_OUT)
    first = _single(main, reading)
    if first.starts_at and first.starts_at < window.starts_at:
        yield replace(first, left=Left.PAST_DATES, notes=())
    if _goes_beyond(query, main, window):
        last = window.ends_at
        yield replace(first, starts_at=last, ends_at=None, left=Left.BEYOND_DATES, notes=())


def _single(event: Any, reading: Reading) -> Dated:
    one = Dated(event, _key(event), _sequence(event))
    try:
        return _timed(one, reading)
    except BROKEN:
        return replace(one, left=Left.UNREADABLE)


def _timed(one: Dated, reading: Reading) -> Dated:
    start, end = one.event.start, one.event.end
    if isinstance(start, datetime) != isinstance(end, datetime):
        return replace(one, left=Left.UNREADABLE)
    notes: list[Note] = []
    if not isinstance(start, datetime):
        notes.append(Note.ALL_DAY)
        end = max(end, start + DAY)
        start, end = (datetime.combine(day, time(), reading.zone) for day in (start, end))
    elif start.tzinfo is None:
        notes.append(Note.FLOATING)
        start, end = (at.replace(tzinfo=reading.zone, fold=0) for at in (start, end))
    if start == end:
        notes.append(Note.NO_LENGTH)
    if start.year not in YEARS:  # no clock of ours shows it
        return replace(one, left=Left.PAST if start.year < YEARS.start else Left.BEYOND)
    begin, stop = start.astimezone(UTC), max(end.astimezone(UTC), start.astimezone(UTC))
    if _is_doubled(start):
        notes.append(Note.DOUBLED)
    left = Left.GAP if _is_in_gap(start) else _left(one.event, Span(begin, stop), reading)
    return replace(one, starts_at=begin, ends_at=stop, left=left, notes=tuple(notes))


def _left(event: Any, span: Span, reading: Reading) -> Left | None:
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return Left.CANCELLED
    if span.starts_at < reading.window.starts_at:
        return Left.PAST
    if span.starts_at > reading.window.ends_at:
        return Left.BEYOND
    # By the clocks on the wall: a day has 23 hours in March and 25 in November.
    start, end = (
        at.astimezone(reading.zone).replace(tzinfo=None) for at in (span.starts_at, span.ends_at)
    )
    if end - start > DAY:
        return Left.OVER_A_DAY
    if start < end and start.date() != (end - timedelta(microseconds=1)).date():
        return Left.OVERNIGHT
    return None


def _refuse(event: Any) -> None:
    """What makes the whole file one we do not follow."""
    broken = {name for name, _problem in event.errors}  # said of the one event, not of the file
    for name in {"DTSTART", "DTEND", "RECURRENCE-ID"} - broken:
        with suppress(*BROKEN):
            outside.refuse_unknown_zone(event.get(name))
    for name in {"RDATE", "EXDATE"} - broken:
        with suppress(*BROKEN):
            _refuse_unknown_zones(event.get(name, []))
    with suppress(*BROKEN):
        outside.refuse_fine_rules(event)


def _refuse_unknown_zones(lists: Any) -> None:
    for many in lists if isinstance(lists, list) else [lists]:
        zone = many.params.get("TZID")
        if zone and any(getattr(one.dt, "tzinfo", UTC) is None for one in many.dts):
            raise Unreadable(Fault.UNKNOWN_ZONE, str(zone)[:60])


def _fault_of(event: Any) -> Left | None:
    if event.get("DTSTART") is None:
        return Left.NO_START
    if any(name in TIMES for name, _problem in event.errors):
        return Left.UNREADABLE
    try:
        start, end, length = (event.get(name) for name in ("DTSTART", "DTEND", "DURATION"))
        is_backwards = end is not None and end.dt < start.dt
        if is_backwards or (length is not None and length.dt < timedelta()):
            return Left.ENDS_FIRST
        event.start, event.end  # noqa: B018 - they raise for what cannot be
    except BROKEN:
        return Left.UNREADABLE
    return None


def _goes_beyond(query: Any, main: Any, window: Span) -> bool:
    rules = main.get("RRULE", [])
    rules = rules if isinstance(rules, list) else [rules]
    if any("UNTIL" not in rule and "COUNT" not in rule for rule in rules):
        return True
    after = window.ends_at
    return any(next(iter(one.between(after, after + LATER)), None) for one in query.series)


def _alone(calendar: Any, events: Sequence[Any]) -> Any:
    """One series as a calendar; Google gives the zone of its clocks in a line of its own."""
    alone = icalendar.Calendar()
    name = str(calendar.get("X-WR-TIMEZONE", ""))
    with suppress(ValueError, OSError, KeyError):  # unknown: its times in UTC stay what they are
        ZoneInfo(name)
        alone.add("X-WR-TIMEZONE", name)
    for event in events:
        alone.add_component(event)
    return alone


def _repeats(event: Any) -> bool:
    return "RRULE" in event or "RDATE" in event


def _sequence(event: Any) -> int:
    try:
        return min(max(int(event.get("SEQUENCE", 0)), 0), 2**31 - 1)
    except (ValueError, TypeError):
        return 0


def _key(event: Any) -> str:
    """Which date of its series it stands for; empty for what does not repeat."""
    stamp = event.get("RECURRENCE-ID")
    try:
        return _text_of(stamp.dt) if stamp is not None else ""
    except BROKEN:
        return ""


def _text_of(moment: date | datetime) -> str:
    if not isinstance(moment, datetime):
        return f"{moment:%Y%m%d}"
    if moment.tzinfo is None:
        return f"{moment:%Y%m%dT%H%M%S}"
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _is_in_gap(moment: datetime) -> bool:
    again = moment.astimezone(UTC).astimezone(moment.tzinfo)
    return again.replace(tzinfo=None, fold=0) != moment.replace(tzinfo=None, fold=0)


def _is_doubled(moment: datetime) -> bool:
    once, again = (moment.replace(fold=fold).utcoffset() for fold in (0, 1))
    return once is not None and again is not None and once > again
