"""Promise 6: any process may die. A SIGKILL every few seconds while booking and sending.

The controls of lost and repeated mail stand in test_promises.py; that of a booking acknowledged
and not kept stands here.
"""

import os
import random
import signal
import threading
import time
from collections import Counter
from contextlib import ExitStack
from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest
from django.db import DatabaseError, connection
from knox.models import get_token_model

from notifications.enums import MessageStatus
from notifications.models import Message
from notifications.services import rendering
from scheduling.models import Event
from tests import mail_sink, processes
from tests.factories.events import EventFactory, tomorrow
from tests.factories.messages import due_reminders, silent_rules
from tests.factories.people import make_pair
from tests.factories.places import BeatFactory
from tests.platform.commands import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
FULL = bool(os.environ.get("BEATBOOK_FULL"))
SECONDS, EVERY, SENDS = (1800, 5, 20_000) if FULL else (24, 4, 60)
# The database is shared with the tests beside this one, so it dies in the full form only.
ROLES = ["web", "worker", "ticker", "broker"] + (["database"] if FULL else [])


class City:
    """The processes of a city, each killed and started again."""

    def __init__(self, stack: ExitStack, sink, broker, folder) -> None:
        self.broker, self.port, self.kills = broker, processes.free_port(), Counter()
        self.stack = stack
        self.make = {
            "web": lambda: processes.web_at(self.port, 2),
            "worker": lambda: processes.worker(sink),
            "ticker": lambda: processes.ticker(sink),
        }
        self.running = {role: stack.enter_context(make()) for role, make in self.make.items()}

    def kill(self, role: str) -> None:
        self.kills[role] += 1
        if role == "broker":
            self.broker.stop()
            self.broker.start()
        elif role == "database":
            kill_a_backend()
        else:
            processes.kill(self.running[role])
            self.running[role] = self.stack.enter_context(self.make[role]())


def kill_a_backend() -> None:
    """PostgreSQL then ends all others, ours too, recovers from its log and goes on."""
    wait_until(is_back)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend' AND pid <> pg_backend_pid() LIMIT 1"
        )
        found = cursor.fetchone()
    if found:
        os.kill(found[0], signal.SIGKILL)


def is_back() -> bool:
    connection.close()
    try:
        connection.ensure_connection()
    except DatabaseError:
        return False
    return True


def book(port: int, token: str, ends: threading.Event, kept: list[str]) -> None:
    """A client that tries again with the same key until it has an answer."""
    number = 0
    while not ends.is_set():
        start = tomorrow(8) + timedelta(hours=number % 5000)  # within two years
        body = {
            "program": "community", "beat": None, "summary": "Booked", "staff": [], "venue": None,
            "starts_at": start.isoformat(), "classification": "public",
            "ends_at": (start + timedelta(minutes=30)).isoformat(),
        }  # fmt: skip
        headers = {"Authorization": f"Token {token}", "Idempotency-Key": str(uuid4())}
        while not ends.is_set():
            try:
                answer = httpx.post(
                    f"http://127.0.0.1:{port}/api/v1/events/",
                    json=body,
                    headers=headers,
                    timeout=30,
                )
            except httpx.HTTPError:
                time.sleep(0.2)
                continue
            if answer.status_code == 201:
                kept.append(answer.json()["uid"])
                break
            if answer.status_code not in (429, 503):
                kept.append(f"refused with {answer.status_code}")
                return
            time.sleep(0.2)
        number += 1


def settled() -> bool:
    waiting = [MessageStatus.QUEUED, MessageStatus.SENDING]
    try:
        return not Message.objects.filter(status__in=waiting).exists()
    except DatabaseError:
        connection.close()
        return False


def missing(kept: list[str]) -> set[UUID]:
    return {UUID(uid) for uid in kept} - set(Event.objects.values_list("uid", flat=True))


def test_processes_die_and_nothing_acknowledged_is_missing(tmp_path, monkeypatch):
    silent_rules()
    staff, _ = make_pair(BeatFactory(code="b1"))
    token = get_token_model().objects.create(user=staff.user)[1]
    due_reminders(EventFactory(starts_at=tomorrow() + timedelta(days=1)), SENDS)
    expected = {rendering.render(message).message_id for message in Message.objects.all()}
    (tmp_path / "mails").mkdir()
    chance, ends, kept = random.Random(6), threading.Event(), []
    with ExitStack() as stack:
        slow = 0.02 if FULL else 0.2
        sink = stack.enter_context(mail_sink.running(tmp_path / "mails", seconds_per_mail=slow))
        broker = stack.enter_context(processes.broker())
        monkeypatch.setenv("CELERY_BROKER_URL", broker.url)
        city = City(stack, sink, broker, tmp_path)
        client = threading.Thread(target=book, args=(city.port, token, ends, kept))
        client.start()
        stack.callback(ends.set)
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            time.sleep(EVERY)
            city.kill(chance.choice(ROLES))
        deadline = time.monotonic() + (3600 if FULL else 300)
        while not settled():
            assert time.monotonic() < deadline
            time.sleep(0.5)
        ends.set()
        client.join()

    ids = sink.message_ids()
    repeated = len(ids) - len(set(ids))
    print(f"{dict(city.kills)}: {len(kept)} bookings kept, {len(set(ids))} mails, {repeated} twice")
    assert kept
    assert not [one for one in kept if one.startswith("refused")]
    assert missing(kept) == set()
    assert Event.objects.filter(summary="Booked").count() - len(kept) <= 1  # the last, unanswered
    assert set(ids) == expected
    assert repeated <= city.kills["worker"] + city.kills["database"]


def test_control_a_booking_that_was_lost_is_missed(db):
    kept = [str(EventFactory().uid), str(uuid4())]

    assert missing(kept) == {UUID(kept[1])}
