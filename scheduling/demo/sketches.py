"""Plans of the made-up city in a few words each."""

from dataclasses import dataclass
from datetime import date, time, timedelta

from outreach.enums import Program
from outreach.models import Beat, StaffMember, Venue
from scheduling import localtime
from scheduling.enums import Classification, EventStatus
from scheduling.services import events


@dataclass(frozen=True)
class Sketch:
    """An event without its day: hour and words, who goes where."""

    starts: time
    minutes: int
    program: Program
    english: str
    spanish: str
    who: str  # user names
    beat: str = ""  # its code; empty is the whole city
    venue: str = ""
    location: str = ""
    is_public: bool = False
    is_sure: bool = True


def plan(sketch: Sketch, day: date) -> events.Plan:
    starts_at = localtime.instant(day, sketch.starts)
    return events.Plan(
        program=sketch.program,
        summary=sketch.english,
        texts={"es": (sketch.spanish, "")},
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=sketch.minutes),
        classification=Classification.PUBLIC if sketch.is_public else Classification.PRIVATE,
        status=EventStatus.CONFIRMED if sketch.is_sure else EventStatus.TENTATIVE,
        beat=Beat.objects.get(code=sketch.beat) if sketch.beat else None,
        venue=Venue.objects.get(name=sketch.venue) if sketch.venue else None,
        location=sketch.location,
        staff=people(sketch.who),
    )


def people(names: str) -> tuple[StaffMember, ...]:
    return tuple(StaffMember.objects.get(user__username=name) for name in names.split())
