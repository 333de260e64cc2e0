"""Events and their changes."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from outreach.enums import Program
from scheduling.enums import Classification
from scheduling.models import Event
from scheduling.services import events

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
