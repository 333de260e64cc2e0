"""Which event of a series goes to which date when its rule or plan changes, and doing so."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from outreach.actors import Actor
from scheduling import recurrence
from scheduling.enums import EventStatus
from scheduling.models import Event, Occurrence, Series
from scheduling.services import batches, series
from scheduling.services.batches import Change
from scheduling.services.dates import day_of
from scheduling.services.events import Plan
from scheduling.services.outlook import Prospect, State
from scheduling.services.series import Wish


class DatesClash(Exception):
    """Some dates cannot take the change; nothing is changed."""

    def __init__(self, found: Sequence[Prospect]) -> None:
        super().__init__(len(found))
        self.prospects = found


@dataclass
class Outcome:
    """What became of the dates of a series."""

    series: Series | None = None
    changed: int = 0
    added: int = 0
    cancelled: int = 0
    waiting: int = 0
    left_alone: int = 0  # changed by themselves before, or clashing and left on purpose


@dataclass
class Shift:
    """One reshaping: which event goes where, which dates are new, what is over."""

    target: Series
    wish: Wish
    before: Wish
    by: Actor
    reason: str
    leaves_clashes: bool
    moves: list[tuple[Occurrence, Prospect]] = field(default_factory=list)
    alone: list[tuple[Occurrence, Prospect | None]] = field(default_factory=list)
    over: list[Occurrence] = field(default_factory=list)
    new: list[Prospect] = field(default_factory=list)
    outcome: Outcome = field(default_factory=Outcome)

    def sort(
        self,
        links: list[Occurrence],
        free: set[int],
        skipped: Collection[date],
        found: list[Prospect],
        made_until: date,
    ) -> None:
        """Give each old date its new one, or none. A skipped date takes its turn without an
        event; dates that were not made yet take none."""
        linked = {day_of(one): one for one in links}
        ahead = {one.day: one for one in found}
        pairs = recurrence.pair(
            [*linked, *(day for day in skipped if day not in linked)],
            [day for day in ahead if day < made_until],
        )
        pairs += [(None, day) for day in ahead if day >= made_until]
        for old, fresh in pairs:
            occurrence = linked.get(old) if old else None
            prospect = ahead[fresh] if fresh else None
            if occurrence is None:
                self.new += [prospect] if prospect and prospect.is_made else []
            elif occurrence.pk not in free:
                self.alone.append((occurrence, prospect))
            elif prospect and (prospect.is_made or _stays(occurrence, prospect)):
                self.moves.append((occurrence, prospect))
            else:
                self.over.append(occurrence)

    def carry_out(self) -> None:
        self.outcome.series = self.target
        clashing = [(link, one) for link, one in self.moves if self._is_refused(link, one)]
        if clashing and not self.leaves_clashes:
            raise DatesClash([one for _link, one in clashing])
        batches.cancel([link.event_id for link in self.over], by=self.by, reason=self.reason)
        kept = {link.pk for link, _one in clashing}
        moves = [(link, one) for link, one in self.moves if link.pk not in kept]
        changes = [Change(link.event, self._plan(link, one), one.claimed) for link, one in moves]
        batches.change(changes, by=self.by, reason=self.reason)
        self._relink([(link, one, False) for link, one in moves])
        self._relink([(link, one, True) for link, one in [*self.alone, *clashing]])
        self.outcome.changed += len(moves)
        made = self._make_new()
        self.outcome.cancelled += len(self.over)
        self.outcome.left_alone += len(self.alone) + len(clashing)
        self.outcome.added += len(made)
        self.outcome.waiting += sum(event.status == EventStatus.TENTATIVE for event in made)

    def _make_new(self) -> list[Event]:
        starts = [one.span.starts_at for one in self.new]
        # A date that was cancelled and is wanted again: its old event is final.
        gone = self.target.occurrences.filter(event__status=EventStatus.CANCELLED)
        gone.filter(recurrence_id__in=starts).delete()
        return series.make(self.target, self.wish, sorted(self.new, key=_day), by=self.by)

    def _is_refused(self, link: Occurrence, one: Prospect) -> bool:
        """What is confirmed cannot be taken back in silence; what waits may go on waiting."""
        return one.state == State.CLASH and self._is_claimed_anew(link, one) and not _waits(link)

    def _is_claimed_anew(self, link: Occurrence, one: Prospect) -> bool:
        is_same = self.before.like.claims == self.wish.like.claims
        return not is_same or link.event.span != one.span or link.is_own

    def _plan(self, link: Occurrence, one: Prospect) -> Plan:
        """Confirmed, unless it was tentative on purpose or goes on waiting."""
        plan = self.wish.plan_on(one.day)
        if _waits(link) and one.state == State.CLASH:
            self.outcome.waiting += 1
            return replace(plan, status=EventStatus.TENTATIVE, staff=(), waits=True)
        if link.event.status == EventStatus.TENTATIVE and not _waits(link):
            return replace(plan, status=EventStatus.TENTATIVE)
        return plan

    def _relink(self, rows: Sequence[tuple[Occurrence, Prospect | None, bool]]) -> None:
        for link, one, is_own in rows:
            link.series, link.is_own = self.target, is_own
            if one is not None:
                link.recurrence_id = one.span.starts_at
        links = [link for link, _one, _is_own in rows]
        Occurrence.objects.bulk_update(links, ["series", "is_own", "recurrence_id"])


def _day(one: Prospect) -> date:
    return one.day


def _waits(link: Occurrence) -> bool:
    return bool(link.waits)  # type: ignore[attr-defined]


def _stays(link: Occurrence, one: Prospect) -> bool:
    """A closure that came after the event was made does not undo it; a skip does."""
    return one.state == State.CLOSED and day_of(link) == one.day
