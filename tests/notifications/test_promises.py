"""Promises 5, 7 and 8: workers die, the broker forgets or is gone, several tickers tick.

Counted from the database and from what the mail server received.
"""

import os
import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connections
from redis import Redis

from config.celery import app
from notifications.channels.email import Mailer
from notifications.enums import MessageStatus
from notifications.models import Message
from notifications.services import rendering
from tests import mail_sink, processes
from tests.factories.events import EventFactory, tomorrow
from tests.factories.messages import due_reminders, silent_rules

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
FULL = bool(os.environ.get("BEATBOOK_FULL"))
DEAD_LINE = 7200 if FULL else 60  # seconds; far more than any of these takes
SENDS, KILLS = (20_000, 200) if FULL else (60, 3)
FLUSHES, GONE_SECONDS = (15, 600) if FULL else (5, 8)
DUE, TICKERS, WORKERS = (10_000, 3, 4) if FULL else (80, 2, 2)


@pytest.fixture
def sink(tmp_path):
    with mail_sink.running(tmp_path, seconds_per_mail=0.01 if FULL else 0.03) as running:
        yield running


@pytest.fixture(autouse=True)
def _no_rules():
    silent_rules()


@pytest.fixture
def event():
    return EventFactory(starts_at=tomorrow() + timedelta(days=1))


def ring(*names: str) -> None:
    for name in names:
        app.send_task(f"notifications.tasks.{name}", expires=5)


def settled() -> bool:
    waiting = [MessageStatus.QUEUED, MessageStatus.SENDING]
    return not Message.objects.filter(status__in=waiting).exists()


def wait_until_settled(*names: str) -> None:
    deadline = time.monotonic() + DEAD_LINE
    while not settled():
        assert time.monotonic() < deadline, Counter(Message.objects.values_list("status"))
        if names:
            ring(*names)
        time.sleep(0.5)


def expected_ids() -> set[str]:
    return {rendering.render(message).message_id for message in Message.objects.all()}


def duplicates(sink) -> int:
    return sum(count - 1 for count in Counter(sink.message_ids()).values())


def test_killed_workers_lose_nothing_and_repeat_at_most_one_mail_each(sink, event):
    due_reminders(event, SENDS)
    chance = random.Random(5)

    for _ in range(KILLS):
        with processes.worker(sink):
            seen = sink.count()
            deadline = time.monotonic() + DEAD_LINE
            while sink.count() < seen + 3:  # killed mid-send, not before
                assert time.monotonic() < deadline
                ring("requeue", "drain_personal")
                time.sleep(0.2)
            time.sleep(chance.random() * 0.1)
    with processes.worker(sink):
        wait_until_settled("requeue", "drain_personal")

    assert set(Message.objects.values_list("status", flat=True)) == {MessageStatus.ACCEPTED}
    assert set(sink.message_ids()) == expected_ids()
    assert duplicates(sink) <= KILLS
    print(f"{SENDS} sends, {KILLS} kills: 0 lost, {duplicates(sink)} repeated")


CARELESS = """
import django; django.setup()
from notifications.channels.email import Mailer
from notifications.models import Message
from notifications.services import rendering
rows = list(Message.objects.filter(status="queued"))
Message.objects.update(status="accepted")  # settled before it is sent
with Mailer() as mailer:
    for row in rows:
        mailer.send(rendering.render(row), to=row.contact.email)
"""


def test_control_a_worker_that_settles_first_loses_mail_when_killed(sink, event):
    due_reminders(event, 60)

    with processes.process(["-c", CARELESS], sink):
        deadline = time.monotonic() + DEAD_LINE
        while len(sink.message_ids()) < 3:
            assert time.monotonic() < deadline
            time.sleep(0.05)

    assert settled()
    assert len(expected_ids() - set(sink.message_ids())) > 0


def forget_everything() -> None:
    """What FLUSHALL does to the broker of this test; others share the server."""
    Redis.from_url(settings.REDIS_URL).flushdb()


def test_emptied_broker_loses_nothing(sink, event, tmp_path):
    due_reminders(event, 60)

    with processes.worker(sink), processes.ticker(sink):
        for _ in range(FLUSHES):
            time.sleep(1)
            forget_everything()
        wait_until_settled()

    assert set(sink.message_ids()) == expected_ids()
    assert duplicates(sink) == 0


def test_broker_that_is_gone_for_a_while_costs_a_minute_at_most(
    sink, event, tmp_path, client, monkeypatch
):
    """Its own broker, taken away under the workers; pages and booking go on meanwhile."""
    with ExitStack() as stack:
        broker = stack.enter_context(processes.broker())
        monkeypatch.setenv("CELERY_BROKER_URL", broker.url)
        stack.enter_context(processes.worker(sink))
        stack.enter_context(processes.ticker(sink))
        due_reminders(event, 3)
        wait_until_settled()
        broker.stop()
        due_reminders(EventFactory(starts_at=event.starts_at), 20)
        monkeypatch.setattr(app.conf, "broker_url", broker.url)
        monkeypatch.setattr(app, "_pool", None)  # its lines go where they went, after this test too
        monkeypatch.setattr(app.amqp, "_producer_pool", None)
        until = time.monotonic() + GONE_SECONDS
        while time.monotonic() < until:
            assert client.get("/events/").status_code == 200
            answer = client.post("/subscribe/", {"email": f"r{time.time_ns()}@example.org",
                                                 "beat": "city"})  # fmt: skip
            assert answer.status_code in (302, 429)
            time.sleep(2)
        broker.start()
        back = time.monotonic()
        wait_until_settled()

    assert time.monotonic() - back <= 60
    assert set(sink.message_ids()) == expected_ids()
    assert duplicates(sink) == 0


def test_control_without_a_ticker_a_forgotten_ring_is_lost(sink, event):
    due_reminders(event, 3)
    ring("drain_personal")
    forget_everything()

    with processes.worker(sink):
        time.sleep(6)

    assert not settled()


def test_several_tickers_and_workers_send_each_mail_once(sink, event, tmp_path):
    due_reminders(event, DUE)

    with ExitStack() as stack:
        for _ in range(WORKERS):
            stack.enter_context(processes.worker(sink))
        for _ in range(TICKERS):
            stack.enter_context(processes.ticker(sink))
        wait_until_settled("drain_personal")

    assert set(sink.message_ids()) == expected_ids()
    assert duplicates(sink) == 0


def test_control_workers_that_do_not_claim_repeat_each_other(sink, event, settings):
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
    due_reminders(event, 5)
    barrier = threading.Barrier(2)

    def careless(_: int) -> None:
        rows = list(Message.objects.filter(status=MessageStatus.QUEUED))
        barrier.wait(20)
        with Mailer() as mailer:
            for row in rows:
                mailer.send(rendering.render(row), to=row.contact.email)
        Message.objects.filter(pk__in=[row.pk for row in rows]).update(status="accepted")
        connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(careless, range(2)))

    assert duplicates(sink) == 5
