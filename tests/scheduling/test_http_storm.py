"""Promises 1 and 4 over real HTTP: many clients at once, and nobody is in two places.

The web processes are real; what counts is what the database holds and what the clients were
answered. The control of this storm stands in test_booking_storm.py: without lock, look and
constraint the same crowd double-books.
"""

import http.client
import json
import os
import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.db import connection, connections, transaction
from knox.models import get_token_model

from scheduling.models import Booking, Event
from tests.factories.events import tomorrow
from tests.factories.people import make_pair
from tests.factories.places import BeatFactory, VenueFactory
from tests.processes import web
from tests.scheduling.test_booking_storm import overlaps

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
CLIENTS, ROUNDS = (200, 50) if os.environ.get("BEATBOOK_FULL") else (24, 3)
SAME_KEY = 100 if os.environ.get("BEATBOOK_FULL") else 16
WORKERS, WANTED = 12, 8
EVENTS = "/api/v1/events/"
OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
OPEN = f"{OTHERS} AND xact_start IS NOT NULL"


class Crowd:
    """Clients of one city, each with a line of its own to the web processes."""

    def __init__(self, address: str) -> None:
        self.host = urlsplit(address).netloc
        beat = BeatFactory(code="b1")
        self.pairs = [make_pair(beat), make_pair(BeatFactory(code="b2"))]
        self.halls = [VenueFactory() for _ in range(2)]
        self.tokens = [
            get_token_model().objects.create(user=coordinator.user)[1]
            for coordinator, _ in self.pairs
        ]
        self.answers: Counter[int] = Counter()
        self.refusals: list[dict] = []

    def call(self, line, method, path, body, number, key="") -> tuple[int, dict]:
        headers = {
            "Authorization": f"Token {self.tokens[number % 2]}",
            "Content-Type": "application/json",
        } | ({"Idempotency-Key": key} if key else {})
        line.request(method, path, json.dumps(body), headers)
        answer = line.getresponse()
        told = json.loads(answer.read() or b"{}")
        self.answers[answer.status] += 1
        if answer.status == 409 and "clashes" in told:
            self.refusals.append(told)
        return answer.status, told

    def line(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(self.host, timeout=300)

    def wake(self) -> None:
        """Ask until most web processes have a line to the database: a dozen start slowly."""
        until = time.monotonic() + 240
        with ThreadPoolExecutor(2 * WORKERS) as pool:
            while lines() <= WANTED:
                assert time.monotonic() < until, "the web processes do not wake"
                list(pool.map(self.look, range(2 * WORKERS)))
        self.answers.clear()

    def look(self, number: int) -> None:
        with closing(self.line()) as line:
            self.call(line, "GET", EVENTS, {}, number)


def lines() -> int:
    """Of other processes to this database."""
    with connection.cursor() as cursor:
        cursor.execute(OTHERS)
        return int(cursor.fetchone()[0])


@pytest.fixture
def crowd():
    with web(WORKERS) as address:
        found = Crowd(address)
        found.wake()
        yield found


def body(crowd: Crowd, number: int, start, **other) -> dict:
    pair = crowd.pairs[number % 2]
    return {
        "program": "community",
        "beat": f"b{number % 2 + 1}",
        "summary": f"Client {number}",
        "starts_at": start.isoformat(),
        "ends_at": (start + timedelta(hours=1)).isoformat(),
        "staff": [person.user.username for person in pair],
        "venue": str(crowd.halls[number % 2].uid),
    } | other


def dam(gate: threading.Barrier, rounds: int) -> int:
    """Before each round take everybody's locks, and let go when the crowd has piled up behind
    them: so each round begins as a storm. Returns the most transactions seen open at once."""
    most, is_through = 0, False
    try:
        with connection.cursor() as cursor:
            for _ in range(rounds):
                gate.wait(300)  # the crowd is through with the round before
                with transaction.atomic():
                    cursor.execute("SET LOCAL lock_timeout = '120s'")
                    cursor.execute("SELECT 1 FROM outreach_staffmember FOR UPDATE")
                    gate.wait(300)
                    until = time.monotonic() + 45  # below LOCK_WAIT
                    while most < WANTED and time.monotonic() < until:
                        time.sleep(0.02)
                        cursor.execute("SELECT pg_stat_clear_snapshot()")
                        cursor.execute(OPEN)
                        most = max(most, cursor.fetchone()[0])
        is_through = True
    finally:
        if not is_through:
            gate.abort()  # nobody waits for a dam that broke
        connections.close_all()
    return most


def run(clients: int, act, gate: threading.Barrier, rounds: int) -> tuple[list, int]:
    with ThreadPoolExecutor(clients + 1) as pool:
        damming = pool.submit(dam, gate, rounds)
        found = list(pool.map(act, range(clients)))
        return found, damming.result()


def test_crowd_books_moves_and_cancels_and_nobody_is_in_two_places(crowd):
    gate = threading.Barrier(CLIENTS + 1)
    base = tomorrow(9) + timedelta(days=1)

    def client(number: int) -> None:
        dice = random.Random(number)
        own: list[str] = []
        with closing(crowd.line()) as line:
            for each in range(ROUNDS):
                gate.wait(300)  # all are through with the round before
                gate.wait(300)  # the dam holds
                start = base + timedelta(days=each % 10, minutes=dice.choice([0, 20, 40, 90]))
                deed = dice.choice(["book", "book", "move", "cancel"]) if own else "book"
                if deed == "book":
                    status, told = crowd.call(
                        line, "POST", EVENTS, body(crowd, number, start), number, str(uuid4())
                    )
                    own += [told["uid"]] if status == 201 else []
                elif deed == "move":
                    moved = body(crowd, number, start)
                    times = {name: moved[name] for name in ("starts_at", "ends_at")}
                    crowd.call(line, "PATCH", f"{EVENTS}{own[-1]}/", times, number)
                else:
                    crowd.call(
                        line, "POST", f"{EVENTS}{own.pop()}/cancel/", {"reason": "x"}, number
                    )

    _, most = run(CLIENTS, client, gate, ROUNDS)

    named = [one for one in crowd.refusals if one["clashes"] and len(one["free_times"]) == 3]
    print(f"\nanswers {dict(crowd.answers)}, open at once {most}, refusals {len(crowd.refusals)}")
    assert most >= WANTED, "the storm did not storm"
    assert overlaps() == 0
    assert sum(crowd.answers.values()) == CLIENTS * ROUNDS
    assert set(crowd.answers) <= {200, 201, 409}
    assert crowd.answers[409] > 0
    assert len(named) == len(crowd.refusals)


def test_one_key_sent_many_times_at_once_books_once(crowd):
    gate = threading.Barrier(SAME_KEY + 1)
    wanted = body(crowd, 0, tomorrow(9) + timedelta(days=1))

    def client(number: int) -> tuple[int, str]:
        with closing(crowd.line()) as line:
            gate.wait(300)
            gate.wait(300)
            if number % 4 == 0:  # hangs up before the answer, and asks again
                line.request("POST", EVENTS, json.dumps(wanted), {
                    "Authorization": f"Token {crowd.tokens[0]}",
                    "Content-Type": "application/json", "Idempotency-Key": "same",
                })  # fmt: skip
                line.close()
            status, told = crowd.call(line, "POST", EVENTS, wanted, 0, "same")
            return status, told["uid"]

    found, most = run(SAME_KEY, client, gate, 1)
    with closing(crowd.line()) as line:
        other, _ = crowd.call(line, "POST", EVENTS, wanted | {"summary": "Other"}, 0, "same")

    assert most > 1
    assert {status for status, _ in found} == {201}
    assert len({uid for _, uid in found}) == 1
    assert other == 422
    assert Event.objects.count() == 1
    assert Booking.objects.active().count() == 3


def test_control_without_a_key_the_same_call_is_refused_or_books_again(crowd):
    wanted = body(crowd, 0, tomorrow(9) + timedelta(days=1), staff=[], venue=None)
    with closing(crowd.line()) as line:
        for key in ("one", "two"):
            crowd.call(line, "POST", EVENTS, wanted, 0, key)

    assert Event.objects.count() == 2
