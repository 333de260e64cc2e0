"""Promise 26: old and new code side by side on the new tables, under load, lose nothing.

The old code is that of the last version the city may run, taken from the history of this project.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from config.embedded.ownership import visit
from config.embedded.paths import DataFolder
from tests.platform.clients import CLEAN, Clients, manage, on_record
from tests.platform.commands import PROJECT, outside_environment, wait_until
from tests.processes import free_port

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("server")]
# Moves on when a version is released.
OLD = "55f1e801025787a8ad2924e9b7ae68a969a479bb"
CLIENTS, SECONDS = (8, 120) if os.environ.get("BEATBOOK_FULL") else (4, 6)


@pytest.fixture
def folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="beatbook-upgrade-"))
    folder.chmod(0o711)  # as root, the database runs under its own account
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def old_project(folder: Path) -> Path:
    project = folder / "project"
    project.mkdir()
    archive = subprocess.run(
        ["git", "archive", OLD], cwd=PROJECT, capture_output=True, check=False
    )  # fmt: skip
    if archive.returncode:
        pytest.skip("This clone has no history, so the old version is not in it.")
    subprocess.run(["tar", "-x"], cwd=project, input=archive.stdout, check=True)
    return project


def running(stack: ExitStack, module: str, *arguments: str, project: Path, **more: str):
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments], cwd=project, env=outside_environment(**more),
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    stack.callback(process.wait)
    stack.callback(process.send_signal, signal.SIGINT)
    return process


def is_ready(address: str) -> bool:
    try:
        return httpx.get(f"{address}readyz", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


def test_old_and_new_code_on_the_new_tables_lose_nothing(folder, old_project):
    data, ports = folder / "data", (free_port(), free_port())
    old, new = (f"http://127.0.0.1:{port}/" for port in ports)
    with ExitStack() as stack:
        running(stack, "config.embedded.demo", "--port", str(ports[0]), "--data", str(data),
                project=old_project)  # fmt: skip
        wait_until(lambda: (data / "demo-sign-ins.json").exists() and is_ready(old))
        token = manage(data, "create_api_token", "ruth", project=old_project)
        with Clients([old], token, CLIENTS) as clients:
            time.sleep(SECONDS / 3)
            before = len(clients.kept)
            manage(data, "migrate", "--no-input")
            assert is_ready(old)
            line, environment = visit(DataFolder(data).door)
            stack.callback(line.close)
            running(stack, "granian", "--interface", "wsgi", "--port", str(ports[1]),
                    "--workers", "2", "config.wsgi:application", project=PROJECT,
                    **environment, BEATBOOK_DEMO="1", BASE_URL=new.rstrip("/"))  # fmt: skip
            wait_until(lambda: is_ready(new))
            clients.addresses = [old, new]
            time.sleep(SECONDS)
        together = len(clients.kept) - before
        missing = set(clients.kept) - on_record(data)

    print(f"{before} bookings before, {together} together: {dict(clients.answers)}")
    assert before
    assert together
    assert not missing
    assert set(clients.answers) <= CLEAN
