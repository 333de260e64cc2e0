"""One person's day: where next, how far it is, and what comes after. Reads only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Min, QuerySet
from django.utils import timezone

from outreach.access import survey_queue
from outreach.enums import SurveyStatus
from outreach.models import StaffMember, SurveyRequest
from scheduling import closures, diaries, localtime, selectors
from scheduling.enums import EventStatus
from scheduling.models import Event
from scheduling.spans import Span
from scheduling.travel import Journeys

COMING_DAYS = 30
COMING = 6


@dataclass(frozen=True)
class Stop:
    """One event of the day, with the way from the one before."""

    event: Event
    way_minutes: int
    gap_minutes: int | None  # between the end of the one before and the start; None for the first
    is_next: bool

    @property
    def is_tight(self) -> bool:
        return self.gap_minutes is not None and self.gap_minutes < self.way_minutes + 10


@dataclass(frozen=True)
class Stage:
    """A step of the survey pipeline: how many stand there, and since when the oldest."""

    label: str
    count: int
    oldest: datetime | None


def stops(staff: StaffMember, day: date) -> list[Stop]:
    """What stands of a person's day, in order."""
    found = list(
        _mine(staff, day, 1)
        .exclude(status=EventStatus.CANCELLED)
        .select_related("requested__request")
        .order_by("starts_at", "pk")
    )
    return list(_with_ways(found, timezone.now()))


def coming(staff: StaffMember, day: date) -> list[Event]:
    """The next few after that day."""
    after = _mine(staff, day + timedelta(days=1), COMING_DAYS)
    return list(after.exclude(status=EventStatus.CANCELLED).order_by("starts_at", "pk")[:COMING])


def pipeline(staff: StaffMember) -> list[Stage]:
    """Survey requests by stage and age, as far as this person may see them; one query."""
    found = {
        row["status"]: row
        for row in survey_queue(staff)
        .exclude(status=SurveyStatus.WITHDRAWN)
        .order_by()
        .values("status")
        .annotate(count=Count("pk"), oldest=Min("created_at"))
    }
    return [
        Stage(
            str(stage.label),
            found.get(stage, {}).get("count", 0),
            found.get(stage, {}).get("oldest") if stage != SurveyStatus.DONE else None,
        )
        for stage in (SurveyStatus.RECEIVED, SurveyStatus.SCHEDULED, SurveyStatus.DONE)
    ]


def overdue_since(today: date, days: int) -> datetime:
    """What came before this moment waits longer than so many business days."""
    return localtime.midnight(closures.business_days_before(today, days))


def overdue(requests: QuerySet[SurveyRequest], today: date, days: int) -> QuerySet[SurveyRequest]:
    return requests.filter(created_at__lt=overdue_since(today, days))


def _mine(staff: StaffMember, first: date, days: int) -> QuerySet[Event]:
    window = Span(localtime.midnight(first), localtime.midnight(first + timedelta(days=days)))
    return selectors.with_people(selectors.events_of([staff], window))


def _with_ways(events: Sequence[Event], now: datetime) -> Iterator[Stop]:
    minutes = Journeys()
    before: Event | None = None
    is_found = False
    for event in events:
        way, gap = 0, None
        if before is not None:
            way = minutes(diaries.stop_of(before), diaries.stop_of(event))
            gap = int((event.starts_at - before.ends_at).total_seconds() // 60)
        is_next = not is_found and event.ends_at > now
        is_found = is_found or is_next
        yield Stop(event, way, gap, is_next)
        before = event
