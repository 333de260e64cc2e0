"""Claiming people and places: lock, look, then claim; the constraint stands beneath."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar

from django.db import DatabaseError, models, transaction
from django.utils import timezone

from outreach.models import StaffMember, Venue
from scheduling import selectors
from scheduling.enums import BookingStatus
from scheduling.models import Booking, Event

# exclusion_violation, deadlock_detected, lock_not_available
RIVAL_STATES = {"23P01", "40P01", "55P03"}
Row = TypeVar("Row", bound=models.Model)


class DoubleBooked(Exception):
    """Someone or something is taken. Carries the clashes and up to three free starts."""

    def __init__(self, clashes: list[selectors.Clash], free_times: Sequence[datetime] = ()) -> None:
        super().__init__([clash.who for clash in clashes])
        self.clashes = clashes
        self.free_times = list(free_times)


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
    event_id: int, *, staff: Sequence[StaffMember] = (), venues: Sequence[Venue] = ()
) -> list[Booking]:
    """Claim exactly these people and venues for an event, or change nothing.

    What the event held before and no longer needs is released. Raises DoubleBooked.
    """
    event = Event.objects.select_for_update().get(pk=event_id)
    if event.is_cancelled:
        raise EventCancelled(event)
    people, places = lock(StaffMember, staff), lock(Venue, venues)
    release_expired_holds(people, places)
    if found := selectors.clashes(event.claimed_span, staff=people, venues=places, besides=event):
        raise DoubleBooked(found, _free_times(event, people, places))
    release(event)
    return Booking.objects.bulk_create(_claims(event, people, places))


def lock(model: type[Row], rows: Sequence[Row]) -> list[Row]:
    """In primary-key order, so rivals queue instead of deadlocking."""
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


def _claims(event: Event, people: Sequence[StaffMember], places: Sequence[Venue]) -> list[Booking]:
    span = event.claimed_span
    times = {"event": event, "starts_at": span.starts_at, "ends_at": span.ends_at}
    return [Booking(staff=person, **times) for person in people] + [
        Booking(venue=place, **times) for place in places
    ]


def _free_times(
    event: Event, people: Sequence[StaffMember], places: Sequence[Venue]
) -> list[datetime]:
    return selectors.free_times(
        event.starts_at,
        event.span.length,
        program=event.program,
        staff=people,
        venues=places,
        besides=event,
    )
