"""The times offered for a survey visit suit the resident and leave a choice of half-days."""

from datetime import timedelta

import pytest
from django.utils import timezone

from outreach.actors import SYSTEM
from scheduling.services import events, surveys
from tests.factories.events import local, make_plan
from tests.factories.people import StaffMemberFactory, make_request
from tests.factories.places import BeatFactory

pytestmark = pytest.mark.django_db


def test_any_half_day_gives_mornings_and_afternoons_whatever_hour_it_is_now():
    offered = [timezone.localtime(at) for at in surveys.free_times([StaffMemberFactory()])]

    assert len(offered) == 8
    assert {at.hour >= 12 for at in offered} == {True, False}
    assert offered == sorted(offered)


def test_only_half_days_that_suit_are_offered():
    request = make_request(BeatFactory(), half_days=("tue-am",))
    offered = surveys.free_times([StaffMemberFactory()], request=request, count=3)

    local = [timezone.localtime(at) for at in offered]
    assert len(local) == 3
    assert all(at.weekday() == 1 and at.hour < 12 for at in local)


def test_half_day_that_is_taken_is_passed_over():
    nro, request = StaffMemberFactory(), make_request(BeatFactory(), half_days=("tue-am",))
    first, second = surveys.free_times([nro], request=request, count=2)
    day = timezone.localdate(first)
    taken = local(day.year, day.month, day.day, 8)
    events.create(
        make_plan(starts_at=taken, ends_at=taken + timedelta(hours=5), staff=(nro,)), by=SYSTEM
    )

    assert surveys.free_times([nro], request=request, count=1) == [second]
