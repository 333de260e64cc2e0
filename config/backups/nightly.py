"""Each night a backup; what is older than its date goes; the newest good one never does."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from config.backups import base, dump, manifest, wal
from config.backups.manifest import BASE, DUMP, Manifest
from scheduling.localtime import midnight


def keep() -> None:
    """Rung every few minutes; run late, twice or beside itself, one backup is made a night."""
    root = Path(settings.BACKUP_ROOT)
    with alone(root) as is_alone:
        if not is_alone:
            return
        try:
            manifest.sweep(root)
            thin(root, timezone.localdate())  # first: it may be what makes room
            wal.compress()
        except OSError as failure:
            raise manifest.cannot_write(root, failure) from failure
        if _is_due(root, DUMP):
            dump.take(root)
        run = wal.current_run()
        if run and (_is_due(root, BASE) or not _has_base(root, run)):
            base.take(root, run)


@contextmanager
def alone(root: Path) -> Iterator[bool]:
    """Whether nobody else makes a backup in this folder meanwhile."""
    try:
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = (root / "lock").open("a")
    except OSError as failure:
        raise manifest.cannot_write(root, failure) from failure
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def thin(root: Path, today: date) -> None:
    for kind in (DUMP, BASE):
        for folder, about in manifest.kept(root, kind)[:-1]:
            if about.expires < today:
                shutil.rmtree(folder)
    needed: dict[str, str] = {}
    for _, about in manifest.kept(root, BASE):
        needed[about.run] = min(about.wal_from, needed.get(about.run, about.wal_from))
    wal.thin(needed)


def age_of_last_backup() -> timedelta | None:
    """None: there is none."""
    last = _last(Path(settings.BACKUP_ROOT), DUMP)
    return timezone.now() - last.made if last else None


def age_of_last_wal() -> timedelta | None:
    """How much a lost disk would take with it now; None: no log is kept."""
    return wal.age()


def _is_due(root: Path, kind: str) -> bool:
    last = _last(root, kind)
    return last is None or last.made < _last_night(timezone.now())


def _last(root: Path, kind: str) -> Manifest | None:
    """One made while a clock was ahead does not count."""
    made = [about for _, about in manifest.kept(root, kind) if about.made <= timezone.now()]
    return made[-1] if made else None


def _has_base(root: Path, run: str) -> bool:
    return any(about.run == run for _, about in manifest.kept(root, BASE))


def _last_night(now: datetime) -> datetime:
    """So many hours after local midnight: an hour by the clock is missing on one night a year."""
    after, today = timedelta(hours=settings.BACKUP_HOUR), timezone.localdate(now)
    tonight = midnight(today) + after
    return tonight if tonight <= now else midnight(today - timedelta(days=1)) + after
