"""Workers and tickers as real processes on the test database."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from django.db import connection

from tests.mail_sink import Sink

PROJECT = Path(__file__).parents[1]


def environment(sink: Sink) -> dict[str, str]:
    """The outer world of this test as a process of its own would find it."""
    address = urlsplit(os.environ["DATABASE_URL"])
    name = connection.settings_dict["NAME"]
    return os.environ | {
        "DATABASE_URL": address._replace(path=f"/{name}").geturl(),
        "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "MESSAGE_LEASE_SECONDS": "2",
        "LOG_LEVEL": "WARNING",
    }


@contextmanager
def process(arguments: Sequence[str], sink: Sink) -> Iterator[subprocess.Popen]:
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
    queues = "personal,campaign,default"
    command = ["-m", "celery", "-A", "config", "worker", "-Q", queues, "-c", "1", "-l", "WARNING"]
    return process([*command, "--without-gossip", "--without-mingle"], sink)


def ticker(sink: Sink, schedule: Path):
    return process(["-m", "celery", "-A", "config", "beat", "-s", str(schedule)], sink)
