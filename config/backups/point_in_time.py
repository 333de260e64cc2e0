"""Puts the embedded database back as it was at a moment: the last base before, then its log.

It is made ready beside the database that is there, and takes its place at the very end.
"""

import os
import shutil
import signal
import tarfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from config.backups import files, manifest, pause, wal
from config.backups.manifest import BASE, Manifest
from config.backups.refusals import CannotRestore
from config.embedded import binaries, postgres
from config.embedded.children import Child, signal_group, start
from config.embedded.failure import CannotStart
from config.embedded.ownership import InUse, Lock, wait_for_owner
from config.embedded.paths import SERVER_UID, DataFolder, is_root

UNFINISHED = "postgres.unfinished"
SETTINGS = "postgresql.auto.conf"  # of the embedded database: empty, its settings are arguments
NOTHING_LATER = "recovery ended before configured recovery target was reached"
# No archive is asked: every segment already lies where recovery looks next.
RECOVERY = """
restore_command = 'false'
recovery_target_action = 'promote'
hot_standby = off
"""
LONGEST = 4 * 3600  # seconds; a day of a busy city is played on in minutes


@dataclass(frozen=True)
class Restored:
    until: datetime | None  # the last change that is in it
    replaced: Path | None  # where the database lies now that was there before


def choose(root: Path, until: datetime | None) -> tuple[Path, Manifest]:
    """The last base before a moment that can be used, every byte read; CannotRestore if none."""
    bases = manifest.kept(root, BASE)
    before = [one for one in bases if until is None or one[1].made <= until]
    if not before:
        oldest = f"the oldest is of {bases[0][1].made_at}" if bases else "there is none"
        raise CannotRestore(f"{root} holds no base from before that moment: {oldest}.")
    folder = before[-1][0]
    return folder, manifest.verified(folder)


def must_be_whole(about: Manifest) -> list[Path]:
    """The segments to play on; CannotRestore when one that is needed is missing."""
    found = wal.segments(about.run, about.wal_from)
    expected = wal.number(about.wal_from)
    for file in found:
        if wal.number(file.name) != expected:
            break
        expected += 1
    else:
        if found:
            return found
    raise CannotRestore(
        f"The log of this base, in {wal.folder() / about.run}, lacks its segment number {expected}."
    )


def must_fit(folder: DataFolder, about: Manifest) -> None:
    programs = binaries.postgres_programs(folder)
    if (here := binaries.postgres_major(programs)) != about.postgres:
        raise CannotRestore(
            f"The base is of PostgreSQL {about.postgres}, and this is PostgreSQL {here}. "
            "Restore the dump of that night instead."
        )


def restore(
    folder: DataFolder, base: Path, segments: list[Path], until: datetime | None
) -> Restored:
    lock = Lock(folder)
    try:
        wait_for_owner(lock, 5, what="manage.py restore")
    except InUse as refusal:
        who = refusal.owner.get("what", "Another command")
        raise CannotRestore(
            f"{who} (process {refusal.owner.get('pid')}) is using {folder.root}. Stop it first."
        ) from refusal
    unfinished = folder.root / UNFINISHED
    try:
        shutil.rmtree(unfinished, ignore_errors=True)
        make_ready(base, segments, until, unfinished)
        last = _recover(folder, unfinished)
        files.unpack(base)
        return Restored(last, _switch(folder, unfinished))
    except OSError as failure:
        raise CannotRestore(
            f"{folder.root} cannot be written: {failure.strerror}. The database is as it was."
        ) from failure
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
        lock.release()


def make_ready(base: Path, segments: list[Path], until: datetime | None, target: Path) -> None:
    """A data directory in which a PostgreSQL that starts plays the log on, and then goes on."""
    target.mkdir(mode=0o700)
    for name, place in (("base.tar.gz", target), ("pg_wal.tar.gz", target / "pg_wal")):
        with tarfile.open(base / name) as packed:
            packed.extractall(place)  # noqa: S202  # its bytes were just compared
    for segment in segments:
        wal.put_back(segment, target / "pg_wal")
    (target / "recovery.signal").touch()
    goal = f"recovery_target_time = '{until.astimezone(UTC).isoformat()}'\n" if until else ""
    with (target / SETTINGS).open("a") as settings:
        settings.write(RECOVERY + goal)


def _recover(folder: DataFolder, target: Path) -> datetime | None:
    """Play the log on and hold sending; the time of the last change that is in it."""
    if is_root():
        for file in (target, *target.rglob("*")):
            os.chown(file, SERVER_UID, SERVER_UID)
    settings = target / SETTINGS
    try:
        return _play(folder, target)
    except CannotStart as failure:
        if NOTHING_LATER not in str(failure):
            raise CannotRestore(f"The log could not be played on: {failure}") from failure
        # Nothing was changed between the last kept change and that moment.
        settings.write_text(RECOVERY)
        return _play(folder, target)
    finally:
        settings.write_text("")


def _play(folder: DataFolder, target: Path) -> datetime | None:
    child = postgres.server(folder, target, [])
    child.log = folder.logs / "restore.log"
    child.log.unlink(missing_ok=True)
    process = start(child)
    try:
        _wait(lambda: _is_open(folder), child, process.poll)
        with psycopg.connect(postgres.address(folder)) as database:
            last = database.execute("SELECT pg_last_xact_replay_timestamp()").fetchone()
            database.execute(pause.STATEMENT)
        return last[0] if last else None
    finally:
        if process.poll() is None:
            process.send_signal(child.stop_signal)
            process.wait(600)
        signal_group(process.pid, signal.SIGKILL)


def _wait(ready: Callable[[], bool], child: Child, ended: Callable[[], int | None]) -> None:
    deadline = time.monotonic() + LONGEST
    while not ready():
        if ended() is not None:
            said = child.log.read_text(errors="replace")
            fatal = [line for line in said.splitlines() if "FATAL" in line or "PANIC" in line]
            raise CannotStart("".join(fatal[-1:]) or f"see {child.log}")
        if time.monotonic() > deadline:
            raise CannotStart(f"it took too long; see {child.log}")
        time.sleep(0.1)


def _is_open(folder: DataFolder) -> bool:
    """It takes connections, and recovery has come to its end."""
    try:
        with psycopg.connect(postgres.address(folder)) as database:
            found = database.execute("SELECT pg_is_in_recovery()").fetchone()
    except psycopg.OperationalError:
        return False
    return found == (False,)


def _switch(folder: DataFolder, target: Path) -> Path | None:
    replaced = None
    if folder.postgres.exists():
        replaced = folder.root / f"postgres.replaced-{manifest.stamp(datetime.now(UTC))}"
        folder.postgres.rename(replaced)
    target.rename(folder.postgres)
    for mark in folder.root.glob("*.done"):  # what was done was done to another database
        mark.unlink()
    return replaced
