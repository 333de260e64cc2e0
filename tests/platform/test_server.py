"""script/server for real: what it tells, what it survives, and that it leaves nothing behind."""

import os
import shutil
import signal
import smtplib
import socket
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError, URLError

import psycopg
import pytest
from redis import Redis

from config.embedded import postgres, valkey
from config.embedded.ownership import visit
from config.embedded.paths import DataFolder
from tests.platform.commands import RunningServer, children, run, wait_until

pytestmark = pytest.mark.xdist_group("server")
SERVERS = ("postgres", "valkey", "mail_catcher", "granian", "celery -A config worker",
           "celery -A config beat")  # fmt: skip


def free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])


def fetched(address: str) -> str:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return str(answer.read().decode())


def answers(address: str) -> bool:
    try:
        fetched(address)
    except HTTPError as answer:
        return answer.code < 500
    except (URLError, OSError):
        return False
    return True


def database(data: Path) -> "psycopg.Connection[tuple[str]]":
    return psycopg.connect(postgres.address(DataFolder(data)), autocommit=True)


def broker(data: Path) -> Redis:
    return Redis.from_url(valkey.address(DataFolder(data)))


def pid_of(server: RunningServer, name: str) -> int | None:
    found = children(server.process.pid).items()
    return next((pid for pid, call in found if name in call), None)


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="beatbook-server-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def server(data: Path) -> Iterator[RunningServer]:
    running = RunningServer(data, free_port())
    yield running
    if running.process.poll() is None:
        running.end(signal.SIGINT)


def test_server_tells_where_it_is_and_who_may_sign_in(server: RunningServer) -> None:
    assert "</html>" in fetched(server.address("Beatbook"))
    assert "No mail yet" in fetched(server.address("Caught mail"))
    assert "DEMO" in server.said
    for role in ("Coordinator", "Officer", "Sergeant", "planner", "Administrator"):
        assert role in server.said


def test_second_server_on_the_same_data_says_where_the_first_runs(
    server: RunningServer, data: Path
) -> None:
    second = run("script/server", "--port", str(free_port()), "--data", str(data))

    assert second.returncode == 1
    assert second.stderr.count("\n") == 1
    assert server.address("Beatbook") in second.stderr


def test_port_in_use_is_refused_with_one_that_is_free(server: RunningServer) -> None:
    port = server.address("Beatbook").rstrip("/").rpartition(":")[2]
    with tempfile.TemporaryDirectory() as other:
        Path(other).chmod(0o711)
        refused = run("script/server", "--port", port, "--data", other)

    assert refused.returncode == 1
    assert refused.stderr.startswith(f"Port {port} is taken. Try: script/server --port ")
    assert refused.stderr.count("\n") == 1


@pytest.mark.parametrize("port", ["0", "65536"])
def test_number_that_is_no_port_is_refused(port: str) -> None:
    with tempfile.TemporaryDirectory() as other:
        Path(other).chmod(0o711)
        refused = run("script/server", "--port", port, "--data", other)

    assert refused.returncode == 1
    assert refused.stderr == f"Ports have numbers from 1 to 65535, and {port} is none.\n"


def test_manage_py_uses_the_servers_that_run(server: RunningServer, data: Path) -> None:
    with database(data) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS proof (word text)")

    listed = run(
        "manage.py", "shell", "--no-imports", "-c",
        "from django.db import connection as c; print(c.introspection.table_names())",
        BEATBOOK_DATA=str(data),
    )  # fmt: skip

    assert "'proof'" in listed.stdout, listed.stderr


def test_killed_children_come_back_and_forget_nothing(server: RunningServer, data: Path) -> None:
    with database(data) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('row')")
    broker(data).set("kept", "key")
    send_mail(data, "kept mail")
    before = {name: pid_of(server, name) for name in SERVERS}
    assert all(before.values()), before

    for pid in before.values():
        os.kill(pid or 0, signal.SIGKILL)

    for name, pid in before.items():
        wait_until(lambda name=name, pid=pid: pid_of(server, name) not in (None, pid))
    wait_until(lambda: answers(server.address("Beatbook")))
    wait_until(lambda: answers(server.address("Caught mail")))
    wait_until(lambda: can_connect(data))
    assert_kept(server, data)


def test_killed_server_leaves_no_process_and_loses_nothing(
    server: RunningServer, data: Path
) -> None:
    server.end(signal.SIGKILL)

    again = RunningServer(data, free_port())
    try:
        assert_kept(again, data)
    finally:
        again.end(signal.SIGINT)

    assert "Stopping" in again.said
    assert again.process.returncode == 0
    assert not (data / "run" / "door").exists()


def send_mail(data: Path, subject: str) -> None:
    line, environment = visit(DataFolder(data).door) or pytest.fail("nobody is at the door")
    line.close()
    host, port = environment["EMAIL_URL"].removeprefix("smtp://").split(":")
    with smtplib.SMTP(host, int(port)) as smtp:
        smtp.sendmail("a@example.org", ["b@example.org"], f"Subject: {subject}\r\n\r\nHello")


def can_connect(data: Path) -> bool:
    try:
        database(data).close()
    except psycopg.OperationalError:
        return False
    return valkey.is_ready(DataFolder(data))


def assert_kept(server: RunningServer, data: Path) -> None:
    with database(data) as connection:
        assert connection.execute("SELECT word FROM kept").fetchall() == [("row",)]
    assert broker(data).get("kept") == b"key"
    assert "kept mail" in fetched(server.address("Caught mail"))
