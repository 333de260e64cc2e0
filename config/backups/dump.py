"""The portable backup: a dump any PostgreSQL as new takes, and the files of the data folder."""

import contextlib
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import IO, cast

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from config.backups import files, keyring, manifest, pause, programs
from config.backups.manifest import DUMP, Manifest
from config.backups.refusals import BackupFailed, CannotRestore

DATABASE = "database.dump"
APPS = ("outreach", "scheduling", "notifications")


def take(root: Path) -> tuple[Path, Manifest]:
    """A new folder under `root`, whole or not at all."""
    now = timezone.now()
    keys = keyring.of_this_database()
    name = f"{DUMP}-{manifest.stamp(now)}"
    with manifest.whole(root, name) as folder:
        programs.run("pg_dump", "--format=custom", "--no-owner", "--no-privileges",
                     f"--file={folder / DATABASE}")  # fmt: skip
        files.pack(folder)
        about = Manifest(
            kind=DUMP, made_at=now.isoformat(), kept_until=kept_until(), keys=keys,
            postgres=server_major(), migrations=applied(), pieces=manifest.pieces(folder),
        )  # fmt: skip
        manifest.write(folder, about)
        programs.run("pg_restore", "--list", str(folder / DATABASE))  # it can be read again
    return root / name, about


def kept_until() -> str:
    return str(timezone.localdate() + timedelta(days=settings.BACKUP_KEPT_DAYS))


def server_major() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int / 10000")
        return int(cursor.fetchone()[0])


def applied() -> dict[str, str]:
    """The last migration of each app in this database."""
    last: dict[str, str] = {}
    for app, name in MigrationLoader(connection).applied_migrations:
        last[app] = max(name, last.get(app, ""))
    return last


def check(place: Path) -> tuple[Path, Manifest]:
    """Everything that can be wrong with a dump, found before anything is touched."""
    folder = place.parent if place.is_file() else place
    about = manifest.verified(folder)
    if about.kind != DUMP:
        raise CannotRestore(f"{folder} is a base of the servers here: use restore --until.")
    keyring.must_open(about.keys)
    on_disk = MigrationLoader(None).disk_migrations or {}
    for app, name in about.migrations.items():
        if app in APPS and (app, name) not in on_disk:
            raise CannotRestore(
                f"{folder} was made by a newer Beatbook (it has {app} {name}). Install it first."
            )
    return folder, about


def what_is_there() -> str:
    """What stands in the database now, in words; empty when there is nothing."""
    tables = connection.introspection.table_names()
    if not tables:
        return ""
    counts = []
    with connection.cursor() as cursor:
        for table, noun in (("outreach_user", "accounts"), ("scheduling_event", "events")):
            if table in tables:
                cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608
                counts.append(f"{cursor.fetchone()[0]} {noun}")
    return f"{len(tables)} tables" + "".join(f", {count}" for count in counts)


def restore(folder: Path) -> None:
    """Put a checked dump in the place of what is there: in one transaction, or not at all.

    Sending is held in the same transaction: no worker sends what a crash made forget.
    """
    options = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    command, reader = [programs.find("psql"), *options], programs.find("pg_restore")
    connection.close()
    with subprocess.Popen(
        command, env=programs.environment(), stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    ) as writing:  # fmt: skip
        was_read = _pour(reader, folder / DATABASE, writing)
        _, said = writing.communicate()
    if writing.returncode or was_read.returncode:
        name, done, told = ("psql", writing.returncode, said)
        if not done:
            name, done, told = (Path(reader).name, was_read.returncode, was_read.stderr)
        complaint = programs.complaint(name, done, told.decode(errors="replace"))
        raise BackupFailed(f"Nothing was restored. {complaint}")
    files.unpack(folder)
    call_command("migrate", "--no-input", verbosity=0)


def _pour(
    reader: str, dump: Path, writing: "subprocess.Popen[bytes]"
) -> "subprocess.CompletedProcess[bytes]":
    """What the dump holds, between BEGIN and COMMIT; without the COMMIT nothing has happened."""
    into = cast("IO[bytes]", writing.stdin)
    with contextlib.suppress(BrokenPipeError):  # it ended early, and will say why
        into.write(BEFORE)
        into.flush()
    command = [reader, "--no-owner", "--no-privileges", "--file=-", str(dump)]
    reading = subprocess.run(command, stdout=into, stderr=subprocess.PIPE, check=False)
    if reading.returncode == 0:
        with contextlib.suppress(BrokenPipeError):
            into.write(f"{pause.STATEMENT};\nCOMMIT;\n".encode())
            into.flush()
    return reading


# Who still works in the database keeps us waiting a minute at most.
BEFORE = b"""BEGIN;
SET LOCAL lock_timeout = '60s';
DROP SCHEMA public CASCADE;
CREATE SCHEMA public;
"""
