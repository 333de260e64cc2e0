"""The text of each event in feeds, kept so that a change renders one event and not a thousand."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from scheduling import ical
from scheduling.feeds import Feed
from scheduling.models import Event, FeedEntry

BATCH = 500
# One number for all: whoever renders or throws away waits for the other, so that no text of an
# event outlives the mark that called it stale.
LOCK = 0x66656564


def lock() -> None:
    """Held to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def throw_away(event_ids: Collection[int]) -> None:
    FeedEntry.objects.filter(event__in=event_ids).delete()


class NotRendered(Exception):
    """Some of a feed's events have no text yet: see fill()."""


def body(feed: Feed) -> tuple[bytes, int]:
    """A feed's whole text and how many events it holds. Raises NotRendered."""
    kept = FeedEntry.objects.filter(
        language=feed.language, is_own=feed.link is not None, made_for=ical.made_for()
    )
    events, of_events = _columns(feed.events())
    texts, of_texts = _columns(kept, "event_id", "text")
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT count(*), count(entry.text),
                   string_agg(entry.text, '' ORDER BY event.starts_at, event.id)
            FROM ({events}) AS event
            LEFT JOIN ({texts}) AS entry ON entry.event_id = event.id
            """,  # noqa: S608 - both parts come from querysets, their values as parameters
            [*of_events, *of_texts],
        )
        wanted, there, text = cursor.fetchone()
    if wanted != there:
        raise NotRendered
    return ical.calendar(feed.head(), [text or ""]), wanted


def fill(feed: Feed) -> None:
    """Render what is missing of a feed."""
    while batch := _missing(feed)[:BATCH]:
        with transaction.atomic():
            lock()
            _render(batch, feed)


def _render(event_ids: Sequence[int], feed: Feed) -> None:
    """Read under the lock: what changes later has a mark that is taken later."""
    render = ical.own_entry if feed.link else ical.entry
    events = Event.objects.filter(pk__in=event_ids).select_related("beat", "venue")
    FeedEntry.objects.bulk_create(
        [
            FeedEntry(
                event=event,
                language=feed.language,
                is_own=feed.link is not None,
                made_for=ical.made_for(),
                text=render(event, feed.language),
            )
            for event in events.prefetch_related("texts")
        ],
        update_conflicts=True,
        unique_fields=["event", "language", "is_own"],
        update_fields=["made_for", "text"],
    )


def _missing(feed: Feed) -> list[int]:
    kept = FeedEntry.objects.filter(
        event=OuterRef("pk"),
        language=feed.language,
        is_own=feed.link is not None,
        made_for=ical.made_for(),
    )
    return list(feed.events().filter(~Exists(kept)).values_list("pk", flat=True))


def _columns(rows: QuerySet, *names: str) -> tuple[str, tuple[Any, ...]]:
    """A queryset as SQL and its parameters, reduced to what is asked for."""
    chosen = names or ("id", "starts_at")
    plain = rows.select_related(None).prefetch_related(None).order_by().values(*chosen)
    sql, parameters = plain.query.sql_with_params()
    return sql, parameters
