"""Our own VTIMEZONE: one STANDARD and one DAYLIGHT with a yearly rule.

Libraries write one observance per past transition or none for the future, and several
clients then show summer events an hour late. The rule stands in the POSIX footer of the
zone's TZif data (RFC 9636), as in `PST8PDT,M3.2.0,M11.1.0`.

The footer speaks of the time after the last change the data lists, and an hour past midnight or
before it has no yearly rule of one weekday. So what is written is read as clients read it, and a
zone that differs from its own data is refused.
"""

import re
import zoneinfo
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path

from dateutil.relativedelta import relativedelta, weekday
from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vRecur

WEEKDAYS = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"]
# Before any event we keep; the rule holds from there on.
FIRST_YEAR = 1970
# What is looked at before a zone is written: all that calendars show by now, and years ahead.
DAYS_BACK, YEARS_AHEAD = 62, 12
MOMENT = timedelta(seconds=1)
NAME = r"(?:<[^>]+>|[A-Za-z]+)"
OFFSET = r"[+-]?\d+(?::\d+){0,2}"
RULE = rf"M(\d+)\.(\d)\.(\d)(?:/({OFFSET}))?"
FOOTER = re.compile(rf"({NAME})({OFFSET})(?:({NAME})({OFFSET})?,{RULE},{RULE})?")


class ZoneNotSupported(ValueError):
    """The zone changes its clocks by another kind of rule than one month, week and weekday."""


@dataclass(frozen=True)
class Change:
    """The yearly moment clocks change: month, week (5 is the last), weekday, wall time."""

    month: int
    week: int
    weekday: int
    at: timedelta

    @property
    def rule(self) -> vRecur:
        week = -1 if self.week == 5 else self.week
        return vRecur(freq="yearly", bymonth=self.month, byday=f"{week}{WEEKDAYS[self.weekday]}")

    @property
    def first(self) -> datetime:
        """The wall time just before the first change the rule describes."""
        return datetime.combine(self._day(FIRST_YEAR), time()) + self.at

    def read_in(self, year: int) -> datetime:
        """The wall time of a year's change as clients read the rule: DTSTART gives the hour."""
        return datetime.combine(self._day(year), self.first.time())

    def _day(self, year: int) -> date:
        day = weekday((self.weekday - 1) % 7)
        if self.week == 5:
            shift = relativedelta(day=31, weekday=day(-1))
        else:
            shift = relativedelta(day=1, weekday=day(self.week))
        return date(year, self.month, 1) + shift


@dataclass(frozen=True)
class Observance:
    """Standard or daylight time: its name, the offsets before and in it, when it begins."""

    kind: type[TimezoneStandard | TimezoneDaylight]
    name: str
    before: timedelta
    after: timedelta
    change: Change | None = None


@cache
def vtimezone(name: str) -> bytes:
    """The VTIMEZONE of an IANA zone as it stands in a feed; ZoneNotSupported if it would lie."""
    observances = _observances(name)
    _compare(name, observances)
    zone = Timezone()
    zone.add("TZID", name)
    for one in observances:
        zone.add_component(_written(one))
    return zone.to_ical(sorted=False)


def _observances(name: str) -> list[Observance]:
    footer = _footer(name)
    match = FOOTER.fullmatch(footer)
    if match is None:
        raise ZoneNotSupported(f"{name}: no such rule can be written: {footer or 'none'}")
    standard, offset, daylight, summer_offset, *rules = match.groups()
    winter = -_hours(offset)
    if daylight is None:
        return [Observance(TimezoneStandard, standard, winter, winter)]
    summer = -_hours(summer_offset) if summer_offset else winter + timedelta(hours=1)
    starts, ends = _change(rules[:4]), _change(rules[4:])
    return [
        Observance(TimezoneStandard, standard, summer, winter, ends),
        Observance(TimezoneDaylight, daylight, winter, summer, starts),
    ]


def _compare(name: str, observances: Sequence[Observance]) -> None:
    """Refuse a zone whose clocks differ from what is written, by the days calendars show."""
    first = datetime.now(UTC) - timedelta(days=DAYS_BACK)
    zone, years = zoneinfo.ZoneInfo(name), range(first.year - 1, first.year + YEARS_AHEAD + 2)
    changes = sorted(
        (one.change.read_in(year).replace(tzinfo=UTC) - one.before, one.after)
        for one in observances
        if one.change
        for year in years
    )
    instants = [at for at, _ in changes]
    for at in _looked_at(first, instants):
        place = bisect_right(instants, at) - 1
        written = changes[place][1] if changes else observances[0].after
        if at.astimezone(zone).utcoffset() != written:
            raise ZoneNotSupported(f"{name}: its clocks follow no yearly rule on {at:%Y-%m-%d}")


def _looked_at(first: datetime, instants: Sequence[datetime]) -> Iterator[datetime]:
    """Each noon, or near it, and the moments around each change."""
    last = first.replace(year=first.year + YEARS_AHEAD, day=1)
    for at in instants:
        if first < at < last:
            yield from (at - MOMENT, at)
    noon = first.replace(hour=12, minute=0, second=0, microsecond=0)
    yield from (noon + timedelta(days=day) for day in range((last - noon).days))


def _footer(name: str) -> str:
    """From the data zoneinfo itself reads: another edition may hold other rules."""
    for folder in zoneinfo.TZPATH:
        file = Path(folder, name)
        if file.is_file():
            break
    else:
        file = files("tzdata.zoneinfo").joinpath(*name.split("/"))  # type: ignore[assignment]
    data = file.read_bytes()
    return data.rstrip(b"\n").rpartition(b"\n")[2].decode("ascii", errors="replace")


def _change(parts: list[str]) -> Change:
    month, week, weekday, at = parts
    return Change(int(month), int(week), int(weekday), _hours(at) if at else timedelta(hours=2))


def _hours(text: str) -> timedelta:
    sign = -1 if text.startswith("-") else 1
    hours, minutes, seconds = [*map(int, text.lstrip("+-").split(":")), 0, 0][:3]
    return sign * timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _written(one: Observance) -> TimezoneStandard | TimezoneDaylight:
    part = one.kind()
    part.add("TZNAME", one.name.strip("<>"))
    first = one.change.first if one.change else datetime(FIRST_YEAR, 1, 1)  # noqa: DTZ001
    part.add("DTSTART", first)
    part.add("TZOFFSETFROM", one.before)
    part.add("TZOFFSETTO", one.after)
    if one.change:
        part.add("RRULE", one.change.rule)
    return part
