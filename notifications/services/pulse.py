"""Signs of life, and a clock that is watched: nothing goes out in masses because it jumped."""

import time
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone

from notifications.enums import Lane, MessageStatus
from notifications.models import Heartbeat, Message
from notifications.services import gates

WATCH = "clock"
JUMP = timedelta(minutes=5)
LATE = timedelta(minutes=15)
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def beat(name: str) -> None:
    Heartbeat.objects.update_or_create(name=name, defaults={"seen_at": Now()})


def watch_the_clock() -> str:
    """Close the lanes of masses when the clock cannot be trusted: this machine's differs from the
    database's, or it moved without time passing. A sleep alone is made good.

    Returns the reason, or an empty text. Somebody opens the lanes again in the sending room.
    """
    reason = _clock_trouble()
    _note()
    if reason:
        gates.hold_masses(reason)
    return reason


def flood(since: datetime) -> bool:
    """Whether this planning made so many late reminders that a person looks first.

    Late ones of an event that was changed a moment ago, or of a late sign-up, are no surprise; of
    an event that stood unchanged they say that the planner slept or the clock jumped.
    """
    before = since - LATE
    late = Message.objects.filter(
        lane=Lane.REMINDERS,
        status=MessageStatus.QUEUED,
        created_at__gte=since,
        due_at__lt=before,
        event__updated_at__lt=before,
    )
    most = settings.LATE_REMINDERS_HELD_FROM
    return late.order_by()[: most + 1].count() > most


def silent(within: timedelta) -> list[str]:
    """Workers that did no round for longer than this; all that were never seen."""
    seen = dict(Heartbeat.objects.values_list("name", "seen_at"))
    since = timezone.now() - within
    names = ("planner", "personal", "campaign")
    return [name for name in names if name not in seen or seen[name] < since]


def _clock_trouble() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        (theirs,) = cursor.fetchone()
    if abs(theirs - timezone.now()) > JUMP:
        return "the clocks of the database and of this machine differ"
    before = Heartbeat.objects.filter(name=WATCH, machine=_machine()).first()
    if before is None or not before.machine:
        return ""
    passed = timedelta(seconds=_seconds_up() - before.seconds_up)
    moved = timezone.now() - before.seen_at
    if abs(moved - passed) > JUMP:
        return f"the clock jumped by {round((moved - passed).total_seconds() / 60)} minutes"
    return ""


def _note() -> None:
    said = {"seen_at": timezone.now(), "machine": _machine(), "seconds_up": _seconds_up()}
    Heartbeat.objects.update_or_create(name=WATCH, defaults=said)


def _machine() -> str:
    """This start of this machine; empty where the system does not tell."""
    return BOOT_ID.read_text().strip() if BOOT_ID.exists() else ""


def _seconds_up() -> float:
    """Counts while the machine sleeps, where the system knows how."""
    clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.clock_gettime(clock)
