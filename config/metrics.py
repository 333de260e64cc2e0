"""Numbers for Prometheus. No label names a person, an address or a record."""

import time
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.db import DatabaseError
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

from config import vitals
from notifications.services import canary

REQUESTS = Counter(
    "beatbook_requests", "Requests answered by Django", ["route", "method", "status"]
)
SECONDS = Histogram(
    "beatbook_request_seconds", "Time to answer a request", ["route"],
    buckets=(0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)  # fmt: skip
CONFLICTS = Counter(
    "beatbook_conflicts", "Bookings refused because somebody was quicker", ["route"]
)


def answered(route: str, method: str, status: int, took: float) -> None:
    REQUESTS.labels(route, method, str(status)).inc()
    SECONDS.labels(route).observe(took)
    if status == 409:
        CONFLICTS.labels(route).inc()


def exposition() -> bytes:
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=str(settings.METRICS_DIR))
    registry.register(Vitals())
    return generate_latest(registry)


class Vitals:
    """What the tables say at the moment they are asked."""

    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("beatbook_database_up", "1 while the database answers")
        try:
            found = [*_messages(), *_processes(), *_database(), *_feeds(), *_backups()]
            up.add_metric([], 1)
        except DatabaseError:
            found = []
            up.add_metric([], 0)
        yield up
        yield _gauge("beatbook_disk_free_bytes", "Left on the disk of the data", vitals.disk_free())
        yield from found


def _messages() -> Iterator[Metric]:
    yield _labelled(
        "beatbook_message_oldest_due_seconds", "How long the oldest due message has waited",
        ["lane"], vitals.rows(vitals.OLDEST_DUE),
    )  # fmt: skip
    yield _labelled(
        "beatbook_messages_waiting", "Messages not settled", ["status", "channel"],
        vitals.rows(vitals.WAITING),
    )  # fmt: skip
    yield _labelled(
        "beatbook_messages_settled_last_day", "Messages settled within 24 hours",
        ["status", "channel"], vitals.rows(vitals.SETTLED),
    )  # fmt: skip
    closed = [(name, 1) for (name,) in vitals.rows(vitals.CLOSED_GATES)]
    yield _labelled("beatbook_gate_closed", "1 for what is held back", ["gate"], closed)
    yield _labelled(
        "beatbook_journal_unread", "News nobody planned messages for yet", ["journal"],
        vitals.rows(vitals.UNREAD),
    )  # fmt: skip
    if flight := canary.latest():
        age = time.time() - flight.sent_at.timestamp()
        yield _gauge("beatbook_canary_age_seconds", "Since the latest test mail that came", age)
        yield _gauge("beatbook_canary_seconds", "How long it was on its way", flight.seconds)


def _processes() -> Iterator[Metric]:
    yield _labelled(
        "beatbook_heartbeat_age_seconds", "Since a process last did its round", ["process"],
        vitals.rows(vitals.HEARTBEATS),
    )  # fmt: skip


def _database() -> Iterator[Metric]:
    ((waits, longest),) = vitals.rows(vitals.LOCK_WAITS)
    yield _gauge("beatbook_lock_waits", "Sessions that wait for a lock", waits)
    yield _gauge("beatbook_lock_wait_seconds", "The longest of these waits", float(longest))
    ((sessions,),) = vitals.rows(vitals.CONNECTIONS)
    yield _gauge("beatbook_database_sessions", "Open sessions of the database", sessions)


def _feeds() -> Iterator[Metric]:
    ((stale, longest),) = vitals.rows(vitals.STALE_FEEDS)
    yield _gauge("beatbook_feeds_stale", "Calendars not yet written anew", stale)
    yield _gauge("beatbook_feed_stale_seconds", "Since the oldest of them is stale", float(longest))
    if (age := vitals.publisher_age(time.time())) is not None:
        yield _gauge("beatbook_publisher_age_seconds", "Since the publisher's last round", age)


def _backups() -> Iterator[Metric]:
    for name, age in vitals.backup_ages().items():
        if age is not None:
            yield _gauge(f"beatbook_{name}_age_seconds", "Since what was kept last", age)


def _gauge(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, words, value=value)


def _labelled(
    name: str, words: str, labels: list[str], found: Iterable[tuple[object, ...]]
) -> GaugeMetricFamily:
    """The last of each row is the number."""
    family = GaugeMetricFamily(name, words, labels=labels)
    for *said, value in found:
        family.add_metric([str(one) for one in said], float(str(value)))
    return family
