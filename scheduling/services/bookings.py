"""Claiming people and places: lock, look, then claim; the constraint stands beneath."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from typing import TypeVar

from django.db import DatabaseError, models, transaction
from django.utils import timezone

from outreach.enums import Program
from outreach.models import StaffMember, Venue
from scheduling import diaries, finding, policies
from scheduling.diary import Clash
from scheduling.enums import BookingStatus, EventStatus
from scheduling.models import Booking, Event
from scheduling.spans import Span
from scheduling.travel import Journeys, Stop

# exclusion_violation, deadlock_detected, lock_not_available
RIVAL_STATES = {"23P01", "40P01", "55P03"}
Row = TypeVar("Row", bound=models.Model)


class DoubleBooked(Exception):
    """Someone or something is taken, away, or too far. Carries the clashes; knows three free
    starts, looked for only when asked, so that nobody waits on our locks meanwhile."""

    def __init__(
        self,
        clashes: list[Clash],
        search: finding.Search | None = None,
        wished: datetime | None = None,
    ) -> None:
        super().__init__([clash.who for clash in clashes])
        self.clashes = clashes
        self._search, self._wished = search, wished

    @cached_property
    def free_times(self) -> list[datetime]:
        if self._search is None or self._wished is None:
            return []
        return finding.nearest(self._search, max(self._wished, self._search.not_before))


class EventCancelled(Exception):
    """A cancelled event claims nothing and changes no more."""


@contextmanager
def rivals_refused() -> Iterator[None]:
    """Turn what PostgreSQL says of a rival into DoubleBooked; wrap the outermost transaction."""
    try:
        yield
    except DatabaseError as failure:
        if getattr(failure.__cause__, "sqlstate", None) not in RIVAL_STATES:
            raise
        raise DoubleBooked([]) from failure


@transaction.atomic
def book(
    event_id: int,
    *,
    staff: Sequence[StaffMember] = (),
    venues: Sequence[Venue] = (),
    stop: Stop | None = None,
) -> list[Booking]:
    """Claim exactly these people and venues for an event, or change nothing.

    What the event held before and no longer needs is released. The claim spans the event with
    its margins; the way from and to the neighbors is looked at under the same locks. stop says
    where it takes people, where the event itself does not. Raises DoubleBooked.
    """
    event = Event.objects.select_for_update(of=("self",)).select_related("venue").get(pk=event_id)
    if event.is_cancelled:
        raise EventCancelled(event)
    kept = _kept_until(event)
    return claim(event, staff=staff, venues=venues, stop=stop, hold_until=kept, is_new=False)


def claim(
    event: Event,
    *,
    staff: Sequence[StaffMember],
    venues: Sequence[Venue],
    stop: Stop | None = None,
    hold_until: datetime | None = None,
    is_new: bool = True,
) -> list[Booking]:
    """The same for an event whose row nobody else can touch: made or locked in this transaction.

    hold_until makes holds of the claims.
    """
    span = policies.claimed(event)
    stop = stop or diaries.stop_of(event)
    people, places = lock(StaffMember, staff), lock(Venue, venues)
    besides = None if is_new else event
    taken = diaries.Diaries(span, staff=people, venues=places, besides=besides)
    if found := _obstacles(taken, span, stop):
        raise DoubleBooked(found, _search(event, people, places, stop), event.starts_at)
    if taken.has_expired_holds:
        release_expired_holds(people, places)
    if not is_new:
        release(event)
    return Booking.objects.bulk_create(claims(event, span, people, places, hold_until))


def _kept_until(event: Event) -> datetime | None:
    """A time kept for a while stays so when it moves; confirmed, it is claimed for good."""
    if event.status != EventStatus.TENTATIVE:
        return None
    held = event.bookings.filter(status=BookingStatus.HELD)
    return held.aggregate(until=models.Max("expires_at"))["until"]


def clashes(
    span: Span,
    stop: Stop,
    *,
    staff: Sequence[StaffMember],
    venues: Sequence[Venue],
    besides: Event | None = None,
) -> list[Clash]:
    """What stands in the way of claiming these over the span, apart from an event's own claims."""
    taken = diaries.Diaries(span, staff=staff, venues=venues, besides=besides)
    return _obstacles(taken, span, stop)


def _obstacles(taken: diaries.Diaries, span: Span, stop: Stop) -> list[Clash]:
    minutes = Journeys()
    return [clash for diary in taken.all() for clash in diary.obstacles(span, stop, minutes)]


def claims(
    event: Event,
    span: Span,
    people: Sequence[StaffMember],
    places: Sequence[Venue],
    hold_until: datetime | None,
) -> list[Booking]:
    common = {
        "event": event,
        "starts_at": span.starts_at,
        "ends_at": span.ends_at,
        "status": BookingStatus.HELD if hold_until else BookingStatus.CONFIRMED,
        "expires_at": hold_until,
    }
    return [Booking(staff=person, **common) for person in people] + [
        Booking(venue=place, **common) for place in places
    ]


def lock(model: type[Row], rows: Sequence[Row]) -> list[Row]:
    """In primary-key order, so rivals queue instead of deadlocking."""
    if not rows:
        return []
    chosen = model._default_manager.filter(pk__in=[row.pk for row in rows]).order_by("pk")
    return list(chosen.select_for_update(no_key=True))


def release_expired_holds(people: Sequence[StaffMember], places: Sequence[Venue]) -> None:
    Booking.objects.filter(
        models.Q(staff__in=people) | models.Q(venue__in=places),
        status=BookingStatus.HELD,
        expires_at__lte=timezone.now(),
    ).update(status=BookingStatus.RELEASED)


def release(event: Event) -> None:
    """Free everything the event claims. The caller holds the event's lock."""
    event.bookings.active().update(status=BookingStatus.RELEASED)


def _search(
    event: Event, people: Sequence[StaffMember], places: Sequence[Venue], stop: Stop
) -> finding.Search:
    return finding.Search(
        program=Program(event.program),
        minutes=int(event.span.length.total_seconds() // 60),
        not_before=timezone.now(),
        staff=tuple(people),
        venues=tuple(places),
        stop=stop,
        besides=event,
    )
