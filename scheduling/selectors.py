"""Reads wanted by more than one caller."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from outreach.enums import Program, Role
from outreach.models import Beat, StaffMember, Venue
from scheduling import availability, localtime
from scheduling.enums import Classification, EventStatus
from scheduling.models import Booking, Event
from scheduling.spans import Span

SEARCH_DAYS = 60


@dataclass(frozen=True)
class Clash:
    """Who or what is taken, from when until when."""

    who: str
    span: Span


def clashes(
    span: Span, *, staff: Sequence[StaffMember], venues: Sequence[Venue], besides: Event
) -> list[Clash]:
    """What stands in the way of claiming these over the span, apart from the event itself."""
    rivals = (
        Booking.objects.active()
        .filter(
            Q(staff__in=staff) | Q(venue__in=venues),
            starts_at__lt=span.ends_at,
            ends_at__gt=span.starts_at,
        )
        .exclude(event=besides)
        .select_related("staff", "venue")
        .order_by("starts_at", "pk")
    )
    return [
        Clash(str(rival.staff or rival.venue), Span(rival.starts_at, rival.ends_at))
        for rival in rivals
    ]


def working_hours(program: str) -> availability.Hours:
    """When appointments of a program are offered; surveys by day, meetings into the evening."""
    opens, closes = (
        settings.VISIT_HOURS if program == Program.SECURITY_SURVEY else settings.WORKING_HOURS
    )
    return availability.Hours(
        zone=localtime.zone(),
        weekdays=settings.WORKING_DAYS,
        opens=time.fromisoformat(opens),
        closes=time.fromisoformat(closes),
    )


def free_times(
    wished: datetime,
    length: timedelta,
    *,
    program: str,
    staff: Sequence[StaffMember],
    venues: Sequence[Venue] = (),
    besides: Event | None = None,
    count: int = 3,
    not_before: datetime | None = None,
) -> list[datetime]:
    """The next starts in working hours at which all of them are free, one a day, in one query."""
    earliest = max(not_before or timezone.now(), timezone.now())
    wished = max(wished, earliest)
    busy = _busy(wished, staff, venues)
    if besides is not None:
        busy = busy.exclude(event=besides)
    return availability.nearest_free(
        wished,
        length,
        _spans(busy),
        working_hours(program),
        not_before=earliest,
        count=count,
        days=SEARCH_DAYS,
    )


def free_visits(
    earliest: datetime,
    length: timedelta,
    *,
    staff: Sequence[StaffMember],
    suits: Collection[tuple[int, bool]],
    count: int,
) -> list[datetime]:
    """Starts of survey visits for these people, one each half-day that suits, in one query."""
    return availability.first_of_half_days(
        timezone.localdate(earliest),
        length,
        _spans(_busy(earliest, staff)),
        working_hours(Program.SECURITY_SURVEY),
        not_before=earliest,
        suits=suits,
        count=count,
        days=SEARCH_DAYS,
    )


def _busy(
    since: datetime, staff: Sequence[StaffMember], venues: Sequence[Venue] = ()
) -> QuerySet[Booking]:
    return Booking.objects.active().filter(
        Q(staff__in=staff) | Q(venue__in=venues),
        ends_at__gt=since - timedelta(days=1),
        starts_at__lt=since + timedelta(days=SEARCH_DAYS + 1),
    )


def _spans(busy: QuerySet[Booking]) -> list[Span]:
    return [Span(*pair) for pair in busy.values_list("starts_at", "ends_at")]


def public_events() -> QuerySet[Event]:
    """What anyone may see, with what pages and feeds show of it."""
    return (
        Event.objects.filter(classification=Classification.PUBLIC)
        .exclude(program=Program.SECURITY_SURVEY)
        .exclude(status=EventStatus.TENTATIVE)
        .select_related("beat", "venue")
        .prefetch_related("texts", "also_beats")
    )


def of_beat(events: QuerySet[Event], beat: Beat) -> QuerySet[Event]:
    """Events of one beat: its own, those shared with it, and those of the whole city."""
    shared = Event.also_beats.through.objects.filter(beat=beat).values("event_id")
    return events.filter(Q(beat=beat) | Q(beat__isnull=True) | Q(pk__in=shared))


def upcoming(events: QuerySet[Event]) -> QuerySet[Event]:
    return events.filter(ends_at__gt=timezone.now()).order_by("starts_at", "pk")


def in_days(events: QuerySet[Event], first: date, days: int) -> QuerySet[Event]:
    """Events that touch a run of local days."""
    return events.filter(
        starts_at__lt=localtime.midnight(first + timedelta(days=days)),
        ends_at__gt=localtime.midnight(first),
    )


def with_people(events: QuerySet[Event]) -> QuerySet[Event]:
    """Adds `claims`: the live bookings of each event with their staff."""
    live = Booking.objects.active().select_related("staff").order_by("pk")
    return events.select_related("beat", "venue", "survey_visit__request").prefetch_related(
        "texts", Prefetch("bookings", queryset=live, to_attr="claims")
    )


def staff_of(event: Event) -> list[StaffMember]:
    live = event.bookings.active().filter(staff__isnull=False).select_related("staff")
    return [booking.staff for booking in live.order_by("pk") if booking.staff]


def bookable_staff() -> QuerySet[StaffMember]:
    """Everyone whose time can be claimed."""
    return StaffMember.objects.filter(is_active=True).exclude(role=Role.ADMINISTRATOR)


def events_of(staff: Iterable[StaffMember]) -> QuerySet[Event]:
    """Whatever claims one of these people."""
    claimed = Booking.objects.active().filter(staff__in=list(staff)).values("event_id")
    return Event.objects.filter(pk__in=claimed)
