"""An outside calendar read as busy time; pure, and run in a bounded process of its own.

Nothing but spans comes back.

    python -m scheduling.outside ZONE FIRST LAST < calendar.ics
"""

import sys
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

from scheduling import bounded
from scheduling.bounded import MOST_BYTES, MOST_EVENTS, Fault, Unreadable
from scheduling.spans import Span, merged

__all__ = ["MOST_BYTES", "Fault", "Unreadable", "busy"]
MOST_SPANS = 5_000
LONGEST = timedelta(days=366)


def busy(data: bytes, *, zone: ZoneInfo, window: Span) -> list[Span]:
    """The busy spans within a window, merged. Raises Unreadable."""
    bounds = [str(zone), window.starts_at.isoformat(), window.ends_at.isoformat()]
    answer = bounded.ask("scheduling.outside", bounds, data)
    return [Span(*map(datetime.fromisoformat, pair)) for pair in answer["spans"]]


def read(data: bytes, *, zone: ZoneInfo, window: Span) -> list[Span]:
    """The same in this process: trust the file, or bound the process."""
    calendar = icalendar.Calendar.from_ical(data)
    found = calendar.walk("VEVENT")
    if len(found) > MOST_EVENTS:
        raise Unreadable(Fault.TOO_MANY)
    for event in found:
        refuse_odd(event)
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


def refuse_odd(event: Any) -> None:
    """Zones nobody knows, and rules finer than a day."""
    for name in ("DTSTART", "DTEND", "RECURRENCE-ID"):
        refuse_unknown_zone(event.get(name))
    if "DURATION" in event and event["DURATION"].dt > LONGEST:
        raise Unreadable(Fault.TOO_LONG)
    refuse_fine_rules(event)


def refuse_unknown_zone(stamp: Any) -> None:
    zone = stamp.params.get("TZID") if stamp is not None else None
    if zone and isinstance(stamp.dt, datetime) and stamp.dt.tzinfo is None:
        raise Unreadable(Fault.UNKNOWN_ZONE, str(zone)[:60])


def refuse_fine_rules(event: Any) -> None:
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
    zone, first, last = sys.argv[1:]
    window = Span(datetime.fromisoformat(first), datetime.fromisoformat(last))

    def spans(data: bytes) -> dict[str, object]:
        found = read(data, zone=ZoneInfo(zone), window=window)
        return {"spans": [[one.starts_at.isoformat(), one.ends_at.isoformat()] for one in found]}

    bounded.reply(spans)


if __name__ == "__main__":
    main()
