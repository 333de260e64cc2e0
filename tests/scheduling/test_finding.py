"""Find a time: inside hours, clear of what is taken, away and closed; who, and why them."""

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from outreach.actors import SYSTEM
from outreach.enums import Duty, Program, Role
from scheduling import finding, localtime
from scheduling.enums import TimeOffKind
from scheduling.finding import Search, Team
from scheduling.models import Closure, Hours, TimeOff
from scheduling.services import events
from tests.factories.events import local, make_plan
from tests.factories.people import PostFactory, StaffMemberFactory, make_pair
from tests.factories.places import BeatFactory, VenueFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_margins")]
# A Monday without holidays near it, within the next year.
MONDAY = date(2027, 4, 12)


def search(team=Team.NAMED, **other) -> Search:
    told = {
        "program": Program.COMMUNITY,
        "minutes": 60,
        "not_before": localtime.midnight(MONDAY),
        "team": team,
    }
    return Search(**(told | other))


def weekly(person, weekday: int, opens: int, closes: int, **other) -> Hours:
    told = {"starts_on": date(2020, 1, 1), "opens": time(opens), "closes": time(closes)}
    return Hours.objects.create(staff=person, weekday=weekday, **(told | other))


def take(person, start, hours=1):
    plan = make_plan(starts_at=start, ends_at=start + timedelta(hours=hours), staff=(person,))
    return events.create(plan, by=SYSTEM)


def firsts(wanted: Search, count: int = 3) -> list:
    return [timezone.localtime(offer.starts_at) for offer in finding.offers(wanted, count=count)]


def test_own_hours_bound_what_is_offered():
    person = StaffMemberFactory()
    weekly(person, 1, 13, 15)

    found = firsts(search(staff=(person,)))

    assert found == [
        local(2027, 4, 13, 13), local(2027, 4, 20, 13), local(2027, 4, 27, 13),
    ]  # fmt: skip


def test_hours_have_effective_dates():
    person = StaffMemberFactory()
    weekly(person, 0, 9, 10, ends_on=date(2027, 4, 13))
    weekly(person, 0, 14, 15, starts_on=date(2027, 4, 13))

    assert firsts(search(staff=(person,)), 2) == [local(2027, 4, 12, 9), local(2027, 4, 19, 14)]


def test_taken_away_and_closed_are_passed_over():
    person = StaffMemberFactory()
    weekly(person, 0, 9, 10)
    take(person, local(2027, 4, 12, 9))
    TimeOff.objects.create(
        staff=person, kind=TimeOffKind.COURT,
        starts_at=local(2027, 4, 19, 8), ends_at=local(2027, 4, 19, 12),
    )  # fmt: skip
    Closure.objects.create(name="Flood", starts_on=date(2027, 4, 26), ends_on=date(2027, 4, 27))

    assert firsts(search(staff=(person,)), 1) == [local(2027, 5, 3, 9)]


def test_holiday_and_closed_friday_are_no_days_to_offer(settings):
    settings.CLOSED_FRIDAYS_FROM = "2027-04-02"
    person = StaffMemberFactory()
    weekly(person, 4, 9, 10)
    monday = StaffMemberFactory()
    weekly(monday, 0, 9, 10)

    assert firsts(search(staff=(person,)), 2) == [local(2027, 4, 23, 9), local(2027, 5, 7, 9)]
    memorial = search(staff=(monday,), not_before=localtime.midnight(date(2027, 5, 31)))
    assert firsts(memorial, 1) == [local(2027, 6, 7, 9)]


def test_venue_must_be_open_and_free():
    person, hall = StaffMemberFactory(), VenueFactory()
    Hours.objects.create(
        venue=hall, weekday=2, opens=time(10), closes=time(12), starts_on=date(2020, 1, 1)
    )
    Closure.objects.create(
        venue=hall, name="Paint", starts_on=date(2027, 4, 21), ends_on=date(2027, 4, 22)
    )
    events.create(
        make_plan(venue=hall, starts_at=local(2027, 4, 14, 10), ends_at=local(2027, 4, 14, 11, 30)),
        by=SYSTEM,
    )

    assert firsts(search(staff=(person,), venues=(hall,)), 1) == [local(2027, 4, 28, 10)]


def test_pair_is_free_together_and_a_vacant_post_is_its_backups():
    beat = BeatFactory()
    cpc, backup = StaffMemberFactory(), StaffMemberFactory(role=Role.NRO)
    PostFactory(beat=beat, duty=Duty.CPC, staff=cpc)
    PostFactory(beat=beat, duty=Duty.NRO, staff=None, backup=backup)
    weekly(cpc, 0, 9, 12)
    weekly(backup, 0, 11, 14)

    (offer,) = finding.offers(search(Team.PAIR, beat=beat), count=1)

    assert timezone.localtime(offer.starts_at) == local(2027, 4, 12, 11)
    assert set(offer.staff) == {cpc, backup}
    assert offer.why == "They serve this beat."


def test_post_that_ends_ends_what_is_offered():
    beat = BeatFactory()
    leaving, coming = StaffMemberFactory(), StaffMemberFactory()
    PostFactory(beat=beat, staff=leaving, ends_on=date(2027, 4, 13))
    PostFactory(beat=beat, staff=coming, starts_on=date(2027, 4, 13))

    found = finding.offers(search(Team.PAIR, beat=beat), count=6)

    by_day = {timezone.localdate(offer.starts_at): offer.staff for offer in found}
    assert by_day[date(2027, 4, 12)] == (leaving,)
    assert by_day[date(2027, 4, 13)] == (coming,)


def test_any_coordinator_is_the_least_booked_and_says_why():
    busy, idle = make_pair(BeatFactory())[0], make_pair(BeatFactory())[0]
    take(busy, local(2027, 4, 15, 10), hours=3)

    (offer,) = finding.offers(search(Team.ANY_COORDINATOR), count=1)

    assert offer.staff == (idle,)
    assert offer.why == (f"Least booked of those who are free over 30 days ({idle.name}: 0.0 h).")


def test_language_comes_before_load():
    busy, _ = make_pair(BeatFactory())
    make_pair(BeatFactory())
    busy.languages = ["es"]
    busy.save()
    take(busy, local(2027, 4, 15, 10), hours=3)

    (offer,) = finding.offers(search(Team.ANY_COORDINATOR, language="es"), count=1)

    assert offer.staff == (busy,)
    assert offer.why.endswith("Speaks the language asked for.")


def test_together_is_one_of_each():
    first, second = make_pair(BeatFactory()), make_pair(BeatFactory())
    take(first[0], local(2027, 4, 13, 8), hours=2)
    take(second[1], local(2027, 4, 13, 8), hours=2)

    (offer,) = finding.offers(search(Team.TOGETHER), count=1)

    assert set(offer.staff) == {second[0], first[1]}


@pytest.mark.parametrize("team", list(Team))
def test_search_asks_at_most_six_queries_whatever_is_on_record(team, settings):
    settings.TRAVEL_EXTRA_MINUTES = 5
    beat, hall = BeatFactory(), VenueFactory()
    pair = make_pair(beat)
    far = VenueFactory(longitude=-124.1, latitude=41.1)
    wanted = search(team, beat=beat, staff=pair, venues=(hall,))
    counts = []
    for week in range(3):
        for day in range(5):
            make_pair(BeatFactory())
            start = local(2027, 4, 12 + day, 9 + 3 * week)
            events.create(
                make_plan(
                    starts_at=start, ends_at=start + timedelta(hours=1), staff=pair, venue=far
                ),
                by=SYSTEM,
            )
        with CaptureQueriesContext(connection) as asked:
            assert finding.offers(wanted)
        counts.append(len(asked))

    assert max(counts) <= 6, counts
