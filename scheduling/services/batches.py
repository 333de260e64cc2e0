"""Many events changed alike, in as many queries for hundreds as for two."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Case, F, Value, When
from django.utils import timezone

from outreach.actors import Actor
from scheduling.enums import BookingStatus, Classification, EventStatus, RevisionKind
from scheduling.models import Booking, Event, EventBeat, EventText, Revision
from scheduling.services import bookings, events, groups, programs
from scheduling.services.events import Plan
from scheduling.spans import Span

OWN = ["starts_at", "ends_at", "status"]  # in what the plans of a batch may differ


@dataclass
class Change:
    """What one event is to be, and the time it claims for it."""

    event: Event
    plan: Plan
    claimed: Span


@dataclass
class _Present:
    """What hangs on the events by now: words, further beats, live staff."""

    texts: dict[int, dict[str, tuple[str, str]]]
    beats: dict[int, set[int]]
    staff: dict[int, set[int]]


@transaction.atomic
def change(changes: Sequence[Change], *, by: Actor, reason: str = "") -> None:
    """What events.change() does to one, by the same rules.

    The caller holds the locks of events, staff and venues and has found the claims free.
    """
    present = _read([one.event for one in changes])
    seen, claimed, worded, journal = [], [], [], []
    for one in changes:
        started = one.event.starts_at
        changed = events.apply(one.event, one.plan)
        if _words_differ(one, present):
            worded.append(one)
            changed.add("words")
        if changed:
            one.event.sequence += 1
            seen.append(one)
        is_restaffed = {person.pk for person in one.plan.staff} != present.staff[one.event.pk]
        if is_restaffed or changed & events.CLAIMS:
            claimed.append(one)
        if kind := events.kind_of_change(changed, is_restaffed):
            moved_from = started if kind == RevisionKind.MOVED else None
            journal.append(_row(one.event, kind, by, reason, previous_starts_at=moved_from))
    _save(seen)
    _save_words(worded)
    if changes:  # all plans of a batch are of one group
        groups.meet([one.event for one in changes], changes[0].plan.group)
    _claim(claimed)
    Revision.objects.bulk_create(journal)


@transaction.atomic
def cancel(event_ids: Collection[int], *, by: Actor, reason: str) -> None:
    """What events.cancel() does to one, by the same rules. The caller holds the events' locks."""
    for event_id in (asked_for := programs.asked_for(event_ids)):
        events.cancel(event_id, by=by, reason=reason)
    alone = Event.objects.filter(pk__in=event_ids).exclude(pk__in=asked_for)
    rows = list(alone.exclude(status=EventStatus.CANCELLED).order_by("pk"))
    never_told = When(
        status=EventStatus.TENTATIVE,
        classification=Classification.PUBLIC,
        then=Value(Classification.PRIVATE),
    )
    Event.objects.filter(pk__in=[event.pk for event in rows]).update(
        status=EventStatus.CANCELLED,
        classification=Case(never_told, default=F("classification")),
        sequence=F("sequence") + 1,
        updated_at=timezone.now(),
    )
    Booking.objects.active().filter(event__in=rows).update(status=BookingStatus.RELEASED)
    for event in rows:
        event.sequence += 1
    Revision.objects.bulk_create(_row(event, RevisionKind.CANCELLED, by, reason) for event in rows)


def _read(rows: Sequence[Event]) -> _Present:
    found = _Present(defaultdict(dict), defaultdict(set), defaultdict(set))
    for text in EventText.objects.filter(event__in=rows):
        found.texts[text.event_id][text.language] = (text.summary, text.description)
    shared = EventBeat.objects.filter(event__in=rows)
    for event_id, beat_id in shared.values_list("event_id", "beat_id"):
        found.beats[event_id].add(beat_id)
    live = Booking.objects.active().filter(event__in=rows, staff__isnull=False)
    for event_id, staff_id in live.values_list("event_id", "staff_id"):
        found.staff[event_id].add(staff_id or 0)
    return found


def _words_differ(one: Change, present: _Present) -> bool:
    beats = {beat.pk for beat in one.plan.also_beats}
    pk = one.event.pk
    return present.texts[pk] != one.plan.texts or present.beats[pk] != beats


def _save(changes: Sequence[Change]) -> None:
    if not changes:
        return
    alike = {name: value for name, value in changes[0].plan.columns().items() if name not in OWN}
    rows = Event.objects.filter(pk__in=[one.event.pk for one in changes])
    rows.update(sequence=F("sequence") + 1, updated_at=timezone.now(), **alike)
    Event.objects.bulk_update([one.event for one in changes], OWN)


def _save_words(changes: Sequence[Change]) -> None:
    rows = [one.event for one in changes]
    EventText.objects.filter(event__in=rows).delete()
    EventBeat.objects.filter(event__in=rows).delete()
    EventText.objects.bulk_create(
        EventText(event=one.event, language=language, summary=summary, description=description)
        for one in changes
        for language, (summary, description) in one.plan.texts.items()
    )
    EventBeat.objects.bulk_create(
        EventBeat(event=one.event, beat=beat) for one in changes for beat in one.plan.also_beats
    )


def _claim(changes: Sequence[Change]) -> None:
    rows = [one.event for one in changes]
    Booking.objects.active().filter(event__in=rows).update(status=BookingStatus.RELEASED)
    Booking.objects.bulk_create(
        claim
        for one in changes
        for claim in bookings.claims(one.event, one.claimed, one.plan.staff, one.plan.venues, None)
    )


def _row(event: Event, kind: RevisionKind, by: Actor, reason: str, **more: object) -> Revision:
    columns = {"sequence": event.sequence, "kind": kind, "note": reason, **by.as_columns(), **more}
    return Revision(event=event, **columns)
