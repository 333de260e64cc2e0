"""A database that is not embedded, as in the compose file: over TCP, with a password."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from config.backups import manifest
from config.embedded import binaries, postgres
from config.embedded.paths import SERVER_UID, DataFolder, is_root
from tests.backups.town import Town
from tests.platform.commands import PROJECT, outside_environment, wait_until
from tests.platform.test_compose import COMPOSE
from tests.processes import free_port

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("drill")]
HOST = "127.0.0.1"


class OwnDatabase(Town):
    """A server started as the compose file starts it; we hold its address and a password only."""

    def __init__(self, backups: Path, keys: Path) -> None:
        super().__init__(backups)
        self.port, self.keys, self.password = free_port(), keys, "secret"
        self.folder = DataFolder(self.data)
        self.folder.create()
        self.running: subprocess.Popen[bytes] | None = None
        postgres._initialize(self.folder, binaries.postgres_programs(self.folder))
        lines = (PROJECT / "config" / "pg_hba.conf").read_text().splitlines(keepends=True)
        rules = [line for line in lines if "127.0.0.1/32" not in line]  # we are another container
        (self.data / "pg_hba.conf").write_text("".join(rules))

    @property
    def environment(self) -> dict[str, str]:
        return super().environment | {
            "DATABASE_URL": f"postgres://beatbook:{self.password}@{HOST}:{self.port}/beatbook",
            "REDIS_URL": "redis://127.0.0.1:9/0",
            "EMAIL_URL": "smtp://127.0.0.1:9",
            "SECRET_KEY": "an example, long enough to be a key",
            "BEATBOOK_KEYS": str(self.keys),
        }

    @property
    def address(self) -> str:
        return self.environment["DATABASE_URL"]

    def starts(self, *more: str) -> None:
        told = COMPOSE["services"]["postgres"]["command"][1:]
        options = [part.replace("/etc/postgresql", str(self.data)) for part in told]
        child = postgres.server(self.folder, self.folder.postgres, [])
        options += ["-c", f"listen_addresses={HOST}", "-p", str(self.port), *more]
        as_server = {"user": SERVER_UID, "group": SERVER_UID} if is_root() else {}
        with child.log.open("ab") as log:
            self.running = subprocess.Popen(
                [*child.command, *options], stdout=log, stderr=log, cwd="/", **as_server
            )
        wait_until(self.answers)

    def answers(self) -> bool:
        try:
            with psycopg.connect(self.local) as line:
                return line.execute("SELECT pg_is_in_recovery()").fetchone() == (False,)
        except psycopg.OperationalError:
            return False

    @property
    def local(self) -> str:
        """The socket inside the container, where the image trusts."""
        return f"host={self.folder.sockets} port={self.port} user=postgres dbname=postgres"

    def runs(self, statement: str) -> None:
        with psycopg.connect(self.address, autocommit=True) as line:
            line.execute(statement)

    def on_a_full_disk(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Where no file may grow beyond a megabyte."""
        limited = ["sh", "-c", 'ulimit -f 2000; exec "$@"', "sh", sys.executable, "manage.py"]
        return subprocess.run(
            [*limited, *arguments], cwd=PROJECT, env=outside_environment(**self.environment),
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip

    def stops(self) -> None:
        assert self.running is not None
        self.running.send_signal(2)
        self.running.wait(30)
        self.running = None

    def is_removed(self) -> None:
        if self.running:
            self.stops()
        super().is_removed()


@pytest.fixture
def own(history: dict, tmp_path: Path) -> Iterator[OwnDatabase]:
    keys = history["town"].data / "keys" / "keys.json"
    database = OwnDatabase(tmp_path / "backups", keys)
    database.starts()
    with psycopg.connect(database.local, autocommit=True) as line:
        line.execute("CREATE ROLE beatbook SUPERUSER LOGIN PASSWORD 'secret'")
        line.execute("CREATE DATABASE beatbook OWNER beatbook")
    yield database
    database.is_removed()


def test_own_database_is_backed_up_and_restored_to_a_moment(history, own, tmp_path):
    own.does("restore", str(history["town"].backup("dump")))
    assert own.tables() == history["tables"]  # a dump goes from one installation to another
    own.keeps_its_log()
    own.does("backup")
    own.does("backup", "--base")
    own.calls("write('after-the-base')")
    until = own.manage("restore", "--until", "now")
    own.stops()
    shutil.rmtree(own.folder.postgres)

    own.does("restore", "--until", "now", "--into", str(own.folder.postgres))
    if is_root():  # as `chown` in the guide
        for file in (own.folder.postgres, *own.folder.postgres.rglob("*")):
            os.chown(file, SERVER_UID, SERVER_UID)
    own.starts()

    assert "see docs/operator/backups.md" in until.stderr
    assert own.asks("SELECT 1 FROM outreach_user WHERE username = 'after-the-base'") == [(1,)]


def test_log_that_was_away_too_long_begins_anew_with_a_base_of_its_own(history, own):
    own.does("restore", str(history["town"].backup("dump")))
    own.keeps_its_log()
    own.stops()
    own.starts("-c", "max_slot_wal_keep_size=1MB")
    for number in range(4):
        own.calls(f"write('lost-{number}')")
        own.asks("SELECT pg_switch_wal()")
    own.runs("CHECKPOINT")
    lost = own.asks("SELECT wal_status FROM pg_replication_slots")
    own.stops()
    own.starts()
    age = float(own.calls("log_age()"))

    own.keeps_its_log()
    own.does("shell", "-v", "0", "-c", "from config.backups import nightly; nightly.keep()")
    own.does("restore", "--until", "now", "--check")

    assert lost == [("lost",)]
    assert age > 0
    assert own.asks("SELECT count(*) FROM pg_replication_slots") == [(1,)]
    runs = sorted(run.name for run in (own.backups / "wal").iterdir())
    assert manifest.read(own.backup("base")).run == runs[-1]
    assert float(own.calls("log_age()")) < age


def test_full_backup_disk_ends_the_log_and_not_the_work(history, own):
    own.does("restore", str(history["town"].backup("dump")))
    refused = own.on_a_full_disk("archive_wal")
    own.calls("write('while-the-disk-is-full')")

    own.keeps_its_log()
    own.does("backup", "--base")

    assert refused.returncode != 0
    assert "Traceback" not in refused.stderr
    assert len(list((own.backups / "wal").iterdir())) == 1  # the same run goes on


def test_wrong_password_is_one_clear_error(history, own):
    own.password = "guess"

    for command in (["backup"], ["archive_wal"], ["restore", str(history["town"].backup("dump"))]):
        refused = own.manage(*command)

        assert refused.returncode != 0
        assert "password authentication failed" in refused.stderr
        assert "Traceback" not in refused.stderr
