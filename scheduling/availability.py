"""Which times are free: working hours less what is taken. Pure, no database."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from scheduling.spans import Span

STEP = timedelta(minutes=30)
NOON = 12


@dataclass(frozen=True)
class Hours:
    """When appointments are taken, in local time."""

    zone: ZoneInfo
    weekdays: Sequence[int]  # Monday is 0
    opens: time
    closes: time

    def on(self, day: date) -> Span | None:
        """The working span of a day as instants, or None on a day off."""
        if day.weekday() not in self.weekdays:
            return None
        return Span(
            datetime.combine(day, self.opens, self.zone),
            datetime.combine(day, self.closes, self.zone),
        )


def free_starts(
    day: date, length: timedelta, busy: Iterable[Span], hours: Hours, not_before: datetime
) -> Iterator[datetime]:
    """Every half-hour start of a day at which the whole length is free, in order."""
    working = hours.on(day)
    if working is None:
        return
    taken = list(busy)
    wall = datetime.combine(day, hours.opens)
    while wall.date() == day:
        start = wall.replace(tzinfo=hours.zone)
        slot = Span(start, _later(start, length))
        if slot.ends_at > working.ends_at:
            return
        if start >= not_before and _exists(start) and not any(map(slot.overlaps, taken)):
            yield start
        wall += STEP


def nearest_free(
    wished: datetime,
    length: timedelta,
    busy: Iterable[Span],
    hours: Hours,
    *,
    not_before: datetime,
    count: int = 3,
    days: int = 60,
) -> list[datetime]:
    """For each coming day the free start nearest to the wished hour, until there are enough."""
    first = wished.astimezone(hours.zone)
    taken = list(busy)
    found: list[datetime] = []
    for offset in range(days):
        day = first.date() + timedelta(days=offset)
        wish = datetime.combine(day, first.time(), hours.zone)
        starts = free_starts(day, length, taken, hours, not_before)
        if near := sorted((abs(start - wish), start) for start in starts):
            found.append(near[0][1])
        if len(found) == count:
            break
    return found


def first_of_half_days(
    first: date,
    length: timedelta,
    busy: Iterable[Span],
    hours: Hours,
    *,
    not_before: datetime,
    suits: Collection[tuple[int, bool]] = (),
    count: int,
    days: int = 60,
) -> list[datetime]:
    """The first free start of each morning and afternoon, until there are enough.

    suits: the (weekday, is afternoon) that suit somebody; empty when any does.
    """
    taken = list(busy)
    found: list[datetime] = []
    for offset in range(days):
        day = first + timedelta(days=offset)
        starts = list(free_starts(day, length, taken, hours, not_before))
        for is_afternoon in (False, True):
            half = [start for start in starts if (start.hour >= NOON) is is_afternoon]
            if half and (not suits or (day.weekday(), is_afternoon) in suits):
                found.append(half[0])
        if len(found) >= count:
            break
    return found[:count]


def _later(start: datetime, length: timedelta) -> datetime:
    """Elapsed time, not wall time: two hours stay two hours over a clock change."""
    return (start.astimezone(ZoneInfo("UTC")) + length).astimezone(start.tzinfo)


def _exists(start: datetime) -> bool:
    """False inside the gap of spring, when the clocks jump over this time."""
    return start.astimezone(ZoneInfo("UTC")).astimezone(start.tzinfo).time() == start.time()
