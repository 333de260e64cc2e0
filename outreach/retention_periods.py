"""What we keep of people, for how long, and who sees it: the schedule in force.

The one place for these periods: the page on privacy, the schedule of staff and whoever deletes
read them from here. The city sets them on /staff/retention/; what it did not set has a default.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from outreach.enums import RecordClass
from outreach.models import LEAST_MONTHS, RetentionPeriod

# Who was texted may go to court for four years: the proof of consent lasts as long.
DEFAULT_MONTHS = dict.fromkeys(RecordClass, LEAST_MONTHS) | {RecordClass.SUBSCRIPTIONS: 48}
Schedule = Mapping[RecordClass, int]
UNCONFIRMED, UNTIL_STOPPED = "unconfirmed", "until-stopped"


def schedule() -> Schedule:
    """Months by class of record."""
    return DEFAULT_MONTHS | {one: row.months for one, row in decisions().items()}


def decisions() -> dict[RecordClass, RetentionPeriod]:
    """What the city last decided of each class it decided on."""
    newest = RetentionPeriod.objects.order_by("record_class", "-pk").distinct("record_class")
    return {RecordClass(row.record_class): row for row in newest.select_related("staff")}


def cutoff(months: int, now: datetime | None = None) -> datetime:
    """Records whose last act is before this moment have had their time."""
    return (now or timezone.now()) - relativedelta(months=months)


@dataclass(frozen=True)
class Period:
    """kept: a class of record, or one of the two that end by what the person does."""

    what: Promise
    kept: RecordClass | str
    who: Promise

    def how_long(self, months: Schedule) -> str:
        if self.kept == UNTIL_STOPPED:
            return str(_("Until you stop it"))
        if self.kept == UNCONFIRMED:
            return _hours(settings.UNCONFIRMED_HOURS)
        return length(months[RecordClass(self.kept)])


def length(months: int) -> str:
    """In years where it comes out even."""
    if months and months % 12 == 0:
        years = months // 12
        return ngettext("%(number)d year", "%(number)d years", years) % {"number": years}
    return ngettext("%(number)d month", "%(number)d months", months) % {"number": months}


def _hours(number: int) -> str:
    return ngettext("%(number)d hour", "%(number)d hours", number) % {"number": number}


UNIT = _("Staff of the unit, masked until they ask to see it")
PERIODS = [
    Period(_("A sign-up you did not confirm: your e-mail or phone"), UNCONFIRMED, UNIT),
    Period(
        _("Your subscription: your e-mail or phone, your beats, your language"),
        UNTIL_STOPPED,
        UNIT,
    ),
    Period(
        _("After you stop it: that you had agreed, when, and to which words"),
        RecordClass.SUBSCRIPTIONS,
        UNIT,
    ),
    Period(_("What we wrote to you: when, how, and why"), RecordClass.MESSAGES, UNIT),
    Period(
        _("A security survey: a name to use, a safe way to reach you, your address (sealed)"),
        RecordClass.SURVEYS,
        _("The pair of your beat, their sergeant and the records clerk"),
    ),
    Period(
        _("A meeting or talk you ask for: your name, how to reach you, the place (sealed)"),
        RecordClass.EVENT_REQUESTS,
        _("The team of your beat, their sergeant and the records clerk"),
    ),
    Period(
        _("Seats at an event: your name, how to reach you, what you need to take part"),
        RecordClass.SIGN_UPS,
        _("The team of the event and the records clerk"),
    ),
]


def by_itself() -> list[tuple[Promise | str, str]]:
    """What nobody has to release, and what stays."""
    return [
        (_("Sign-ups nobody confirmed"), _hours(settings.UNCONFIRMED_HOURS)),
        (_("Calendar files brought in, and files of records requests"), _days(1)),
        (_("Keys of forms, against a second click; calls to other systems"), _days(30)),
        (_("Backups, and with them what was erased since"), _days(settings.BACKUP_KEPT_DAYS)),
        (_("Who said stop, or was erased (as a keyed hash)"), str(_("Stays"))),
        (_("Events, head counts, and this journal; they name no resident"), str(_("Stays"))),
    ]


def _days(number: int) -> str:
    return ngettext("%(number)d day", "%(number)d days", number) % {"number": number}
