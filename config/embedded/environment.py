"""Gives a process its servers: those named outside, else the embedded ones."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from config.embedded import keeper, keys, postgres, valkey
from config.embedded.failure import CannotStart
from config.embedded.given import is_given
from config.embedded.ownership import visit
from config.embedded.paths import DataFolder, default_data_folder, is_root

NEEDED = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SECRET_KEY", "BEATBOOK_KEYS")
PROJECT = Path(__file__).resolve().parents[2]

_held: list[socket.socket] = []  # as long as we live, the keeper stays
_assumed: list[str] = []  # named, though nobody may be there


def assume(data: Path | None = None) -> None:
    """Name the embedded servers without starting any: the database may be beyond that."""
    if all(is_given(name) for name in NEEDED):
        return
    folder = DataFolder(data or default_data_folder())
    folder.create()
    there = {"BEATBOOK_DATA": str(folder.root), **keys.places(folder),
             "DATABASE_URL": postgres.address(folder), "REDIS_URL": valkey.address(folder),
             "EMAIL_URL": "smtp://127.0.0.1:9"}  # fmt: skip
    _assumed.extend(there.keys() - os.environ.keys())
    _adopt(there)


def ensure(data: Path | None = None) -> None:
    """Set what the settings need; attach to running servers, or have them started.

    Servers started for us end soon after this process and its like are gone.
    """
    while _assumed:
        del os.environ[_assumed.pop()]
    if all(is_given(name) for name in NEEDED):
        return
    folder = DataFolder(data or default_data_folder())
    folder.create()
    _adopt(_attach(folder, []))


def ensure_temporary() -> None:
    """The same on a new, empty data folder, which is removed when this process ends."""
    if all(is_given(name) for name in NEEDED):
        return
    root = Path(tempfile.mkdtemp(prefix="beatbook-"))
    if is_root():
        root.chmod(0o711)
    _adopt(_attach(DataFolder(root), ["--temporary"]))


def _adopt(environment: dict[str, str]) -> None:
    for name, value in environment.items():
        os.environ.setdefault(name, value)


def _attach(folder: DataFolder, options: list[str]) -> dict[str, str]:
    deadline = time.monotonic() + 90
    process: subprocess.Popen[bytes] | None = None
    while time.monotonic() < deadline:
        if answer := visit(folder.door):
            line, environment = answer
            _held.append(line)
            return environment
        if process is None or process.poll() == keeper.ANOTHER_WAS_FIRST:
            process = _start_keeper(folder, options)
        elif process.poll() is not None:
            raise CannotStart(_last_line(_log(folder)))
        time.sleep(0.05)
    raise CannotStart(f"The servers of {folder.root} did not start; see {folder.logs}.")


def _start_keeper(folder: DataFolder, options: list[str]) -> subprocess.Popen[bytes]:
    folder.logs.mkdir(parents=True, exist_ok=True)
    with _log(folder).open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", keeper.__name__, str(folder.root), *options],
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C in this command is not for the servers
        )


def _log(folder: DataFolder) -> Path:
    return folder.logs / "keeper.log"


def _last_line(file: Path) -> str:
    lines = file.read_text().strip().splitlines() if file.exists() else []
    return lines[-1] if lines else f"The servers did not start; see {file}."
