"""A town of its own: a data folder with embedded servers, and a backup folder elsewhere."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier

from config.embedded import postgres
from config.embedded.paths import DataFolder
from tests.platform.commands import PROJECT, outside_environment, run, wait_until

HOLD = "from config.embedded.environment import ensure; ensure(); print(flush=True); input()"
# What a restore itself writes, or the servers for themselves.
NOT_COMPARED = {"notifications_gate"}


class Town:
    def __init__(self, backups: Path) -> None:
        self.data = Path(tempfile.mkdtemp(prefix="beatbook-town-"))
        self.data.chmod(0o711)
        self.backups = backups
        self.processes: list[subprocess.Popen[str]] = []

    @property
    def environment(self) -> dict[str, str]:
        return {"BEATBOOK_DATA": str(self.data), "BACKUP_ROOT": str(self.backups)}

    @property
    def address(self) -> str:
        return postgres.address(DataFolder(self.data))

    def manage(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return run("manage.py", *arguments, **self.environment)

    def does(self, *arguments: str) -> str:
        done = self.manage(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def calls(self, call: str) -> str:
        """Run a function of tests.backups.rows in this town."""
        return self.does("shell", "-v", "0", "-c", f"from tests.backups import rows; rows.{call}")

    @contextmanager
    def is_written_in(self, told: Path) -> Iterator[None]:
        """Somebody writes all the time; what was acknowledged stands in a file."""
        call = "from tests.backups import rows; rows.write_on()"
        with told.open("w") as file:
            writer = subprocess.Popen(
                [sys.executable, "manage.py", "shell", "-v", "0", "-c", call], cwd=PROJECT,
                env=outside_environment(**self.environment), stdin=subprocess.DEVNULL,
                stdout=file, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            wait_until(lambda: bool(told.stat().st_size))
            yield
            writer.wait(60)

    def opens(self) -> None:
        """The servers, until the town is struck or closes."""
        holder = self._started("-c", HOLD)
        assert holder.stdout is not None
        assert holder.stdout.readline()

    def keeps_its_log(self) -> None:
        self._started("manage.py", "archive_wal")
        wait_until(lambda: self.asks("SELECT 1 FROM pg_replication_slots WHERE active") == [(1,)])
        wait_until(lambda: any(self.backups.glob("wal/*/*.partial")))

    def asks(self, question: str) -> list[tuple]:
        with psycopg.connect(self.address) as database:
            return database.execute(question).fetchall()

    def tables(self) -> dict[str, tuple]:
        """Of each table how many rows it has, and a digest of all of them."""
        names = self.asks("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        text = "SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {} AS t"
        with psycopg.connect(self.address) as database:
            return {
                name: database.execute(SQL(text).format(Identifier(name))).fetchone()
                for (name,) in names
                if name not in NOT_COMPARED
            }

    def is_struck(self) -> None:
        """The database dies without a word, and its disk with it."""
        keeper = json.loads((self.data / "lock").read_text())["pid"]
        postmaster = int((self.data / "postgres" / "postmaster.pid").read_text().split()[0])
        for pid in (keeper, postmaster):
            os.kill(pid, signal.SIGKILL)
        self._end()
        shutil.rmtree(self.data / "postgres")

    def closes(self) -> None:
        self._end()
        wait_until(lambda: not (self.data / "postgres" / "postmaster.pid").exists())
        time.sleep(0.2)

    def is_removed(self) -> None:
        self._end()
        if (self.data / "postgres").exists():
            self.closes()
        shutil.rmtree(DataFolder(self.data).sockets, ignore_errors=True)
        shutil.rmtree(self.data, ignore_errors=True)

    def rebuilt(self) -> "Town":
        """A new machine that has the backups and the copy of the key file."""
        again = Town(self.backups)
        (again.data / "keys").mkdir(mode=0o700)
        shutil.copy(self.data / "keys" / "keys.json", again.data / "keys")
        return again

    def backup(self, kind: str) -> Path:
        return sorted(self.backups.glob(f"{kind}-*"))[-1]

    def _started(self, *arguments: str) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, *arguments], cwd=PROJECT,
            env=outside_environment(**self.environment), stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.processes.append(process)
        return process

    def _end(self) -> None:
        for process in reversed(self.processes):
            process.terminate()
            process.wait(30)
            for line in (process.stdin, process.stdout):
                if line is not None:
                    line.close()
        self.processes.clear()
