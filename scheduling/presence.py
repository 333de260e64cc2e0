"""Who works when, who is away, and whose post ends soon. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from outreach.models import Post, StaffMember, Venue
from scheduling import closures, finding, localtime, selectors
from scheduling.enums import TimeOffKind
from scheduling.models import Closure, Event, Hours, TimeOff
from scheduling.spans import Span, merged

DAYS = 7
SOON = timedelta(days=90)


@dataclass(frozen=True)
class Day:
    """A person's hours on a day, and the spans they are not there."""

    day: date
    hours: Sequence[Span]
    away: Sequence[Span]
    is_away_all_day: bool


@dataclass(frozen=True)
class Row:
    person: StaffMember
    days: Sequence[Day]
    ending: Sequence[Post]


@dataclass(frozen=True)
class ClosedDay:
    """A day the city is closed, or would be; closure is what staff entered, if they did."""

    day: date
    name: str
    closure: Closure | None = None
    is_lifted: bool = False


def week(monday: date) -> list[Row]:
    """Everybody whose time can be claimed, in a fixed number of queries."""
    people = list(selectors.bookable_staff().order_by("name", "pk"))
    return _rows(people, [monday + timedelta(days=offset) for offset in range(DAYS)])


def of_person(person: StaffMember, monday: date) -> Row:
    return _rows([person], [monday + timedelta(days=offset) for offset in range(DAYS)])[0]


def weekly_rows(*, staff: StaffMember | None = None, venue: Venue | None = None) -> QuerySet[Hours]:
    """The weekly rows that hold today or later, in the order they take effect."""
    today = timezone.localdate()
    owned = Hours.objects.filter(staff=staff, venue=venue, weekday__isnull=False)
    held = owned.filter(Q(ends_on=None) | Q(ends_on__gt=today))
    return held.order_by("starts_on", "weekday", "opens")


def extra_days(staff: StaffMember) -> QuerySet[Hours]:
    """Days taken over from somebody, from today on."""
    return Hours.objects.filter(staff=staff, on__gte=timezone.localdate()).order_by("on", "opens")


def leave(staff: StaffMember) -> QuerySet[TimeOff]:
    """What is not over yet, without the outside calendar."""
    kept = TimeOff.objects.filter(staff=staff, ends_at__gt=timezone.now())
    return kept.exclude(kind=TimeOffKind.OUTSIDE)


def outside_count(staff: StaffMember) -> int:
    return TimeOff.objects.filter(
        staff=staff, kind=TimeOffKind.OUTSIDE, ends_at__gt=timezone.now()
    ).count()


def booked_in(staff: StaffMember, span: Span) -> int:
    """How many coming events claim a person within a span."""
    now = timezone.now()
    if span.ends_at <= now:
        return 0
    window = Span(max(span.starts_at, now), span.ends_at)
    return selectors.events_of([staff], window).count()


def booked_on(first: date, last: date, venue: Venue | None) -> int:
    """How many public or venue events stand on days that close."""
    found = selectors.in_days(Event.objects.exclude(status="cancelled"), first, (last - first).days)
    return (found.filter(venue=venue) if venue else found).count()


def closed_days(first: date, last: date) -> list[ClosedDay]:
    """The city's closed days with why, and the holidays on which it works."""
    rows = list(Closure.objects.filter(venue=None, starts_on__lt=last, ends_on__gt=first))
    known = closures.ClosedDays(tuple(rows))
    found = []
    for offset in range((last - first).days):
        day = first + timedelta(days=offset)
        own = next((one for one in rows if one.starts_on <= day < one.ends_on), None)
        if own and own.is_open:
            found.append(ClosedDay(day, own.name, own, is_lifted=True))
        elif name := known.name_of(day):
            found.append(ClosedDay(day, name, own))
    return found


def venue_closures(first: date, last: date) -> QuerySet[Closure]:
    rows = Closure.objects.filter(venue__isnull=False, starts_on__lt=last, ends_on__gt=first)
    return rows.select_related("venue").order_by("starts_on", "pk")


def _rows(people: Sequence[StaffMember], days: Sequence[date]) -> list[Row]:
    window = Span(localtime.midnight(days[0]), localtime.midnight(days[-1] + timedelta(days=1)))
    hours = finding.hours_of(people, [])
    away: dict[int, list[Span]] = {one.pk: [] for one in people}
    for off in TimeOff.objects.filter(
        staff__in=people, starts_at__lt=window.ends_at, ends_at__gt=window.starts_at
    ):
        away[off.staff_id].append(Span(off.starts_at, off.ends_at))
    ending: dict[int, list[Post]] = {one.pk: [] for one in people}
    for post in Post.objects.filter(
        staff__in=people, ends_on__gte=days[0], ends_on__lte=days[0] + SOON
    ).select_related("beat"):
        ending[post.staff_id or 0].append(post)
    return [
        Row(
            one,
            [_day(day, hours["staff", one.pk].on(day), merged(away[one.pk])) for day in days],
            ending[one.pk],
        )
        for one in people
    ]


def _day(day: date, hours: Sequence[Span], away: Sequence[Span]) -> Day:
    whole = Span(localtime.midnight(day), localtime.midnight(day + timedelta(days=1)))
    parts = [
        Span(max(one.starts_at, whole.starts_at), min(one.ends_at, whole.ends_at))
        for one in away
        if one.overlaps(whole)
    ]
    is_all_day = any(part == whole for part in parts) or bool(
        hours and all(any(part.holds(span) for part in parts) for span in hours)
    )
    return Day(day, hours, parts, is_all_day)
