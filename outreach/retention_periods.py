"""What we keep of people, for how long, and who sees it: read by the page on privacy.

The one place for these periods; whoever deletes by a schedule reads them from here.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

SURVEY_YEARS = 2
REQUEST_YEARS = 2
ATTENDANCE_YEARS = 2


@dataclass(frozen=True)
class Period:
    what: Promise
    how_long: Callable[[], str]
    who: Promise


def _years(number: int) -> str:
    return ngettext("%(number)d year", "%(number)d years", number) % {"number": number}


def _unconfirmed() -> str:
    hours = settings.UNCONFIRMED_HOURS
    return ngettext("%(number)d hour", "%(number)d hours", hours) % {"number": hours}


def _until_stopped() -> str:
    return str(_("Until you stop it"))


PERIODS = [
    Period(
        _("A sign-up you did not confirm: your e-mail or phone"),
        _unconfirmed,
        _("Staff of the unit, masked until they ask to see it"),
    ),
    Period(
        _("Your subscription: your e-mail or phone, your beats, your language"),
        _until_stopped,
        _("Staff of the unit, masked until they ask to see it"),
    ),
    Period(
        _("A security survey: a name to use, a safe way to reach you, your address (sealed)"),
        lambda: _years(SURVEY_YEARS),
        _("The pair of your beat and their sergeant"),
    ),
    Period(
        _("A meeting or talk you ask for: your name, how to reach you, the place (sealed)"),
        lambda: _years(REQUEST_YEARS),
        _("The team of your beat and their sergeant"),
    ),
    Period(
        _("Seats at an event: your name, how to reach you, what you need to take part"),
        lambda: _years(ATTENDANCE_YEARS),
        _("The team of the event"),
    ),
]
