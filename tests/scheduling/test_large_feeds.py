"""Promise 17: a beat with twenty years of events stays cheap, whoever polls."""

import http.client
import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, timedelta
from urllib.parse import urlsplit

import pytest
from django.db import connection

from outreach.actors import SYSTEM
from scheduling import published
from scheduling.models import Event, FeedMark
from scheduling.services import events, publishing
from tests.factories.events import make_plan, tomorrow
from tests.factories.places import BeatFactory
from tests.processes import web

pytestmark = pytest.mark.django_db(transaction=True)
FULL = bool(os.environ.get("BEATBOOK_FULL"))
ON_RECORD, POLLERS = (50_000, 2_000) if FULL else (5_000, 200)
PATH = "/feeds/beats/b1.ics"
AHEAD = 40


def poll(site: str, tag: str = "") -> tuple[int, int, str]:
    """Status, bytes and tag of one poll over a connection of its own."""
    headers = {"Accept-Encoding": "gzip"} | ({"If-None-Match": tag} if tag else {})
    with closing(http.client.HTTPConnection(urlsplit(site).netloc, timeout=60)) as line:
        line.request("GET", PATH, headers=headers)
        answer = line.getresponse()
        return answer.status, len(answer.read()), answer.getheader("ETag") or ""


def everybody(site: str, tag: str = "") -> Counter[int]:
    """All pollers, fifty at a time."""
    with ThreadPoolExecutor(50) as pool:
        answers = pool.map(lambda _: poll(site, tag), range(POLLERS))
        return Counter(status for status, _, _ in answers)


@pytest.fixture
def beat():
    """Twenty years of events, of which a few lie ahead."""
    beat = BeatFactory(code="b1")
    first = tomorrow().astimezone(UTC) + timedelta(days=AHEAD) - timedelta(days=7300)
    step = timedelta(days=7300) / ON_RECORD
    told = {"program": "community", "beat": beat, "classification": "public"}
    Event.objects.bulk_create(
        [
            Event(
                **told, summary=f"Meeting {n}", starts_at=first + step * n,
                ends_at=first + step * n + timedelta(minutes=30),
            )
            for n in range(ON_RECORD)
        ],
        batch_size=5_000,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    while publishing.publish():
        pass
    return beat


def test_pollers_of_a_large_beat_get_304_until_something_changes(beat, settings):
    version = published.read(PATH.lstrip("/"))
    shown = version.body.count(b"BEGIN:VEVENT")
    window = settings.FEED_DAYS_BACK + AHEAD + 2  # days at both ends
    assert 0 < shown <= ON_RECORD * window / 7300 + 2  # bounded by the window, not by the years
    assert not FeedMark.objects.exists()

    with web(2) as site:
        _, size, tag = poll(site)
        assert size == len(version.packed)
        assert everybody(site, tag) == {304: POLLERS}
        events.create(make_plan(beat=beat), by=SYSTEM)
        publishing.publish()
        assert everybody(site, tag) == {200: POLLERS}
        _, _, fresh = poll(site)
        assert everybody(site, fresh) == {304: POLLERS}
        # Without the tag every poll carries the whole calendar.
        assert everybody(site) == {200: POLLERS}
    print(
        f"{ON_RECORD:,} events, {shown} shown in {size:,} bytes; {POLLERS:,} pollers, four rounds"
    )


def test_robots_may_read_the_calendars(client):
    said = client.get("/robots.txt").content.decode()
    refused = [line.split()[1] for line in said.splitlines() if line.startswith("Disallow:")]

    assert "/staff/" in refused
    assert not any(PATH.startswith(path) for path in refused)
