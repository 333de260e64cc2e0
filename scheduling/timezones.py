"""Our own VTIMEZONE: one STANDARD and one DAYLIGHT with a yearly rule.

Libraries write one observance per past transition or none for the future, and several
clients then show summer events an hour late. The rule stands in the POSIX footer of the
zone's TZif data (RFC 9636), as in `PST8PDT,M3.2.0,M11.1.0`.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files

from dateutil.relativedelta import relativedelta, weekday
from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vRecur

WEEKDAYS = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"]
# Before any event we keep; the rule holds from there on.
FIRST_YEAR = 1970
NAME = r"(?:<[^>]+>|[A-Za-z]+)"
OFFSET = r"[+-]?\d+(?::\d+){0,2}"
RULE = rf"M(\d+)\.(\d)\.(\d)(?:/({OFFSET}))?"
FOOTER = re.compile(rf"({NAME})({OFFSET})(?:({NAME})({OFFSET})?,{RULE},{RULE})?")


class ZoneNotSupported(ValueError):
    """The zone changes its clocks by another kind of rule than month, week and weekday."""


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
        day = weekday((self.weekday - 1) % 7)
        if self.week == 5:
            shift = relativedelta(day=31, weekday=day(-1))
        else:
            shift = relativedelta(day=1, weekday=day(self.week))
        return datetime.combine(date(FIRST_YEAR, self.month, 1) + shift, time()) + self.at


@cache
def vtimezone(name: str) -> bytes:
    """The VTIMEZONE of an IANA zone as it stands in a feed."""
    footer = _footer(name)
    match = FOOTER.fullmatch(footer)
    if match is None:
        raise ZoneNotSupported(f"{name}: {footer}")
    standard, offset, daylight, summer_offset, *rules = match.groups()
    zone = Timezone()
    zone.add("TZID", name)
    winter = -_hours(offset)
    if daylight is None:
        zone.add_component(_observance(TimezoneStandard(), standard, winter, winter, None))
        return zone.to_ical(sorted=False)
    summer = -_hours(summer_offset) if summer_offset else winter + timedelta(hours=1)
    starts, ends = _change(rules[:4]), _change(rules[4:])
    zone.add_component(_observance(TimezoneStandard(), standard, summer, winter, ends))
    zone.add_component(_observance(TimezoneDaylight(), daylight, winter, summer, starts))
    return zone.to_ical(sorted=False)


def _footer(name: str) -> str:
    data = files("tzdata.zoneinfo").joinpath(*name.split("/")).read_bytes()
    return data.rstrip(b"\n").rpartition(b"\n")[2].decode("ascii")


def _change(parts: list[str]) -> Change:
    month, week, weekday, at = parts
    return Change(int(month), int(week), int(weekday), _hours(at) if at else timedelta(hours=2))


def _hours(text: str) -> timedelta:
    sign = -1 if text.startswith("-") else 1
    hours, minutes, seconds = [*map(int, text.lstrip("+-").split(":")), 0, 0][:3]
    return sign * timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _observance(
    part: TimezoneStandard | TimezoneDaylight,
    name: str,
    before: timedelta,
    after: timedelta,
    change: Change | None,
) -> TimezoneStandard | TimezoneDaylight:
    part.add("TZNAME", name.strip("<>"))
    part.add("DTSTART", change.first if change else datetime(FIRST_YEAR, 1, 1))  # noqa: DTZ001
    part.add("TZOFFSETFROM", before)
    part.add("TZOFFSETTO", after)
    if change:
        part.add("RRULE", change.rule)
    return part
