"""Promises 9, 10 and 11: a ticker that slept, clocks that change, a clock that jumped."""

import os
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from notifications.enums import Channel, Lane, MessageStatus
from notifications.models import Digest, Gate, Heartbeat, Message
from notifications.services import digests, gates, planning, pulse, rehearsal
from scheduling.localtime import instant
from tests.factories.events import EventFactory, tomorrow
from tests.factories.messages import SubscriptionFactory, claim_all, due_reminders
from tests.factories.places import BeatFactory

pytestmark = pytest.mark.django_db
FULL = bool(os.environ.get("BEATBOOK_FULL"))
STEP = timedelta(minutes=1 if FULL else 15)
ZONES = ["America/Los_Angeles", "America/New_York", "Europe/London", "Australia/Sydney",
         "Asia/Kolkata"]  # fmt: skip
CHANGES = [date(2027, 3, 14), date(2027, 3, 28), date(2027, 11, 7)]


def kinds_and_leads() -> list[tuple[str, int]]:
    found = Message.objects.order_by("due_at").values_list("kind", "rule__lead_minutes")
    return [tuple(row) for row in found]


# --- Promise 9 ---


def test_after_three_hours_of_sleep_useful_reminders_go_and_late_ones_expire():
    SubscriptionFactory()
    now = timezone.now()
    EventFactory(starts_at=now + timedelta(hours=22))  # due two hours ago, still of use
    EventFactory(starts_at=now + timedelta(minutes=20))  # due long ago, of no use
    EventFactory(starts_at=now - timedelta(minutes=5))  # has begun

    planning.plan_reminders()

    assert kinds_and_leads() == [("reminder", 1440)]
    assert len(claim_all()) == 1


def test_queued_reminder_of_a_begun_event_expires():
    due_reminders(EventFactory(starts_at=tomorrow()), 1)
    Message.objects.update(
        created_at=timezone.now() - timedelta(hours=3), expires_at=timezone.now()
    )

    assert claim_all() == []
    assert Message.objects.get().status == MessageStatus.EXPIRED


# --- Promise 10 ---


def moments(starts: list[datetime]) -> list[datetime]:
    """Every minute of the eleven days; in short, quarters of an hour around what falls due."""
    if FULL:
        first, minutes = starts[0] - timedelta(days=8), 11 * 24 * 60
        return [first + timedelta(minutes=n) for n in range(minutes)]
    due = [start - timedelta(minutes=lead) for start in starts for lead in (10080, 1440, 120)]
    return sorted({one + n * STEP for one in due for n in (-2, -1, 0, 1)})


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_night_the_clocks_change_is_like_any_other(settings, zone, change):
    settings.TIME_ZONE = zone
    timezone.activate(ZoneInfo(zone))
    SubscriptionFactory()
    evenings = [change + timedelta(days=offset) for offset in (-1, 0, 1)]
    starts = [instant(day, time(19)) for day in evenings]
    for start in starts:
        EventFactory(starts_at=start)

    seen: dict[int, datetime] = {}
    for now in moments(starts):
        planning.plan_reminders(now)
        for message in Message.objects.filter(due_at__lte=now).exclude(pk__in=seen):
            seen[message.pk] = now

    told = Message.objects.order_by("event_starts_at", "due_at")
    assert [(m.event_starts_at, m.rule.lead_minutes) for m in told] == [
        (start, lead) for start in starts for lead in (10080, 1440, 120)
    ]
    for message in told:
        lead = timedelta(minutes=message.rule.lead_minutes)
        assert message.due_at == message.event_starts_at - lead
        assert seen[message.pk] - message.due_at < STEP
        local = message.event_starts_at.astimezone(ZoneInfo(zone))
        assert (local.hour, local.minute) == (19, 0)
    timezone.deactivate()


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_weekly_message_keeps_its_hour_over_the_change(settings, change):
    monday = digests.monday_of(instant(change, time(12)))
    hours = {
        timezone.localtime(digests.due(monday + timedelta(weeks=n))).hour for n in range(-1, 2)
    }

    assert hours == {settings.DIGEST_HOUR}


def test_control_a_reminder_by_utc_days_would_move_by_an_hour(settings):
    settings.TIME_ZONE = "America/Los_Angeles"
    before = instant(date(2027, 3, 13), time(19))
    after = (before + timedelta(days=1)).astimezone(ZoneInfo(settings.TIME_ZONE))

    assert after.hour == 20


# --- Promise 11 ---


@pytest.mark.parametrize("days", [1, -1])
def test_jumped_clock_holds_the_masses_for_a_person(days):
    messages = due_reminders(EventFactory(starts_at=tomorrow() + timedelta(days=3)), 2)
    Message.objects.filter(pk=messages[0].pk).update(lane=Lane.REMINDERS)
    assert pulse.watch_the_clock() == ""

    with time_machine.travel(timezone.now() + timedelta(days=days), tick=True):
        reason = pulse.watch_the_clock()

    assert "clock" in reason
    assert {gate.name for gate in gates.closed()} == {"reminders", "campaign"}
    assert [one.pk for one in claim_all()] == [messages[1].pk]  # personal ones still go
    gates.open_again("reminders")
    assert len(claim_all()) == 1


def test_moved_clock_of_this_machine_is_seen_by_time_that_did_not_pass():
    pulse.watch_the_clock()
    Heartbeat.objects.filter(name=pulse.WATCH).update(
        seen_at=timezone.now() - timedelta(days=1)  # but no day passed since
    )

    assert "jumped by 1440 minutes" in pulse.watch_the_clock()


def test_sleep_alone_is_made_good():
    pulse.watch_the_clock()
    watch = Heartbeat.objects.get(name=pulse.WATCH)
    watch.seen_at -= timedelta(hours=3)
    watch.seconds_up -= 3 * 3600
    watch.save()

    assert pulse.watch_the_clock() == ""
    assert gates.closed() == []


def test_many_late_reminders_at_once_wait_for_a_person(settings):
    settings.LATE_REMINDERS_HELD_FROM = 5
    for _ in range(6):
        SubscriptionFactory()
    EventFactory(starts_at=timezone.now() + timedelta(hours=20), updated_at=long_ago())

    planning.plan_reminders()

    assert Gate.objects.get(name=Lane.REMINDERS).closed_at is not None
    assert claim_all() == []


@pytest.mark.parametrize("case", ["few", "new event"])
def test_control_a_few_late_ones_or_a_new_event_are_no_flood(settings, case):
    settings.LATE_REMINDERS_HELD_FROM = 5
    for _ in range(4 if case == "few" else 6):
        SubscriptionFactory()
    changed = long_ago() if case == "few" else timezone.now()
    EventFactory(starts_at=timezone.now() + timedelta(hours=20), updated_at=changed)

    planning.plan_reminders()

    assert gates.closed() == []
    assert len(claim_all()) >= 4


def long_ago() -> datetime:
    return timezone.now() - timedelta(days=2)


# --- Weekly message and rehearsal ---


def test_weekly_reader_gets_one_message_of_the_week_and_no_reminders():
    weekly = SubscriptionFactory(pace="weekly").contact
    SubscriptionFactory(contact=weekly, pace="weekly", beat=BeatFactory())
    each = SubscriptionFactory().contact
    monday = digests.monday_of(timezone.now()) + timedelta(days=7)
    at = digests.due(monday)
    for day in (1, 3):
        EventFactory(starts_at=at + timedelta(days=day))

    assert digests.plan(at - timedelta(seconds=1)) == 0
    assert digests.plan(at) == 1
    assert digests.plan(at + timedelta(hours=1)) == 0
    planning.plan_reminders(at)

    told = {(message.contact_id, message.kind) for message in Message.objects.all()}
    assert told == {(weekly.pk, "digest"), (each.pk, "reminder")}
    found = digests.events_for(weekly, Digest.objects.get())
    assert [event.starts_at for event in found] == [at + timedelta(days=1), at + timedelta(days=3)]


def test_rehearsal_prints_what_would_go_and_keeps_nothing(capsys):
    SubscriptionFactory()
    SubscriptionFactory(channel=Channel.TEXT)
    EventFactory(starts_at=instant(date(2027, 3, 14), time(9)))  # the clocks went ahead at two

    call_command("rehearse", "--from", "2027-03-06", "--to", "2027-03-15")

    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "6 reminders. Nothing was sent."
    assert [line[:25] for line in lines[:-1]] == [
        "Sun 2027-03-07 08:00 PST ", "Sun 2027-03-07 08:00 PST ",  # a text waits for the morning
        "Sat 2027-03-13 08:00 PST ", "Sat 2027-03-13 08:00 PST ",
        "Sun 2027-03-14 07:00 PDT ", "Sun 2027-03-14 08:00 PDT ",
    ]  # fmt: skip
    assert not Message.objects.exists()
    assert "@" not in "".join(lines)


@pytest.mark.parametrize(
    ("begin", "end"),
    [("2027-03-15", "2027-03-06"), ("tomorrow", "2027-03-06"), ("2027-13-40", "x")],
)
def test_rehearsal_refuses_a_span_that_is_none(begin, end):
    with pytest.raises(CommandError):
        call_command("rehearse", "--from", begin, "--to", end)


def test_rehearsal_leaves_what_is_queued_as_it_was():
    (message,) = due_reminders(EventFactory(starts_at=tomorrow() + timedelta(days=1)), 1)

    list(rehearsal.rehearse(timezone.now(), timezone.now() + timedelta(hours=1)))

    assert Message.objects.get() == message
    assert connection.in_atomic_block  # the test's own


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_weeks_of_the_digest_leave_no_hour_out_and_none_twice(change):
    monday = digests.monday_of(instant(change, time(12)))
    weekly = SubscriptionFactory(pace="weekly").contact
    edge = digests.due(monday + timedelta(days=7))
    for minutes in (-30, 30):
        EventFactory(starts_at=edge + timedelta(minutes=minutes))

    found = [
        digests.events_for(weekly, Digest(starts_on=monday + timedelta(days=offset)))
        for offset in (0, 7)
    ]

    assert [len(events) for events in found] == [1, 1]
    assert found[0] != found[1]


def test_clock_that_was_ahead_leaves_no_limit_behind(settings):
    settings.SENDING_RATES = {"email": 2}
    due_reminders(EventFactory(starts_at=tomorrow()), 1)
    ahead = timezone.now() + timedelta(days=1)
    Gate.objects.create(
        name=Channel.EMAIL, minute_began_at=ahead, claimed_in_minute=2, resting_until=ahead
    )

    assert len(claim_all()) == 1
