"""The write-ahead log, kept as it is written: what changed since the last base.

    BACKUP_ROOT/wal/<run>/000000010000000000000001.gz …2.gz …3.partial

A run is one unbroken stretch of the log. It bears the name of the replication slot that makes
PostgreSQL hold what we have not received. A database put back or made anew has no slot, and one
that waited too long for us lost it: then a new run begins, with a base of its own.
"""

import gzip
import os
import re
import shutil
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from config.backups import manifest, programs
from config.backups.refusals import BackupFailed

PREFIX = "beatbook_"
SEGMENT = re.compile(r"[0-9A-F]{24}")
# Name, whether somebody receives, whether it waited too long, how many bytes it is behind.
SLOTS = """
    SELECT slot_name, active, wal_status = 'lost' OR restart_lsn IS NULL,
           pg_wal_lsn_diff(pg_current_wal_flush_lsn(), restart_lsn)
    FROM pg_replication_slots WHERE slot_type = 'physical' AND starts_with(slot_name, %s)
    ORDER BY slot_name
"""


def folder() -> Path:
    return Path(settings.BACKUP_ROOT) / "wal"


def receive() -> None:
    """Become the receiver of this database's log; returns only by an exception."""
    try:
        run = current_run() or _begin_run()
        (folder() / run).mkdir(parents=True, exist_ok=True, mode=0o700)
        _forget_half_begun(folder() / run)
    except (DatabaseError, OSError) as failure:
        raise BackupFailed(f"The log cannot be kept: {failure}") from failure
    program = programs.find("pg_receivewal")
    # One that loses the server ends, so that its next start looks at the slot again.
    options = ["--directory", str(folder() / run), "--slot", run, "--synchronous", "--no-loop",
               "--no-password"]  # fmt: skip
    environment = programs.environment()
    connection.close()
    os.execve(program, [program, *options], environment)  # noqa: S606


def current_run() -> str | None:
    """The run that goes on, if one does."""
    runs = [name for name, _, is_lost, _ in _slots() if not is_lost and (folder() / name).is_dir()]
    return runs[-1] if runs else None


def age() -> timedelta | None:
    """How old the newest change is that a crash of the disk would take. It grows while the log
    waits for its receiver; None: none was ever kept."""
    run = current_run()
    if any(name == run and active and not behind for name, active, _, behind in _slots()):
        return timedelta(0)
    kept = [*folder().glob(f"{PREFIX}*/*")] or [*folder().glob(f"{PREFIX}*")]
    if not kept:
        return None
    written = [place.stat().st_mtime for place in kept]
    return timedelta(seconds=max(0.0, timezone.now().timestamp() - max(written)))


def first_segment(lsn: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_walfile_name(%s)", [lsn])
        return str(cursor.fetchone()[0])


def compress() -> None:
    """Finished segments shrink to a tenth or less; the one being written is left alone."""
    for file in sorted(folder().glob("*/*")):
        if SEGMENT.fullmatch(file.name):
            unfinished = file.with_name(f"{file.name}.gz.unfinished")
            with file.open("rb") as source, unfinished.open("wb") as target:
                with gzip.GzipFile(fileobj=target, mode="wb", compresslevel=6) as packed:
                    shutil.copyfileobj(source, packed, 2**20)
                target.flush()
                os.fsync(target.fileno())
            unfinished.chmod(0o600)
            unfinished.rename(file.with_name(f"{file.name}.gz"))
            file.unlink()


def thin(needed_from: dict[str, str]) -> None:
    """Drop what no kept base needs: whole runs, and segments before the first one needed."""
    going_on = current_run()
    for run in folder().glob(f"{PREFIX}*"):
        if run.name not in needed_from:
            if run.name != going_on:
                shutil.rmtree(run, ignore_errors=True)
            continue
        for file in run.glob("*"):
            if SEGMENT.match(file.name) and file.name[:24] < needed_from[run.name]:
                file.unlink(missing_ok=True)


def segments(run: str, first: str) -> list[Path]:
    """What is kept of a run from a segment on, in order."""
    found = {file.name[:24]: file for file in sorted((folder() / run).glob("*"))
             if SEGMENT.match(file.name) and not file.name.endswith(".unfinished")}  # fmt: skip
    return [found[name] for name in sorted(found) if name >= first]


def number(segment: str) -> int:
    """Its place in the log, counted through: 256 segments bear one number in the middle."""
    return int(segment[8:16], 16) * 256 + int(segment[16:24], 16)


def put_back(segment: Path, target: Path) -> None:
    """A segment under its own name, at full length; the last one may be unfinished."""
    plain = target / segment.name[:24]
    opening = gzip.open if segment.suffix == ".gz" else open
    with opening(segment, "rb") as source, plain.open("wb") as written:
        shutil.copyfileobj(source, written, 2**20)


def _forget_half_begun(run: Path) -> None:
    """A full disk ends the receiver before a segment has its length; then it would not go on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT setting::int FROM pg_settings WHERE name = 'wal_segment_size'")
        (full,) = cursor.fetchone()
    for file in run.glob("*.partial"):
        if file.stat().st_size not in (0, full):
            os.truncate(file, 0)  # PostgreSQL still has what was in it


def _begin_run() -> str:
    run = f"{PREFIX}{manifest.stamp(timezone.now())}"
    with connection.cursor() as cursor:
        for name, active, _, _ in _slots():
            if not active:  # lost, or its folder is gone: it would hold the log for nobody
                cursor.execute("SELECT pg_drop_replication_slot(%s)", [name])
        cursor.execute("SELECT pg_create_physical_replication_slot(%s, true)", [run])
    return run


def _slots() -> list[tuple[str, bool, bool, int | None]]:
    with connection.cursor() as cursor:
        cursor.execute(SLOTS, [PREFIX])
        return list(cursor.fetchall())
