"""When people work and places are open: set from a day on, leave, swaps, outside calendars."""

from collections.abc import Mapping
from datetime import date, time, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from outreach.models import StaffMember, Venue
from scheduling import finding, localtime, outside, wording
from scheduling.enums import TimeOffKind
from scheduling.models import Hours, TimeOff
from scheduling.services.bookings import lock
from scheduling.spans import Span

LEAVE = [TimeOffKind.VACATION, TimeOffKind.SICK, TimeOffKind.TRAINING, TimeOffKind.COURT]
LONGEST_LEAVE = timedelta(days=366)
OUTSIDE_DAYS = 400
# Rows written for the time before somebody's first own hours.
LONG_AGO = date(2000, 1, 1)

Week = Mapping[int, tuple[time, time]]  # by weekday, Monday is 0


class NotKept(Exception):
    """What is wrong, by field; nothing was changed."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(list(problems))
        self.problems = problems


@transaction.atomic
def set_weekly(of: StaffMember | Venue, week: Week, *, from_: date) -> None:
    """New weekly hours from a day on; what held before stays as it was until then."""
    if not week:
        raise NotKept({"opens_0": _("Give hours for at least one day.")})
    if from_ < timezone.localdate():
        raise NotKept({"from_": _("Choose today or a later day: the past stays as it was.")})
    owner = _owner(of)
    lock(type(of), [of])  # type: ignore[type-var]
    weekly = Hours.objects.filter(weekday__isnull=False, **owner)
    if not weekly.exists():
        _write(owner, _before(of), LONG_AGO, from_)
    weekly.filter(starts_on__gte=from_).delete()
    weekly.filter(Q(ends_on=None) | Q(ends_on__gt=from_)).update(ends_on=from_)
    _write(owner, week, from_, None)


@transaction.atomic
def take_leave(staff: StaffMember, *, kind: TimeOffKind, span: Span) -> TimeOff:
    """Away over a span; whatever is booked in it stays until somebody moves it."""
    if span.ends_at <= span.starts_at:
        raise NotKept({"last": _("The end must be after the start.")})
    if span.length > LONGEST_LEAVE:
        raise NotKept({"last": _("Leave is kept for at most a year at a time.")})
    lock(StaffMember, [staff])
    if taken := _leave_within(staff, span):
        words = _("Leave is kept already: %(when)s. Remove it first, or choose other days.")
        raise NotKept({"first": words % {"when": wording.when(taken.starts_at, taken.ends_at)}})
    return TimeOff.objects.create(
        staff=staff, kind=kind, starts_at=span.starts_at, ends_at=span.ends_at
    )


@transaction.atomic
def swap(giver: StaffMember, taker: StaffMember, *, day: date) -> None:
    """One works the other's hours of a day. What the giver has booked stays to be handed over."""
    if giver.pk == taker.pk:
        raise NotKept({"taker": _("Choose somebody else.")})
    if day < timezone.localdate():
        raise NotKept({"day": _("Choose today or a later day.")})
    lock(StaffMember, [giver, taker])
    spans = finding.hours_of([giver], [])["staff", giver.pk].on(day)
    if not spans:
        raise NotKept({"day": _("%(name)s does not work on that day.") % {"name": giver.name}})
    for field, person in (("day", giver), ("taker", taker)):
        if any(_leave_within(person, span) for span in spans):
            raise NotKept({field: _("%(name)s is away on that day.") % {"name": person.name}})
    for span in spans:
        TimeOff.objects.create(
            staff=giver, kind=TimeOffKind.SWAP, starts_at=span.starts_at, ends_at=span.ends_at
        )
        opens, closes = (timezone.localtime(at).time() for at in (span.starts_at, span.ends_at))
        Hours.objects.create(staff=taker, on=day, opens=opens, closes=closes, starts_on=day)


def bring_in(staff: StaffMember, data: bytes) -> int:
    """Replace what is known of a person's outside calendar; how many busy spans it has.

    Raises outside.Unreadable, and what was known stays.
    """
    now = timezone.now()
    window = Span(now, now + timedelta(days=OUTSIDE_DAYS))
    spans = outside.busy(data, zone=localtime.zone(), window=window)
    with transaction.atomic():
        lock(StaffMember, [staff])
        TimeOff.objects.filter(staff=staff, kind=TimeOffKind.OUTSIDE).delete()
        TimeOff.objects.bulk_create(
            TimeOff(
                staff=staff, kind=TimeOffKind.OUTSIDE, starts_at=one.starts_at, ends_at=one.ends_at
            )
            for one in spans
        )
    return len(spans)


def _owner(of: StaffMember | Venue) -> dict[str, StaffMember | Venue]:
    return {"staff" if isinstance(of, StaffMember) else "venue": of}


def _before(of: StaffMember | Venue) -> Week:
    """What held while there were no rows: the department's hours, or always open."""
    if isinstance(of, Venue):
        return dict.fromkeys(range(7), (time.min, time(23, 59)))
    opens, closes = map(time.fromisoformat, settings.WORKING_HOURS)
    return dict.fromkeys(settings.WORKING_DAYS, (opens, closes))


def _write(
    owner: dict[str, StaffMember | Venue], week: Week, from_: date, until: date | None
) -> None:
    Hours.objects.bulk_create(
        Hours(
            weekday=weekday,
            opens=opens,
            closes=closes,
            starts_on=from_,
            ends_on=until,
            **owner,
        )
        for weekday, (opens, closes) in sorted(week.items())
    )


def _leave_within(staff: StaffMember, span: Span) -> TimeOff | None:
    kept = TimeOff.objects.filter(staff=staff).exclude(kind=TimeOffKind.OUTSIDE)
    return kept.filter(starts_at__lt=span.ends_at, ends_at__gt=span.starts_at).first()
