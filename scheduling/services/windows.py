"""What stands in all feeds, read at once: eight feeds of a change cost hardly more than one."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from scheduling import ical
from scheduling.feeds import FIRST, Feed
from scheduling.models import EventBeat, FeedEntry, FeedLink
from scheduling.services.entries import TEXTS, NotRendered

# The beginning of a feed by its key, for what it was made.
HEADS: dict[str, tuple[str, bytes]] = {}


@dataclass(frozen=True)
class Row:
    """An event of the window, and where its texts are by language."""

    event_id: int
    beats: frozenset[int | None]
    program: str
    group_id: int | None
    texts: dict[str, int]

    def is_in(self, feed: Feed) -> bool:
        """As Feed.events() says of the database."""
        if feed.link:
            return True
        if feed.group:
            return self.group_id == feed.group.pk
        if feed.program and self.program != feed.program:
            return False
        return feed.beat is None or bool(self.beats & {None, feed.beat.pk})


@dataclass(frozen=True)
class Window:
    """Everything public, or everything of one person, in the order of feeds."""

    rows: Sequence[Row]
    shown: dict[Feed, list[Row]] = field(default_factory=dict)

    def body(self, feed: Feed) -> tuple[bytes, int]:
        """A feed's whole text and how many events it holds. Raises NotRendered."""
        alike = feed.in_language(FIRST)  # the same events in every language
        if alike not in self.shown:
            self.shown[alike] = [row for row in self.rows if row.is_in(feed)]
        shown = self.shown[alike]
        try:
            ids = [row.texts[feed.language] for row in shown]
        except KeyError as missing:
            raise NotRendered from missing
        return ical.calendar(_head(feed), TEXTS.of(ids)), len(ids)

    def missing(self, language: str) -> list[int]:
        """Events that have no text yet."""
        return [row.event_id for row in self.rows if language not in row.texts]


def read(link: FeedLink | None = None) -> Window:
    """As it is now. Three queries, each of which may see a little more than the one before: what
    that leads to has a mark of its own."""
    found = Feed(link=link).events()
    ids = found.order_by().values("pk")
    beats: dict[int, set[int | None]] = defaultdict(set)
    for event_id, beat_id in EventBeat.objects.filter(event__in=ids).values_list("event", "beat"):
        beats[event_id].add(beat_id)
    texts: dict[int, dict[str, int]] = defaultdict(dict)
    kept = FeedEntry.objects.filter(
        event__in=ids, is_own=link is not None, made_for=ical.made_for()
    )
    for event_id, language, pk in kept.values_list("event", "language", "pk"):
        texts[event_id][language] = pk
    columns = found.values_list("pk", "beat", "program", "watch_meeting__group")
    return Window(
        [
            Row(event_id, frozenset({beat, *beats[event_id]}), program, group, texts[event_id])
            for event_id, beat, program, group in columns
        ]
    )


def _head(feed: Feed) -> bytes:
    known = HEADS.get(feed.key)
    if known is None or known[0] != feed.made_for:
        known = HEADS[feed.key] = feed.made_for, feed.head()
    return known[1]
