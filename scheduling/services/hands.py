"""Change of hands: one event to somebody else, or the rest of a person's day at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from outreach.actors import Actor
from outreach.models import StaffMember
from scheduling import diaries, localtime, selectors
from scheduling.diary import Claim, Clash
from scheduling.enums import EventStatus, RevisionKind, TimeOffKind
from scheduling.models import Booking, Event, TimeOff
from scheduling.services import bookings, events, programs
from scheduling.services.checks import without_post
from scheduling.spans import Span
from scheduling.travel import Journeys

LOAD = timedelta(days=settings.LOAD_DAYS)


class NotTheirs(Exception):
    """The one who gives does not go to it any more, or the other must not."""


class What(StrEnum):
    HAND_OVER = "hand-over"
    FREE = "free"
    CANCEL = "cancel"


@dataclass(frozen=True)
class Taker:
    """Somebody who could go instead, with what stands in the way."""

    person: StaffMember
    clashes: Sequence[Clash]
    load: timedelta
    is_of_same_duty: bool

    @property
    def is_free(self) -> bool:
        return not self.clashes

    @property
    def load_hours(self) -> int:
        return round(self.load.total_seconds() / 3600)


@dataclass(frozen=True)
class Step:
    """What a recall does with one event of the day."""

    event: Event
    what: What
    to: StaffMember | None = None

    def __str__(self) -> str:
        return f"{self.event.uid}:{self.what}:{self.to.pk if self.to else ''}"


def hand_over(
    event_id: int, *, from_: StaffMember, to: StaffMember, by: Actor, reason: str
) -> Event:
    """One goes instead of another. Raises EventCancelled, NotTheirs or DoubleBooked.

    SEQUENCE stays: nothing that a subscriber sees has changed.
    """
    with bookings.rivals_refused(), transaction.atomic():
        event = Event.objects.select_for_update(of=("self",)).get(pk=event_id)
        if event.is_cancelled:
            raise bookings.EventCancelled(event)
        bookings.lock(StaffMember, [from_, to])
        claim = event.bookings.active().filter(staff=from_).first()
        has_it = event.bookings.active().filter(staff=to).exists()
        if claim is None or has_it or to.pk == _excluded(event):
            raise NotTheirs(event)
        span = Span(claim.starts_at, claim.ends_at)
        if found := bookings.clashes(span, diaries.stop_of(event), staff=[to], venues=[]):
            raise bookings.DoubleBooked(found)
        bookings.release_expired_holds([to], [])
        _release(claim)
        hold_until = claim.expires_at
        Booking.objects.bulk_create(bookings.claims(event, span, [to], [], hold_until))
        _note(event, by, reason)
        return event


def takers(event: Event, from_: StaffMember) -> list[Taker]:
    """Who could go instead: the free first, of the same duty first, the least booked first."""
    claim = event.bookings.active().filter(staff=from_).first()
    if claim is None:
        return []
    going = {one.pk for one in selectors.staff_of(event)} | {_excluded(event)}
    people = _eligible([one for one in selectors.bookable_staff() if one.pk not in going], event)
    span = Span(claim.starts_at, claim.ends_at)
    month = Span(span.starts_at, span.starts_at + LOAD)
    taken = diaries.Diaries(month, staff=people)
    minutes, stop = Journeys(), diaries.stop_of(event)
    found = [
        Taker(
            one,
            taken.people[one.pk].obstacles(span, stop, minutes),
            taken.people[one.pk].booked(month),
            one.role == from_.role,
        )
        for one in people
    ]
    return sorted(
        found, key=lambda one: (not one.is_free, not one.is_of_same_duty, one.load, one.person.pk)
    )


def rest_of_day(begin: datetime) -> Span:
    """From a moment until the local day is over."""
    day = timezone.localdate(begin)
    return Span(begin, localtime.midnight(day + timedelta(days=1)))


def proposal(person: StaffMember, span: Span) -> list[Step]:
    """What becomes of each event of a span: to the least booked free colleague of the same duty;
    else it goes on with those who remain; else it is cancelled."""
    claims = list(
        person.bookings.active()
        .filter(starts_at__lt=span.ends_at, ends_at__gt=span.starts_at)
        .exclude(event__status=EventStatus.CANCELLED)
        .select_related("event__venue", "event__survey_visit__request", "event__beat")
        .select_related("event__requested__request")
        .prefetch_related("event__texts")
        .order_by("starts_at", "pk")
    )
    peers = [one for one in selectors.bookable_staff() if one.role == person.role]
    peers = [one for one in peers if one.pk != person.pk]
    month = Span(span.starts_at, span.starts_at + LOAD)
    taken, minutes = diaries.Diaries(month, staff=peers), Journeys()
    steps = []
    for claim in claims:
        event, needed = claim.event, Span(claim.starts_at, claim.ends_at)
        others = {one.pk for one in selectors.staff_of(event)} - {person.pk}
        stop = diaries.stop_of(event)
        free = [
            one
            for one in _eligible(peers, event)
            if one.pk not in others | {_excluded(event)}
            and taken.people[one.pk].is_free(needed, stop, minutes)
        ]
        if free:
            to = min(free, key=lambda one: (taken.people[one.pk].booked(month), one.pk))
            taken.people[to.pk].add(Claim(needed, stop, event.pk))
            steps.append(Step(event, What.HAND_OVER, to))
        else:
            steps.append(Step(event, What.FREE if others else What.CANCEL))
    return steps


def fingerprint(steps: Sequence[Step]) -> str:
    return " ".join(map(str, steps))


def recall(person: StaffMember, span: Span, *, by: Actor, reason: str, seen: str) -> Sequence[Step]:
    """Call a person away: every event of the span is handed over, kept by others or cancelled.

    All or nothing. Raises ChangedMeanwhile when it is not what `seen` says any more.
    """
    with bookings.rivals_refused(), transaction.atomic():
        _lock_day(person, span)
        steps = proposal(person, span)
        if fingerprint(steps) != seen:
            raise events.ChangedMeanwhile(person)
        for step in steps:
            _take(step, person, by, reason)
        TimeOff.objects.create(
            staff=person, kind=TimeOffKind.RECALL, starts_at=span.starts_at, ends_at=span.ends_at
        )
        return steps


def _lock_day(person: StaffMember, span: Span) -> None:
    """What events are for, the events, then all people: the order everywhere."""
    found = selectors.events_of([person], span).order_by("pk").values_list("pk", flat=True)
    ids = list(found)
    for event_id in ids:
        programs.lock(event_id)
    list(Event.objects.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",)))
    bookings.lock(StaffMember, list(selectors.bookable_staff()))


def _take(step: Step, person: StaffMember, by: Actor, reason: str) -> None:
    if step.what == What.CANCEL:
        events.cancel(step.event.pk, by=by, reason=reason)
    elif step.to is not None:
        hand_over(step.event.pk, from_=person, to=step.to, by=by, reason=reason)
    else:
        _release(step.event.bookings.active().get(staff=person))
        _note(step.event, by, reason)


def _release(claim: Booking) -> None:
    Booking.objects.filter(pk=claim.pk).update(status="released")


def _note(event: Event, by: Actor, reason: str) -> None:
    event.revisions.create(
        sequence=event.sequence, kind=RevisionKind.STAFFED, note=reason, **by.as_columns()
    )
    programs.event_changed(event, by=by, is_moved=False)


def _excluded(event: Event) -> int | None:
    """Whom the resident does not want to see."""
    visit = getattr(event, "survey_visit", None)
    return visit.request.excluded_staff_id if visit else None


def _eligible(people: Sequence[StaffMember], event: Event) -> list[StaffMember]:
    absent = {one.pk for one in without_post(people, timezone.localdate(event.starts_at))}
    return [one for one in people if one.pk not in absent]
