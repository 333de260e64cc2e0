"""Promise 19: the database stops at once and starts again, under load, and nothing is lost.

The control of a lost booking stands in notifications/test_any_process_may_die.py.
"""

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.platform.clients import CLEAN, Clients, manage, on_record
from tests.platform.commands import RunningServer
from tests.processes import free_port

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("server")]
RESTARTS, CLIENTS = (20, 8) if os.environ.get("BEATBOOK_FULL") else (3, 4)
BACK_WITHIN = 15.0  # seconds


@pytest.fixture
def data() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="beatbook-restarts-"))
    folder.chmod(0o711)  # as root, the database runs under its own account
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def stop_at_once(data: Path) -> None:
    """As a power cut does to it: no checkpoint, the log is replayed at the next start."""
    pid = int((data / "postgres" / "postmaster.pid").read_text().split()[0])
    os.kill(pid, signal.SIGQUIT)
    deadline = time.monotonic() + 10
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.02)


def seconds_until_ready(address: str) -> float:
    began = time.monotonic()
    while time.monotonic() - began < 4 * BACK_WITHIN:
        try:
            if httpx.get(f"{address}readyz", timeout=5).status_code == 200:
                return time.monotonic() - began
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    return float("inf")


def test_restarts_under_load_give_clean_answers_and_lose_nothing(data):
    server = RunningServer(data, free_port())
    try:
        address = server.address("Beatbook")
        token = manage(data, "create_api_token", "ruth")
        outages = []
        with Clients([address], token, CLIENTS) as clients:
            for _ in range(RESTARTS):
                time.sleep(2)
                stop_at_once(data)
                outages.append(seconds_until_ready(address))
            time.sleep(2)
        missing = set(clients.kept) - on_record(data)
    finally:
        server.end(signal.SIGINT)

    longest = max(outages)
    print(f"{RESTARTS} restarts: {dict(clients.answers)}, away for {longest:.1f} s at most")
    assert clients.kept
    assert not missing
    assert set(clients.answers) <= CLEAN
    assert longest <= BACK_WITHIN
