"""Running late: said once, shown until the event ends, told to whom a visit is for."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from outreach.actors import Actor
from scheduling.enums import RevisionKind
from scheduling.models import Event
from scheduling.services.bookings import EventCancelled

CHOICES = (10, 20, 30)
# A page may stand open this long between a look and a press.
GRACE = timedelta(minutes=30)
# Nobody runs late for what is days away: a slip of the hand would alarm a resident.
AHEAD = timedelta(hours=12)


class Over(Exception):
    """Nobody is late for what has ended."""


def is_near(event: Event) -> bool:
    """Whether it goes on, or begins so soon that somebody may be late for it."""
    return event.starts_at - AHEAD <= timezone.now() < event.ends_at


@transaction.atomic
def say(event_id: int, *, minutes: int, by: Actor) -> None:
    """SEQUENCE stays: the event is where and when it was."""
    event = Event.objects.select_for_update(of=("self",)).get(pk=event_id)
    if event.is_cancelled:
        raise EventCancelled(event)
    if event.ends_at <= timezone.now():
        raise Over(event)
    event.revisions.create(
        sequence=event.sequence, kind=RevisionKind.LATE, note=str(minutes), **by.as_columns()
    )
