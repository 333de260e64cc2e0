"""Promise 18: who reads or writes slowly holds up nobody else. The front server waits for them."""

import os
import socket
import statistics
import time
from contextlib import ExitStack, closing, contextmanager
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest
from knox.models import get_token_model

from scheduling import published
from tests.factories.events import tomorrow
from tests.factories.people import make_pair
from tests.factories.places import BeatFactory
from tests.front import front
from tests.processes import web

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
SLOW, BOOKINGS = (500, 200) if os.environ.get("BEATBOOK_FULL") else (60, 20)
SLOW_BODY = (
    b"POST /subscribe/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 900\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\nemail="
)
TIMES_SLOWER = 10  # a time limit; the ratio itself is printed
FEED = "feeds/all.ics"


@pytest.fixture
def behind(settings):
    """The web processes themselves; nobody but the front server is to reach them."""
    published.write(FEED, published.Draft(b"x" * 2_000_000, "all.ics", 1), seen=0)
    with web(2) as address:
        yield address


@pytest.fixture
def site(behind, settings, tmp_path):
    with front(tmp_path, settings.FEEDS_ROOT, urlsplit(behind).port) as address:
        yield address


@pytest.fixture
def token():
    staff, _ = make_pair(BeatFactory(code="b1"))
    return get_token_model().objects.create(user=staff.user)[1]


def booking_times(site: str, token: str) -> list[float]:
    """Seconds each booking took; all are kept."""
    times = []
    with httpx.Client(base_url=site, timeout=60) as client:
        for number in range(BOOKINGS):
            start = tomorrow(8) + timedelta(hours=number)
            body = {
                "program": "community", "beat": "b1", "summary": "Booked",
                "starts_at": start.isoformat(),
                "ends_at": (start + timedelta(minutes=30)).isoformat(),
            }  # fmt: skip
            headers = {"Authorization": f"Token {token}", "Idempotency-Key": str(uuid4())}
            began = time.monotonic()
            answer = client.post("/api/v1/events/", json=body, headers=headers)
            times.append(time.monotonic() - began)
            assert answer.status_code == 201, answer.text
    return sorted(times)


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


@contextmanager
def slow_ones(site: str, sent: bytes):
    """Lines that say something and then neither read on nor hang up."""
    parts = urlsplit(site)
    with ExitStack() as lines:
        for _ in range(SLOW):
            line = lines.enter_context(closing(socket.socket()))
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            line.connect((parts.hostname, parts.port))
            line.sendall(sent)
        yield


@pytest.mark.parametrize(
    "sent",
    [
        f"GET /{FEED} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode(),
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow",
        SLOW_BODY,
    ],
    ids=["reads slowly", "head comes slowly", "body comes slowly"],
)
def test_bookings_go_on_beside_slow_clients(site, token, sent):
    alone = booking_times(site, token)
    with slow_ones(site, sent):
        beside = booking_times(site, token)

    ratio = statistics.median(beside) / statistics.median(alone)
    worse = p95(beside) / p95(alone)
    print(f"{SLOW} slow clients: bookings p95 × {worse:.2f}, median × {ratio:.2f}")
    assert statistics.median(beside) <= TIMES_SLOWER * statistics.median(alone)


def test_control_without_the_front_server_slow_bodies_hold_the_web(behind):
    with slow_ones(behind, SLOW_BODY), pytest.raises(httpx.ReadTimeout):
        httpx.get(f"{behind}/livez", timeout=5)
