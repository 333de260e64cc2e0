"""Runs the commands of script/ as a person would, away from the servers of this test run."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from config.embedded.environment import NEEDED

PROJECT = Path(__file__).resolve().parents[2]
OF_THIS_RUN = (*NEEDED, "BEATBOOK_DATA", "BEATBOOK_MAIL_PAGE", "CELERY_BROKER_URL",
               "DJANGO_SETTINGS_MODULE", "PYTEST_XDIST_WORKER", "BASE_URL")  # fmt: skip
PATIENCE = 90


def outside_environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in OF_THIS_RUN}
    return {**kept, **more}


def run(*command: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *command], cwd=PROJECT, env=outside_environment(**environment),
        capture_output=True, text=True, check=False, timeout=PATIENCE, stdin=subprocess.DEVNULL,
    )  # fmt: skip


class RunningServer:
    """script/server in a process of its own; everything it says is kept."""

    def __init__(self, data: Path, port: int, *options: str) -> None:
        self.said = ""
        self.process = subprocess.Popen(
            [sys.executable, "script/server", "--port", str(port), "--data", str(data), *options],
            cwd=PROJECT, env=outside_environment(), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        try:
            wait_until(lambda: "Ready after" in self.said or self.process.poll() is not None)
        except AssertionError:
            self.end(signal.SIGINT)
            raise
        assert self.process.poll() is None, self.said

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said += line

    def address(self, what: str) -> str:
        found = re.search(rf"{what}\s+(http\S+)", self.said)
        assert found is not None, self.said
        return found[1]

    def end(self, how: signal.Signals) -> None:
        """Send the signal; when this returns, no process of the server is left."""
        family = [self.process.pid, *descendants(self.process.pid)]
        self.process.send_signal(how)
        self.process.wait(PATIENCE)
        wait_until(lambda: not alive(family))


def wait_until(is_so: Callable[[], bool], seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def children(parent: int) -> dict[int, str]:
    """Living direct children and how they were called."""
    table = subprocess.run(
        ["ps", "-A", "-ww", "-o", "pid=,ppid=,stat=,args="],
        capture_output=True,
        text=True,
        check=True,
    )
    rows = [line.split(None, 3) for line in table.stdout.splitlines()]
    return {
        int(pid): args
        for pid, ppid, state, args in rows
        if int(ppid) == parent and not state.startswith("Z")
    }


def descendants(parent: int) -> list[int]:
    below = list(children(parent))
    return below + [pid for child in below for pid in descendants(child)]


def alive(pids: Iterable[int]) -> list[int]:
    """Those that still do something; the dead that nobody has buried do not."""
    states = subprocess.run(
        ["ps", "-o", "pid=,stat=", "-p", ",".join(map(str, pids))],
        capture_output=True, text=True, check=False,
    ).stdout.split("\n")  # fmt: skip
    rows = [line.split() for line in states if line.strip()]
    return [int(pid) for pid, state in rows if not state.startswith("Z")]
