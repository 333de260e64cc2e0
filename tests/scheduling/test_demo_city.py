"""The made-up city: loaded once, and with something to see on every page."""

import pytest
from django.core.management import call_command

from outreach.enums import RequestStatus, Role
from outreach.models import EventRequest, StaffMember
from scheduling import records, selectors
from scheduling.demo.repeated import HABITS
from scheduling.demo.weeks import on_open_days
from scheduling.enums import AccommodationState, EventStatus, RsvpResponse, TimeOffKind
from scheduling.models import (
    Accommodation,
    Booking,
    Closure,
    Event,
    Hours,
    Rsvp,
    Seating,
    Series,
    TimeOff,
)
from scheduling.services import requests

pytestmark = pytest.mark.django_db


@pytest.fixture
def load(settings, tmp_path, capsys):
    settings.DEMO, settings.DATA_DIR = True, tmp_path

    def run() -> str:
        call_command("load_demo")
        return capsys.readouterr().out

    return run


def test_city_is_loaded_once(load):
    counted = [Event, Series, EventRequest, TimeOff, Hours, Closure, Rsvp, Booking]
    first = load()
    before = [model.objects.count() for model in counted]

    again = load()

    assert first.endswith(again)  # the sign-ins, and nothing of importing
    assert [model.objects.count() for model in counted] == before


def test_city_has_life(load):
    load()

    assert Series.objects.count() == len(HABITS)
    titles = set(Event.objects.values_list("summary", flat=True))
    assert {sketch.english for sketch, _day in on_open_days()} <= titles
    kinds = set(TimeOff.objects.values_list("kind", flat=True))
    assert kinds == {
        TimeOffKind.VACATION, TimeOffKind.TRAINING, TimeOffKind.COURT, TimeOffKind.OUTSIDE,
    }  # fmt: skip
    assert Closure.objects.get().venue is None
    assert not Event.objects.filter(
        occurrence__isnull=False, starts_at__date=Closure.objects.get().starts_on
    ).exists()
    assert set(Accommodation.objects.values_list("state", flat=True)) >= {
        AccommodationState.CONFIRMED
    }
    seated = Seating.objects.get().event.rsvps
    answers = set(seated.values_list("response", flat=True))
    assert answers == {RsvpResponse.ACCEPTED, RsvpResponse.WAITLISTED}


def test_city_has_something_to_answer_and_to_settle(load):
    load()

    maya = StaffMember.objects.get(user__username="maya")
    sergeant = StaffMember.objects.get(role=Role.SERGEANT)
    waiting = EventRequest.objects.filter(status=RequestStatus.RECEIVED)
    assert sum(requests.held_until(one) is not None for one in waiting) == 1
    assert waiting.count() == 3
    assert selectors.waiting_requests(sergeant).exists()  # it lies too long
    assert selectors.waiting_requests(maya).count() >= 2
    answered = EventRequest.objects.exclude(status=RequestStatus.RECEIVED)
    assert set(answered.values_list("status", flat=True)) == {
        RequestStatus.APPROVED, RequestStatus.DECLINED,
    }  # fmt: skip
    assert selectors.waiting_occurrences(maya).exists()
    assert any(records.unclosed_events(one).exists() for one in StaffMember.objects.all())
    assert Event.objects.filter(status=EventStatus.TENTATIVE, occurrence=None).exists()
