"""The base: all files of the database server, from which its log is played on to any moment."""

import json
from pathlib import Path

from django.db import connection
from django.utils import timezone

from config.backups import dump, files, keyring, manifest, programs, wal
from config.backups.manifest import BASE, Manifest


def take(root: Path, run: str) -> tuple[Path, Manifest]:
    """A new folder under `root`, whole or not at all. `run` is the log it continues in."""
    keys = keyring.of_this_database()
    name = f"{BASE}-{manifest.stamp(timezone.now())}"
    with manifest.whole(root, name) as folder:
        programs.run("pg_basebackup", f"--pgdata={folder}", "--format=tar", "--compress=gzip:1",
                     "--wal-method=stream", "--checkpoint=fast", "--no-password")  # fmt: skip
        files.pack(folder)
        ranges = json.loads((folder / "backup_manifest").read_text())["WAL-Ranges"]
        about = Manifest(
            kind=BASE, made_at=_now(), kept_until=dump.kept_until(), keys=keys,
            postgres=dump.server_major(), migrations=dump.applied(),
            pieces=manifest.pieces(folder), run=run,
            wal_from=wal.first_segment(ranges[0]["Start-LSN"]),
        )  # fmt: skip
        manifest.write(folder, about)
    return root / name, about


def _now() -> str:
    """By the clock of the database, which wrote the hours in its log."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return str(cursor.fetchone()[0].isoformat())
