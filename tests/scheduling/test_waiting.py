"""Which kinds of calendars cannot have looked again, and how many calendars that is."""

from datetime import timedelta

import pytest

from scheduling.fetches import CLIENTS, OTHER
from scheduling.waiting import FAMILIES, HOURS, SLOWEST, share

NONE: dict[str, int] = {}
MINUTE = timedelta(minutes=1)


def test_every_kind_that_is_counted_has_its_wait():
    assert [family.code for family in FAMILIES] == list(HOURS)
    assert set(HOURS) == {client for client, _mark in CLIENTS} | {OTHER}
    assert timedelta(hours=max(HOURS.values())) == SLOWEST


@pytest.mark.parametrize(
    ("client", "hours"),
    [
        ("google", 24),
        ("outlook", 24),
        ("apple", 1),
        ("thunderbird", 1),
        ("android", 24),
        ("other", 24),
    ],
)
def test_each_kind_counts_as_late_until_its_longest_wait_is_over(client, hours):
    over = timedelta(hours=hours)

    assert share({client: 5}, NONE, over - MINUTE).is_all
    assert share({client: 5}, NONE, over).unseen == 0


def test_who_looks_every_hour_is_one_calendar_and_not_24():
    # Two of Google's once a day, three of Apple's every hour: five calendars.
    found = share({"google": 2, "apple": 3 * 24}, NONE, timedelta(hours=2))

    assert (found.unseen, found.total) == (2 * 24, 5 * 24)
    assert (found.tenths, found.is_most) == (4, False)


@pytest.mark.parametrize(
    ("google", "apple", "tenths", "is_most"),
    [(5, 5, 5, False), (51, 49, 6, True), (8, 2, 8, True), (99, 1, 10, True)],
)
def test_most_is_more_than_half_and_tenths_are_rounded_up(google, apple, tenths, is_most):
    found = share({"google": google, "apple": apple * 24}, NONE, timedelta(hours=2))

    assert (found.tenths, found.is_most, found.is_all) == (tenths, is_most, False)


@pytest.mark.parametrize(("hours", "is_most"), [(0, True), (23, True), (24, False)])
def test_nothing_counted_is_taken_for_the_slowest(hours, is_most):
    found = share(NONE, NONE, timedelta(hours=hours))

    assert (found.is_most, found.is_counted) == (is_most, False)


def test_calendar_that_is_not_published_hides_the_change_from_the_quickest():
    found = share({"apple": 1}, {"apple": 3}, timedelta(hours=20))

    assert (found.unseen, found.total) == (3, 4)


def test_kind_nobody_knows_weighs_nothing():
    assert not share({"gone": 9}, NONE, MINUTE).is_counted
