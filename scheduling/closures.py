"""Days on which City Hall is closed, by its own calendar: holidays, free Fridays, single days."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays
from django.conf import settings
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from outreach.models import Venue
from scheduling.models import Closure

FORTNIGHT = 14
# The package names them in English only; these have their words in our catalogs.
NAMES = [
    gettext_noop("New Year's Day"),
    gettext_noop("Martin Luther King Jr. Day"),
    gettext_noop("Presidents' Day"),
    gettext_noop("Susan B. Anthony Day"),
    gettext_noop("Washington's Birthday"),
    gettext_noop("Cesar Chavez Day"),
    gettext_noop("Memorial Day"),
    gettext_noop("Juneteenth National Independence Day"),
    gettext_noop("Independence Day"),
    gettext_noop("Labor Day"),
    gettext_noop("Columbus Day"),
    gettext_noop("Diwali"),
    gettext_noop("Veterans Day"),
    gettext_noop("Thanksgiving Day"),
    gettext_noop("Day After Thanksgiving"),
    gettext_noop("Christmas Day"),
]
OBSERVED = " (observed)"


@dataclass(frozen=True)
class ClosedDays:
    """What is known of a run of days; asked day by day without a further query."""

    rows: tuple[Closure, ...] = ()
    venue_id: int | None = None

    def name_of(self, day: date) -> str:
        """Why City Hall is closed on a day; empty when it is open."""
        for row in self.rows:
            if row.venue_id is None and row.starts_on <= day < row.ends_on:
                return "" if row.is_open else row.name
        if name := _holidays(day.year, *settings.HOLIDAYS_OF).get(day):
            return _spoken(name)
        return _("Closed Friday") if is_closed_friday(day) else ""

    def of_venue(self, day: date) -> str:
        """Why the venue itself is closed on a day; empty when it is open."""
        for row in self.rows:
            is_own = row.venue_id is not None and row.venue_id == self.venue_id
            if is_own and row.starts_on <= day < row.ends_on:
                return row.name
        return ""

    def is_closed(self, day: date) -> bool:
        return bool(self.name_of(day) or self.of_venue(day))


def between(first: date, last: date, *, venue: Venue | None = None) -> ClosedDays:
    """The closures of the city, and of a venue, from first until before last, in one query."""
    rows = Closure.objects.filter(starts_on__lt=last, ends_on__gt=first)
    kept = [row for row in rows if row.venue_id is None or (venue and row.venue_id == venue.pk)]
    return ClosedDays(tuple(kept), venue.pk if venue else None)


def is_closed_friday(day: date) -> bool:
    """Every second Friday, counted from the first one the settings name."""
    if not settings.CLOSED_FRIDAYS_FROM:
        return False
    first = date.fromisoformat(settings.CLOSED_FRIDAYS_FROM)
    return day >= first and (day - first).days % FORTNIGHT == 0


def is_business_day(day: date, closed: ClosedDays) -> bool:
    return day.weekday() < 5 and not closed.name_of(day)


def business_days_before(day: date, count: int) -> date:
    """The day that lies so many business days before another."""
    closed = between(day - timedelta(days=4 * count + 14), day)
    while count > 0:
        day -= timedelta(days=1)
        count -= is_business_day(day, closed)
    return day


@lru_cache(maxsize=32)
def _holidays(year: int, country: str, state: str) -> dict[date, str]:
    if not country:
        return {}
    return dict(holidays.country_holidays(country, subdiv=state or None, years=year))


def _spoken(names: str) -> str:
    """Two holidays of one day are named both."""
    return "; ".join(map(_one_spoken, names.split("; ")))


def _one_spoken(name: str) -> str:
    """A holiday in the reader's language; of one we have no words for, that it is one."""
    known = next((own for own in NAMES if name.removesuffix(OBSERVED) == own), None)
    if known is None:
        is_english = (get_language() or settings.LANGUAGE_CODE).startswith("en")
        return name if is_english else _("Holiday")
    return _("%(holiday)s (observed)") % {"holiday": _(known)} if OBSERVED in name else _(known)
