"""PostgreSQL's own programs for the database of the settings."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db import connection

from config.backups.refusals import BackupFailed
from config.embedded import binaries
from config.embedded.failure import CannotStart
from config.embedded.paths import DataFolder

# Through the environment, for a password among the arguments is seen by everyone on the machine.
AS_VARIABLES = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD",
                "dbname": "PGDATABASE", "sslmode": "PGSSLMODE",
                "sslrootcert": "PGSSLROOTCERT"}  # fmt: skip


def environment() -> dict[str, str]:
    given = connection.get_connection_params()
    told = {AS_VARIABLES[name]: str(given[name]) for name in AS_VARIABLES if given.get(name)}
    return {**os.environ, **told, "LC_ALL": "C", "PGCONNECT_TIMEOUT": "10"}


def find(name: str) -> str:
    """Of a PostgreSQL as new as the server, or newer."""
    with connection.cursor():
        server = connection.pg_version // 10000  # type: ignore[attr-defined]
    for folder in _places():
        program = folder / name
        if program.exists() and _major(program) >= server:
            return str(program)
    raise BackupFailed(
        f"No {name} of PostgreSQL {server} or newer was found. Install the package "
        f"postgresql-client-{server}."
    )


def run(name: str, *arguments: str) -> str:
    """Its standard output; BackupFailed with what it complained of."""
    done = subprocess.run(
        [find(name), *arguments], env=environment(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BackupFailed(complaint(name, done.returncode, done.stderr))
    return done.stdout


def complaint(name: str, status: int, said: str) -> str:
    lines = [line for line in said.strip().splitlines() if "error" in line.lower()]
    lines = lines or said.strip().splitlines()[-1:]
    if status < 0:
        lines = [f"it was ended by signal {-status}"]
    return f"{name} failed: {' '.join(lines[:1]).removeprefix(f'{name}: ').strip()}"


def _places() -> Iterator[Path]:
    with suppress(CannotStart):  # a machine with the clients alone
        yield binaries.postgres_programs(DataFolder(settings.DATA_DIR))
    if on_path := shutil.which("pg_dump"):
        yield Path(on_path).parent
    versions = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(versions, key=lambda place: place.parent.name, reverse=True)


def _major(program: Path) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"\d+", said.stdout)
    return int(found.group()) if found else 0
