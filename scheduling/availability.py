"""Which times are free: open hours less what is taken. Pure, no database."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from scheduling.diary import Diary
from scheduling.spans import Span, common, merged
from scheduling.travel import Minutes, Stop

STEP = timedelta(minutes=30)
NOON, EVENING = 12, 17
UTC = ZoneInfo("UTC")


@dataclass(frozen=True)
class Rule:
    """One line of somebody's hours, in local time: weekly between two days, or on one day."""

    opens: time
    closes: time
    weekdays: Collection[int] = ()  # Monday is 0
    on: date | None = None
    starts_on: date = date.min
    ends_on: date | None = None

    def holds_on(self, day: date) -> bool:
        if self.on is not None:
            return day == self.on
        is_in_effect = self.starts_on <= day and (self.ends_on is None or day < self.ends_on)
        return is_in_effect and day.weekday() in self.weekdays


@dataclass(frozen=True)
class Hours:
    """When somebody works or something is open. The zone is the department's."""

    zone: ZoneInfo
    rules: Sequence[Rule]

    def on(self, day: date) -> list[Span]:
        """The open spans of a day as instants, in order; none on a day off."""
        return merged(
            Span(
                datetime.combine(day, rule.opens, self.zone).astimezone(UTC),
                datetime.combine(day, rule.closes, self.zone).astimezone(UTC),
            )
            for rule in self.rules
            if rule.holds_on(day)
        )


@dataclass(frozen=True)
class Seat:
    """A person or venue an appointment needs: its hours, its diary, the days it can be had."""

    hours: Hours | None  # None: at any hour
    diary: Diary
    is_had_on: Callable[[date], bool] = lambda day: True


@dataclass(frozen=True)
class Wish:
    """What is looked for. The margins are claimed too, but may lie outside of the hours."""

    length: timedelta
    hours: Hours
    stop: Stop
    minutes: Minutes
    not_before: datetime
    before: timedelta = timedelta()
    after: timedelta = timedelta()
    is_closed: Callable[[date], bool] = lambda day: False

    def is_free(self, start: datetime, seats: Sequence[Seat]) -> bool:
        claimed = Span(start, start + self.length).widened(self.before, self.after)
        return all(seat.diary.is_free(claimed, self.stop, self.minutes) for seat in seats)


def free_starts(day: date, wish: Wish, seats: Sequence[Seat]) -> Iterator[datetime]:
    """Every half-hour start of a day at which all of the seats are free, in order, in UTC."""
    for start in open_starts(day, wish, seats):
        if wish.is_free(start, seats):
            yield start


def open_starts(day: date, wish: Wish, seats: Sequence[Seat]) -> Iterator[datetime]:
    """Half-hour starts within everybody's hours, whatever is taken."""
    if wish.is_closed(day) or not all(seat.is_had_on(day) for seat in seats):
        return
    spans = wish.hours.on(day)
    for seat in seats:
        if seat.hours is not None:
            spans = common(spans, seat.hours.on(day))
    for span in merged(spans):
        start = _next_half_hour(span.starts_at)
        while start + wish.length <= span.ends_at:
            if start >= wish.not_before:
                yield start
            start += STEP


def nearest_a_day(
    wished: datetime, wish: Wish, seats: Sequence[Seat], *, count: int, days: int
) -> list[datetime]:
    """For each coming day the free start nearest to the wished hour, until there are enough."""
    first = wished.astimezone(wish.hours.zone)
    found: list[datetime] = []
    for offset in range(days):
        day = first.date() + timedelta(days=offset)
        hour = datetime.combine(day, first.time(), wish.hours.zone).astimezone(UTC)
        near = sorted(open_starts(day, wish, seats), key=lambda start: (abs(start - hour), start))
        found += [start for start in near if wish.is_free(start, seats)][:1]
        if len(found) == count:
            break
    return found


def first_of_parts(
    first: date,
    wish: Wish,
    seats: Sequence[Seat],
    *,
    count: int,
    days: int,
    suits: Collection[tuple[int, bool]] = (),
) -> list[datetime]:
    """The first free start of each morning, afternoon and evening, until there are enough.

    suits: the (weekday, is afternoon) that suit somebody; empty when any does.
    """
    found: list[datetime] = []
    for offset in range(days):
        day = first + timedelta(days=offset)
        parts: dict[int, datetime] = {}
        for start in open_starts(day, wish, seats):
            part = part_of_day(start.astimezone(wish.hours.zone))
            is_asked = not suits or (day.weekday(), part > 0) in suits
            if part not in parts and is_asked and wish.is_free(start, seats):
                parts[part] = start
        found += [parts[part] for part in sorted(parts)]
        if len(found) >= count:
            break
    return found[:count]


def part_of_day(local: datetime) -> int:
    """0 for the morning, 1 for the afternoon, 2 for the evening."""
    return (local.hour >= NOON) + (local.hour >= EVENING)


def _next_half_hour(moment: datetime) -> datetime:
    past = timedelta(minutes=moment.minute % 30, seconds=moment.second)
    return moment if not past else moment - past + STEP
