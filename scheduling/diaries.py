"""Diaries read from the database: who and what is taken over a window of time."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    F,
    FloatField,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat

from outreach.geography import Place
from outreach.models import StaffMember, Venue
from scheduling.db import TsTzRange
from scheduling.diary import Claim, Diary
from scheduling.models import Booking, Event, TimeOff
from scheduling.spans import Span
from scheduling.travel import LONGEST_MINUTES, Stop

NOBODY = Value(None, output_field=BigIntegerField())
NOWHERE = Value(None, output_field=FloatField())
NAMELESS = Value("", output_field=CharField())
STOP_NAME = Case(
    When(
        event__venue__isnull=False,
        then=Concat(Value("venue "), Cast("event__venue_id", CharField())),
    ),
    default=F("event__location"),
    output_field=CharField(),
)
# Neighbors this near in time are asked how far away they are.
AROUND = timedelta(minutes=LONGEST_MINUTES)


class Diaries:
    """The diaries of some people and venues, read in one query."""

    def __init__(
        self,
        window: Span,
        *,
        staff: Sequence[StaffMember] = (),
        venues: Sequence[Venue] = (),
        besides: Event | None = None,
    ) -> None:
        claims = _claims(window.widened(AROUND, AROUND), staff, venues, besides)
        self.people = {one.pk: Diary.of(one.name, claims["staff", one.pk]) for one in staff}
        self.places = {
            one.pk: Diary.of(one.name, claims["venue", one.pk], moves=False) for one in venues
        }

    def all(self) -> list[Diary]:
        return [*self.people.values(), *self.places.values()]


def stop_of(event: Event) -> Stop:
    """Where an event takes people; reads its venue and what it is for."""
    place = _place(event.venue)
    for link in ("survey_visit", "requested"):
        if place is None and (found := getattr(event, link, None)):
            place = _place(found.request)
    return Stop(place, _name(event.venue_id, event.location))


def stop_at(venue: Venue | None, location: str = "") -> Stop:
    return Stop(_place(venue), _name(venue.pk if venue else None, location))


def _place(thing: Any) -> Place | None:
    if thing is None or thing.longitude is None or thing.latitude is None:
        return None
    return Place(thing.longitude, thing.latitude)


def _name(venue_id: int | None, location: str) -> str:
    return f"venue {venue_id}" if venue_id else location


def _claims(
    window: Span, staff: Sequence[StaffMember], venues: Sequence[Venue], besides: Event | None
) -> dict[tuple[str, int], list[Claim]]:
    found: dict[tuple[str, int], list[Claim]] = defaultdict(list)
    if not staff and not venues:
        return found
    booked = _booked(window, staff, venues)
    if besides is not None:
        booked = booked.exclude(event=besides)
    rows = booked.union(_away(window, staff), all=True) if staff else booked
    for person, venue, starts_at, ends_at, event, longitude, latitude, name in rows:
        place = Place(longitude, latitude) if longitude is not None else None
        stop = Stop(place, name) if event else None
        claim = Claim(Span(starts_at, ends_at), stop, event)
        found["staff" if person else "venue", person or venue].append(claim)
    return found


def _booked(
    window: Span, staff: Sequence[StaffMember], venues: Sequence[Venue]
) -> QuerySet[Booking, Any]:
    return (
        Booking.objects.active()
        .alias(during=TsTzRange("starts_at", "ends_at"))
        .filter(_one_of("staff", staff, window) | _one_of("venue", venues, window))
        .values_list(
            "staff_id",
            "venue_id",
            "starts_at",
            "ends_at",
            "event_id",
            _first_known("longitude"),
            _first_known("latitude"),
            STOP_NAME,
        )
    )


def _away(window: Span, staff: Sequence[StaffMember]) -> QuerySet[TimeOff, Any]:
    return (
        TimeOff.objects.alias(during=TsTzRange("starts_at", "ends_at"))
        .filter(_one_of("staff", staff, window))
        .order_by()
        .values_list("staff_id", NOBODY, "starts_at", "ends_at", NOBODY, NOWHERE, NOWHERE, NAMELESS)
    )


def _first_known(name: str) -> Coalesce:
    """Of the venue, or the middle of the block of who asked for the event."""
    return Coalesce(
        f"event__venue__{name}",
        f"event__survey_visit__request__{name}",
        f"event__requested__request__{name}",
    )


def _one_of(name: str, rows: Sequence[StaffMember] | Sequence[Venue], window: Span) -> Q:
    """Each row by itself: only so PostgreSQL finds its claims by the exclusion constraint."""
    inside = DateTimeTZRange(window.starts_at, window.ends_at)
    each = [Q(**{name: row.pk, "during__overlap": inside}) for row in rows]
    return reduce(or_, each, Q(pk__in=[]))
