"""When the people of the made-up city work, and when they are not there."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from scheduling import localtime
from scheduling.demo.sketches import people
from scheduling.enums import TimeOffKind
from scheduling.services import closed_days, hours
from scheduling.spans import Span

# By user name: first and last weekday, from, until. All others keep the department's hours.
OWN_HOURS = {
    "owen": (0, 4, time(10), time(20)),
    "june": (0, 4, time(8), time(20)),
    "tom": (0, 3, time(9), time(21)),
}
# Who, kind, first and last day counted from this Monday; without hours it is whole days.
LEAVE = [
    ("tom", TimeOffKind.VACATION, 10, 13, None),
    ("june", TimeOffKind.TRAINING, 16, 17, None),
    ("amara", TimeOffKind.COURT, 4, 4, (time(8), time(12))),
    ("dev", TimeOffKind.TRAINING, 10, 10, (time(13), time(17))),
]
CLOSED_AFTER = 21  # days: the Monday in three weeks
CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Made-up city//EN
BEGIN:VEVENT
UID:rehearsal@example.org
DTSTAMP:20260101T000000Z
DTSTART;VALUE=DATE-TIME:{start}
DTEND;VALUE=DATE-TIME:{end}
RRULE:FREQ=WEEKLY;COUNT=12
SUMMARY:Choir
END:VEVENT
END:VCALENDAR
"""


def load() -> None:
    today = timezone.localdate()
    monday = today - timedelta(days=today.weekday())
    for name, (first, last, opens, closes) in OWN_HOURS.items():
        week = dict.fromkeys(range(first, last + 1), (opens, closes))
        hours.set_weekly(people(name)[0], week, from_=today)
    for name, kind, first, last, within in LEAVE:
        span = _span(monday + timedelta(days=first), monday + timedelta(days=last), within)
        hours.take_leave(people(name)[0], kind=kind, span=span)
    hours.bring_in(people("lucia")[0], _calendar(monday + timedelta(days=11)))


def close_city() -> None:
    """Before any series is made, so that it skips the day."""
    today = timezone.localdate()
    day = today + timedelta(days=CLOSED_AFTER - today.weekday())
    closed_days.close("Inventory of City Hall", first=day, last=day, venue=None)


def _span(first: date, last: date, within: tuple[time, time] | None) -> Span:
    if within:
        return Span(*(localtime.instant(first, at) for at in within))
    return Span(localtime.midnight(first), localtime.midnight(last + timedelta(days=1)))


def _calendar(day: date) -> bytes:
    """Every week at the same hour, as another program would export it."""
    moments = {"start": time(17, 30), "end": time(19)}
    said = {name: f"{datetime.combine(day, at):%Y%m%dT%H%M%S}" for name, at in moments.items()}
    return CALENDAR.format(**said).encode()
