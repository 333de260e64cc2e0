"""Reads wanted by more than one caller."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_

from django.conf import settings
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from outreach.access import PLANNERS, event_request_queue, served_beats
from outreach.enums import Program, RequestStatus, Role
from outreach.models import Beat, EventRequest, StaffMember, WatchGroup
from outreach.selectors import beats_without_anybody, groups_in_effect
from scheduling import closures, localtime
from scheduling.db import TsTzRange
from scheduling.enums import Classification, EventStatus, RevisionKind
from scheduling.models import Booking, Event, EventBeat, Occurrence, Revision, Series
from scheduling.spans import Span


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
    shared = EventBeat.objects.filter(beat=beat).values("event_id")
    return events.filter(Q(beat=beat) | Q(beat__isnull=True) | Q(pk__in=shared))


def upcoming(events: QuerySet[Event]) -> QuerySet[Event]:
    return events.filter(ends_at__gt=timezone.now()).order_by("starts_at", "pk")


def in_days(events: QuerySet[Event], first: date, days: int) -> QuerySet[Event]:
    """Events that touch a run of local days."""
    window = localtime.midnight(first), localtime.midnight(first + timedelta(days=days))
    # As a range: its index finds a week among a million events.
    spans = events.alias(during=TsTzRange("starts_at", "ends_at"))
    return spans.filter(during__overlap=DateTimeTZRange(*window))


def with_people(events: QuerySet[Event]) -> QuerySet[Event]:
    """Adds `claims`: the live bookings of each event with their staff."""
    live = Booking.objects.active().select_related("staff").order_by("pk")
    return events.select_related(
        "beat", "venue", "survey_visit__request", "occurrence__series"
    ).prefetch_related("texts", Prefetch("bookings", queryset=live, to_attr="claims"))


def staff_of(event: Event) -> list[StaffMember]:
    live = event.bookings.active().filter(staff__isnull=False).select_related("staff")
    return [booking.staff for booking in live.order_by("pk") if booking.staff]


def bookable_staff() -> QuerySet[StaffMember]:
    """Everyone whose time can be claimed."""
    return StaffMember.objects.filter(is_active=True, role__in=PLANNERS)


def claims_of(staff: Iterable[StaffMember], window: Span) -> QuerySet[Booking]:
    """The live claims of some people within a window of time."""
    # Person by person: so PostgreSQL takes the exclusion constraint, whatever else is on record.
    each = [Q(staff=person) for person in staff]
    return (
        Booking.objects.active()
        .alias(during=TsTzRange("starts_at", "ends_at"))
        .filter(
            reduce(or_, each, Q(pk__in=[])),
            during__overlap=DateTimeTZRange(window.starts_at, window.ends_at),
        )
    )


def events_of(staff: Iterable[StaffMember], window: Span) -> QuerySet[Event]:
    """Whatever claims one of these people within a window of time."""
    # By their keys: joined, a guess at many claims would read all events there are.
    keys = claims_of(staff, window).values_list("event_id", flat=True)
    return Event.objects.filter(pk__in=list(keys))


def occurrences() -> QuerySet[Occurrence]:
    """Dates of series with their events; `waits` says that one clashed and claims nothing yet."""
    claimed = Booking.objects.active().filter(event=OuterRef("event"))
    return Occurrence.objects.select_related("event").annotate(
        waits=Q(event__status=EventStatus.TENTATIVE) & ~Exists(claimed)
    )


def waiting_occurrences(staff: StaffMember) -> QuerySet[Event]:
    """Coming dates of series that clashed, for those who may settle them: they are tentative
    and claim nobody until somebody tries again, changes or skips them."""
    ahead = occurrences().filter(event__starts_at__gt=timezone.now())
    waiting = ahead.filter(waits=True)  # type: ignore[misc]  # annotated above
    if staff.role != Role.SERGEANT:
        waiting = waiting.filter(
            Q(event__beat__isnull=True) | Q(event__beat__in=served_beats(staff))
        )
    if staff.role not in PLANNERS:
        waiting = waiting.none()
    return (
        Event.objects.filter(pk__in=waiting.values("event_id"))
        .select_related("beat", "venue", "occurrence__series")
        .prefetch_related("texts")
        .order_by("starts_at", "pk")
    )


def all_series() -> QuerySet[Series]:
    """Those that go on by their next date, then those that are over, the latest first.

    Adds `next_at`, `last_at`, `waiting_count` of dates that clash, and `is_over`: nothing is to
    come, and its rule will make nothing more.
    """
    mine = occurrences().filter(series=OuterRef("pk")).exclude(event__status=EventStatus.CANCELLED)
    ahead = mine.filter(event__starts_at__gt=timezone.now())
    waiting = ahead.filter(waits=True).order_by().values("series")  # type: ignore[misc]
    starts = "event__starts_at"
    has_end = Q(rrule__contains="UNTIL=") | Q(rrule__contains="COUNT=")
    return (
        Series.objects.select_related("beat", "venue")
        .prefetch_related(Prefetch("staff", StaffMember.objects.order_by("pk")))
        .annotate(
            next_at=Subquery(ahead.order_by(starts).values(starts)[:1]),
            last_at=Subquery(mine.order_by(f"-{starts}").values(starts)[:1]),
            waiting_count=Coalesce(Subquery(waiting.annotate(n=Count("pk")).values("n")), 0),
        )
        .annotate(is_over=has_end & Q(next_at=None))
        .order_by("is_over", "next_at", F("last_at").desc(nulls_last=True), "pk")
    )


def staff_wanted(event: Event) -> list[StaffMember]:
    """Who goes; of a date that waits, whom its series would send."""
    found = staff_of(event)
    occurrence = getattr(event, "occurrence", None)
    if found or occurrence is None or event.status != EventStatus.TENTATIVE:
        return found
    return list(occurrence.series.staff.order_by("pk"))


def further_dates(revision: Revision | None) -> int:
    """How many later public dates of a series the same act changed: one message tells of all."""
    occurrence = getattr(revision.event, "occurrence", None) if revision else None
    if revision is None or occurrence is None:
        return 0
    same = Revision.objects.filter(kind=revision.kind, created_at=revision.created_at)
    others = same.filter(
        event__occurrence__series=occurrence.series_id,
        event__classification=Classification.PUBLIC,
    ).exclude(event__status=EventStatus.TENTATIVE)
    return others.exclude(event=revision.event_id).count()


def waiting_requests(staff: StaffMember) -> QuerySet[EventRequest]:
    """Requests this person is to answer: those of the own beats. The sergeant has those nobody
    else answers for, and all that lie unanswered too long."""
    waiting = event_request_queue(staff).filter(status=RequestStatus.RECEIVED)
    if staff.role == Role.SERGEANT:
        last = closures.business_days_before(timezone.localdate(), settings.BUSINESS_DAYS_TO_ANSWER)
        waiting = waiting.filter(
            Q(beat__isnull=True)
            | Q(beat__in=beats_without_anybody())
            | Q(created_at__lt=localtime.midnight(last))
        )
    return waiting.select_related("contact", "beat").order_by("created_at", "pk")


def lateness(event: Event) -> int:
    """How many minutes late the team said it is, while the event has not ended; else 0."""
    if event.is_cancelled or event.ends_at <= timezone.now():
        return 0
    kinds = [RevisionKind.LATE, RevisionKind.MOVED]  # at another time, nobody is late yet
    last = Revision.objects.filter(event=event, kind__in=kinds).order_by("-pk").first()
    return int(last.note) if last and last.kind == RevisionKind.LATE else 0


def moved_from(event: Event) -> datetime | None:
    """When it was to begin before it last moved to another time."""
    moves = Revision.objects.filter(
        event=event, kind=RevisionKind.MOVED, previous_starts_at__isnull=False
    )
    other = moves.exclude(previous_starts_at=event.starts_at).order_by("-pk")
    return other.values_list("previous_starts_at", flat=True).first()


def handed_to(staff: StaffMember) -> QuerySet[Revision]:
    """Events somebody else gave a person in the last week, still to come; the newest first."""
    now = timezone.now()
    mine = Booking.objects.active().filter(event=OuterRef("event"), staff=staff)
    return (
        Revision.objects.filter(
            Exists(mine),
            kind=RevisionKind.STAFFED,
            created_at__gt=now - timedelta(days=7),
            event__ends_at__gt=now,
        )
        .exclude(staff=staff)
        .exclude(event__status=EventStatus.CANCELLED)
        .select_related("event__beat", "staff")
        .prefetch_related("event__texts")
        .order_by("-pk")
    )


def watch_groups() -> QuerySet[WatchGroup]:
    """All groups there are, with `last_at` they met and `next_at` they meet."""
    now = timezone.now()
    own = Event.objects.filter(watch_meeting__group=OuterRef("pk"))
    live = own.exclude(status=EventStatus.CANCELLED).values("starts_at")
    return (
        groups_in_effect()
        .select_related("beat")
        .annotate(
            last_at=Subquery(live.filter(starts_at__lte=now).order_by("-starts_at")[:1]),
            next_at=Subquery(live.filter(starts_at__gt=now).order_by("starts_at")[:1]),
        )
        .order_by("beat__code", "name")
    )
