"""One person's day: where next, how far it is, and what comes after. Reads only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Min
from django.utils import timezone

from outreach.access import survey_queue
from outreach.enums import SurveyStatus
from outreach.models import StaffMember
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


@dataclass(frozen=True)
class Agenda:
    """The stops of a day in order, and the next few events after it."""

    stops: Sequence[Stop]
    coming: Sequence[Event]


def agenda(staff: StaffMember, day: date) -> Agenda:
    """What stands of a person's day and of the weeks after it."""
    first, tomorrow = localtime.midnight(day), localtime.midnight(day + timedelta(days=1))
    window = Span(first, first + timedelta(days=COMING_DAYS))
    found = list(
        selectors.with_people(selectors.events_of([staff], window))
        .exclude(status=EventStatus.CANCELLED)
        .select_related("requested__request")
        .order_by("starts_at", "pk")
    )
    today = [event for event in found if event.starts_at < tomorrow]
    after = [event for event in found if event.starts_at >= tomorrow]
    return Agenda(list(_with_ways(today, timezone.now())), after[:COMING])


def pipeline(staff: StaffMember) -> list[Stage]:
    """Survey requests by stage and age, as far as this person may see them; one query."""
    rows: Any = (
        survey_queue(staff)
        .exclude(status=SurveyStatus.WITHDRAWN)
        .order_by()
        .values("status")
        .annotate(count=Count("pk"), oldest=Min("created_at"))
    )
    found: dict[str, dict[str, Any]] = {row["status"]: row for row in rows}
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
