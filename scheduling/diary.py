"""What one person or venue has on, and what stands in the way of something more; pure."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from scheduling.spans import Span
from scheduling.travel import Minutes, Stop


class Reason(StrEnum):
    """Why a time cannot be had."""

    TAKEN = "taken"
    AWAY = "away"
    TRAVEL = "travel"


@dataclass(frozen=True)
class Claim:
    """A span that is taken. Only a claim with a stop has to be travelled to."""

    span: Span
    stop: Stop | None = None
    event: int | None = None

    @property
    def is_away(self) -> bool:
        return self.stop is None


@dataclass(frozen=True)
class Clash:
    """Who or what is in the way, from when until when, and why; of a way, how long it takes."""

    who: str
    span: Span
    reason: Reason = Reason.TAKEN
    needed_minutes: int = 0
    given_minutes: int = 0


@dataclass
class Diary:
    """The claims of one person or venue over a window of time."""

    who: str
    moves: bool = True  # a venue stays where it is
    bookings: list[Claim] = field(default_factory=list)
    away: list[Claim] = field(default_factory=list)

    @classmethod
    def of(cls, who: str, claims: Iterable[Claim], *, moves: bool = True) -> "Diary":
        found = list(claims)
        booked = [claim for claim in found if not claim.is_away]
        return cls(who, moves, booked, [claim for claim in found if claim.is_away])

    def __post_init__(self) -> None:
        # Bookings never overlap: the constraint in the database sees to that.
        self.bookings.sort(key=lambda claim: claim.span)
        self._starts = [claim.span.starts_at for claim in self.bookings]

    def add(self, claim: Claim) -> None:
        place = bisect_left(self._starts, claim.span.starts_at)
        self.bookings.insert(place, claim)
        self._starts.insert(place, claim.span.starts_at)

    def leave_out(self, events: Collection[int]) -> None:
        """Go on as if these events claimed nothing."""
        self.bookings = [claim for claim in self.bookings if claim.event not in events]
        self._starts = [claim.span.starts_at for claim in self.bookings]

    def obstacles(self, span: Span, stop: Stop, minutes: Minutes) -> list[Clash]:
        """All that keeps this person or venue from being at the stop over the claimed span."""
        first = bisect_left(self._starts, span.starts_at)
        before = self.bookings[first - 1] if first else None
        found = [Clash(self.who, c.span, Reason.AWAY) for c in self.away if c.span.overlaps(span)]
        if before and before.span.ends_at > span.starts_at:
            found.append(Clash(self.who, before.span))
            before = None
        last = bisect_left(self._starts, span.ends_at)
        found += [Clash(self.who, claim.span) for claim in self.bookings[first:last]]
        after = self.bookings[last] if last < len(self.bookings) else None
        if self.moves and not found:
            found += self._too_far(before, span, after, stop, minutes)
        return found

    def is_free(self, span: Span, stop: Stop, minutes: Minutes) -> bool:
        return not self.obstacles(span, stop, minutes)

    def booked(self, window: Span) -> timedelta:
        """How much is booked within a window."""
        inside = [claim.span for claim in self.bookings if claim.span.overlaps(window)]
        return sum((span.length for span in inside), timedelta())

    def _too_far(
        self,
        before: Claim | None,
        span: Span,
        after: Claim | None,
        stop: Stop,
        minutes: Minutes,
    ) -> Sequence[Clash]:
        clashes = []
        for claim, gap in (
            (before, span.starts_at - before.span.ends_at if before else None),
            (after, after.span.starts_at - span.ends_at if after else None),
        ):
            if claim is None or gap is None or claim.stop is None:
                continue
            given = int(gap.total_seconds() // 60)
            needed = minutes(claim.stop, stop) if gap < timedelta(hours=3) else 0
            if needed > given:
                clashes.append(Clash(self.who, claim.span, Reason.TRAVEL, needed, given))
        return clashes
