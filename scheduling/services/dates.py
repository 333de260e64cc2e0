"""The coming dates of a series, each as it stands. Reads only."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils import timezone

from scheduling import localtime, selectors
from scheduling.enums import EventStatus
from scheduling.models import Event, Occurrence, Series
from scheduling.services import series as series_service
from scheduling.services.outlook import Prospect, State
from scheduling.spans import Span


class Standing(StrEnum):
    BOOKED = "booked"
    TENTATIVE = "tentative"
    WAITS = "waits"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"
    CLOSED = "closed"
    NOT_MADE = "not-made"


@dataclass(frozen=True)
class Coming:
    """One date: its event, if it has one, and what is in the way of it."""

    day: date
    span: Span
    standing: Standing
    event: Event | None = None
    is_own: bool = False
    obstacles: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_live(self) -> bool:
        return self.event is not None and self.standing != Standing.CANCELLED

    @property
    def can_be_added(self) -> bool:
        return not self.is_live and self.span.starts_at > timezone.now()


def day_of(occurrence: Occurrence) -> date:
    """The date of its series an occurrence stands for, wherever it moved since."""
    return timezone.localdate(occurrence.recurrence_id)


def coming(series: Series) -> list[Coming]:
    """From today as far as events were made, in order; in as many queries whatever their number."""
    today = timezone.localdate()
    wish = series_service.wish_of(series)
    linked = {
        day_of(one): one
        for one in selectors.occurrences()
        .filter(series=series, recurrence_id__gte=localtime.midnight(today))
        .prefetch_related("event__texts")
    }
    days = wish.days(since=today, before=series.extended_until)
    # A cancelled one counts while the rule still has its date: then it can be added again.
    every = sorted({*days, *(day for day, one in linked.items() if not one.event.is_cancelled)})
    ahead = [day for day in every if not _is_settled(linked.get(day))]
    prospects = {one.day: one for one in series_service.prospects(wish, ahead)}
    return [_standing(day, linked.get(day), prospects.get(day)) for day in every]


def live(series: Series, since: date | None = None) -> list[Occurrence]:
    """Occurrences whose events are still to come and stand, of dates from since on."""
    found = (
        selectors.occurrences()
        .filter(series=series, event__starts_at__gt=timezone.now())
        .exclude(event__status=EventStatus.CANCELLED)
    )
    if since:
        found = found.filter(recurrence_id__gte=localtime.midnight(since))
    return list(found.order_by("recurrence_id"))


def _is_settled(occurrence: Occurrence | None) -> bool:
    """Nothing is asked of the day any more: its event is booked."""
    if occurrence is None or occurrence.event.is_cancelled:
        return False
    return not occurrence.waits  # type: ignore[attr-defined]


def _standing(day: date, occurrence: Occurrence | None, prospect: Prospect | None) -> Coming:
    if occurrence is None:
        assert prospect is not None  # noqa: S101
        standing = {State.SKIPPED: Standing.SKIPPED, State.CLOSED: Standing.CLOSED}.get(
            prospect.state, Standing.NOT_MADE
        )
        return Coming(
            day, prospect.span, standing, obstacles=prospect.obstacles, notes=prospect.notes
        )
    event = occurrence.event
    if event.is_cancelled:
        return Coming(day, event.span, Standing.CANCELLED, event, occurrence.is_own)
    if prospect is not None:
        return Coming(day, event.span, Standing.WAITS, event, occurrence.is_own, prospect.obstacles)
    is_sure = event.status == EventStatus.CONFIRMED
    standing = Standing.BOOKED if is_sure else Standing.TENTATIVE
    return Coming(day, event.span, standing, event, occurrence.is_own)
