"""The embedded PostgreSQL: made once, reached through a socket only."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

from config.embedded import binaries
from config.embedded.children import Child
from config.embedded.failure import CannotStart
from config.embedded.paths import SERVER_UID, DataFolder, is_root

DATABASE = "beatbook"
# A temporary database may forget everything at a power cut, though not when a process dies, and
# is quicker for it; a hundred rivals at once fit in.
HASTY = ["fsync=off", "full_page_writes=off", "autovacuum=off", "max_connections=200"]

# The log of the database names neither statements nor the values in them: they are people's.
DISCREET = ["log_min_error_statement=panic", "log_error_verbosity=terse"]


def address(folder: DataFolder) -> str:
    return f"postgres://postgres@/{DATABASE}?host={quote(str(folder.sockets))}&port=5432"


def prepare(folder: DataFolder, *, temporary: bool = False) -> Child:
    """Make the database files when they are missing, and say how to run the server."""
    programs = binaries.postgres_programs(folder)
    if (folder.postgres / "PG_VERSION").exists():
        _check_major(folder, programs)
        _forget_stale_pid(folder.postgres / "postmaster.pid")
    else:
        _initialize(folder, programs)
    return server(folder, folder.postgres, HASTY if temporary else [])


def server(folder: DataFolder, data: Path, more: list[str]) -> Child:
    """How the database files in `data` are served to this data folder."""
    programs = binaries.postgres_programs(folder)
    settings = [
        "listen_addresses=",
        f"unix_socket_directories={folder.sockets}",
        "unix_socket_permissions=0700",
        "dynamic_shared_memory_type=mmap",  # /dev/shm is tiny in many containers
        "timezone=UTC",
        "log_timezone=UTC",
        "max_slot_wal_keep_size=4GB",  # a full backup folder must not fill this disk as well
        *DISCREET,
        *more,
    ]
    options = [part for setting in settings for part in ("-c", setting)]
    return Child(
        name="postgres",
        command=[str(programs / "postgres"), "-D", str(data), "-p", "5432", *options],
        log=folder.logs / "postgres.log",
        stop_signal=signal.SIGINT,  # SIGTERM would wait for every client to leave
        patience=20,
        as_server=True,
        environment={"LC_ALL": "C"},
        folder=data,
    )


def is_ready(folder: DataFolder) -> bool:
    programs = binaries.postgres_programs(folder)
    return (
        _run_quietly(
            [programs / "pg_isready", "-q", "-U", "postgres", "-h", folder.sockets, "-p", "5432"]
        )
        == 0
    )


def create_database(folder: DataFolder) -> None:
    psql = str(binaries.postgres_programs(folder) / "psql")
    connect = [psql, "-h", str(folder.sockets), "-p", "5432", "-U", "postgres", "-X", "-At"]
    asked = subprocess.run(
        [*connect, "-c", f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'", "postgres"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    if asked.stdout.strip() != "1":
        _run([*connect, "-c", f"CREATE DATABASE {DATABASE}", "postgres"])


def _initialize(folder: DataFolder, programs: Path) -> None:
    """Into a folder beside, then renamed: a half-made database never looks finished."""
    unfinished = folder.postgres.with_name("postgres.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    if is_root():
        os.chown(unfinished, SERVER_UID, SERVER_UID)
    major = binaries.postgres_major(programs)
    options = ["--locale=C.UTF-8"]
    if major >= 17:  # its own locale: the machine may have none
        options = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    if major >= 16:  # as when it runs: /dev/shm is tiny in many containers
        options += ["--set", "dynamic_shared_memory_type=mmap"]
    _run(
        [programs / "initdb", "-D", unfinished, "--username=postgres", "--auth=trust",
         "--encoding=UTF8", "--no-instructions", "--no-sync", *options],
        as_server=True,
    )  # fmt: skip
    unfinished.rename(folder.postgres)


def _check_major(folder: DataFolder, programs: Path) -> None:
    wrote = (folder.postgres / "PG_VERSION").read_text().strip()
    reads = str(binaries.postgres_major(programs))
    if wrote != reads:
        raise CannotStart(
            f"The data in {folder.postgres} was written by PostgreSQL {wrote}, and this is "
            f"PostgreSQL {reads}. Dump it with pg_dump of version {wrote} and restore the dump "
            "into a new data folder with pg_restore."
        )


def _forget_stale_pid(file: Path) -> None:
    """After a reboot the number in the file may be another program's; PostgreSQL would not start.

    The caller holds the lock of the data folder, so no other supervisor runs this database.
    """
    if not file.exists() or not Path("/proc/self").exists():
        return
    pid = file.read_text().split("\n", 1)[0].strip()
    running = Path("/proc") / pid / "comm"
    deadline = time.monotonic() + 5
    while running.exists() and running.read_text().startswith("postgres"):
        if time.monotonic() > deadline:
            return  # an orphan that still works; PostgreSQL itself decides
        time.sleep(0.05)
    if running.exists():
        file.unlink()


def _run(command: list[Any], *, as_server: bool = False) -> None:
    account: dict[str, Any] = {}
    if as_server and is_root():
        account = {"user": SERVER_UID, "group": SERVER_UID, "extra_groups": []}
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd="/",
        env={**os.environ, "LC_ALL": "C"}, **account,
    )  # fmt: skip
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines()
        telling = [line for line in lines if "error" in line or "FATAL" in line] or lines[-1:]
        raise CannotStart(f"{Path(command[0]).name} failed: {''.join(telling[:1])}")


def _run_quietly(command: list[Any]) -> int:
    return subprocess.run(command, capture_output=True, check=False).returncode
