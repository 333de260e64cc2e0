"""Series: made as far as the horizon, extended nightly, clashes left to a person."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from outreach.actors import SYSTEM
from scheduling import selectors
from scheduling.enums import EventStatus, RevisionKind
from scheduling.models import Booking, Closure, Event, EventText, Revision, Series
from scheduling.recurrence import Repeats, Rule
from scheduling.services import dates, events, occurrences, series
from scheduling.services.checks import NotBookable
from scheduling.services.dates import Standing
from scheduling.services.outlook import State
from tests.factories.events import local, make_plan
from tests.factories.people import make_pair
from tests.factories.places import BeatFactory, VenueFactory
from tests.factories.series import coming, make_wish, weekly

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_margins")]


@pytest.fixture(autouse=True)
def open_city(settings):
    """No holidays, but where a test is about them."""
    settings.HOLIDAYS_OF, settings.CLOSED_FRIDAYS_FROM = ("", ""), ""


@pytest.fixture
def beat():
    return BeatFactory()


@pytest.fixture
def pair(beat):
    return make_pair(beat)


def starts(own: Series) -> list:
    return [one.event.starts_at for one in own.occurrences.select_related("event")]


def test_series_makes_every_date_before_the_horizon(beat, pair):
    venue = VenueFactory()
    wish = make_wish(beat=beat, staff=pair, venue=venue, texts={"es": ("Reunión", "")})

    own = series.create(wish, by=SYSTEM)

    until = series.horizon()
    wanted, day = [], wish.first_on
    while day < until:
        wanted.append(local(day.year, day.month, day.day, 19))
        day += timedelta(days=7)
    assert starts(own) == wanted
    assert own.extended_until == until
    assert until >= timezone.localdate() + timedelta(days=400)
    assert Booking.objects.active().count() == 3 * len(wanted)
    assert EventText.objects.count() == len(wanted)
    assert Revision.objects.filter(kind=RevisionKind.CREATED).count() == len(wanted)
    assert set(Event.objects.values_list("status", flat=True)) == {EventStatus.CONFIRMED}


def test_series_is_made_in_as_many_queries_for_ten_dates_as_for_four_hundred(beat, pair):
    counts = {}
    for count, hour in ((10, 9), (400, 19)):
        rule = Rule(Repeats.DAILY, count=count)
        wish = make_wish(
            rule, beat=beat, also_beats=(BeatFactory(),), staff=pair, venue=VenueFactory(),
            starts=time(hour), texts={"es": ("Reunión", "")},
        )  # fmt: skip
        with CaptureQueriesContext(connection) as asked:
            own = series.create(wish, by=SYSTEM)
        assert own.occurrences.count() == count
        counts[count] = len(asked)

    assert counts[10] == counts[400]
    assert counts[400] <= 50


def test_clashing_date_waits_without_claims(beat, pair):
    wish = make_wish(beat=beat, staff=pair)
    second = wish.first_on + timedelta(days=7)
    busy = local(second.year, second.month, second.day, 19)
    events.create(make_plan(starts_at=busy, staff=pair[:1]), by=SYSTEM)

    found = series.preview(wish)
    own = series.create(wish, by=SYSTEM)

    assert [one.day for one in found if one.state == State.CLASH] == [second]
    assert pair[0].name in found[1].obstacles[0]
    waiting = selectors.waiting_occurrences(pair[0])
    assert [event.starts_at for event in waiting] == [busy]
    assert waiting[0].status == EventStatus.TENTATIVE
    assert waiting[0].bookings.count() == 0
    assert dates.coming(own)[1].standing == Standing.WAITS
    assert waiting[0] not in selectors.public_events()


def test_date_that_waits_is_claimed_when_tried_again(beat, pair):
    wish = make_wish(beat=beat, staff=pair)
    first = wish.first_on
    rival = events.create(
        make_plan(starts_at=local(first.year, first.month, first.day, 19), staff=pair[:1]),
        by=SYSTEM,
    )
    own = series.create(wish, by=SYSTEM)
    waiting = selectors.waiting_occurrences(pair[0]).get()
    with pytest.raises(occurrences.bookings.DoubleBooked):
        occurrences.claim(waiting.pk, by=SYSTEM)
    events.cancel(rival.pk, by=SYSTEM, reason="")

    occurrences.claim(waiting.pk, by=SYSTEM)

    waiting.refresh_from_db()
    assert waiting.status == EventStatus.CONFIRMED
    assert waiting.bookings.active().count() == 2
    assert not own.occurrences.get(event=waiting).is_own
    assert not selectors.waiting_occurrences(pair[0]).exists()


def test_waiting_dates_are_for_those_who_may_settle_them(beat, pair):
    series.create(make_wish(beat=beat, staff=pair), by=SYSTEM)
    series.create(make_wish(beat=beat, staff=pair, starts=time(19, 30)), by=SYSTEM)
    stranger, _ = make_pair(BeatFactory())

    assert selectors.waiting_occurrences(pair[0]).count() > 50
    assert selectors.waiting_occurrences(stranger).count() == 0


def test_closure_is_kept_free_only_where_asked(beat):
    wish = make_wish(beat=beat)
    day = wish.first_on + timedelta(days=14)
    Closure.objects.create(name="Lantern Day", starts_on=day, ends_on=day + timedelta(days=1))
    careful = make_wish(beat=beat, skips_closures=True)

    kept, careless = series.create(careful, by=SYSTEM), series.create(wish, by=SYSTEM)

    assert series.preview(careful)[2].state == State.CLOSED
    assert series.preview(careful)[2].notes == ("Lantern Day",)
    assert series.preview(wish)[2].notes == ("City Hall is closed: Lantern Day.",)
    assert len(starts(kept)) == len(starts(careless)) - 1
    assert day not in {timezone.localdate(at) for at in starts(kept)}


@time_machine.travel("2026-09-01T12:00:00Z")
def test_local_hour_is_kept_over_both_clock_changes_and_told(beat):
    found = series.preview(make_wish(beat=beat, begins_on=date(2026, 9, 8)))

    assert {timezone.localtime(one.span.starts_at).hour for one in found} == {19}
    told = [one.day for one in found if any("clocks changed" in note for note in one.notes)]
    assert told == [date(2026, 11, 3), date(2027, 3, 16)]


@time_machine.travel("2026-09-01T12:00:00Z")
def test_first_of_the_doubled_hour_is_taken_and_told(beat):
    wish = make_wish(weekly(6), beat=beat, begins_on=date(2026, 10, 25), starts=time(1, 30))

    second = series.preview(wish)[1]

    assert second.span.starts_at == datetime(2026, 11, 1, 8, 30, tzinfo=UTC)  # 1:30 a.m. PDT
    assert any("comes twice" in note for note in second.notes)


@pytest.mark.parametrize(
    ("rule", "starts_at", "field"),
    [
        (weekly(6), time(2, 30), "starts"),
        (weekly(), time(19), "repeats"),
        (Rule(Repeats.DAILY, count=501), time(19), "ends_how"),
        (Rule(Repeats.WEEKLY, weekdays=(1,), until=date(2020, 1, 1)), time(19), "repeats"),
        (Rule(Repeats.BY_DAY, month_day=32), time(19), "repeats"),
    ],
    ids=["spring_gap", "no_weekday", "too_many", "ended_before", "no_such_day"],
)
def test_rule_that_cannot_be_is_refused_at_its_field(beat, rule, starts_at, field):
    with pytest.raises(NotBookable) as refusal:
        series.create(make_wish(rule, beat=beat, starts=starts_at), by=SYSTEM)

    assert list(refusal.value.problems) == [field]
    assert Series.objects.count() == Event.objects.count() == 0


def test_five_hundred_dates_are_not_too_many(beat, settings):
    settings.SERIES_MOST_DATES = 8
    rule = Rule(Repeats.DAILY, count=8)

    assert series.create(make_wish(rule, beat=beat), by=SYSTEM).occurrences.count() == 8


def test_first_date_that_is_past_is_refused(beat):
    with pytest.raises(NotBookable) as refusal:
        series.create(make_wish(beat=beat, begins_on=date(2020, 1, 7)), by=SYSTEM)

    assert "starts_at" in refusal.value.problems or "repeats" in refusal.value.problems


def test_nightly_run_extends_each_series_once(beat, pair):
    own = series.create(make_wish(beat=beat, staff=pair), by=SYSTEM)
    before = set(starts(own))
    assert series.extend() == 0

    with time_machine.travel(timezone.now() + timedelta(days=15)):
        made = series.extend()
        again = series.extend()

    own.refresh_from_db()
    assert made in {2, 3}
    assert again == 0
    assert set(starts(own)) > before
    assert len(starts(own)) == len(before) + made
    assert own.extended_until > series.horizon()
    gaps = {late - early for early, late in pairwise(map(timezone.localtime, starts(own)))}
    assert gaps == {timedelta(days=7)}  # on the wall clock


def test_nightly_date_that_clashes_waits(beat, pair):
    own = series.create(make_wish(beat=beat, staff=pair), by=SYSTEM)
    last = starts(own)[-1]
    later = timezone.localdate(last) + timedelta(days=7)
    busy = local(later.year, later.month, later.day, 19)
    events.create(make_plan(starts_at=busy, staff=pair[:1]), by=SYSTEM)

    with time_machine.travel(timezone.now() + timedelta(days=8)):
        series.extend()

    event = own.occurrences.get(recurrence_id=busy).event
    assert (event.starts_at, event.status) == (busy, EventStatus.TENTATIVE)
    assert event.bookings.count() == 0
    assert event in selectors.waiting_occurrences(pair[0])


def test_person_without_a_post_makes_the_date_wait(beat, pair):
    post = pair[0].posts.get()
    wish = make_wish(beat=beat, staff=pair)
    post.ends_on = wish.first_on + timedelta(days=10)
    post.save()

    found = series.preview(wish)

    assert [one.state for one in found[:3]] == [State.FREE, State.FREE, State.CLASH]
    assert found[2].obstacles == (f"No post on that day: {pair[0].name}.",)


def test_skipped_date_comes_back_as_a_new_event(beat, pair):
    own = series.create(make_wish(beat=beat, staff=pair), by=SYSTEM)
    old = own.occurrences.all()[1].event
    day = timezone.localdate(old.starts_at)

    occurrences.skip(old.pk, by=SYSTEM, reason="storm")
    own.refresh_from_db()
    skipped = dates.coming(own)[1]
    new = occurrences.add_again(own.pk, day, by=SYSTEM)

    own.refresh_from_db()
    old.refresh_from_db()
    assert (skipped.standing, skipped.can_be_added) == (Standing.CANCELLED, True)
    assert old.status == EventStatus.CANCELLED
    assert (new.starts_at, new.status) == (old.starts_at, EventStatus.CONFIRMED)
    assert new.uid != old.uid
    assert own.exdates == []
    assert own.occurrences.get(event=new)
    with pytest.raises(occurrences.NotADate):
        occurrences.add_again(own.pk, day, by=SYSTEM)


def test_date_skipped_from_the_start_has_no_event_and_can_be_added(beat):
    wish = make_wish(beat=beat)
    day = wish.first_on + timedelta(days=7)
    own = series.create(make_wish(beat=beat, exdates=(day,)), by=SYSTEM)
    assert day not in {timezone.localdate(at) for at in starts(own)}
    assert dates.coming(own)[1].standing == Standing.SKIPPED

    occurrences.add_again(own.pk, day, by=SYSTEM)

    own.refresh_from_db()
    assert dates.coming(own)[1].standing == Standing.BOOKED


def test_closed_date_can_be_added_all_the_same(beat):
    day = coming(1, weeks=2)
    Closure.objects.create(name="Lantern Day", starts_on=day, ends_on=day + timedelta(days=1))
    own = series.create(make_wish(beat=beat, skips_closures=True), by=SYSTEM)

    occurrences.add_again(own.pk, day, by=SYSTEM)

    own.refresh_from_db()
    assert own.rdates == [day]
    assert dates.coming(own)[1].standing == Standing.BOOKED


def test_date_the_rule_does_not_have_cannot_be_added(beat):
    own = series.create(make_wish(beat=beat), by=SYSTEM)

    with pytest.raises(occurrences.NotADate):
        occurrences.add_again(own.pk, coming(2), by=SYSTEM)
