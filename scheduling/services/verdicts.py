"""What would become of each entry of a calendar that is brought in. Reads only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from outreach.enums import Program
from outreach.models import Beat, Post, StaffMember, Venue
from scheduling import calendar_words, closures, diaries, finding, policies
from scheduling.closures import ClosedDays
from scheduling.diary import Diary
from scheduling.enums import Classification, EventStatus
from scheduling.incoming import Entry
from scheduling.incoming_dates import Left
from scheduling.incoming_words import Note
from scheduling.models import CalendarImport, Event
from scheduling.services.events import Plan
from scheduling.services.known import Held, Known
from scheduling.services.outlook import Outlook, Pattern
from scheduling.spans import Span
from scheduling.travel import Journeys

ANY = Pattern(time(), 1)  # entries have their own hours


class State(StrEnum):
    NEW = "new"
    BROUGHT = "brought"
    CLASH = "clash"
    REFUSED = "refused"
    CHANGED = "changed"
    HERE = "here"
    LEFT = "left"


@dataclass(frozen=True)
class Choice:
    """What all events of the file are to be."""

    program: Program
    beat: Beat | None
    classification: Classification
    staff: tuple[StaffMember, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """One entry: what becomes of it, why, and our event if there is one."""

    number: int
    entry: Entry
    state: State
    title: str
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    span: Span | None = None
    venue: Venue | None = None
    event: Event | None = None
    is_public: bool = False


class Plans:
    """Makes a plan of an entry: the same one when it is looked at and when it is brought in."""

    def __init__(self, choice: Choice) -> None:
        self.choice = choice
        self.usual = timedelta(minutes=policies.of(choice.program).usual_minutes)
        self.venues: dict[str, Venue | None] = {}
        for venue in Venue.objects.filter(is_active=True).order_by("pk"):
            for words in {venue.name, venue.address, f"{venue.name}, {venue.address}"} - {""}:
                key = _folded(words)
                # Two places of one name: nobody knows which is meant.
                self.venues[key] = None if key in self.venues else venue

    def of(self, entry: Entry) -> Plan:
        starts_at, ends_at = entry.starts_at, entry.ends_at
        if starts_at is None or ends_at is None:
            raise ValueError("no plan without a time")
        choice, venue = self.choice, self.venues.get(_folded(entry.words.location))
        is_private = Note.PRIVATE in entry.notes and choice.classification == Classification.PUBLIC
        is_tentative = Note.TENTATIVE in entry.notes
        return Plan(
            program=choice.program,
            summary=entry.words.summary or str(choice.program.label),
            starts_at=starts_at,
            ends_at=ends_at if ends_at > starts_at else starts_at + self.usual,
            classification=Classification.PRIVATE if is_private else choice.classification,
            status=EventStatus.TENTATIVE if is_tentative else EventStatus.CONFIRMED,
            beat=choice.beat,
            venue=venue,
            location="" if venue else entry.words.location,
            description=entry.words.description,
            staff=choice.staff,
        )


def judge(entries: Sequence[Entry], choice: Choice) -> list[Verdict]:
    """Each entry as things are now; what one of them claims is taken for the next."""
    known, plans = Known(entries), Plans(choice)
    sound = {number: plans.of(one) for number, one in enumerate(entries) if one.left is None}
    ground = _Ground(choice, list(sound.values()))
    return [
        _of_held(number, entry, held)
        if (held := known.of(entry))
        else _of_plan(number, entry, sound[number], ground)
        if number in sound and not known.is_visit(entry)
        else left_out(number, entry, is_visit=known.is_visit(entry))
        for number, entry in enumerate(entries)
    ]


def outcome(own: CalendarImport, entries: Sequence[Entry]) -> list[Verdict]:
    """What did become of each entry of an import that is through."""
    known = Known(entries)
    refused = dict(own.refusals.values_list("number", "words"))
    found = []
    for number, entry in enumerate(entries):
        held = known.of(entry)
        if number in refused:
            one = replace(left_out(number, entry), state=State.REFUSED, reasons=(refused[number],))
        elif held and held.import_id == own.pk:
            one = _of_brought(number, entry, held.event)
        elif held:
            one = _of_held(number, entry, held)
        else:
            one = left_out(number, entry, is_visit=known.is_visit(entry))
        found.append(one)
    return found


def left_out(
    number: int, entry: Entry, why: Left | None = None, *, is_visit: bool = False
) -> Verdict:
    left = why or entry.left
    reasons = (str(calendar_words.LEFT[left]),) if left else ()
    if is_visit:
        reasons = (_("It is an appointment kept here already."),)
    return Verdict(number, entry, State.LEFT, entry.words.summary, reasons, span=_shown(entry))


def _of_held(number: int, entry: Entry, held: Held) -> Verdict:
    if entry.left == Left.CANCELLED and not held.event.is_cancelled:
        state, reasons = State.CHANGED, [str(calendar_words.LEFT[Left.CANCELLED])]
    elif entry.left:
        return replace(left_out(number, entry), event=held.event)
    elif held.is_changed(entry):
        state, reasons = State.CHANGED, [_("Compare the two, and change our event if you agree.")]
    else:
        state, reasons = State.HERE, []
    if held.event.is_cancelled:
        reasons.append(_("Our event is cancelled."))
    span = _shown(entry)
    return Verdict(
        number, entry, state, entry.words.summary, tuple(reasons), span=span, event=held.event
    )


def _of_brought(number: int, entry: Entry, event: Event) -> Verdict:
    """As our event is by now."""
    return Verdict(
        number,
        entry,
        State.BROUGHT,
        event.summary,
        notes=tuple(str(calendar_words.NOTES[note]) for note in entry.notes),
        span=event.span,
        venue=event.venue,
        event=event,
    )


def _of_plan(number: int, entry: Entry, plan: Plan, ground: "_Ground") -> Verdict:
    span = Span(plan.starts_at, plan.ends_at)
    day = timezone.localdate(plan.starts_at)
    if plan.starts_at < timezone.now():
        return left_out(number, entry, Left.PAST)
    if day != timezone.localdate(plan.ends_at - timedelta(microseconds=1)):
        return left_out(number, entry, Left.OVERNIGHT)
    view = ground.view(plan)
    claimed = span.widened(ground.before, ground.after)
    reasons = tuple(view.clashes(claimed) + view.refusals(day, span))
    if not reasons:
        view.take(claimed)
    notes = [str(calendar_words.NOTES[note]) for note in entry.notes]
    if closed := view.closed.name_of(day):
        notes.append(_("City Hall is closed: %(name)s.") % {"name": closed})
    return Verdict(
        number=number,
        entry=entry,
        state=State.CLASH if reasons else State.NEW,
        title=plan.summary,
        reasons=reasons,
        notes=tuple(notes),
        span=span,
        venue=plan.venue,
        is_public=(plan.classification, plan.status)
        == (Classification.PUBLIC, EventStatus.CONFIRMED),
    )


def _shown(entry: Entry) -> Span | None:
    return entry.span or (Span(entry.starts_at, entry.starts_at) if entry.starts_at else None)


def _folded(words: str) -> str:
    return " ".join(words.split()).casefold()


@dataclass
class _Together:
    """The people, and the one venue an entry names."""

    diaries: list[Diary]

    def all(self) -> Sequence[Diary]:
        return self.diaries


class _Ground:
    """All that is asked of the entries, read once, however many there are."""

    def __init__(self, choice: Choice, plans: Sequence[Plan]) -> None:
        moments = [plan.starts_at for plan in plans] or [timezone.now()]
        first, last = (timezone.localdate(at) for at in (min(moments), max(moments)))
        self.first, self.last = first, last + timedelta(days=1)
        self.before, self.after = policies.margins(policies.of(choice.program))
        venues = list({plan.venue.pk: plan.venue for plan in plans if plan.venue}.values())
        window = Span(min(moments) - timedelta(days=1), max(moments) + timedelta(days=2))
        self.taken = diaries.Diaries(window, staff=choice.staff, venues=venues)
        self.hours = finding.hours_of((), venues)
        posts = Post.objects.filter(Q(staff__in=choice.staff) | Q(backup__in=choice.staff))
        self.posts = list(posts) if choice.staff else []
        self.minutes = Journeys()
        self.closed: dict[int | None, ClosedDays] = {}
        for venue in (None, *venues):
            key = venue.pk if venue else None
            self.closed[key] = closures.between(self.first, self.last, venue=venue)

    def view(self, plan: Plan) -> Outlook:
        venue = plan.venue
        own = [self.taken.places[venue.pk]] if venue else []
        return Outlook(
            like=plan,
            pattern=ANY,
            stop=diaries.stop_at(venue, plan.location),
            before=self.before,
            after=self.after,
            closed=self.closed[venue.pk if venue else None],
            taken=_Together([*self.taken.people.values(), *own]),
            posts=self.posts,
            venue_hours=self.hours.get(("venue", venue.pk)) if venue else None,
            minutes=self.minutes,
        )


def counts(found: Iterable[Verdict]) -> dict[State, int]:
    """How many of each; together all there are."""
    numbers = dict.fromkeys(State, 0)
    for one in found:
        numbers[one.state] += 1
    return {state: number for state, number in numbers.items() if number}


def first_days(found: Iterable[Verdict]) -> list[datetime]:
    """When what is public and new begins."""
    return [
        one.span.starts_at for one in found if one.span and one.state == State.NEW and one.is_public
    ]
