"""Dates and holidays as people read them."""

from datetime import date

import pytest
import time_machine
from django.utils.translation import override

from scheduling import closures, wording
from scheduling.templatetags.when import when
from tests.factories.events import local

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("summer")]


@pytest.fixture
def summer():
    with time_machine.travel(local(2026, 6, 1, 9)):
        yield


@pytest.mark.parametrize(
    ("ends_at", "words"),
    [
        (local(2026, 7, 8, 1), "Tue, Jul 7, midnight – Wed, Jul 8, 1 a.m."),
        (local(2026, 7, 8), "Tue, Jul 7, all day"),
        (local(2026, 7, 11), "Tue, Jul 7 – Fri, Jul 10"),
        (local(2026, 7, 7, 2), "Tue, Jul 7, midnight–2 a.m."),
    ],
    ids=["into_the_next_day", "one_day", "four_days", "two_hours"],
)
def test_when_names_no_midnight_of_whole_days(ends_at, words):
    assert wording.when(local(2026, 7, 7), ends_at) == words


def test_a_line_breaks_between_the_day_and_its_hours_only():
    shown = when(local(2026, 7, 7, 19), local(2026, 7, 7, 20))

    assert '<span class="nowrap">Tue, Jul 7</span>, <span class="nowrap">7–8 p.m.</span>' in shown


def test_two_holidays_of_one_day_are_both_in_spanish(settings):
    settings.HOLIDAYS_OF = ("US", "CA")
    day = date(2027, 2, 15)

    with override("es"):
        name = closures.between(day, day).name_of(day)

    assert name == "Día de los Presidentes; Día de Susan B. Anthony"
