"""Events and their changes."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from outreach.actors import SYSTEM
from outreach.enums import Program
from outreach.models import Beat
from scheduling.enums import Classification
from scheduling.models import Event
from scheduling.services import events, publishing

LOCAL = ZoneInfo("America/Los_Angeles")


def local(*parts: int) -> datetime:
    """An instant given as the department's clocks show it."""
    return datetime(*parts, tzinfo=LOCAL)


def tomorrow(hour: int = 19) -> datetime:
    day = timezone.localdate() + timedelta(days=1)
    return datetime(day.year, day.month, day.day, hour, tzinfo=LOCAL)


class EventFactory(DjangoModelFactory):
    """One hour long, tomorrow at 7 p.m., public; nothing is claimed and no journal written."""

    class Meta:
        model = Event

    program = Program.NEIGHBORHOOD_WATCH
    summary = factory.Sequence(lambda n: f"Meeting {n}")
    starts_at = factory.LazyFunction(tomorrow)
    ends_at = factory.LazyAttribute(lambda event: event.starts_at + timedelta(hours=1))
    classification = Classification.PUBLIC
    created_at = factory.LazyFunction(timezone.now)
    updated_at = factory.LazyFunction(timezone.now)


def make_plan(**wishes) -> events.Plan:
    starts_at = wishes.pop("starts_at", None) or tomorrow()
    told = {
        "program": Program.NEIGHBORHOOD_WATCH,
        "summary": "Watch meeting",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=1),
        "classification": Classification.PUBLIC,
    }
    return events.Plan(**(told | wishes))


def publish() -> None:
    """Every calendar as its events are now."""
    while publishing.publish():
        pass


def moved(beat: Beat, **wishes) -> Event:
    """An event that was moved by two hours, and is published so."""
    event = events.create(make_plan(beat=beat, **wishes), by=SYSTEM)
    later = event.starts_at + timedelta(hours=2)
    events.change(event.pk, make_plan(beat=beat, **(wishes | {"starts_at": later})), by=SYSTEM)
    publish()
    event.refresh_from_db()
    return event
