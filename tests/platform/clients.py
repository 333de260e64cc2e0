"""Clients that book while something happens to the servers, and what is on record afterwards."""

import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import psycopg

from config.embedded import postgres
from config.embedded.paths import DataFolder
from tests.platform.commands import PROJECT, outside_environment

# What a client may be answered, whatever happens: a result, a refusal, or "try again".
CLEAN = {200, 201, 409, 429, 503}


class Clients:
    """Each books one event after the other, with a key of its own until it has an answer."""

    def __init__(self, addresses: Sequence[str], token: str, count: int) -> None:
        self.addresses, self.count = addresses, count
        self.headers = {"Authorization": f"Token {token}"}
        self.answers: Counter[int] = Counter()
        self.kept: list[str] = []
        self.ends = threading.Event()
        self.threads = [
            threading.Thread(target=self._book, args=(number,)) for number in range(count)
        ]

    def __enter__(self) -> "Clients":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ends.set()
        for thread in self.threads:
            thread.join()

    def _book(self, number: int) -> None:
        first = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=2)
        with httpx.Client(headers=self.headers, timeout=30) as client:
            while not self.ends.is_set():
                number += self.count
                start = first + timedelta(hours=number % 5000)
                self._until_answered(client, start)

    def _until_answered(self, client: httpx.Client, start: datetime) -> None:
        body = {
            "program": "community", "beat": None, "summary": "Booked meanwhile", "staff": [],
            "starts_at": start.isoformat(), "ends_at": (start + timedelta(minutes=30)).isoformat(),
        }  # fmt: skip
        key = str(uuid4())
        while not self.ends.is_set():
            try:
                address = random.choice(self.addresses)
                answer = client.post(
                    f"{address}api/v1/events/", json=body, headers={"Idempotency-Key": key}
                )
            except httpx.HTTPError:
                continue  # the line broke: again with the same key
            self.answers[answer.status_code] += 1
            if answer.status_code == 201:
                self.kept.append(answer.json()["uid"])
                return
            time.sleep(0.1)


def on_record(data: Path) -> set[str]:
    with psycopg.connect(postgres.address(DataFolder(data))) as line:
        return {str(uid) for (uid,) in line.execute("SELECT uid FROM scheduling_event")}


def manage(data: Path, *arguments: str, project: Path = PROJECT) -> str:
    """The last line a command says."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=project, capture_output=True, text=True,
        env=outside_environment(BEATBOOK_DATA=str(data)), check=True, timeout=90,
    )  # fmt: skip
    return done.stdout.strip().splitlines()[-1]
