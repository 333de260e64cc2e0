"""How the whole is doing, in numbers: what an operator asks first. Reads only, each one query."""

import shutil
from typing import Any

from django.conf import settings
from django.db import connection

from config.backups import nightly
from scheduling import published

# What is due and has not begun: calls are made by people, at their own pace.
OLDEST_DUE = """
    SELECT lane, extract(epoch FROM now() - min(due_at)) FROM notifications_message
    WHERE status = 'queued' AND channel <> 'call' AND due_at <= now() GROUP BY lane
"""
WAITING = """
    SELECT status, channel, count(*) FROM notifications_message
    WHERE status IN ('queued', 'sending', 'unknown') GROUP BY status, channel
"""
SETTLED = """
    SELECT status, channel, count(*) FROM notifications_message
    WHERE channel IN ('email', 'text', 'call') AND settled_at > now() - interval '1 day'
    GROUP BY status, channel
"""
HEARTBEATS = "SELECT name, extract(epoch FROM now() - seen_at) FROM notifications_heartbeat"
LOCK_WAITS = """
    SELECT count(*), COALESCE(max(extract(epoch FROM now() - state_change)), 0)
    FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()
"""
CONNECTIONS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
STALE_FEEDS = """
    SELECT count(*), COALESCE(max(extract(epoch FROM now() - stale_since)), 0)
    FROM scheduling_publication WHERE stale_since IS NOT NULL
"""
UNREAD = """
    SELECT 'revision', count(*) FROM scheduling_revision WHERE read_at IS NULL
    UNION ALL SELECT 'milestone', count(*) FROM outreach_milestone WHERE read_at IS NULL
"""
CLOSED_GATES = "SELECT name FROM notifications_gate WHERE closed_at IS NOT NULL"


def rows(query: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [tuple(row) for row in cursor.fetchall()]


def seconds(query: str) -> dict[str, float]:
    return {name: float(value) for name, value in rows(query)}


def disk_free() -> int:
    """Bytes left where the published calendars lie."""
    folder = settings.FEEDS_ROOT if settings.FEEDS_ROOT.exists() else settings.DATA_DIR
    return shutil.disk_usage(folder).free


def publisher_age(now: float) -> float | None:
    """Seconds since the publisher's last round; None when there was none."""
    signed = published.signed_at()
    return now - signed.timestamp() if signed else None


def backup_ages() -> dict[str, float | None]:
    """Seconds since the last good backup, and since the newest change its log has; None: none."""
    ages = {"backup": nightly.age_of_last_backup(), "backup_log": nightly.age_of_last_wal()}
    return {name: None if age is None else age.total_seconds() for name, age in ages.items()}
