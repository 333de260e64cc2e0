"""Rules of a series as the builder offers them, as RRULE (RFC 5545), and as local dates; pure.

Dates are worked out on the calendar and only then become instants: what is at 7 p.m. in summer
is at 7 p.m. in winter.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice, takewhile, zip_longest

from dateutil.relativedelta import relativedelta
from dateutil.rrule import rrule, rruleset, rrulestr

from scheduling import localtime

WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
LAST = -1
PLACES = [1, 2, 3, 4, LAST]
# February has so many days in most years; a rule on a later one says what short months do.
SHORTEST_MONTH = 28
# A rule without an end is looked through this far for what can never be.
YEARS_LOOKED_AT = 10


class Repeats(StrEnum):
    DAILY = "daily"
    WEEKLY = "weekly"
    BY_WEEKDAY = "by-weekday"  # the second Tuesday of a month
    BY_DAY = "by-day"  # the 15th of a month


class ShortMonths(StrEnum):
    """What a rule on day 29, 30 or 31 does in a month without one."""

    SKIP = "skip"
    LAST_DAY = "last-day"


class EmptyRule(ValueError):
    """No date follows from it."""


class TooManyDates(ValueError):
    """More dates follow from it than anybody plans."""


class StartInGap(ValueError):
    """On one of its dates the clocks jump over the start."""

    def __init__(self, day: date) -> None:
        super().__init__(day)
        self.day = day


@dataclass(frozen=True)
class Rule:
    """A rule in the words of the builder; what its kind does not ask for stays empty."""

    repeats: Repeats
    every: int = 1  # so many days, weeks or months
    weekdays: tuple[int, ...] = ()  # Monday is 0
    places: tuple[int, ...] = ()  # of the weekdays in their month
    month_day: int = 0
    short_months: ShortMonths = ShortMonths.SKIP
    until: date | None = None  # the last day it may fall on
    count: int | None = None

    @property
    def has_end(self) -> bool:
        return self.until is not None or self.count is not None

    def __str__(self) -> str:
        """As an RRULE."""
        parts = [*self._pattern(), *self._end()]
        if self.every > 1:
            parts.insert(1, f"INTERVAL={self.every}")
        return ";".join(parts)

    def _pattern(self) -> list[str]:
        if self.repeats == Repeats.DAILY:
            return ["FREQ=DAILY"]
        days = [WEEKDAYS[number] for number in sorted(self.weekdays)]
        if self.repeats == Repeats.WEEKLY:
            if not days:
                raise EmptyRule
            return ["FREQ=WEEKLY", "BYDAY=" + ",".join(days)]
        if self.repeats == Repeats.BY_WEEKDAY:
            named = [f"{place}{day}" for place in _in_order(self.places) for day in days]
            if not named:
                raise EmptyRule
            return ["FREQ=MONTHLY", "BYDAY=" + ",".join(named)]
        if not 1 <= self.month_day <= 31:
            raise EmptyRule
        if self.month_day > SHORTEST_MONTH and self.short_months == ShortMonths.LAST_DAY:
            last = ",".join(str(day) for day in range(SHORTEST_MONTH, self.month_day + 1))
            return ["FREQ=MONTHLY", f"BYMONTHDAY={last}", "BYSETPOS=-1"]
        return ["FREQ=MONTHLY", f"BYMONTHDAY={self.month_day}"]

    def _end(self) -> list[str]:
        if self.until:
            return [f"UNTIL={self.until:%Y%m%d}"]
        return [f"COUNT={self.count}"] if self.count else []


def parse(text: str) -> Rule:
    """The rule behind an RRULE that Rule wrote."""
    parts = dict(part.split("=") for part in text.split(";"))
    until = parts.get("UNTIL")
    return replace(
        _pattern_of(parts),
        every=int(parts.get("INTERVAL", 1)),
        until=datetime.strptime(until, "%Y%m%d").date() if until else None,  # noqa: DTZ007
        count=int(parts["COUNT"]) if "COUNT" in parts else None,
    )


def _pattern_of(parts: dict[str, str]) -> Rule:
    if parts["FREQ"] == "DAILY":
        return Rule(Repeats.DAILY)
    if "BYMONTHDAY" in parts:
        day = int(parts["BYMONTHDAY"].rpartition(",")[2])
        short = ShortMonths.LAST_DAY if "BYSETPOS" in parts else ShortMonths.SKIP
        return Rule(Repeats.BY_DAY, month_day=day, short_months=short)
    days = parts["BYDAY"].split(",")
    weekdays = tuple(sorted({WEEKDAYS.index(day[-2:]) for day in days}))
    if parts["FREQ"] == "WEEKLY":
        return Rule(Repeats.WEEKLY, weekdays=weekdays)
    places = _in_order({int(day[:-2]) for day in days})
    return Rule(Repeats.BY_WEEKDAY, weekdays=weekdays, places=places)


def _in_order(places: Collection[int]) -> tuple[int, ...]:
    return tuple(place for place in PLACES if place in places)


def first_date(rule: Rule, day: date) -> date:
    """The first date of the pattern on or after a day: every second week counts from there."""
    if rule.repeats == Repeats.DAILY:
        return day
    plain = replace(rule, every=1, until=None, count=None)
    found = _expanded(str(plain), day).after(_midnight(day), inc=True)
    if found is None:
        raise EmptyRule
    return found.date()


def last_date(rule: Rule, first_on: date) -> date | None:
    """The last day it can have a date; None when it goes on without end."""
    if not rule.count:
        return rule.until
    *_, last = _walk(str(rule), first_on)
    return last


def pair(old: Sequence[date], new: Sequence[date]) -> list[tuple[date | None, date | None]]:
    """Which old date becomes which new one: the same stays, the others move k-th to k-th."""
    kept = set(old) & set(new)
    moved = zip_longest(
        sorted(day for day in old if day not in kept), sorted(day for day in new if day not in kept)
    )
    return [*((day, day) for day in sorted(kept)), *moved]


def dates(
    text: str,
    first_on: date,
    *,
    since: date | None = None,
    before: date,
    exdates: Collection[date] = (),
    rdates: Collection[date] = (),
) -> list[date]:
    """The dates of an RRULE from since, or its first, until before another day."""
    whole = rruleset()
    whole.rrule(_expanded(text, first_on))
    for day in rdates:
        whole.rdate(_midnight(day))
    for day in exdates:
        whole.exdate(_midnight(day))
    first = max(first_on, since) if since else first_on
    if rdates and not since:
        first = min(first, *rdates)
    last = _midnight(before) - timedelta(days=1)
    return [found.date() for found in whole.between(_midnight(first), last, inc=True)]


def check(rule: Rule, first_on: date, starts: time, *, most: int) -> None:
    """Raise EmptyRule, TooManyDates or StartInGap; a rule without end is looked at over years."""
    last = first_on + relativedelta(years=YEARS_LOOKED_AT)
    found = list(islice(takewhile(lambda day: day < last, _walk(str(rule), first_on)), most + 1))
    if not found:
        raise EmptyRule
    if rule.has_end and (len(found) > most or (rule.count or 0) > most):
        raise TooManyDates
    for day in found[:most]:
        try:
            localtime.instant(day, starts)
        except localtime.NoSuchTime as gap:
            raise StartInGap(day) from gap


def continued(rule: Rule, first_on: date, since: date) -> Rule:
    """What is left of a rule from one of its dates on: a number of times counts down."""
    if rule.count is None:
        return rule
    gone = len(dates(str(rule), first_on, before=since))
    return replace(rule, count=max(rule.count - gone, 1))


def ended(rule: Rule, day: date) -> Rule:
    """The rule as far as the day before."""
    last = day - timedelta(days=1)
    if rule.until and rule.until <= last:
        return rule
    return replace(rule, until=last, count=None)


def _walk(text: str, first_on: date) -> Iterator[date]:
    return (found.date() for found in _expanded(text, first_on))


def _expanded(text: str, first_on: date) -> rrule:
    return rrulestr(text, dtstart=_midnight(first_on))  # type: ignore[return-value]


def _midnight(day: date) -> datetime:
    """On the calendar alone, without a zone."""
    return datetime.combine(day, time())
