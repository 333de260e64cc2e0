"""One evening in one beat, for the patrol on duty. Survey visits are nobody's to know."""

from dataclasses import dataclass
from datetime import date, time

from django.db.models import Prefetch, Q, QuerySet, Sum
from django.utils import timezone

from outreach.enums import Program, VenueKind
from outreach.models import Beat, StaffMember
from scheduling import access, selectors
from scheduling.enums import AccommodationState, Classification, EventStatus, RsvpResponse
from scheduling.models import Accommodation, Event

EVENING = time(15)


@dataclass(frozen=True)
class Stop:
    """What the patrol needs of one event."""

    event: Event
    place: str
    people: list[StaffMember]
    expected: int | None


@dataclass(frozen=True)
class Sheet:
    evening: list[Stop]
    earlier: list[Stop]


def sheet(staff: StaffMember, *, beat: Beat, day: date) -> Sheet:
    """The local day's events of a beat: from the afternoon on first, then what was before."""
    stops = [_stop(event) for event in _events(staff, beat, day)]
    return Sheet(
        evening=[stop for stop in stops if _is_evening(stop.event, day)],
        earlier=[stop for stop in stops if not _is_evening(stop.event, day)],
    )


def _events(staff: StaffMember, beat: Beat, day: date) -> QuerySet[Event]:
    shown = (
        access.visible_events(staff)
        .exclude(program=Program.SECURITY_SURVEY)
        .exclude(classification=Classification.CONFIDENTIAL)
        .filter(status=EventStatus.CONFIRMED)
    )
    confirmed = Accommodation.objects.filter(state=AccommodationState.CONFIRMED)
    return (
        selectors.with_people(selectors.in_days(selectors.of_beat(shown, beat), day, 1))
        .select_related("seating", "requested__request")
        .prefetch_related(Prefetch("accommodations", queryset=confirmed, to_attr="arranged"))
        .annotate(
            taken=Sum("rsvps__seats", filter=Q(rsvps__response=RsvpResponse.ACCEPTED), default=0)
        )
        .order_by("starts_at", "pk")
    )


def _is_evening(event: Event, day: date) -> bool:
    ends = timezone.localtime(event.ends_at)
    return ends.date() > day or ends.time() > EVENING


def _stop(event: Event) -> Stop:
    claims = event.claims  # type: ignore[attr-defined]
    return Stop(
        event=event,
        place=_place(event),
        people=[claim.staff for claim in claims if claim.staff],
        expected=_expected(event),
    )


def _place(event: Event) -> str:
    """In words; of a home its block only, for paper gets lost."""
    venue = event.venue
    if venue is None:
        return event.location
    parts = [venue.block] if venue.kind == VenueKind.HOME else [venue.name, venue.address]
    return ", ".join(part for part in (*parts, event.location) if part)


def _expected(event: Event) -> int | None:
    """Seats taken, or what the asking group expects."""
    if hasattr(event, "seating"):
        return event.taken  # type: ignore[attr-defined]
    requested = getattr(event, "requested", None)
    return requested.request.audience_size if requested else None
