"""Wall-clock times of the department turned into instants."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings

from scheduling.spans import Span


class NoSuchTime(ValueError):
    """The clocks jump over this time in spring."""


def zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)


def instant(day: date, at: time, *, is_second: bool = False) -> datetime:
    """The first instant at which local clocks show this, or the second in the doubled hour of
    autumn; NoSuchTime in the spring gap."""
    local = datetime.combine(day, at, zone()).replace(fold=int(is_second))
    again = local.astimezone(ZoneInfo("UTC")).astimezone(zone())
    if again.replace(tzinfo=None) != local.replace(tzinfo=None):
        raise NoSuchTime(local)
    return local.astimezone(ZoneInfo("UTC"))


def is_doubled(day: date, at: time) -> bool:
    """Whether local clocks show this time twice on that day."""
    once, again = (datetime.combine(day, at, zone()).replace(fold=fold) for fold in (0, 1))
    return once.utcoffset() > again.utcoffset()  # type: ignore[operator]


def is_all_day(span: Span) -> bool:
    """Whole local days: in calendars a date, not an hour."""
    return all(at.astimezone(zone()).time() == time() for at in (span.starts_at, span.ends_at))


def midnight(day: date) -> datetime:
    """The first instant of a local day."""
    return datetime.combine(day, time(), zone())
