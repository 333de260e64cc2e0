"""The text of each event in feeds, kept so that a change renders one event and not a thousand."""

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from django.conf import settings
from django.db import connection, transaction

from scheduling import ical, selectors
from scheduling.models import Event, FeedEntry, FeedLink

BATCH = 500
MOST_BYTES = 64_000_000  # of texts a publisher remembers
LANGUAGES = [code for code, _ in settings.LANGUAGES]
# One number for all: whoever renders or throws away waits for the other, so that no text of an
# event outlives the mark that called it stale.
LOCK = 0x66656564


class NotRendered(Exception):
    """Some events of a feed have no text yet: see fill()."""


@dataclass
class Texts:
    """Texts by the id of their row, which never changes its text. Remembered between feeds and
    between rounds: eight feeds of a thousand events differ in one."""

    kept: dict[int, bytes] = field(default_factory=dict)
    size: int = 0

    def of(self, ids: Sequence[int]) -> list[bytes]:
        """In this order. Raises NotRendered when one was thrown away meanwhile."""
        with suppress(KeyError):
            return [*map(self.kept.__getitem__, ids)]
        self._make_room()
        self._fetch([pk for pk in ids if pk not in self.kept])
        try:
            return [*map(self.kept.__getitem__, ids)]
        except KeyError as missing:
            raise NotRendered from missing

    def _fetch(self, ids: Sequence[int]) -> None:
        if ids:
            for pk, text in FeedEntry.objects.filter(pk__in=ids).values_list("pk", "text"):
                self.kept[pk] = text.encode()
                self.size += len(self.kept[pk])

    def _make_room(self) -> None:
        """The oldest go first."""
        while self.size > MOST_BYTES:
            self.size -= len(self.kept.pop(next(iter(self.kept))))


TEXTS = Texts()


def lock() -> None:
    """Held to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def renew(event_ids: Collection[int]) -> None:
    """Throw away what was rendered of these, and render anew what anyone may read.

    The caller holds the lock. Of very many at once the text comes when it is wanted.
    """
    FeedEntry.objects.filter(event__in=event_ids).delete()
    if len(event_ids) <= BATCH:
        public = selectors.public_events().filter(pk__in=event_ids)
        _render(list(public), LANGUAGES)


def fill(event_ids: Sequence[int], language: str, link: FeedLink | None) -> None:
    """Render these for a language, in batches; for the one who goes if there is a link."""
    for start in range(0, len(event_ids), BATCH):
        batch = event_ids[start : start + BATCH]
        with transaction.atomic():
            lock()
            own = FeedEntry.objects.filter(language=language, is_own=link is not None)
            # Never in place: the text of a row is remembered by its id.
            own.filter(event__in=batch).delete()
            events = Event.objects.filter(pk__in=batch).select_related("beat", "venue")
            # Read under the lock: what changes later has a mark that is taken later.
            _render(list(events.prefetch_related("texts")), [language], is_own=link is not None)


def _render(events: Iterable[Event], languages: Iterable[str], *, is_own: bool = False) -> None:
    write = ical.own_entry if is_own else ical.entry
    FeedEntry.objects.bulk_create(
        FeedEntry(
            event=event,
            language=language,
            is_own=is_own,
            made_for=ical.made_for(),
            text=write(event, language),
        )
        for event in events
        for language in languages
    )
