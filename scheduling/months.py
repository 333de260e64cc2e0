"""Months of a beat: which have a page, and what takes place on which day."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.dateformat import format as in_words
from django.utils.translation import pgettext

from outreach.models import Beat
from scheduling import selectors
from scheduling.models import Event


@dataclass(frozen=True, order=True)
class Month:
    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def days(self) -> int:
        return monthrange(self.year, self.number)[1]

    @property
    def label(self) -> str:
        """As in “January 2027”."""
        return in_words(self.first, pgettext("date format of Django", "F Y"))


@dataclass(frozen=True)
class Day:
    date: date
    events: tuple[Event, ...]


class MonthConverter:
    """A month in an address, as 2027-01."""

    regex = "2[0-9]{3}-(?:0[1-9]|1[0-2])"

    def to_python(self, value: str) -> Month:
        year, _, number = value.partition("-")
        return Month(int(year), int(number))

    def to_url(self, value: Month | str) -> str:
        return str(value)


def of_day(day: date) -> Month:
    return Month(day.year, day.month)


def this_month() -> Month:
    return of_day(timezone.localdate())


def has_page(month: Month) -> bool:
    """As far as the feeds reach, or crawlers would turn pages for ever."""
    today = timezone.localdate()
    first = of_day(today - timedelta(days=settings.FEED_DAYS_BACK))
    return first <= month <= of_day(today + timedelta(days=settings.FEED_DAYS_AHEAD))


def before(month: Month) -> Month | None:
    found = of_day(month.first - timedelta(days=1))
    return found if has_page(found) else None


def after(month: Month) -> Month | None:
    found = of_day(month.first + timedelta(days=month.days))
    return found if has_page(found) else None


def events(beat: Beat, month: Month) -> list[Event]:
    """All the public may see of a month, cancelled ones too."""
    found = selectors.of_beat(selectors.public_events(), beat)
    return list(selectors.in_days(found, month.first, month.days).order_by("starts_at", "pk"))


def by_day(month: Month, found: list[Event]) -> list[Day]:
    """Each event on the day it begins; one that goes on from last month, on the first."""
    days: dict[date, list[Event]] = {}
    for event in found:
        begins = timezone.localtime(event.starts_at).date()
        days.setdefault(max(begins, month.first), []).append(event)
    return [Day(day, tuple(these)) for day, these in days.items()]
