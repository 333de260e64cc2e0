"""The week of all pairs as a board: who has what on which day, and the ways between. Reads only."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import QuerySet
from django.utils import timezone

from outreach import selectors as outreach_selectors
from outreach.enums import Role
from outreach.models import Beat, StaffMember
from scheduling import closures, diaries, localtime, selectors
from scheduling.db import TsTzRange
from scheduling.enums import EventStatus
from scheduling.models import Booking, Event, TimeOff
from scheduling.spans import Span
from scheduling.travel import Journeys

DAYS = 7
# A card grows by one step for each half hour, up to this.
TALLEST = 12


@dataclass(frozen=True)
class Card:
    """One booking of one person, as it is drawn; event is None where the reader may not know."""

    span: Span
    event: Event | None
    claimed: Span
    way_minutes: int = 0  # from the card before
    is_held: bool = False

    @property
    def minutes(self) -> int:
        return int(self.span.length.total_seconds() // 60)

    @property
    def is_past(self) -> bool:
        return self.span.ends_at <= timezone.now()

    @property
    def height(self) -> int:
        """Steps of half an hour."""
        halves = round(self.span.length.total_seconds() / 1800)
        return min(max(halves, 1), TALLEST)


@dataclass(frozen=True)
class Away:
    """A stretch on one day in which a person is not there."""

    span: Span
    is_all_day: bool


@dataclass
class Cell:
    """What one person has on one day."""

    day: date
    cards: list[Card] = field(default_factory=list)
    away: list[Away] = field(default_factory=list)


@dataclass(frozen=True)
class Row:
    person: StaffMember
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Group:
    """The rows of a beat's pair; without a beat, everyone else."""

    beat: Beat | None
    rows: Sequence[Row]


@dataclass(frozen=True)
class Board:
    monday: date
    days: Sequence[tuple[date, str]]  # with the reason City Hall is closed, if it is
    groups: Sequence[Group]
    unclaimed: Sequence[Event]  # of this week, with nobody to go


def of_week(monday: date, events: QuerySet[Event]) -> Board:
    """All people and all days of a week in a fixed number of queries.

    events: those the reader may know of; of the rest only the time is drawn.
    """
    days = [monday + timedelta(days=offset) for offset in range(DAYS)]
    window = Span(localtime.midnight(monday), localtime.midnight(days[-1] + timedelta(days=1)))
    known = selectors.in_days(events, monday, DAYS).exclude(status=EventStatus.CANCELLED)
    shown = {
        event.pk: event
        for event in known.select_related("beat").prefetch_related("texts").order_by("starts_at")
    }
    people = list(selectors.bookable_staff().order_by("name", "pk"))
    claims = _claims(people, window)
    away = _away(window)
    closed = closures.between(monday, days[-1] + timedelta(days=1))
    rows = {one.pk: Row(one, _cells(days, claims[one.pk], away[one.pk], shown)) for one in people}
    claimed = {claim.event_id for row in claims.values() for claim in row}
    return Board(
        monday,
        [(day, closed.name_of(day)) for day in days],
        list(_groups(people, rows, monday)),
        [event for event in shown.values() if event.pk not in claimed],
    )


def _claims(people: Sequence[StaffMember], window: Span) -> dict[int, list[Booking]]:
    """The live claims of each person, in order, with their events and where these are."""
    bookings = list(selectors.claims_of(people, window).order_by("starts_at", "pk"))
    events = (
        Event.objects.filter(pk__in={booking.event_id for booking in bookings})
        .select_related("venue", "survey_visit__request", "requested__request")
        .in_bulk()
    )
    found: dict[int, list[Booking]] = defaultdict(list)
    for booking in bookings:
        booking.event = events[booking.event_id]
        found[booking.staff_id or 0].append(booking)
    return found


def _away(window: Span) -> dict[int, list[Span]]:
    found: dict[int, list[Span]] = defaultdict(list)
    rows = TimeOff.objects.alias(during=TsTzRange("starts_at", "ends_at")).filter(
        during__overlap=DateTimeTZRange(window.starts_at, window.ends_at)
    )
    for staff, starts_at, ends_at in rows.values_list("staff_id", "starts_at", "ends_at"):
        found[staff].append(Span(starts_at, ends_at))
    return found


def _cells(
    days: Sequence[date], claims: Sequence[Booking], away: Sequence[Span], shown: dict[int, Event]
) -> list[Cell]:
    cells = {day: Cell(day) for day in days}
    minutes = Journeys()
    before: Booking | None = None
    for claim in claims:
        day = max(timezone.localdate(claim.event.starts_at), days[0])
        way = 0
        if before and timezone.localdate(before.event.starts_at) == day:
            way = minutes(diaries.stop_of(before.event), diaries.stop_of(claim.event))
        if day in cells:
            cells[day].cards.append(_card(claim, way, shown))
        before = claim
    for day, cell in cells.items():
        whole = Span(localtime.midnight(day), localtime.midnight(day + timedelta(days=1)))
        for span in away:
            if span.overlaps(whole):
                part = Span(max(span.starts_at, whole.starts_at), min(span.ends_at, whole.ends_at))
                cell.away.append(Away(part, part == whole))
    return list(cells.values())


def _card(claim: Booking, way: int, shown: dict[int, Event]) -> Card:
    event = claim.event
    return Card(
        span=event.span,
        event=shown.get(event.pk),
        claimed=Span(claim.starts_at, claim.ends_at),
        way_minutes=way,
        is_held=claim.expires_at is not None,
    )


def _groups(people: Sequence[StaffMember], rows: dict[int, Row], monday: date) -> Iterable[Group]:
    """Beat by beat; whoever serves two stands with the first, whoever serves none at the end."""
    beats = list(outreach_selectors.beats_in_effect(monday + timedelta(days=DAYS - 1)))
    pairs = outreach_selectors.pairs(beats, monday)
    left = dict(rows)
    for beat in beats:
        members = [left.pop(one.pk) for one in pairs[beat.pk].members if one.pk in left]
        yield Group(beat, members)
    rest = [left[one.pk] for one in people if one.pk in left]
    if busy := [row for row in rest if row.person.role in {Role.CPC, Role.NRO} or _has_any(row)]:
        yield Group(None, busy)


def _has_any(row: Row) -> bool:
    return any(cell.cards or cell.away for cell in row.cells)
