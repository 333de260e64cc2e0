"""The times offered for a survey visit suit the resident and leave a choice of half-days."""

from datetime import timedelta

import pytest
from django.utils import timezone

from outreach.actors import SYSTEM
from scheduling.services import events, surveys
from tests.factories.events import local, make_plan
from tests.factories.people import StaffMemberFactory

pytestmark = pytest.mark.django_db


def test_any_half_day_gives_mornings_and_afternoons_whatever_hour_it_is_now():
    offered = [timezone.localtime(at) for at in surveys.free_times([StaffMemberFactory()])]

    assert len(offered) == 8
    assert {at.hour >= 12 for at in offered} == {True, False}
    assert offered == sorted(offered)


def test_only_half_days_that_suit_are_offered():
    offered = surveys.free_times([StaffMemberFactory()], half_days=["tue-am"], count=3)

    local = [timezone.localtime(at) for at in offered]
    assert len(local) == 3
    assert all(at.weekday() == 1 and at.hour < 12 for at in local)


def test_half_day_that_is_taken_is_passed_over():
    nro = StaffMemberFactory()
    first, second = surveys.free_times([nro], half_days=["tue-am"], count=2)
    day = timezone.localdate(first)
    taken = local(day.year, day.month, day.day, 8)
    events.create(
        make_plan(starts_at=taken, ends_at=taken + timedelta(hours=5), staff=(nro,)), by=SYSTEM
    )

    assert surveys.free_times([nro], half_days=["tue-am"], count=1) == [second]
