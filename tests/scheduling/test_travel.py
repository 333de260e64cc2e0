"""Set-up, take-down and the way from one place to the next count as a clash."""

from datetime import timedelta

import pytest

from outreach.actors import SYSTEM
from outreach.enums import Program
from outreach.geography import Place, meters_between
from outreach.roads import Roads
from scheduling import policies
from scheduling.diary import Claim, Diary, Reason
from scheduling.enums import TimeOffKind
from scheduling.models import Booking, ProgramPolicy, TimeOff
from scheduling.services import events
from scheduling.services.bookings import DoubleBooked
from scheduling.spans import Span
from scheduling.travel import Stop, minutes_for
from tests.factories.events import make_plan, tomorrow
from tests.factories.people import StaffMemberFactory
from tests.factories.places import StreetSegmentFactory, VenueFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
# A town of three streets: west to east, then north; no street between the far ends.
WEST, CORNER, NORTH = Place(-124.20, 41.0), Place(-124.18, 41.0), Place(-124.18, 41.02)


def line(*places: Place) -> dict:
    return {"type": "LineString", "coordinates": [[p.longitude, p.latitude] for p in places]}


def book_at(venue, start, person, **other):
    plan = make_plan(venue=venue, starts_at=start, ends_at=start + HOUR, staff=(person,), **other)
    return events.create(plan, by=SYSTEM)


def test_way_follows_the_streets_around_the_corner():
    roads = Roads([line(WEST, CORNER), line(CORNER, NORTH)])

    around = meters_between(WEST, CORNER) + meters_between(CORNER, NORTH)
    assert roads.meters(WEST, NORTH) == pytest.approx(around, rel=0.01)
    assert roads.meters(NORTH, WEST) == pytest.approx(around, rel=0.01)
    assert meters_between(WEST, NORTH) < 0.8 * around


def test_way_without_streets_is_the_straight_line_made_longer():
    assert Roads([]).meters(WEST, NORTH) == pytest.approx(1.3 * meters_between(WEST, NORTH))


def test_margins_are_claimed_with_the_event():
    person = StaffMemberFactory()
    ProgramPolicy.objects.filter(program=Program.COMMUNITY).update(
        set_up_minutes=30, take_down_minutes=45
    )

    event = book_at(None, tomorrow(), person, program=Program.COMMUNITY)

    claim = Booking.objects.get()
    assert claim.starts_at == event.starts_at - timedelta(minutes=30)
    assert claim.ends_at == event.ends_at + timedelta(minutes=45)
    assert policies.claimed(event) == Span(claim.starts_at, claim.ends_at)


@pytest.mark.parametrize(("spare", "is_refused"), [(-1, True), (0, False)], ids=["late", "just"])
@pytest.mark.parametrize("is_before", [True, False], ids=["before", "after"])
def test_booking_that_leaves_too_little_time_to_get_there_is_refused(spare, is_refused, is_before):
    for piece in ([WEST, CORNER], [CORNER, NORTH]):
        StreetSegmentFactory(line=line(*piece), numbers={})
    ProgramPolicy.objects.update(set_up_minutes=10, take_down_minutes=10)
    person = StaffMemberFactory(name="June")
    here = VenueFactory(longitude=WEST.longitude, latitude=WEST.latitude)
    there = VenueFactory(longitude=NORTH.longitude, latitude=NORTH.latitude)
    needed = minutes_for(meters_between(WEST, CORNER) + meters_between(CORNER, NORTH))
    first = book_at(here, tomorrow(12), person)
    apart = HOUR + timedelta(minutes=20 + needed + spare)

    start = first.starts_at - apart if is_before else first.starts_at + apart
    if not is_refused:
        book_at(there, start, person)
        return
    with pytest.raises(DoubleBooked) as refusal:
        book_at(there, start, person)

    (clash,) = refusal.value.clashes
    assert (clash.who, clash.reason) == ("June", Reason.TRAVEL)
    assert (clash.needed_minutes, clash.given_minutes) == (needed, needed - 1)
    assert len(refusal.value.free_times) == 3


def test_place_without_a_point_takes_the_flat_time(settings):
    settings.TRAVEL_FLAT_MINUTES = 25
    ProgramPolicy.objects.update(set_up_minutes=0, take_down_minutes=0)
    person = StaffMemberFactory()
    nowhere = VenueFactory(longitude=None, latitude=None)
    book_at(nowhere, tomorrow(12), person)

    with pytest.raises(DoubleBooked):
        book_at(None, tomorrow(13) + timedelta(minutes=24), person, location="The park")
    book_at(None, tomorrow(13) + timedelta(minutes=25), person, location="The park")


def test_same_place_needs_no_way():
    ProgramPolicy.objects.update(set_up_minutes=0, take_down_minutes=0)
    person, hall = StaffMemberFactory(), VenueFactory()
    book_at(hall, tomorrow(12), person)

    book_at(hall, tomorrow(13), person)

    assert person.bookings.active().count() == 2


def test_leave_is_in_the_way_and_its_kind_is_not_told():
    person = StaffMemberFactory(name="June")
    TimeOff.objects.create(
        staff=person,
        kind=TimeOffKind.SICK,
        starts_at=tomorrow(0),
        ends_at=tomorrow(0) + timedelta(days=1),
    )

    with pytest.raises(DoubleBooked) as refusal:
        book_at(None, tomorrow(), person)

    (clash,) = refusal.value.clashes
    assert (clash.who, clash.reason) == ("June", Reason.AWAY)
    assert min(refusal.value.free_times) > tomorrow(0) + timedelta(days=1)


def test_diary_knows_all_that_overlaps_and_no_way_besides():
    start = tomorrow(9)
    spans = [Span(start + n * HOUR, start + (n + 1) * HOUR) for n in range(5)]
    diary = Diary.of("June", [Claim(span, Stop(name=str(n))) for n, span in enumerate(spans[::2])])

    found = diary.obstacles(Span(start, start + 5 * HOUR), Stop(), lambda a, b: 500)

    assert [clash.span for clash in found] == spans[::2]
    assert {clash.reason for clash in found} == {Reason.TAKEN}
    assert diary.is_free(spans[1], Stop(), lambda a, b: 0)
    assert not diary.is_free(spans[1], Stop(), lambda a, b: 1)
