"""Who runs the servers of a data folder: one lock, and a door where others ask for addresses."""

import fcntl
import json
import os
import socket
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from config.embedded.failure import CannotStart
from config.embedded.paths import DataFolder


class InUse(Exception):
    """The data folder has an owner already; `owner` is what it wrote about itself."""

    def __init__(self, owner: dict[str, Any]) -> None:
        super().__init__(owner)
        self.owner = owner


@dataclass
class Lock:
    """Held for the life of this process; the kernel lets go of it however we die."""

    folder: DataFolder
    _file: IO[str] | None = None

    def take(self, **about: object) -> None:
        try:
            file = self.folder.lock.open("a+")
        except OSError as error:
            raise CannotStart(
                f"The data folder {self.folder.root} cannot be written ({error.strerror}). "
                "Choose another with --data DIR or BEATBOOK_DATA."
            ) from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            text = file.read()
            file.close()
            raise InUse(json.loads(text) if text.endswith("\n") else {}) from None
        self._file = file
        self.write(**about)

    def release(self) -> None:
        assert self._file is not None
        self._file.close()
        self._file = None

    def write(self, **about: object) -> None:
        assert self._file is not None
        self._file.seek(0)
        self._file.truncate()
        self._file.write(json.dumps({"pid": os.getpid(), **about}) + "\n")
        self._file.flush()


@dataclass
class Door:
    """Tells each visitor the environment, and knows how many visitors are still there."""

    path: Path
    environment: dict[str, str]
    visitors: list[socket.socket] = field(default_factory=list)

    def open(self) -> None:
        self.path.unlink(missing_ok=True)
        self._line = socket.socket(socket.AF_UNIX)
        self._line.bind(str(self.path))
        self.path.chmod(0o600)
        self._line.listen(64)

    def descriptors(self) -> list[int]:
        return [self._line.fileno(), *(visitor.fileno() for visitor in self.visitors)]

    def serve(self, readable: list[int]) -> None:
        for visitor in [one for one in self.visitors if one.fileno() in readable]:
            self.visitors.remove(visitor)  # visitors never speak: they have gone
            visitor.close()
        if self._line.fileno() in readable:
            visitor, _ = self._line.accept()
            try:
                visitor.sendall(json.dumps(self.environment).encode() + b"\n")
            except OSError:  # gone again
                visitor.close()
                return
            self.visitors.append(visitor)

    def close(self) -> None:
        self.path.unlink(missing_ok=True)
        self._line.close()


def visit(door: Path) -> tuple[socket.socket, dict[str, str]] | None:
    """The environment of the servers that run already; keep the socket while you need them."""
    line = socket.socket(socket.AF_UNIX)
    line.settimeout(10)
    try:
        line.connect(str(door))
        with line.makefile("r") as stream:
            text = stream.readline()
    except OSError:
        text = ""
    if not text:
        line.close()
        return None
    line.settimeout(None)
    return line, json.loads(text)


def wait_for_owner(lock: Lock, seconds: float, **about: object) -> None:
    """Take the lock, patient with a command that is just finishing."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return lock.take(**about)
        except InUse as refusal:
            if refusal.owner.get("address") or time.monotonic() > deadline:
                raise
            time.sleep(0.1)
