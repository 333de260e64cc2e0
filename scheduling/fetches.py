"""Who reads the calendars, as counts by kind of client: no address, no person, no user agent.

Each process adds up what it answered and appends a line now and then to a file; the front server
writes lines of the same shape to one of its own. A worker counts them, see services/fetches.py.

    200 apple feeds/beats/b1.ics 3
"""

import atexit
import os
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

# What a user agent holds, the first that fits; the front server's map says the same.
CLIENTS = (
    ("google", "google-calendar"),
    ("apple", "dataaccessd"),
    ("apple", "calendaragent"),
    ("apple", "macos"),
    ("apple", "ios/"),
    ("outlook", "microsoft"),
    ("outlook", "outlook"),
    ("outlook", "exchange"),
    ("thunderbird", "thunderbird"),
    ("android", "icsx5"),
    ("android", "davx5"),
)
OTHER = "other"
FLUSH_SECONDS = 5
MOST_AGENTS = 1_000  # remembered; a stranger may invent them


class Counting:
    """The counts of one process, until they are in the file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.counts: Counter[str] = Counter()
        self.known: dict[str, str] = {}
        self.flushed = time.monotonic()
        atexit.register(self.flush)

    def add(self, key: str, agent: str, status: int) -> None:
        client = self.known.get(agent)
        if client is None:
            client = client_of(agent)
            if len(self.known) < MOST_AGENTS:
                self.known[agent] = client
        self.counts[f"{status} {client} {key}"] += 1
        if time.monotonic() - self.flushed > FLUSH_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Append what came together. A full disk costs a count, never an answer."""
        counts, self.counts = self.counts, Counter()
        self.flushed = time.monotonic()
        text = "".join(f"{what} {times}\n" for what, times in counts.items())
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            door = os.open(self.folder / "web.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
            with os.fdopen(door, "wb") as stream:  # one write: lines of two processes never mix
                stream.write(text.encode())


def client_of(agent: str) -> str:
    low = agent.lower()
    return next((client for client, mark in CLIENTS if mark in low), OTHER)
