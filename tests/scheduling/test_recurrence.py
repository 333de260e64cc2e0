"""Promise 20: a rule gives the instants an independent walk over all minutes gives.

The walk knows no RRULE: it goes through the minutes in UTC, reads each off the local clock, and
asks the plain meaning of the rule. At full size 20,000 rules, in five zones.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import icalendar
import pytest
from dateutil.rrule import rrulestr
from django.conf import settings as own_settings
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outreach.actors import SYSTEM
from outreach.enums import Program
from scheduling import feeds, ical, localtime, recurrence, rule_words
from scheduling.models import Event
from scheduling.recurrence import LAST, Repeats, Rule, ShortMonths
from scheduling.services import series
from tests.factories.places import BeatFactory
from tests.factories.series import make_wish

FULL = bool(os.environ.get("BEATBOOK_FULL"))
RULES = 20_000 if FULL else 300
ZONES = ["America/Los_Angeles", "Australia/Lord_Howe"]  # by an hour, by half of one
if FULL:
    ZONES += ["America/New_York", "Europe/Berlin", "America/Santiago"]
PLACES = st.sampled_from([1, 2, 3, 4, LAST])
pytestmark = pytest.mark.xdist_group("minute-walk")  # whose minutes are found once a process
FIRST, DAYS = date(2026, 1, 1), 460
MINUTE = timedelta(minutes=1)


@st.composite
def rules(draw) -> tuple[Rule, date, time]:
    """Any rule the builder can make, the day it counts from, and a start."""
    repeats = draw(st.sampled_from(list(Repeats)))
    some = st.lists(st.integers(0, 6), min_size=1, max_size=4, unique=True)
    end = draw(st.sampled_from(["never", "until", "count"]))
    begins_on = FIRST + timedelta(days=draw(st.integers(0, 120)))
    rule = Rule(
        repeats,
        every=draw(st.integers(1, 5)),
        weekdays=tuple(sorted(draw(some)))
        if repeats in {Repeats.WEEKLY, Repeats.BY_WEEKDAY}
        else (),
        places=draw(
            st.lists(st.sampled_from([1, 2, 3, 4, LAST]), min_size=1, unique=True).map(tuple)
        )
        if repeats == Repeats.BY_WEEKDAY
        else (),
        month_day=draw(st.integers(1, 31)) if repeats == Repeats.BY_DAY else 0,
        short_months=draw(st.sampled_from(list(ShortMonths))),
        until=begins_on + timedelta(days=draw(st.integers(0, 330))) if end == "until" else None,
        count=draw(st.integers(1, 60)) if end == "count" else None,
    )
    starts = time(draw(st.integers(0, 23)), draw(st.sampled_from([0, 15, 30, 45, 59])))
    return rule, begins_on, starts


@lru_cache(maxsize=8)
def minutes_of(zone: str) -> dict[time, list[tuple[date, datetime]]]:
    """Every minute of the window in UTC, by what local clocks show; of a doubled one the first."""
    clock, seen = ZoneInfo(zone), set()
    found: dict[time, list[tuple[date, datetime]]] = {}
    at = datetime.combine(FIRST - timedelta(days=1), time(), UTC)
    for _ in range((DAYS + 2) * 24 * 60):
        local = at.astimezone(clock).replace(tzinfo=None, fold=0)
        if local not in seen:
            seen.add(local)
            if local.minute in {0, 15, 30, 45, 59}:
                found.setdefault(local.time(), []).append((local.date(), at))
        at += MINUTE
    return found


def last_day(day: date) -> int:
    return (date(day.year + day.month // 12, day.month % 12 + 1, 1) - timedelta(days=1)).day


def fits(rule: Rule, day: date) -> bool:
    """The plain meaning of the pattern, whatever the interval."""
    if rule.repeats == Repeats.DAILY:
        return True
    if rule.repeats == Repeats.WEEKLY:
        return day.weekday() in rule.weekdays
    if rule.repeats == Repeats.BY_WEEKDAY:
        place = (day.day - 1) // 7 + 1
        is_last = day.day + 7 > last_day(day)
        is_placed = place in rule.places or (is_last and LAST in rule.places)
        return day.weekday() in rule.weekdays and is_placed
    if rule.short_months == ShortMonths.LAST_DAY:
        return day.day == min(rule.month_day, last_day(day))
    return day.day == rule.month_day


def turn(rule: Rule, day: date, first: date) -> int:
    """How many days, weeks or months lie between."""
    if rule.repeats == Repeats.DAILY:
        return (day - first).days
    if rule.repeats == Repeats.WEEKLY:
        monday = timedelta(days=1)
        return ((day - day.weekday() * monday) - (first - first.weekday() * monday)).days // 7
    return (day.year - first.year) * 12 + day.month - first.month


def walked(rule: Rule, begins_on: date, starts: time, zone: str) -> list[datetime]:
    minutes = minutes_of(zone)[starts]
    first = begins_on
    while not fits(rule, first):
        first += timedelta(days=1)
    taken = [
        at
        for day, at in minutes
        if first <= day < FIRST + timedelta(days=DAYS)
        and (rule.until is None or day <= rule.until)
        and fits(rule, day)
        and turn(rule, day, first) % rule.every == 0
    ]
    return taken[: rule.count]


def ours(rule: Rule, begins_on: date, starts: time, zone: str) -> list[datetime] | None:
    """None where we refuse the rule: one of its dates has no such minute."""
    first = recurrence.first_date(rule, begins_on)
    window = FIRST + timedelta(days=DAYS)
    found = recurrence.dates(str(rule), first, before=window)
    try:
        return [localtime.instant(day, starts) for day in found]
    except localtime.NoSuchTime:
        return None


def picked(instants: list[datetime]) -> list[datetime]:
    """Of many the first, the last, and those next to a change of the clocks."""
    offsets = [timezone.localtime(at).utcoffset() for at in instants]
    near = {n + d for n in range(1, len(instants)) if offsets[n] != offsets[n - 1] for d in (-1, 0)}
    return [instants[n] for n in sorted(near | {0, len(instants) - 1})]


def reread(instants: list[datetime]) -> bool:
    """Whether the parser of calendars finds them in what we publish."""
    chosen, shown = picked(instants), []
    for at in chosen:
        event = Event(
            pk=1, program=Program.COMMUNITY, summary="Meeting", classification="public",
            starts_at=at, ends_at=at + timedelta(hours=1), created_at=at, updated_at=at,
        )  # fmt: skip
        event._prefetched_objects_cache = {"texts": [], "also_beats": []}
        shown.append(event)
    head = ical.opening(name="All", address="https://example.org/all.ics")
    text = ical.calendar(head, [ical.entry(event, "en").encode() for event in shown])
    entries = icalendar.Calendar.from_ical(text).walk("VEVENT")
    return [entry.decoded("DTSTART").astimezone(UTC) for entry in entries] == chosen


def in_utc(rule: Rule, begins_on: date, starts: time, zone: str) -> list[datetime]:
    """The mistake: expanding from the first instant in UTC."""
    first = recurrence.first_date(rule, begins_on)
    start = datetime.combine(first, starts, ZoneInfo(zone)).astimezone(UTC)
    text = str(rule).replace("UNTIL=", "X-").split(";X-")[0]
    window = datetime.combine(FIRST + timedelta(days=DAYS), time(), UTC)
    return list(rrulestr(text, dtstart=start).between(start, window, inc=True))


def differences(
    way: Callable[[Rule, date, time, str], list[datetime] | None], count: int
) -> Iterator[str]:
    """Rules for which a way of expanding them and the walk disagree."""
    found: list[str] = []
    refused = [0, 0]

    @settings(max_examples=count, deadline=None, database=None, derandomize=True,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(rules(), st.sampled_from(ZONES))
    def compare(case, zone):
        rule, begins_on, starts = case
        with zone_of_department(zone):
            given_dates = way(rule, begins_on, starts, zone)
            is_read = way is not ours or not given_dates or reread(given_dates)
        wanted = walked(rule, begins_on, starts, zone)
        refused[given_dates is None] += 1
        if given_dates is not None and given_dates != wanted:
            found.append(f"{rule} from {begins_on} at {starts} in {zone}")
        if not is_read:
            found.append(f"our feed of {rule} from {begins_on} at {starts} in {zone}")

    compare()
    assert refused[0] > count * 0.9
    yield from found


@contextmanager
def zone_of_department(zone: str) -> Iterator[None]:
    """Without the signal of django's own override, which takes longer than the rule."""
    before, own_settings.TIME_ZONE = own_settings.TIME_ZONE, zone
    try:
        with timezone.override(zone):
            yield
    finally:
        own_settings.TIME_ZONE = before


def test_rules_give_the_instants_of_the_minute_walk():
    assert list(differences(ours, RULES)) == []


def test_utc_arithmetic_fails_the_same_comparison():
    assert len(list(differences(in_utc, 100))) > 20


@settings(max_examples=RULES, deadline=None, database=None, derandomize=True)
@given(rules())
def test_rule_reads_back_what_it_wrote(case):
    rule, _, starts = case
    again = recurrence.parse(str(rule))

    assert str(again) == str(rule)
    assert recurrence.parse(str(again)) == again
    assert len(str(rule)) <= 300
    assert rule_words.sentence(rule, starts, skips_closures=True)


@pytest.mark.django_db
def test_feed_reads_back_the_instants_of_the_walk(settings):
    """What we publish, read again by the parser of calendars, is what the walk found."""
    settings.HOLIDAYS_OF, settings.CLOSED_FRIDAYS_FROM = ("", ""), ""
    rule = Rule(Repeats.BY_WEEKDAY, weekdays=(1,), places=(2, LAST))
    today = datetime.now(UTC).astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    own = series.create(
        make_wish(rule, beat=BeatFactory(), begins_on=today + timedelta(days=1)), by=SYSTEM
    )

    feed = feeds.Feed()
    text = ical.calendar(feed.head(), [ical.entry(event, "en").encode() for event in feed.events()])
    read = {
        entry.decoded("DTSTART").astimezone(UTC)
        for entry in icalendar.Calendar.from_ical(text).walk("VEVENT")
    }

    last = today + timedelta(days=settings.FEED_DAYS_AHEAD)
    day, wanted = today + timedelta(days=1), set()
    while day < last:
        if fits(rule, day):
            local = datetime.combine(day, time(19), ZoneInfo(settings.TIME_ZONE))
            wanted.add(local.astimezone(UTC))
        day += timedelta(days=1)
    assert read == wanted
    assert len(read) > 20
    assert Event.objects.filter(occurrence__series=own).count() >= len(read)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (
            Rule(Repeats.BY_WEEKDAY, weekdays=(1,), places=(2,)),
            "The second Tuesday of each month, 7 p.m., not on closures",
        ),
        (
            Rule(Repeats.WEEKLY, every=2, weekdays=(0, 2, 4), count=8),
            "Every 2 weeks on Monday, Wednesday and Friday, 7 p.m., not on closures, 8 times",
        ),
        (
            Rule(Repeats.BY_DAY, month_day=31, short_months=ShortMonths.LAST_DAY),
            "On day 31 of each month (on the last day of a shorter month), 7 p.m., not on closures",
        ),
    ],
)
def test_rule_is_said_in_plain_words(rule, words):
    assert rule_words.sentence(rule, time(19), skips_closures=True) == words


def test_days_29_to_31_do_as_they_say_in_short_months():
    days = {"first_on": date(2027, 1, 31), "before": date(2027, 5, 1)}
    skip = Rule(Repeats.BY_DAY, month_day=31)
    last = Rule(Repeats.BY_DAY, month_day=31, short_months=ShortMonths.LAST_DAY)

    assert [d.month for d in recurrence.dates(str(skip), **days)] == [1, 3]
    assert [(d.month, d.day) for d in recurrence.dates(str(last), **days)] == [
        (1, 31),
        (2, 28),
        (3, 31),
        (4, 30),
    ]


def test_gap_is_found_years_ahead():
    rule = Rule(Repeats.BY_DAY, every=12, month_day=14)  # in March; a Sunday in 2027

    with pytest.raises(recurrence.StartInGap) as refusal:
        recurrence.check(rule, date(2024, 3, 14), time(2, 30), most=500)

    assert refusal.value.day == date(2027, 3, 14)


def test_pairs_keep_the_same_date_and_move_the_others_in_order():
    tuesdays = [date(2027, 1, day) for day in (5, 12, 19)]
    mixed = [date(2027, 1, day) for day in (6, 12, 20, 27)]

    assert recurrence.pair(tuesdays, mixed) == [
        (date(2027, 1, 12), date(2027, 1, 12)),
        (date(2027, 1, 5), date(2027, 1, 6)),
        (date(2027, 1, 19), date(2027, 1, 20)),
        (None, date(2027, 1, 27)),
    ]
