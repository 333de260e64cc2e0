"""What the staff page of an event shows beside its facts: seats, needs, and how it went."""

from django.utils import timezone

from outreach.enums import Program
from outreach.models import StaffMember
from scheduling import access, records, seats
from scheduling.enums import AccommodationState
from scheduling.models import CloseOut, Event
from scheduling.services import accommodations, door


def of_event(event: Event, staff: StaffMember) -> dict[str, object]:
    """The event comes from access.visible_event(), with its claims."""
    seating = seats.of(event)
    has_begun = event.starts_at <= timezone.now()
    return {
        "has_people": event.program != Program.SECURITY_SURVEY,
        "seating": seating,
        "tally": seats.tally(seating) if seating else None,
        "heads": door.heads(event),
        "needs": list(event.accommodations.all()),
        "need_states": AccommodationState.choices,
        "ask_until": accommodations.ask_until(event),
        "close_out": CloseOut.objects.filter(event=event).select_related("staff").first(),
        "heard": list(event.heard.all()),
        "agenda": records.agenda(event),
        "works_there": access.works_at(staff, event),
        "can_close": has_begun and not event.is_cancelled,
    }
