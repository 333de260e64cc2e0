"""Database, broker, clock and disk."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from redis import Redis
from redis.exceptions import RedisError

from config.doctor.findings import Asked, Finding, broken, look, ok

FAR = timedelta(minutes=5)  # from here on reminders are held back
NEAR = timedelta(seconds=5)
FULL, NEARLY_FULL = 300, 2_000  # megabytes


def database_answers(asked: Asked) -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        (version,) = cursor.fetchone()
    yield ok(f"The database answers (PostgreSQL {version.split()[0]}).")


def tables_are_up_to_date(asked: Asked) -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    left = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if left:
        names = ", ".join(f"{one.app_label}.{one.name}" for one, _ in left[:5])
        yield broken(f"{len(left)} migrations are not applied: {names}", "manage.py migrate")
    else:
        yield ok("All migrations are applied.")


def broker_answers(asked: Asked) -> Iterator[Finding]:
    try:
        Redis.from_url(settings.REDIS_URL, socket_connect_timeout=3, socket_timeout=3).ping()
    except RedisError as failure:
        yield broken(
            f"The broker does not answer ({type(failure).__name__}).",
            "Start Valkey or Redis, or mend REDIS_URL. Nothing is lost meanwhile; messages wait.",
        )
    else:
        yield ok("The broker answers.")


def clock_is_right(asked: Asked) -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        (theirs,) = cursor.fetchone()
    apart = abs(theirs - timezone.now())
    seconds = round(apart.total_seconds())
    to_do = "Let both machines take the time from the network (timedatectl set-ntp true)."
    if apart > FAR:
        yield broken(f"This clock and the database's are {seconds} s apart.", to_do)
    elif apart > NEAR:
        yield look(f"This clock and the database's are {seconds} s apart.", to_do)
    else:
        yield ok("This clock and the database's agree. Nobody else was asked.")


def disk_has_room(asked: Asked) -> Iterator[Finding]:
    seen = set()
    for what, folder in (("data", settings.DATA_DIR), ("calendars", settings.FEEDS_ROOT)):
        place = _existing(Path(folder))
        if place.stat().st_dev in seen:
            continue
        seen.add(place.stat().st_dev)
        free = shutil.disk_usage(place).free // 2**20
        words = f"{free:,} MB are free for {what} on the disk of {place}."
        if free < FULL:
            yield broken(words, "Make room now: a full disk stops the database.")
        elif free < NEARLY_FULL:
            yield look(words, "Make room soon, or take a larger disk.")
        else:
            yield ok(words)


def _existing(folder: Path) -> Path:
    return next(one for one in (folder, *folder.parents) if one.exists())
