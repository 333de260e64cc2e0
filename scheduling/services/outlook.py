"""What would become of each date of a series: free, in the way, closed, skipped. Reads only."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from enum import StrEnum
from typing import Protocol

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from outreach.models import Post
from scheduling import closures, diaries, finding, localtime, policies, wording
from scheduling.availability import Hours
from scheduling.closures import ClosedDays
from scheduling.diary import Claim, Diary
from scheduling.services.events import Plan
from scheduling.spans import Span
from scheduling.travel import Journeys, Stop


class State(StrEnum):
    FREE = "free"
    CLASH = "clash"
    CLOSED = "closed"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Prospect:
    """One date: what would be made of it, what is in the way, and what is worth knowing."""

    day: date
    span: Span
    claimed: Span  # with set-up and take-down
    state: State
    obstacles: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_made(self) -> bool:
        """Whether an event is made for it, be it one that waits."""
        return self.state in {State.FREE, State.CLASH}

    @property
    def is_plain(self) -> bool:
        return self.state == State.FREE and not self.notes


@dataclass(frozen=True)
class Pattern:
    """At which local hour for how long, and whether closures are kept free."""

    starts: time
    minutes: int
    skips_closures: bool = True
    exdates: Collection[date] = ()
    kept: Collection[date] = ()  # dates somebody wants although it is closed

    def span(self, day: date) -> Span:
        """Of the doubled hour in autumn the first one counts."""
        start = localtime.instant(day, self.starts)
        return Span(start, start + timedelta(minutes=self.minutes))


class Taken(Protocol):
    """The diaries of all who and what a date claims."""

    def all(self) -> Sequence[Diary]: ...


@dataclass
class Outlook:
    """All that is asked of the dates of a series, read once, however many there are."""

    like: Plan
    pattern: Pattern
    stop: Stop
    before: timedelta
    after: timedelta
    closed: ClosedDays
    taken: Taken
    posts: Sequence[Post]
    venue_hours: Hours | None
    minutes: Journeys = field(default_factory=Journeys)

    def prospects(self, days: Sequence[date]) -> list[Prospect]:
        """Each date in order; what one of them claims is taken for the next."""
        found: list[Prospect] = []
        for day in days:
            one = self._look(day, found[-1].day if found else None)
            if one.state == State.FREE:
                self.take(one.claimed)
            found.append(one)
        return found

    def _look(self, day: date, previous: date | None) -> Prospect:
        span, name = self.pattern.span(day), self.closed.name_of(day)
        claimed = span.widened(self.before, self.after)
        if day in self.pattern.exdates:
            return Prospect(day, span, claimed, State.SKIPPED)
        own = self.closed.of_venue(day)
        is_kept = not self.pattern.skips_closures or day in self.pattern.kept
        if (name or own) and not is_kept:
            return Prospect(day, span, claimed, State.CLOSED, notes=(name or own,))
        obstacles = self.clashes(claimed) + self.refusals(day, span)
        notes = [_("City Hall is closed: %(name)s.") % {"name": name}] if name else []
        notes += _of_the_clocks(day, self.pattern.starts, previous)
        state = State.CLASH if obstacles else State.FREE
        return Prospect(day, span, claimed, state, tuple(obstacles), tuple(notes))

    def clashes(self, claimed: Span) -> list[str]:
        """Who or what is taken, away or too far, from when until when."""
        return [
            wording.clash(clash)
            for diary in self.taken.all()
            for clash in diary.obstacles(claimed, self.stop, self.minutes)
        ]

    def refusals(self, day: date, span: Span) -> list[str]:
        """What no other time of the day would mend."""
        found = []
        for beat in (self.like.beat, *self.like.also_beats):
            if beat and not (beat.starts_on <= day and (not beat.ends_on or day < beat.ends_on)):
                found.append(_("%(beat)s is not in use on that day.") % {"beat": beat.name})
        absent = [
            one.name
            for one in self.like.staff
            if not one.is_active or not finding.is_posted_on(one, self.posts, day)
        ]
        if absent:
            found.append(_("No post on that day: %(names)s.") % {"names": ", ".join(absent)})
        venue = self.like.venue
        if venue and (reason := self.closed.of_venue(day)):
            told = {"venue": venue.name, "reason": reason}
            found.append(_("%(venue)s is closed on that day: %(reason)s.") % told)
        elif venue and not self._is_open(day, span):
            found.append(_("%(venue)s is not open at that hour.") % {"venue": venue.name})
        return found

    def _is_open(self, day: date, span: Span) -> bool:
        hours = self.venue_hours
        return hours is None or any(opened.holds(span) for opened in hours.on(day))

    def take(self, claimed: Span) -> None:
        """It is no longer free for the dates that follow."""
        claim = Claim(claimed, self.stop)
        for diary in self.taken.all():
            diary.add(claim)


def read(
    like: Plan, pattern: Pattern, first: date, last: date, *, besides: Collection[int] = ()
) -> Outlook:
    """For dates from first to last; besides are events whose claims do not count."""
    before, after = policies.margins(policies.of(like.program))
    day_after = last + timedelta(days=1)
    window = Span(localtime.midnight(first), localtime.midnight(day_after + timedelta(days=1)))
    taken = diaries.Diaries(window, staff=like.staff, venues=like.venues)
    if besides:
        for diary in taken.all():
            diary.leave_out(besides)
    posts = Post.objects.filter(Q(staff__in=like.staff) | Q(backup__in=like.staff))
    venue_hours = finding.hours_of((), like.venues) if like.venue else {}
    return Outlook(
        like=like,
        pattern=pattern,
        stop=like.stop or diaries.stop_at(like.venue, like.location),
        before=before,
        after=after,
        closed=closures.between(first, day_after, venue=like.venue),
        taken=taken,
        posts=list(posts) if like.staff else [],
        venue_hours=venue_hours.get(("venue", like.venue.pk)) if like.venue else None,
    )


def _of_the_clocks(day: date, starts: time, previous: date | None) -> list[str]:
    """That the clocks changed, which leaves the local hour as it is."""
    found = []
    if localtime.is_doubled(day, starts):
        found.append(_("This hour comes twice that night; the first one is taken."))
    if previous and _offset(previous) != _offset(day):
        told = {"hour": wording.clock(localtime.instant(day, starts))}
        found.append(
            _("It stays at %(hour)s, though the clocks changed since the date before.") % told
        )
    return found


def _offset(day: date) -> timedelta | None:
    return timezone.localtime(localtime.midnight(day) + timedelta(hours=12)).utcoffset()
