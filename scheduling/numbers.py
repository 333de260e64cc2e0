"""The unit's figures by month, beat and program: what was held, not what was planned."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncMonth

from outreach.enums import Program
from outreach.models import Beat
from scheduling import localtime
from scheduling.enums import Outcome
from scheduling.models import CloseOut


@dataclass
class Figures:
    events: int = 0
    people: int = 0
    minutes: int = 0
    surveys: int = 0

    def add(self, other: "Figures") -> None:
        self.events += other.events
        self.people += other.people
        self.minutes += other.minutes
        self.surveys += other.surveys


@dataclass(frozen=True)
class Cell:
    """One month of one program in one beat; no beat: the whole city."""

    month: date
    beat: Beat | None
    program: Program
    figures: Figures = field(default_factory=Figures)


def cells(year: int, month: int | None = None) -> list[Cell]:
    """Of one year, or one month of it, in the department's time; two queries for any number."""
    first = date(year, month or 1, 1)
    last = date(year + 1, 1, 1) if month in {None, 12} else date(year, (month or 0) + 1, 1)
    is_survey = Q(event__program=Program.SECURITY_SURVEY)
    rows = (
        CloseOut.objects.filter(
            outcome=Outcome.HELD,
            event__starts_at__gte=localtime.midnight(first),
            event__starts_at__lt=localtime.midnight(last),
        )
        .annotate(month=TruncMonth("event__starts_at", tzinfo=localtime.zone()))
        .values("month", "event__beat", "event__program")
        .annotate(
            held=Count("pk", filter=~is_survey),
            surveys=Count("pk", filter=is_survey),
            people=Sum("head_count", filter=~is_survey, default=0),
            spent=Sum("minutes", filter=~is_survey, default=0),
        )
        .order_by("month", "event__beat__code", "event__program")
    )
    beats = Beat.objects.in_bulk()
    return [
        Cell(
            month=row["month"].date(),
            beat=beats.get(row["event__beat"]),
            program=Program(row["event__program"]),
            figures=Figures(row["held"], row["people"], row["spent"], row["surveys"]),
        )
        for row in rows
    ]


def by_month_and_beat(found: Iterable[Cell]) -> dict[tuple[date, Beat | None], Figures]:
    table: dict[tuple[date, Beat | None], Figures] = {}
    for cell in found:
        table.setdefault((cell.month, cell.beat), Figures()).add(cell.figures)
    return table


def by_program(found: Iterable[Cell]) -> dict[Program, Figures]:
    table: dict[Program, Figures] = {}
    for cell in found:
        if cell.program != Program.SECURITY_SURVEY:  # it has a column of its own
            table.setdefault(cell.program, Figures()).add(cell.figures)
    return table


def total(found: Iterable[Cell]) -> Figures:
    everything = Figures()
    for cell in found:
        everything.add(cell.figures)
    return everything
