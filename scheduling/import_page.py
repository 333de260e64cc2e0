"""What the page and the command say of a calendar that is brought in. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from scheduling import incoming
from scheduling.enums import ImportState
from scheduling.models import CalendarImport
from scheduling.services import imports
from scheduling.services.verdicts import State, Verdict, counts, judge, outcome

NAMES = {
    State.NEW: _("New"),
    State.CLASH: _("Clash"),
    State.CHANGED: _("Changed since it was brought in"),
    State.HERE: _("Already here"),
    State.LEFT: _("Left out"),
    State.BROUGHT: _("Brought in"),
    State.REFUSED: _("Did not come in"),
}
# The form of the chip that carries the name.
LOOKS = {
    State.NEW: "state--good",
    State.BROUGHT: "state--good",
    State.CLASH: "state--wrong",
    State.REFUSED: "state--wrong",
    State.CHANGED: "state--now",
}
IN_WORDS = {
    State.NEW: ngettext_lazy("%(count)s is new", "%(count)s are new", "count"),
    State.CLASH: ngettext_lazy("%(count)s clashes", "%(count)s clash", "count"),
    State.CHANGED: ngettext_lazy(
        "%(count)s changed since it was brought in",
        "%(count)s changed since they were brought in",
        "count",
    ),
    State.HERE: ngettext_lazy("%(count)s is already here", "%(count)s are already here", "count"),
    State.LEFT: ngettext_lazy("%(count)s is left out", "%(count)s are left out", "count"),
    State.BROUGHT: ngettext_lazy("%(count)s was brought in", "%(count)s were brought in", "count"),
    State.REFUSED: ngettext_lazy("%(count)s did not come in", "%(count)s did not come in", "count"),
}


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    verdict: Verdict
    name: str
    look: str

    @classmethod
    def of(cls, verdict: Verdict) -> "Row":
        return cls(verdict, str(NAMES[verdict.state]), LOOKS.get(verdict.state, ""))


@dataclass(frozen=True)
class Count:
    state: str
    number: int
    words: str


@dataclass(frozen=True)
class Shown:
    """The counts of all, and the rows of those that are asked for."""

    rows: list[Row]
    counts: list[Count]
    only: str
    found: int
    new: int

    @classmethod
    def of(cls, found: Sequence[Verdict], only: str) -> "Shown":
        numbers = counts(found)
        if only not in numbers:
            only = ""
        ordered = sorted(found, key=lambda one: one.state == State.LEFT)  # years of the past last
        return cls(
            rows=[Row.of(one) for one in ordered if not only or one.state == only],
            counts=[Count(state, many, in_words(state, many)) for state, many in numbers.items()],
            only=only,
            found=len(found),
            new=numbers.get(State.NEW, 0),
        )


@dataclass(frozen=True)
class Progress:
    """How far an import has come."""

    settled: int
    total: int
    is_running: bool
    waits: bool

    @classmethod
    def of(cls, own: CalendarImport) -> "Progress":
        is_running = own.state == ImportState.RUNNING
        return cls(own.settled, own.total, is_running, is_running and own.settled == 0)


def in_words(state: State, number: int) -> str:
    return str(IN_WORDS[state] % {"count": number})


def verdicts(own: CalendarImport) -> list[Verdict]:
    """Of an import that waits: what would become of it. Of one that is through: what did."""
    entries = incoming.unpack(own.data)
    if own.state == ImportState.DONE:
        return outcome(own, entries)
    return judge(entries, imports.choice_of(own))
