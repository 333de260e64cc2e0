"""Dates and places as people say them: “Tue, Jan 12, 7–8:30 p.m.”"""

from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.dateformat import format as in_words
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from outreach.disclosure import public_place
from scheduling.diary import Clash, Reason
from scheduling.models import Event


def day(moment: datetime | date, *, with_year: bool = False) -> str:
    """Weekday, month and day; the year too when it is not this one, or is asked for."""
    local = timezone.localtime(moment) if isinstance(moment, datetime) else moment
    shape = pgettext("date format of Django", "D, M j")
    if with_year or local.year != timezone.localdate().year:
        shape = pgettext("date format of Django", "D, M j, Y")
    return in_words(local, shape)


def long_day(moment: datetime | date) -> str:
    """For headings: weekday and month in full."""
    local = timezone.localtime(moment) if isinstance(moment, datetime) else moment
    return in_words(local, pgettext("date format of Django", "l, F j"))


def capitalized(text: str) -> str:
    """As at the head of a line: Spanish writes days and months small elsewhere."""
    return text[:1].upper() + text[1:]


def clock(moment: datetime) -> str:
    return in_words(timezone.localtime(moment), "P")


def hours(starts_at: datetime, ends_at: datetime) -> str:
    """The morning or evening is named once when it is the same."""
    first, last = clock(starts_at), clock(ends_at)
    half_day, same = first.rpartition(" ")[2], first.rpartition(" ")[2] == last.rpartition(" ")[2]
    if same and " " in first:
        first = first.removesuffix(half_day).rstrip()
    return f"{first}–{last}"


def when(starts_at: datetime, ends_at: datetime, *, with_year: bool = False) -> str:
    """Day and hours; two days when it ends on another."""
    return ", ".join(pieces(starts_at, ends_at, with_year=with_year))


def pieces(starts_at: datetime, ends_at: datetime, *, with_year: bool = False) -> list[str]:
    """What no line should break: the day and its hours; whole days have no hours to name."""
    first, last = timezone.localtime(starts_at), timezone.localtime(ends_at)
    begins = day(starts_at, with_year=with_year)
    if first.time() == last.time() == time.min and first < last:
        last_day = last.date() - timedelta(days=1)
        if first.date() == last_day:
            return [begins, _("all day")]
        return [f"{begins} – {day(last_day, with_year=with_year)}"]
    if first.date() == last.date():
        return [begins, hours(starts_at, ends_at)]
    ends = day(ends_at, with_year=with_year)
    return [f"{begins}, {clock(starts_at)} – {ends}, {clock(ends_at)}"]


def under_its_day(starts_at: datetime, ends_at: datetime) -> str:
    """Beneath a heading that names the day: the hours alone, unless it ends on another."""
    return pieces(starts_at, ends_at, with_year=True)[-1]


def where(event: Event) -> str:
    """As far as the public may know."""
    shown = public_place(event.venue) if event.venue else ""
    return ", ".join(part for part in (shown, event.location) if part)


def clash(found: Clash) -> str:
    """Why somebody or something cannot be had then."""
    if found.reason == Reason.TRAVEL:
        return _(
            "%(who)s cannot get there in time: the way takes %(needed)s minutes, "
            "and there are %(given)s beside %(when)s."
        ) % {
            "who": found.who,
            "needed": found.needed_minutes,
            "given": found.given_minutes,
            "when": when(found.span.starts_at, found.span.ends_at),
        }
    words = (
        _("%(who)s is away: %(when)s")
        if found.reason == Reason.AWAY
        else _("%(who)s is taken: %(when)s")
    )
    return words % {"who": found.who, "when": when(found.span.starts_at, found.span.ends_at)}
