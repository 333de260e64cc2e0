"""This date, this and all later ones, or all: what changes, what stays, and the past never."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from outreach.actors import SYSTEM
from scheduling import selectors
from scheduling.enums import EventStatus, Scope
from scheduling.models import Closure, Event, Series
from scheduling.recurrence import Rule, parse
from scheduling.services import events, occurrences, reshaping, series
from scheduling.services.checks import NotBookable
from scheduling.services.shifting import DatesClash
from tests.factories.events import local, make_plan
from tests.factories.people import make_pair
from tests.factories.places import BeatFactory, VenueFactory
from tests.factories.series import make_wish, weekly

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_margins")]
WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def open_city(settings):
    settings.HOLIDAYS_OF, settings.CLOSED_FRIDAYS_FROM = ("", ""), ""


@pytest.fixture
def beat():
    return BeatFactory()


@pytest.fixture
def pair(beat):
    return make_pair(beat)


def five_tuesdays(beat, pair, **wishes) -> Series:
    wish = make_wish(weekly(1, count=5), beat=beat, staff=pair, **wishes)
    return series.create(wish, by=SYSTEM)


def events_of(*rows: Series) -> list[Event]:
    return list(Event.objects.filter(occurrence__series__in=rows).order_by("starts_at"))


def at(event: Event) -> datetime:
    return timezone.localtime(event.starts_at)


def later(event: Event, **wishes):
    """The plan of an event, an hour later."""
    plan = events.plan_of(event)
    hour = timedelta(hours=1)
    told = {"starts_at": plan.starts_at + hour, "ends_at": plan.ends_at + hour}
    return replace(plan, **(told | wishes))


def hours(*rows: Series) -> list[int]:
    return [at(event).hour for event in events_of(*rows) if not event.is_cancelled]


def test_one_date_changes_alone_and_goes_its_own_way(beat, pair):
    own = five_tuesdays(beat, pair)
    second = events_of(own)[1]

    outcome = reshaping.change(second.pk, later(second), scope=Scope.ONE, by=SYSTEM)

    assert outcome.changed == 1
    assert hours(own) == [19, 20, 19, 19, 19]
    assert [one.is_own for one in own.occurrences.all()] == [False, True, False, False, False]


def test_all_coming_dates_change_and_keep_their_uids(beat, pair):
    own = five_tuesdays(beat, pair)
    before = [event.uid for event in events_of(own)]
    third = events_of(own)[2]
    plan = later(third, summary="Evening watch", texts={"es": ("Guardia", "")})

    outcome = reshaping.change(third.pk, plan, scope=Scope.ALL, by=SYSTEM, reason="dusk")

    after = events_of(own)
    assert (outcome.changed, outcome.left_alone) == (5, 0)
    assert [event.uid for event in after] == before
    assert hours(own) == [20] * 5
    assert {event.sequence for event in after} == {1}
    assert {event.words("es")[0] for event in after} == {"Guardia"}
    assert {event.bookings.active().count() for event in after} == {2}
    assert {event.revisions.last().note for event in after} == {"dusk"}
    own.refresh_from_db()
    assert (own.starts, own.summary, parse(own.rrule).count) == (time(20), "Evening watch", 5)
    assert not own.occurrences.filter(is_own=True).exists()
    assert series.extend() == 0


def test_change_that_subscribers_do_not_see_raises_no_sequence(beat, pair):
    own = five_tuesdays(beat, pair)
    first = events_of(own)[0]
    alone = replace(events.plan_of(first), staff=pair[:1])

    reshaping.change(first.pk, alone, scope=Scope.ALL, by=SYSTEM)

    assert {event.sequence for event in events_of(own)} == {0}
    assert {event.bookings.active().get().staff for event in events_of(own)} == {pair[0]}


def test_following_dates_split_off_and_keep_their_uids(beat, pair):
    own = five_tuesdays(beat, pair)
    before = [event.uid for event in events_of(own)]
    third = events_of(own)[2]

    outcome = reshaping.change(third.pk, later(third), scope=Scope.FOLLOWING, by=SYSTEM)

    own.refresh_from_db()
    assert outcome.series != own
    assert hours(own) == [19, 19]
    assert hours(outcome.series) == [20, 20, 20]
    assert [event.uid for event in events_of(own, outcome.series)] == before
    assert parse(own.rrule).until == at(third).date() - timedelta(days=1)
    assert parse(outcome.series.rrule).count == 3
    assert outcome.series.first_on == at(third).date()


def test_following_the_first_date_is_all_of_it(beat, pair):
    own = five_tuesdays(beat, pair)
    first = events_of(own)[0]

    outcome = reshaping.change(first.pk, later(first), scope=Scope.FOLLOWING, by=SYSTEM)

    assert outcome.series == own
    assert hours(own) == [20] * 5


def test_date_changed_by_itself_is_left_alone_and_counted(beat, pair):
    own = five_tuesdays(beat, pair)
    second, third = events_of(own)[1:3]
    venue = VenueFactory()
    reshaping.change(
        second.pk, replace(events.plan_of(second), venue=venue), scope=Scope.ONE, by=SYSTEM
    )

    outcome = reshaping.change(third.pk, later(third), scope=Scope.ALL, by=SYSTEM)

    assert (outcome.changed, outcome.left_alone) == (4, 1)
    assert hours(own) == [20, 19, 20, 20, 20]
    assert Event.objects.get(pk=second.pk).venue == venue


def test_past_dates_never_change(beat, pair):
    own = five_tuesdays(beat, pair)
    first, second = events_of(own)[:2]

    with time_machine.travel(first.starts_at + timedelta(days=1)):
        reshaping.change(second.pk, later(second), scope=Scope.ALL, by=SYSTEM)
        reshaping.cancel(second.pk, scope=Scope.ALL, by=SYSTEM, reason="over")

    first.refresh_from_db()
    assert (at(first).hour, first.sequence, first.status) == (19, 0, EventStatus.CONFIRMED)
    assert all(event.is_cancelled for event in events_of(own)[1:])


def test_other_rule_moves_the_dates_k_th_to_k_th(beat, pair):
    own = five_tuesdays(beat, pair)
    before = [(event.uid, event.starts_at) for event in events_of(own)]
    wish = replace(reshaping.continuing(own, None), rule=weekly(2, count=5))

    outcome = reshaping.reshape(own.pk, wish, since=None, by=SYSTEM)

    assert (outcome.changed, outcome.added, outcome.cancelled) == (5, 0, 0)
    day = timedelta(days=1)
    after = [(event.uid, event.starts_at) for event in events_of(own)]
    assert [uid for uid, _ in after] == [uid for uid, _ in before]
    assert [at(event).weekday() for event in events_of(own)] == [2] * 5
    local_days = [timezone.localdate(start) + day for _, start in before]
    assert [timezone.localdate(start) for _, start in after] == local_days


def test_skipped_date_takes_its_turn_when_the_rule_moves(beat, pair):
    own = five_tuesdays(beat, pair)
    second, third = events_of(own)[1:3]
    occurrences.skip(second.pk, by=SYSTEM, reason="storm")
    own.refresh_from_db()
    wish = replace(reshaping.continuing(own, None), rule=weekly(2, count=5), exdates=())

    outcome = reshaping.reshape(own.pk, wish, since=None, by=SYSTEM)

    assert (outcome.changed, outcome.added) == (4, 1)
    moved = Event.objects.get(pk=third.pk)
    assert timezone.localdate(moved.starts_at) == at(third).date() + timedelta(days=1)


def test_skipped_date_stays_skipped_when_the_hour_changes(beat, pair):
    own = five_tuesdays(beat, pair)
    second, third = events_of(own)[1:3]
    occurrences.skip(second.pk, by=SYSTEM, reason="storm")

    outcome = reshaping.change(third.pk, later(third), scope=Scope.ALL, by=SYSTEM)

    assert (outcome.changed, outcome.added) == (4, 0)
    assert hours(own) == [20] * 4


def test_shorter_rule_cancels_what_is_over_and_longer_adds(beat, pair):
    own = five_tuesdays(beat, pair)
    shorter = replace(reshaping.continuing(own, None), rule=weekly(1, count=3))
    assert reshaping.reshape(own.pk, shorter, since=None, by=SYSTEM).cancelled == 2
    assert hours(own) == [19] * 3
    own.refresh_from_db()

    longer = replace(reshaping.continuing(own, None), rule=weekly(1, count=6), exdates=())
    outcome = reshaping.reshape(own.pk, longer, since=None, by=SYSTEM)

    assert (outcome.changed, outcome.added) == (3, 3)
    assert hours(own) == [19] * 6


def test_clash_refuses_the_whole_change_or_leaves_that_date(beat, pair):
    own = five_tuesdays(beat, pair)
    first, second = events_of(own)[:2]
    events.create(
        make_plan(starts_at=second.starts_at + timedelta(hours=1), staff=pair[:1]), by=SYSTEM
    )

    with pytest.raises(DatesClash) as refusal:
        reshaping.change(first.pk, later(first), scope=Scope.ALL, by=SYSTEM)

    assert [one.day for one in refusal.value.prospects] == [at(second).date()]
    assert hours(own) == [19] * 5
    outcome = reshaping.change(
        first.pk, later(first), scope=Scope.ALL, by=SYSTEM, leaves_clashes=True
    )
    assert (outcome.changed, outcome.left_alone) == (4, 1)
    assert hours(own) == [20, 19, 20, 20, 20]


def test_waiting_date_follows_and_is_claimed_where_it_fits(beat, pair):
    wish = make_wish(weekly(1, count=3), beat=beat, staff=pair)
    busy = local(*wish.first_on.timetuple()[:3], 19)
    events.create(make_plan(starts_at=busy, staff=pair[:1]), by=SYSTEM)
    own = series.create(wish, by=SYSTEM)
    waiting, second = events_of(own)[:2]
    words = replace(events.plan_of(second), summary="Watch")

    still = reshaping.change(second.pk, words, scope=Scope.ALL, by=SYSTEM)
    waiting.refresh_from_db()
    assert (still.waiting, waiting.status, waiting.summary) == (1, EventStatus.TENTATIVE, "Watch")
    assert not waiting.bookings.exists()
    reshaping.change(second.pk, later(second), scope=Scope.ALL, by=SYSTEM)

    waiting.refresh_from_db()
    assert (waiting.status, at(waiting).hour) == (EventStatus.CONFIRMED, 20)
    assert waiting.bookings.active().count() == 2
    assert not selectors.waiting_occurrences(pair[0]).exists()


def test_many_dates_move_to_another_day_by_the_rule_only(beat, pair):
    own = five_tuesdays(beat, pair)
    first = events_of(own)[0]
    day = timedelta(days=1)
    plan = later(first, starts_at=first.starts_at + day, ends_at=first.ends_at + day)

    with pytest.raises(NotBookable) as refusal:
        reshaping.change(first.pk, plan, scope=Scope.ALL, by=SYSTEM)

    assert list(refusal.value.problems) == ["day"]


def test_outdated_change_of_many_is_refused(beat, pair):
    own = five_tuesdays(beat, pair)
    first = events_of(own)[0]
    seen = events.version(first.uid)
    events.change(first.pk, later(first), by=SYSTEM)

    with pytest.raises(events.ChangedMeanwhile):
        reshaping.change(first.pk, later(first), scope=Scope.ALL, by=SYSTEM, seen=seen)


def test_later_closure_does_not_undo_an_event_when_the_hour_changes(beat, pair):
    own = five_tuesdays(beat, pair, skips_closures=True)
    first, second = events_of(own)[:2]
    day = at(second).date()
    Closure.objects.create(name="Lantern Day", starts_on=day, ends_on=day + timedelta(days=1))

    outcome = reshaping.change(first.pk, later(first), scope=Scope.ALL, by=SYSTEM)

    assert (outcome.changed, outcome.cancelled) == (5, 0)


@pytest.mark.parametrize("scope", Scope.values)
def test_cancel_goes_as_far_as_asked(beat, pair, scope):
    own = series.create(make_wish(beat=beat, staff=pair), by=SYSTEM)
    every = len(events_of(own))
    third = events_of(own)[2]

    reshaping.cancel(third.pk, scope=scope, by=SYSTEM, reason="moved away")

    standing = hours(own)
    assert len(standing) == {Scope.ONE: every - 1, Scope.FOLLOWING: 2, Scope.ALL: 0}[scope]
    third.refresh_from_db()
    assert third.is_cancelled
    with time_machine.travel(timezone.now() + timedelta(days=60)):
        made = series.extend()
    assert (made > 0) == (scope == Scope.ONE)


def test_cancel_of_all_leaves_what_was_changed_by_itself_unless_asked(beat, pair):
    own = five_tuesdays(beat, pair)
    second = events_of(own)[1]
    reshaping.change(second.pk, later(second), scope=Scope.ONE, by=SYSTEM)

    outcome = reshaping.end(own.pk, since=None, by=SYSTEM, reason="over")
    assert (outcome.cancelled, outcome.left_alone) == (4, 1)
    assert hours(own) == [20]
    again = reshaping.end(own.pk, since=None, by=SYSTEM, reason="over", with_own=True)

    assert (again.cancelled, again.left_alone) == (1, 0)
    assert hours(own) == []


def test_event_of_no_series_is_changed_and_cancelled_as_ever(beat, pair):
    event = events.create(make_plan(beat=beat), by=SYSTEM)

    reshaping.change(event.pk, later(event), scope=Scope.ONE, by=SYSTEM)
    reshaping.cancel(event.pk, scope=Scope.ONE, by=SYSTEM, reason="over")

    event.refresh_from_db()
    assert event.is_cancelled
    assert at(event).hour == 20


def test_every_second_week_keeps_its_weeks_when_split(beat, pair):
    rule = Rule(weekly(1).repeats, every=2, weekdays=(1,), count=6)
    own = series.create(make_wish(rule, beat=beat, staff=pair), by=SYSTEM)
    before = [event.starts_at for event in events_of(own)]
    third = events_of(own)[2]
    words = replace(events.plan_of(third), summary="Watch")

    outcome = reshaping.change(third.pk, words, scope=Scope.FOLLOWING, by=SYSTEM)

    assert (outcome.changed, outcome.added, outcome.cancelled) == (4, 0, 0)
    assert [event.starts_at for event in events_of(own, outcome.series)] == before


def test_all_dates_move_in_as_many_queries_for_forty_as_for_five(beat, pair):
    counts = []
    for count, hour in ((5, 8), (40, 14)):
        rule = weekly(1, count=count)
        wish = make_wish(rule, beat=beat, staff=pair, venue=VenueFactory(), starts=time(hour))
        first = events_of(series.create(wish, by=SYSTEM))[0]
        with CaptureQueriesContext(connection) as asked:
            outcome = reshaping.change(first.pk, later(first), scope=Scope.ALL, by=SYSTEM)
        assert outcome.changed == count
        counts.append(len(asked))

    assert counts[0] == counts[1]
    assert counts[0] <= 75
