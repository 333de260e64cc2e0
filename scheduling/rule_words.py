"""The rule of a series as people say it: “The second Tuesday of each month, 7 p.m.”"""

from collections.abc import Sequence
from datetime import date, time

from django.utils.dateformat import format as in_words
from django.utils.dateformat import time_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from scheduling.recurrence import LAST, SHORTEST_MONTH, Repeats, Rule, ShortMonths

DAYS = [
    pgettext_lazy("day of a series", "Monday"),
    pgettext_lazy("day of a series", "Tuesday"),
    pgettext_lazy("day of a series", "Wednesday"),
    pgettext_lazy("day of a series", "Thursday"),
    pgettext_lazy("day of a series", "Friday"),
    pgettext_lazy("day of a series", "Saturday"),
    pgettext_lazy("day of a series", "Sunday"),
]
EACH_WEEK = [
    pgettext_lazy("every week on", "Monday"),
    pgettext_lazy("every week on", "Tuesday"),
    pgettext_lazy("every week on", "Wednesday"),
    pgettext_lazy("every week on", "Thursday"),
    pgettext_lazy("every week on", "Friday"),
    pgettext_lazy("every week on", "Saturday"),
    pgettext_lazy("every week on", "Sunday"),
]
PLACE_NAMES = {
    1: pgettext_lazy("weekday of a month", "first"),
    2: pgettext_lazy("weekday of a month", "second"),
    3: pgettext_lazy("weekday of a month", "third"),
    4: pgettext_lazy("weekday of a month", "fourth"),
    LAST: pgettext_lazy("weekday of a month", "last"),
}


def sentence(rule: Rule, starts: time, *, skips_closures: bool) -> str:
    """All of it in the reader's language, the hour and the end too."""
    parts = [pattern(rule), time_format(starts, "P")]
    if skips_closures:
        parts.append(_("not on closures"))
    if rule.until:
        parts.append(_("until %(day)s") % {"day": _day(rule.until)})
    if rule.count:
        parts.append(
            ngettext("%(count)s time", "%(count)s times", rule.count) % {"count": rule.count}
        )
    return ", ".join(parts)


def pattern(rule: Rule) -> str:
    """On which dates, without hour and end."""
    each = {
        Repeats.DAILY: _daily,
        Repeats.WEEKLY: _weekly,
        Repeats.BY_WEEKDAY: _by_weekday,
        Repeats.BY_DAY: _by_day,
    }
    return capfirst(each[rule.repeats](rule))


def _daily(rule: Rule) -> str:
    if rule.every == 1:
        return _("every day")
    return _("every %(number)s days") % {"number": rule.every}


def _weekly(rule: Rule) -> str:
    days = listed([str(EACH_WEEK[number]) for number in rule.weekdays])
    if rule.every == 1:
        return _("every week on %(days)s") % {"days": days}
    return _("every %(number)s weeks on %(days)s") % {"number": rule.every, "days": days}


def _by_weekday(rule: Rule) -> str:
    told = {
        "places": listed([str(PLACE_NAMES[place]) for place in rule.places]),
        "days": listed([str(DAYS[number]) for number in rule.weekdays]),
        "number": rule.every,
    }
    if rule.every == 1:
        return _("the %(places)s %(days)s of each month") % told
    return _("the %(places)s %(days)s of every %(number)s months") % told


def _by_day(rule: Rule) -> str:
    told = {"day": rule.month_day, "number": rule.every}
    if rule.every == 1:
        said = _("on day %(day)s of each month") % told
    else:
        said = _("on day %(day)s of every %(number)s months") % told
    if rule.month_day <= SHORTEST_MONTH:
        return said
    if rule.short_months == ShortMonths.LAST_DAY:
        return said + _(" (on the last day of a shorter month)")
    return said + _(" (not in shorter months)")


def listed(words: Sequence[str]) -> str:
    """“A, B and C”"""
    if len(words) < 2:
        return "".join(words)
    return _("%(some)s and %(last)s") % {"some": ", ".join(words[:-1]), "last": words[-1]}


def _day(day: date) -> str:
    return in_words(day, pgettext("date format of Django", "D, M j, Y"))
