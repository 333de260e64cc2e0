"""Workers and tickers as real processes on the test database."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from config.embedded.binaries import valkey_program
from config.embedded.paths import DataFolder
from tests.mail_sink import Sink

PROJECT = Path(__file__).parents[1]


def environment(sink: Sink | None = None) -> dict[str, str]:
    """The outer world of this test as a process of its own would find it."""
    address = urlsplit(os.environ["DATABASE_URL"])
    name = connection.settings_dict["NAME"]
    return os.environ | {
        "DATABASE_URL": address._replace(path=f"/{name}").geturl(),
        "EMAIL_URL": f"smtp://127.0.0.1:{sink.port if sink else 9}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "FEEDS_ROOT": str(settings.FEEDS_ROOT),
        "MESSAGE_LEASE_SECONDS": "2",
        "EMAIL_TIMEOUT": "1",
        "HAND_OVER_SECONDS": "2",
        "LOG_LEVEL": "WARNING",
        "API_CALLS_A_MINUTE": "1000000",
        "LOCK_WAIT_SECONDS": "60",  # a machine under test is slow; a storm shall end in answers
    }


@contextmanager
def process(arguments: Sequence[str], sink: Sink | None = None) -> Iterator[subprocess.Popen]:
    running = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=PROJECT,
        env=environment(sink),
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield running
    finally:
        kill(running)


def kill(running: subprocess.Popen) -> None:
    """-9 to it and to its children."""
    with suppress(ProcessLookupError):
        os.killpg(running.pid, signal.SIGKILL)
    running.wait()


def worker(sink: Sink):
    return lane_worker(sink, "personal,campaign,default")


def lane_worker(sink: Sink, queues: str):
    """One of the two workers of a large city."""
    command = ["-m", "celery", "-A", "config", "worker", "-Q", queues, "-c", "1", "-l", "WARNING"]
    return process([*command, "--without-gossip", "--without-mingle"], sink)


class Broker:
    """A Valkey of one test, to be taken away and brought back."""

    def __init__(self, folder: str) -> None:
        self.socket = f"{folder}/broker.sock"
        self.url = f"redis+socket://{self.socket}"
        program = str(valkey_program(DataFolder(Path(folder))))
        self.command = [program, "--port", "0", "--unixsocket", self.socket, "--dir", folder]
        self.running: subprocess.Popen | None = None

    def start(self) -> None:
        self.running = subprocess.Popen(self.command, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 15
        while not Path(self.socket).exists():
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def stop(self) -> None:
        if self.running is not None:
            self.running.kill()
            self.running.wait()
            Path(self.socket).unlink(missing_ok=True)
            self.running = None


@contextmanager
def broker() -> Iterator[Broker]:
    with tempfile.TemporaryDirectory(prefix="bb-") as folder:
        own = Broker(folder)
        own.start()
        try:
            yield own
        finally:
            own.stop()


def ticker(sink: Sink):
    return process(["-m", "celery", "-A", "config", "beat", "--pidfile", ""], sink)


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def web(workers: int) -> Iterator[str]:
    """Web processes that answer one call each at a time; gives their address."""
    port = free_port()
    with web_at(port, workers) as running:
        deadline = time.monotonic() + 90
        while not _answers(port):
            assert running.poll() is None, "the web processes ended"
            assert time.monotonic() < deadline, "the web processes do not answer"
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"


def web_at(port: int, workers: int):
    """The same at a port of one's own, not waited for."""
    options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
               "--workers", str(workers), "--blocking-threads", "1", "--no-ws"]  # fmt: skip
    return process(["-m", "granian", *options, "config.wsgi:application"])


def _answers(port: int) -> bool:
    try:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as line:
            line.request("GET", "/livez", headers={"Host": "127.0.0.1"})
            return line.getresponse().status < 500
    except OSError:
        return False
