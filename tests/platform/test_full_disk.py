"""Promise 6, the disk of the data folder is full: clean answers, nothing lost, back by itself.

The control of a lost booking stands in notifications/test_any_process_may_die.py.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from tests.platform.clients import CLEAN, Clients, manage, on_record
from tests.platform.commands import RunningServer, wait_until
from tests.processes import free_port

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("server")]
FULL_FOR, CLIENTS = (120, 8) if os.environ.get("BEATBOOK_FULL") else (8, 4)  # seconds
BACK_WITHIN = 30.0  # seconds
DISK = "700m"
PAGES = ("", "readyz", "feeds/all.ics")


@pytest.fixture
def data() -> Iterator[Path]:
    """A folder on a small disk of its own."""
    folder = Path(tempfile.mkdtemp(prefix="beatbook-full-disk-"))
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK},mode=711", "beatbook", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        folder.rmdir()
        pytest.skip("a disk of its own needs the right to mount one")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)
    folder.rmdir()


@contextmanager
def filled(disk: Path) -> Iterator[None]:
    """All room there is, and all that becomes free meanwhile, is taken until the block ends."""
    ends, taken = threading.Event(), disk / "taken"

    def take() -> None:
        with taken.open("wb", buffering=0) as file:
            while not ends.wait(0.05):
                with suppress(OSError):
                    while file.write(bytes(shutil.disk_usage(disk).free or 4096)):
                        pass

    taker = threading.Thread(target=take)
    taker.start()
    try:
        yield
    finally:
        ends.set()
        taker.join()
        taken.unlink()


def status(address: str) -> int:
    try:
        return httpx.get(address, timeout=10).status_code
    except httpx.HTTPError:
        return 0


def test_full_disk_gives_clean_answers_and_loses_nothing(data):
    server = RunningServer(data, free_port())
    try:
        address = server.address("Beatbook")
        token = manage(data, "create_api_token", "ruth")
        with Clients([address], token, CLIENTS) as clients:
            wait_until(lambda: len(clients.kept) > CLIENTS)
            wait_until((data / "feeds" / "live" / "feeds" / "all.ics" / "feed.ics").exists)
            with filled(data):
                wait_until(lambda: clients.answers[503] > 0)
                time.sleep(FULL_FOR)
                while_full = {page: status(f"{address}{page}") for page in PAGES}
            room_again, kept_before = time.monotonic(), len(clients.kept)
            wait_until(lambda: len(clients.kept) > kept_before)
            away = time.monotonic() - room_again
        missing = set(clients.kept) - on_record(data)
    finally:
        server.end(signal.SIGINT)

    print(f"full disk: {dict(clients.answers)}, {while_full}, back after {away:.1f} s")
    assert not missing
    assert set(clients.answers) <= CLEAN
    assert while_full[""] in (200, 503)
    assert while_full["feeds/all.ics"] == 200  # published calendars need no room
    assert away <= BACK_WITHIN
