"""Events made, changed and cancelled; each change with its journal row."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from outreach.actors import Actor
from outreach.enums import Program
from outreach.models import Beat, StaffMember, Venue, WatchGroup
from scheduling import selectors
from scheduling.enums import Classification, EventStatus, RevisionKind
from scheduling.models import Event, EventText, Revision
from scheduling.services import bookings, groups, programs
from scheduling.travel import Stop

# The unit's habits; a person may choose otherwise for any event but a survey visit.
USUAL_CLASSIFICATION = {
    Program.NEIGHBORHOOD_WATCH: Classification.PUBLIC,
    Program.COMMUNITY: Classification.PUBLIC,
    Program.NATIONAL_NIGHT_OUT: Classification.PUBLIC,
    Program.PRESENTATIONS: Classification.PRIVATE,
    Program.ACADEMY: Classification.PRIVATE,
    Program.SECURITY_SURVEY: Classification.CONFIDENTIAL,
}
# What a subscriber can see; a change of any raises SEQUENCE.
SEEN = [
    "program",
    "beat_id",
    "venue_id",
    "location",
    "summary",
    "description",
    "starts_at",
    "ends_at",
    "classification",
    "status",
]
# Of these, what makes people come at another time or to another place.
MOVES = ["venue_id", "location", "starts_at", "ends_at"]
# And what its claims follow from: a hold becomes a claim when the event is confirmed.
CLAIMS = {*MOVES, "program", "status"}


@dataclass(frozen=True)
class Plan:
    """What an event is to be. Times are aware; texts maps a language to (summary, description)."""

    program: Program
    summary: str
    starts_at: datetime
    ends_at: datetime
    classification: Classification
    status: EventStatus = EventStatus.CONFIRMED
    beat: Beat | None = None
    also_beats: tuple[Beat, ...] = ()
    venue: Venue | None = None
    location: str = ""
    description: str = ""
    texts: dict[str, tuple[str, str]] = field(default_factory=dict)
    staff: tuple[StaffMember, ...] = ()
    group: WatchGroup | None = None  # whose meeting it is
    stop: Stop | None = None  # where it takes people, if venue and location do not say
    waits: bool = False  # claims nobody and nothing: a date of a series that clashes

    def __post_init__(self) -> None:
        """What is of the whole city, or of a beat already, is shared with nobody in particular."""
        others = tuple(beat for beat in self.also_beats if self.beat and beat != self.beat)
        object.__setattr__(self, "also_beats", others)

    def columns(self) -> dict[str, object]:
        return {
            "program": self.program,
            "beat": self.beat,
            "venue": self.venue,
            "location": self.location,
            "summary": self.summary,
            "description": self.description,
            "starts_at": self.starts_at,
            "ends_at": self.ends_at,
            "classification": self.classification,
            "status": self.status,
        }

    @property
    def claims(self) -> tuple[object, ...]:
        """Two plans with equal ones take the same people to the same place."""
        people = frozenset(person.pk for person in self.staff)
        return self.program, self.venue, self.location, people

    @property
    def venues(self) -> list[Venue]:
        return [self.venue] if self.venue and not self.waits else []


def plan_of(event: Event) -> Plan:
    """The plan an event stands by now, to change a part of it."""
    return Plan(
        program=Program(event.program),
        summary=event.summary,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        classification=Classification(event.classification),
        status=EventStatus(event.status),
        beat=event.beat,
        also_beats=tuple(event.also_beats.all()),
        venue=event.venue,
        location=event.location,
        description=event.description,
        texts={text.language: (text.summary, text.description) for text in event.texts.all()},
        staff=tuple(selectors.staff_of(event)),
        group=groups.group_of(event),
    )


def create(plan: Plan, *, by: Actor, hold_until: datetime | None = None) -> Event:
    """An event with its people and venue claimed, or DoubleBooked and nothing.

    hold_until: the claims are holds, and end then unless somebody confirms them.
    """
    with bookings.rivals_refused(), transaction.atomic():
        event = Event.objects.create(**plan.columns())
        if plan.also_beats:
            event.also_beats.set(plan.also_beats)
        if plan.texts:
            _set_texts(event, plan)
        groups.meet([event], plan.group)
        bookings.claim(
            event, staff=plan.staff, venues=plan.venues, stop=plan.stop, hold_until=hold_until
        )
        _note(event, RevisionKind.CREATED, by)
        return event


class AlreadyConfirmed(Exception):
    """People were told of it: it can move or be cancelled, not be taken back in silence."""


class ChangedMeanwhile(Exception):
    """Somebody changed the event after the plan's author looked at it."""


def version(uid: UUID) -> int:
    """What change() takes as seen; read it before the event itself."""
    last = Revision.objects.filter(event__uid=uid).order_by("-pk").values_list("pk", flat=True)
    return last.first() or 0


def change(
    event_id: int, plan: Plan, *, by: Actor, reason: str = "", seen: int | None = None
) -> Event:
    """Make an event what the plan says; nothing is written when it already is.

    Raises EventCancelled, AlreadyConfirmed, DoubleBooked, or ChangedMeanwhile when seen is not
    its version any more. SEQUENCE rises once for all that subscribers can see.
    """
    with bookings.rivals_refused(), transaction.atomic():
        event = Event.objects.select_for_update(of=("self",)).get(pk=event_id)
        if event.is_cancelled:
            raise bookings.EventCancelled(event)
        if seen is not None and seen != version(event.uid):
            raise ChangedMeanwhile(event)
        if event.status == EventStatus.CONFIRMED and plan.status == EventStatus.TENTATIVE:
            raise AlreadyConfirmed(event)
        previous_starts_at = event.starts_at
        changed = apply(event, plan)
        if _set_beats(event, plan) | _set_texts(event, plan):
            changed.add("words")
        groups.meet([event], plan.group)
        if changed:
            _raise_sequence(event, [name.removesuffix("_id") for name in changed - {"words"}])
        if restaffed := _is_restaffed(event, plan) or changed & CLAIMS:
            bookings.book(event.pk, staff=plan.staff, venues=plan.venues, stop=plan.stop)
        if kind := kind_of_change(changed, bool(restaffed)):
            moved_from = previous_starts_at if kind == RevisionKind.MOVED else None
            _note(event, kind, by, reason, previous_starts_at=moved_from)
            programs.event_changed(event, by=by, is_moved=kind == RevisionKind.MOVED)
        return event


def cancel(event_id: int, *, by: Actor, reason: str) -> Event:
    """Cancelled for good; its claims are free and its program hears of it. Twice does it once."""
    with bookings.rivals_refused(), transaction.atomic():
        programs.lock(event_id)
        event = (
            Event.objects.select_for_update(of=("self",))
            .select_related("survey_visit")
            .get(pk=event_id)
        )
        if event.is_cancelled:
            return event
        if event.status == EventStatus.TENTATIVE and event.classification == Classification.PUBLIC:
            event.classification = Classification.PRIVATE  # nobody knew of it, and nobody need now
        event.status = EventStatus.CANCELLED
        _raise_sequence(event, ["status", "classification"])
        bookings.release(event)
        programs.event_cancelled(event, by=by, reason=reason)
        _note(event, RevisionKind.CANCELLED, by, reason)
        return event


def apply(event: Event, plan: Plan) -> set[str]:
    """Set the columns of an event without saving; what of it subscribers see anew."""
    before = {name: getattr(event, name) for name in SEEN}
    for name, value in plan.columns().items():
        setattr(event, name, value)
    return {name for name in SEEN if getattr(event, name) != before[name]}


def _set_beats(event: Event, plan: Plan) -> bool:
    wanted = {beat.pk for beat in plan.also_beats}
    if wanted == set(event.also_beats.values_list("pk", flat=True)):
        return False
    event.also_beats.set(plan.also_beats)
    return True


def _set_texts(event: Event, plan: Plan) -> bool:
    """Bring the words in further languages to the plan; says whether any changed."""
    present = {text.language: (text.summary, text.description) for text in event.texts.all()}
    if present == plan.texts:
        return False
    event.texts.exclude(language__in=plan.texts).delete()
    EventText.objects.bulk_create(
        [
            EventText(event=event, language=language, summary=summary, description=description)
            for language, (summary, description) in plan.texts.items()
        ],
        update_conflicts=True,
        unique_fields=["event", "language"],
        update_fields=["summary", "description"],
    )
    return True


def _is_restaffed(event: Event, plan: Plan) -> bool:
    live = event.bookings.active().filter(staff__isnull=False)
    return {person.pk for person in plan.staff} != set(live.values_list("staff_id", flat=True))


def kind_of_change(changed: set[str], restaffed: bool) -> RevisionKind | None:
    if changed & set(MOVES):
        return RevisionKind.MOVED
    if changed:
        return RevisionKind.EDITED
    return RevisionKind.STAFFED if restaffed else None


def _raise_sequence(event: Event, names: list[str]) -> None:
    event.sequence += 1
    event.updated_at = timezone.now()
    event.save(update_fields=[*names, "sequence", "updated_at"])


def _note(
    event: Event,
    kind: RevisionKind,
    by: Actor,
    reason: str = "",
    previous_starts_at: datetime | None = None,
) -> None:
    event.revisions.create(
        sequence=event.sequence,
        kind=kind,
        note=reason,
        previous_starts_at=previous_starts_at,
        **by.as_columns(),
    )
