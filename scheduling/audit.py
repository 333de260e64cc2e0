"""What changed of an event, when, and by whom, told from its history. Reads only."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from outreach.models import StaffMember, Venue
from scheduling import wording
from scheduling.enums import BookingStatus, EventStatus
from scheduling.models import Booking, Event

EVENT_HISTORY: Any = Event._meta.get_field("history").related_model
BOOKING_HISTORY: Any = Booking._meta.get_field("history").related_model
# The fields of an event that its history keeps, and what they are called.
LABELS = {
    field.name: field.verbose_name
    for field in Event._meta.concrete_fields
    if field.name in {"summary", "starts_at", "ends_at", "status", "venue", "location"}
}


@dataclass(frozen=True)
class Change:
    """One line: at this moment somebody (or nobody: the system, a resident) did this."""

    at: datetime
    who: str
    what: str


def changes(event: Event) -> list[Change]:
    """Newest first, in four queries."""
    versions = list(
        EVENT_HISTORY.objects.filter(pgh_obj=event)
        .select_related("pgh_context", "venue")
        .order_by("pgh_id")
    )
    claims = list(
        BOOKING_HISTORY.objects.filter(event=event).select_related("pgh_context").order_by("pgh_id")
    )
    people = dict(StaffMember.objects.values_list("pk", "name"))
    venues = dict(
        Venue.objects.filter(pk__in={row.venue_id for row in claims}).values_list("pk", "name")
    )
    told = [
        Change(row.pgh_created_at, _who(row, people), what)
        for row, what in [*_of_event(versions), *_of_claims(claims, people, venues)]
    ]
    return sorted(told, key=lambda change: change.at)[::-1]  # within one step, the last on top


def _of_event(versions: Iterable[Any]) -> Iterator[tuple[Any, str]]:
    before: Any = None
    for row in versions:
        if before is None:
            yield row, _("Created")
        else:
            parts = [
                _("%(field)s: %(before)s → %(after)s")
                % {
                    "field": capfirst(label),
                    "before": _said(before, name),
                    "after": _said(row, name),
                }
                for name, label in LABELS.items()
                if getattr(before, name) != getattr(row, name)
            ]
            if parts:
                yield row, "; ".join(parts)
        before = row


def _of_claims(
    claims: Iterable[Any], people: dict[int, str], venues: dict[int, str]
) -> Iterator[tuple[Any, str]]:
    for row in claims:
        name = people.get(row.staff_id) or venues.get(row.venue_id) or ""
        status = BookingStatus(row.status).label
        yield row, _("%(who)s: %(status)s") % {"who": name, "status": status}


def _said(row: Any, name: str) -> str:
    value = getattr(row, name)
    if isinstance(value, datetime):
        return f"{wording.day(value)}, {wording.clock(value)}"
    if name == "status":
        return str(EventStatus(value).label)
    return str(value) if value else "–"


def _who(row: Any, people: dict[int, str]) -> str:
    known = row.pgh_context.metadata.get("staff") if row.pgh_context else None
    return people.get(known, "") if known else ""
