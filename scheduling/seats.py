"""How full an event is. Reads only; whoever decides by it holds the seating's lock."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.utils import timezone

from scheduling.enums import EventStatus, RsvpResponse
from scheduling.models import Event, Rsvp, Seating

ACCEPTED, WAITLISTED = Q(response=RsvpResponse.ACCEPTED), Q(response=RsvpResponse.WAITLISTED)


@dataclass(frozen=True)
class Tally:
    """What was planned: seats given, and households in line."""

    capacity: int
    taken: int = 0
    households: int = 0
    waiting: int = 0
    largest_waiting: int = 0
    last_line: int = 0

    @property
    def free(self) -> int:
        """Seats for somebody new: none while anybody waits, for the next ones are theirs."""
        return 0 if self.waiting else self.capacity - self.taken


def tally(seating: Seating) -> Tally:
    counted = Rsvp.objects.filter(event=seating.event_id).aggregate(
        taken=Sum("seats", filter=ACCEPTED, default=0),
        households=Count("pk", filter=ACCEPTED),
        waiting=Count("pk", filter=WAITLISTED),
        largest_waiting=Max("seats", filter=WAITLISTED, default=0),
        last_line=Max("line", default=0),
    )
    return Tally(capacity=seating.capacity, **counted)


def of(event: Event) -> Seating | None:
    """The seats of an event; None where people just come."""
    return Seating.objects.filter(event=event).select_related("event").first()


def closes_at(seating: Seating) -> datetime:
    starts_at = seating.event.starts_at
    return min(seating.closes_at or starts_at, starts_at)


def is_open(seating: Seating) -> bool:
    """Whether people may still sign up by themselves."""
    is_on = seating.event.status == EventStatus.CONFIRMED
    return is_on and timezone.now() < closes_at(seating)


def most_at_once(seating: Seating) -> int:
    """A household larger than the room would wait for ever and let nobody by."""
    return min(seating.most_a_household, seating.capacity)


def standing(event: Event) -> QuerySet[Rsvp]:
    """Who comes and who waits, in line."""
    households = event.rsvps.filter(ACCEPTED | WAITLISTED, contact__restricted_at=None)
    return households.select_related("contact").order_by("line")


def place_in_line(rsvp: Rsvp) -> int:
    """1 for the household that gets the next seats."""
    ahead = Rsvp.objects.filter(WAITLISTED, event=rsvp.event_id, line__lt=rsvp.line)
    return ahead.count() + 1
