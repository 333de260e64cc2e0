"""Diaries read from the database: who and what is taken over a window of time."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from outreach.geography import Place
from outreach.models import StaffMember, Venue
from scheduling.diary import Claim, Diary
from scheduling.models import Event
from scheduling.spans import Span
from scheduling.travel import LONGEST_MINUTES, Stop

# Neighbors this near in time are asked how far away they are.
AROUND = timedelta(minutes=LONGEST_MINUTES)

# Person by person and venue by venue: only so PostgreSQL finds their claims by the exclusion
# constraint, whatever else is on record. The point is the venue's, or the middle of the block
# of who asked for the event.
CLAIMS = """
    SELECT who.kind, who.id, claim.starts_at, claim.ends_at, claim.expires_at, claim.event_id,
           place.longitude, place.latitude, place.name
    FROM (SELECT 'staff' AS kind, unnest(%(staff)s::bigint[]) AS id
          UNION ALL SELECT 'venue', unnest(%(venues)s::bigint[])) AS who
    CROSS JOIN LATERAL (
        SELECT * FROM scheduling_booking AS booking
        WHERE who.kind = 'staff' AND booking.staff_id = who.id AND NOT (booking.status = 'released')
          AND tstzrange(booking.starts_at, booking.ends_at) && tstzrange(%(first)s, %(last)s)
        UNION ALL
        SELECT * FROM scheduling_booking AS booking
        WHERE who.kind = 'venue' AND booking.venue_id = who.id AND NOT (booking.status = 'released')
          AND tstzrange(booking.starts_at, booking.ends_at) && tstzrange(%(first)s, %(last)s)
    ) AS claim
    CROSS JOIN LATERAL (
        SELECT COALESCE(venue.longitude, survey.longitude, asked.longitude) AS longitude,
               COALESCE(venue.latitude, survey.latitude, asked.latitude) AS latitude,
               COALESCE('venue ' || event.venue_id, event.location) AS name
        FROM scheduling_event AS event
        LEFT JOIN outreach_venue AS venue ON venue.id = event.venue_id
        LEFT JOIN scheduling_surveyvisit AS visit ON visit.event_id = event.id
        LEFT JOIN outreach_surveyrequest AS survey ON survey.id = visit.request_id
        LEFT JOIN scheduling_requestedevent AS wished ON wished.event_id = event.id
        LEFT JOIN outreach_eventrequest AS asked ON asked.id = wished.request_id
        WHERE event.id = claim.event_id
        OFFSET 0  -- one event at a time: a guess at many would read all events there are
    ) AS place
    WHERE claim.event_id IS DISTINCT FROM %(besides)s
    UNION ALL
    SELECT 'staff', away.staff_id, away.starts_at, away.ends_at, NULL, NULL, NULL, NULL, ''
    FROM unnest(%(staff)s::bigint[]) AS who(id)
    JOIN scheduling_timeoff AS away ON away.staff_id = who.id
     AND tstzrange(away.starts_at, away.ends_at) && tstzrange(%(first)s, %(last)s)
"""


class Diaries:
    """The diaries of some people and venues, read in one query. A hold that has run out claims
    nothing any more, but still stands in the table: see has_expired_holds."""

    def __init__(
        self,
        window: Span,
        *,
        staff: Sequence[StaffMember] = (),
        venues: Sequence[Venue] = (),
        besides: Event | None = None,
    ) -> None:
        self.has_expired_holds = False
        claims = self._claims(window.widened(AROUND, AROUND), staff, venues, besides)
        self.people = {one.pk: Diary.of(one.name, claims["staff", one.pk]) for one in staff}
        self.places = {
            one.pk: Diary.of(one.name, claims["venue", one.pk], moves=False) for one in venues
        }

    def all(self) -> list[Diary]:
        return [*self.people.values(), *self.places.values()]

    def _claims(
        self,
        window: Span,
        staff: Sequence[StaffMember],
        venues: Sequence[Venue],
        besides: Event | None,
    ) -> dict[tuple[str, int], list[Claim]]:
        found: dict[tuple[str, int], list[Claim]] = defaultdict(list)
        if not staff and not venues:
            return found
        now = timezone.now()
        for kind, key, starts_at, ends_at, expires_at, event, *where in _rows(
            window, staff, venues, besides
        ):
            if expires_at is not None and expires_at <= now:
                self.has_expired_holds = True
                continue
            stop = _stop(*where) if event else None
            found[kind, key].append(Claim(Span(starts_at, ends_at), stop, event))
        return found


def stop_of(event: Event) -> Stop:
    """Where an event takes people; reads its venue and what it is for."""
    place = _place(event.venue)
    for link in ("survey_visit", "requested"):
        if place is None and (found := getattr(event, link, None)):
            place = _place(found.request)
    return Stop(place, _name(event.venue_id, event.location))


def stop_at(venue: Venue | None, location: str = "") -> Stop:
    return Stop(_place(venue), _name(venue.pk if venue else None, location))


def _rows(
    window: Span, staff: Sequence[StaffMember], venues: Sequence[Venue], besides: Event | None
) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            CLAIMS,
            {
                "staff": [one.pk for one in staff],
                "venues": [one.pk for one in venues],
                "first": window.starts_at,
                "last": window.ends_at,
                "besides": besides.pk if besides else None,
            },
        )
        return list(cursor.fetchall())


def _stop(longitude: float | None, latitude: float | None, name: str) -> Stop:
    place = Place(longitude, latitude) if longitude is not None and latitude is not None else None
    return Stop(place, name)


def _place(thing: Any) -> Place | None:
    if thing is None or thing.longitude is None or thing.latitude is None:
        return None
    return Place(thing.longitude, thing.latitude)


def _name(venue_id: int | None, location: str) -> str:
    return f"venue {venue_id}" if venue_id else location
