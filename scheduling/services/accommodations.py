"""What somebody needs to take part: needed, asked for, confirmed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from outreach.enums import AccommodationKind
from outreach.models import Contact
from scheduling import closures, policies
from scheduling.enums import AccommodationState
from scheduling.models import Accommodation, Event


@dataclass(frozen=True)
class Need:
    kind: AccommodationKind
    language: str = ""  # of an interpreter


def ask_until(event: Event) -> date:
    """The last day on which anybody may ask by themselves; later they call."""
    days = policies.of(event.program).accommodation_days
    return closures.business_days_before(timezone.localdate(event.starts_at), days)


def may_ask(event: Event) -> bool:
    is_ahead = not event.is_cancelled and event.starts_at > timezone.now()
    return is_ahead and timezone.localdate() <= ask_until(event)


def ask(event: Event, needs: Iterable[Need], *, contact: Contact | None = None) -> None:
    """Note what is needed; what was asked for before stays as far as it came."""
    Accommodation.objects.bulk_create(
        [
            Accommodation(event=event, kind=need.kind, language=need.language, contact=contact)
            for need in needs
        ],
        ignore_conflicts=True,
    )


def set_state(accommodation: Accommodation, state: AccommodationState) -> None:
    accommodation.state = state
    accommodation.updated_at = timezone.now()
    accommodation.save(update_fields=["state", "updated_at"])
