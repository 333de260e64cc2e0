"""From a change in the database to new bytes for exactly the feeds it touches.

    marks → stale publications → files

Each step may be run by anyone, late, twice or beside itself: a publication is written under its
row's lock from data read after it, and the file itself refuses whoever was overtaken.
"""

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby, islice
from operator import attrgetter
from time import monotonic, time

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from scheduling import feeds, localtime, published, selectors
from scheduling.feeds import Feed
from scheduling.models import (
    Booking,
    EventBeat,
    FeedEntry,
    FeedLink,
    FeedMark,
    Publication,
    WatchMeeting,
)
from scheduling.services import entries, places, windows

log = logging.getLogger(__name__)
PUBLISH_SECONDS = 20
WRITTEN = ["stale_since", "made_for", "digest", "size", "events", "published_at"]
LATE = timedelta(seconds=10)
TOGETHER = 50  # feeds written in one transaction
MARKS = 5_000  # taken at once
COLUMNS = ("event_id", "beat_id", "program", "staff_id", "group_id", "is_public")


def publish() -> int:
    """Bring what is stale on disk up to date, for at most 20 s; returns how many feeds changed."""
    until = monotonic() + PUBLISH_SECONDS
    _revise_places()
    wanted = {feed.key: feed for feed in feeds.every()}
    keep_list(wanted)
    while monotonic() < until and take_marks(wanted.values()):
        pass
    changed = 0
    # What is everybody's together, for it is read once.
    for _, alike in groupby(_due(wanted), key=attrgetter("link")):
        for batch in batched(alike, TOGETHER):
            if monotonic() < until:
                changed += publish_some(batch)
    published.sign()
    return changed


def _due(wanted: Mapping[str, Feed]) -> list[Feed]:
    """Stale ones in the order of those who read them; what waits for long goes first."""
    rows = Publication.objects.filter(stale_since__isnull=False, path__in=wanted)
    since = dict(rows.values_list("path", "stale_since"))
    late = timezone.now() - LATE
    waiting = sorted(
        (key for key, moment in since.items() if moment and moment < late),
        key=lambda key: (key.startswith("own/"), since[key]),
    )
    fresh = [key for key in wanted if key in since and key not in set(waiting)]
    return [wanted[key] for key in [*waiting, *fresh]]


def _revise_places() -> None:
    """Whoever holds an event's lock for long keeps a corrected address waiting, nothing else."""
    try:
        places.revise()
    except OperationalError:
        log.warning("news of a place waits: somebody holds one of its events")


def publish_some(some: Sequence[Feed]) -> int:
    """Write feeds of the same events as they are now; returns how many have other bytes."""
    try:
        return _write(some)
    except entries.NotRendered:
        _fill(some)
    try:
        return _write(some)
    except entries.NotRendered:
        return 0  # changed meanwhile: they are stale still, and the next round reads anew


@transaction.atomic
def _write(some: Sequence[Feed]) -> int:
    mine = Publication.objects.select_for_update(skip_locked=True).order_by("path")
    rows = {row.path: row for row in mine.filter(path__in=[feed.key for feed in some])}
    if rows and not _may_be_read(some[0].link):
        for key in rows:
            withdraw(key)
        return 0
    seen = {key: published.serial(key) for key in rows}
    for feed in some:
        _ = feed.made_for  # of the day it is now: midnight may come while we read
    window = windows.read(some[0].link)
    written = [
        outcome
        for feed in some
        if feed.key in rows
        and (outcome := _write_one(feed, rows[feed.key], window, seen[feed.key])) is not None
    ]
    # Not bulk_update(): that one takes longer to write than the feeds.
    Publication.objects.bulk_create(
        [row for row, _ in written],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=WRITTEN,
    )
    return sum(is_new for _, is_new in written)


def _may_be_read(link: FeedLink | None) -> bool:
    """Whether an own address is in force; it cannot be taken back until our transaction ends."""
    if link is None:
        return True
    return feeds.open_links().filter(pk=link.pk).select_for_update(of=("self",)).exists()


def _write_one(
    feed: Feed, row: Publication, window: windows.Window, seen: int
) -> tuple[Publication, bool] | None:
    """The row as it is to be kept, and whether the bytes are new; None when nothing was written."""
    draft = _draft(feed, *window.body(feed))
    try:
        head = published.write(feed.key, draft, seen=seen)
    except published.Overtaken:
        return None  # stale still, and the next round reads anew
    except OSError as failure:
        log.error("a feed could not be written: %s", failure.strerror or type(failure).__name__)
        return None
    is_new = head.serial != seen
    row.stale_since, row.made_for = None, feed.made_for
    row.digest, row.size, row.events = head.digest, len(draft.body), draft.events
    if is_new or row.published_at is None:
        row.published_at = timezone.now()
    return row, is_new


def _fill(some: Sequence[Feed]) -> None:
    link, window = some[0].link, windows.read(some[0].link)
    for language in {feed.language for feed in some}:
        entries.fill(window.missing(language), language, link)


def show(feed: Feed) -> published.Version:
    """A feed for somebody who asks before it was published, or found it torn.

    Raises NotPublished for one that is not to be read: of a beat to come, or taken back.
    """
    every = list(feeds.every())
    if feed.key not in {one.key for one in every}:
        raise NotPublished(feed.key)
    Publication.objects.get_or_create(path=feed.key, defaults={"stale_since": timezone.now()})
    take_marks(every)
    publish_some([feed])
    return published.read(feed.key) or _unpublished(feed)


def _unpublished(feed: Feed) -> published.Version:
    """For the while the disk takes nothing."""
    if feed.link and not feeds.open_links().filter(pk=feed.link.pk).exists():
        raise NotPublished(feed.key)
    _fill([feed])
    text, events = windows.read(feed.link).body(feed)
    return published.unpublished(_draft(feed, text, events), modified=int(time()))


def _draft(feed: Feed, text: bytes, events: int) -> published.Draft:
    return published.Draft(text, f"{feed.filename}.ics", events, is_secret=feed.link is not None)


def batched(every: Iterable[Feed], size: int) -> Iterator[list[Feed]]:
    left = iter(every)
    while batch := list(islice(left, size)):
        yield batch


class NotPublished(Exception):
    """There is no such feed, not yet or not any more."""


@transaction.atomic
def take_marks(every: Iterable[Feed]) -> bool:
    """Turn marks into stale publications; False when there were none."""
    entries.lock()
    with connection.cursor() as cursor:
        # A publisher holds its rows while it writes; a booking's patience is too short for that.
        cursor.execute("SET LOCAL lock_timeout = %s", [f"{PUBLISH_SECONDS}s"])
        cursor.execute(
            f"""
            DELETE FROM scheduling_feedmark WHERE id IN
                (SELECT id FROM scheduling_feedmark ORDER BY id LIMIT %s)
            RETURNING {", ".join(COLUMNS)}
            """,  # noqa: S608 - our own names
            [MARKS],
        )
        marks = [FeedMark(**dict(zip(COLUMNS, row, strict=True))) for row in cursor.fetchall()]
    if not marks:
        return False
    entries.renew({mark.event_id for mark in marks})
    touched = _touched(marks)
    _mark_stale([feed.key for feed in every if touched.touches(feed)])
    return True


@transaction.atomic
def _mark_stale(keys: Collection[str]) -> None:
    """Also what is stale by now: somebody may have read it already and be about to say that it is
    fresh. Their rows are waited for, in one order."""
    rows = Publication.objects.filter(path__in=keys).order_by("path").select_for_update()
    ids = list(rows.values_list("pk", flat=True))
    since = Coalesce("stale_since", Now())
    Publication.objects.filter(pk__in=ids).update(stale_since=since)


@dataclass
class Touched:
    """Where events stood before and stand now. A pair without a beat is of the whole city."""

    pairs: set[tuple[int | None, str]]
    groups: set[int | None]
    staff: set[int | None]

    def touches(self, feed: Feed) -> bool:
        if feed.link:
            return feed.link.staff_id in self.staff
        if feed.group:
            return feed.group.pk in self.groups
        return any(
            (feed.beat is None or beat in (None, feed.beat.pk))
            and (feed.program is None or program == feed.program)
            for beat, program in self.pairs
        )


def _touched(marks: list[FeedMark]) -> Touched:
    ids = {mark.event_id for mark in marks}
    public = selectors.public_events().filter(pk__in=ids)
    before = [(m.event_id, m.beat_id, m.program) for m in marks if m.is_public and m.program]
    pairs: set[tuple[int | None, str]] = set()
    programs = defaultdict(set)
    for event_id, beat_id, program in [*public.values_list("pk", "beat_id", "program"), *before]:
        pairs.add((beat_id, program))
        programs[event_id].add(program)
    for event_id, beat_id in EventBeat.objects.filter(event__in=ids).values_list("event", "beat"):
        pairs |= {(beat_id, program) for program in programs[event_id]}
    meetings = WatchMeeting.objects.filter(event__in=programs)
    live = Booking.objects.active().filter(event__in=ids, staff__isnull=False)
    return Touched(
        pairs=pairs,
        groups={*meetings.values_list("group", flat=True), *(m.group_id for m in marks)},
        staff={*live.values_list("staff", flat=True), *(m.staff_id for m in marks)},
    )


def keep_list(wanted: Mapping[str, Feed]) -> None:
    """One publication for each feed there is; what shows another head or day is stale."""
    known = dict(Publication.objects.values_list("path", "made_for"))
    now = timezone.now()
    Publication.objects.bulk_create(
        [Publication(path=key, stale_since=now) for key in wanted if key not in known],
        ignore_conflicts=True,
    )
    aged = [key for key, feed in wanted.items() if known.get(key, feed.made_for) != feed.made_for]
    if aged:
        _mark_stale(aged)
    for key in known.keys() - wanted.keys():
        withdraw(key)


def withdraw(key: str) -> None:
    """Nobody may read it any more: a beat that retired, an address taken back."""
    Publication.objects.filter(path=key).delete()
    published.remove(key)


def heal() -> int:
    """Mark what is lost or torn on disk, and take away what nobody published; returns how many."""
    found = 0
    known = dict(Publication.objects.exclude(digest="").values_list("path", "digest"))
    for key, digest in known.items():
        version = published.read(key)
        if version is None or version.head.digest != digest:
            found += Publication.objects.filter(path=key, stale_since=None).count()
            _mark_stale([key])
    for key in set(published.every()) - known.keys():
        if not Publication.objects.filter(path=key).exists():
            published.remove(key)
            found += 1
    published.sweep()
    return found


def forget_earlier() -> None:
    """After records were destroyed: publish what changed, and keep no file from before."""
    publish()
    published.sweep_earlier()


def forget() -> int:
    """Throw away the text of events that left every window; returns how many."""
    first = localtime.midnight(timezone.localdate() - timedelta(days=settings.FEED_DAYS_BACK))
    return FeedEntry.objects.filter(event__ends_at__lt=first).delete()[0]
