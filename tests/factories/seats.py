"""Events with seats, and households that want some."""

from outreach.actors import SYSTEM
from scheduling.models import Event, Rsvp
from scheduling.services import events, rsvps
from tests.factories.events import make_plan


def make_seated(capacity: int, *, most_a_household: int = 6, **wishes) -> Event:
    """A public event tomorrow evening, with seats."""
    event = events.create(make_plan(**wishes), by=SYSTEM)
    rsvps.set_seats(event.pk, capacity=capacity, most_a_household=most_a_household, closes_at=None)
    return event


def sign_up(event: Event, name: str, seats: int = 1, **wishes) -> Rsvp:
    """A household of this name, with a mailbox of its own."""
    told = {"email": f"{name.lower()}@example.org"} | wishes
    return rsvps.sign_up(event.pk, wish=rsvps.Wish(name=name, seats=seats, **told))
