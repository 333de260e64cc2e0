"""Whether this process lives, whether it can work, and whether the whole does what it should."""

import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from config import metrics, vitals
from notifications.services import canary
from outreach.limits import client_address

PROCESSES = ("ticker", "planner", "personal", "campaign")
LOOPBACK = ("127.0.0.1", "::1")
_is_migrated = False  # once seen, it stays so


@never_cache
@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """503 while the database does not answer, or lacks tables this code needs. The broker is not
    asked: pages and booking work without it."""
    try:
        missing = _missing_migrations()
    except DatabaseError:
        return HttpResponse("no database\n", content_type="text/plain", status=503)
    if missing:
        return HttpResponse("migrations to run\n", content_type="text/plain", status=503)
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def measured(request: HttpRequest) -> HttpResponse:
    """/metrics, for Prometheus."""
    _for_operators(request)
    return HttpResponse(metrics.exposition(), content_type="text/plain; version=0.0.4")


@never_cache
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Every part and its figure; 503 when somebody should look."""
    _for_operators(request)
    parts = list(_parts())
    is_well = all(part.is_well for part in parts)
    answer = {"is_well": is_well, "parts": [asdict(part) for part in parts]}
    return JsonResponse(answer, status=200 if is_well else 503)


@dataclass(frozen=True)
class Part:
    """figure counts what unit says; None where there is nothing to count."""

    name: str
    is_well: bool
    figure: float | None = None
    unit: str = "seconds"


def _parts() -> Iterator[Part]:
    yield _broker()
    limits = settings.HEALTH_LIMITS
    free = vitals.disk_free() / 1e6
    yield Part("disk", free >= limits["disk_megabytes"], round(free), "megabytes")
    try:
        ages = vitals.seconds(vitals.HEARTBEATS)
        yield Part("database", is_well=True)
        for name in PROCESSES:
            age = ages.get(name)
            yield Part(name, age is not None and age <= limits["silent"], age)
        yield _at_most("oldest_due", max(vitals.seconds(vitals.OLDEST_DUE).values(), default=0))
        yield _at_most("stale_feed", float(vitals.rows(vitals.STALE_FEEDS)[0][1]))
        yield _at_most("lock_wait", float(vitals.rows(vitals.LOCK_WAITS)[0][1]))
        closed = [name for (name,) in vitals.rows(vitals.CLOSED_GATES)]
        yield Part("sending_is_open", not closed, len(closed), "gates held back")
        if canary.is_on():
            yield _canary()
        yield from _backups()
    except DatabaseError:
        yield Part("database", is_well=False)
    age = vitals.publisher_age(time.time())
    yield Part("publisher", age is not None and age <= limits["silent"], age)


def _at_most(name: str, figure: float) -> Part:
    return Part(name, figure <= settings.HEALTH_LIMITS[name], figure)


def _backups() -> Iterator[Part]:
    for name, age in vitals.backup_ages().items():
        if name == "backup" or age is not None:  # some databases keep their log themselves
            yield Part(name, age is not None and age <= settings.HEALTH_LIMITS[name], age)


def _canary() -> Part:
    flight = canary.latest()
    if flight is None:
        return Part("canary", is_well=False)
    age = time.time() - flight.sent_at.timestamp()
    return Part("canary", age <= settings.HEALTH_LIMITS["canary"], age)


def _broker() -> Part:
    try:
        cache.get("health")
    except RedisError:
        return Part("broker", is_well=False)
    return Part("broker", is_well=True)


def _missing_migrations() -> bool:
    global _is_migrated  # tables do not go away while a process lives
    if _is_migrated:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return False
    executor = MigrationExecutor(connection)
    missing = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    _is_migrated = not missing
    return missing


def _for_operators(request: HttpRequest) -> None:
    """With the key, or from this machine; for all others there is nothing here."""
    said = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if settings.HEALTH_KEY and constant_time_compare(said, settings.HEALTH_KEY):
        return
    is_forwarded = "X-Forwarded-For" in request.headers and not settings.TRUSTED_PROXIES
    if is_forwarded or client_address(request) not in LOOPBACK:
        raise Http404
