"""How the published calendars are: up to date or not, fetched by which kinds of clients, and which
changes they cannot show yet. Reads only."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

from django.conf import settings
from django.db.models import F, QuerySet, Sum
from django.utils import timezone

from scheduling import feeds, localtime, published, selectors, waiting
from scheduling.enums import RevisionKind
from scheduling.feeds import FIRST, Feed
from scheduling.models import Event, FeedFetches, Publication, Revision
from scheduling.services.windows import Row

STALE_AFTER = timedelta(seconds=30)
SILENT_AFTER = timedelta(minutes=1)
SHOWN_DAYS, WEIGHED_DAYS = 7, 14
KINDS = (RevisionKind.MOVED, RevisionKind.CANCELLED)
Fetches = dict[str, Counter[str]]  # by path, then by client
Steps = list[Revision]  # of one event, the latest last


@dataclass(frozen=True)
class Standing:
    """Whether what is on disk is what is planned."""

    total: int
    stale: int
    since: datetime | None  # the oldest stale one
    ran_at: datetime | None  # the publisher's last round
    now: datetime

    @property
    def is_stale(self) -> bool:
        return self.since is not None and self.now - self.since > STALE_AFTER

    @property
    def is_silent(self) -> bool:
        return self.ran_at is None or self.now - self.ran_at > SILENT_AFTER

    @property
    def blind_since(self) -> datetime | None:
        """From when on changes may not have been published, as far back as we know."""
        known = [self.since, self.ran_at if self.is_silent else None]
        return min((at for at in known if at), default=None)


@dataclass(frozen=True)
class Version:
    """A calendar in one language, and what was published of it."""

    feed: Feed
    row: Publication | None

    @property
    def language_name(self) -> str:
        return str(dict(settings.LANGUAGES)[self.feed.language])


@dataclass(frozen=True)
class Line:
    """A calendar in all its languages, and how often each kind of client fetched it."""

    versions: Sequence[Version]
    fetches: Sequence[int]
    standing: Standing

    @property
    def name(self) -> str:
        """In the language of the page."""
        return feeds.in_language_of_page(self.versions[0].feed).name

    @property
    def by_family(self) -> list[tuple[waiting.Family, int]]:
        return list(zip(waiting.FAMILIES, self.fetches, strict=True))

    @property
    def total(self) -> int:
        return sum(self.fetches)

    @property
    def events(self) -> int:
        return max((one.row.events for one in self.versions if one.row), default=0)

    @property
    def changed_at(self) -> datetime | None:
        moments = [one.row.published_at for one in self.versions if one.row]
        return max((at for at in moments if at), default=None)


@dataclass(frozen=True)
class Change:
    """A public event moved or was cancelled; of a series one act, told by its first date."""

    revision: Revision
    share: waiting.Share
    before: datetime | None  # the start calendars may still show
    further: int  # later dates of the series
    act: Sequence[Revision]  # of each date, past ones too

    @property
    def event(self) -> Event:
        return self.revision.event


class Health:
    """All of it at one moment, in as many queries for sixty calendars as for one."""

    def __init__(self, now: datetime | None = None) -> None:
        self.now = now or timezone.now()
        every = list(feeds.every())
        self.feeds = [feed for feed in every if not feed.link]
        self.own = len(every) - len(self.feeds)
        self.rows = {row.path: row for row in Publication.objects.all()}

    @cached_property
    def standing(self) -> Standing:
        stale = [row.stale_since for row in self.rows.values() if row.stale_since]
        return Standing(
            total=len(self.feeds) + self.own,
            stale=len(stale),
            since=min(stale, default=None),
            ran_at=published.signed_at(),
            now=self.now,
        )

    @cached_property
    def own_standing(self) -> Standing:
        """Of the secret calendars of staff, all together: one alone would be a person."""
        mine = [row for path, row in self.rows.items() if path.startswith("own/")]
        stale = [row.stale_since for row in mine if row.stale_since]
        since = min(stale, default=None)
        return Standing(self.own, len(stale), since, self.standing.ran_at, self.now)

    def lines(self) -> list[Line]:
        week = fetches(SHOWN_DAYS, self.now)
        alike: dict[Feed, list[Version]] = defaultdict(list)
        for feed in self.feeds:
            alike[feed.in_language(FIRST)].append(Version(feed, self.rows.get(feed.key)))
        return [
            Line(versions, _by_family(versions, week), _of(versions, self.standing))
            for versions in alike.values()
        ]

    def changes(self) -> list[Change]:
        """What most calendars that follow cannot show yet, the soonest event first."""
        weighed = fetches(WEIGHED_DAYS, self.now)
        found = [self._change(act, weighed) for act in self._acts()]
        late = [one for one in found if one and one.share.is_most]
        return sorted(late, key=lambda one: (one.event.starts_at, one.event.pk))

    def _acts(self) -> Iterable[list[Steps]]:
        """What lately happened to each event, together with the others its last step changed."""
        since = min(filter(None, [self.now - waiting.SLOWEST, self.standing.blind_since]))
        steps: dict[int, Steps] = defaultdict(list)
        for revision in _revisions(self.now).filter(created_at__gt=since):
            steps[revision.event_id].append(revision)
        acts: dict[object, list[Steps]] = defaultdict(list)
        for one in steps.values():
            last = one[-1]
            occurrence = getattr(last.event, "occurrence", None)
            of_series = occurrence and (occurrence.series_id, last.kind, last.created_at)
            acts[of_series or last.pk].append(one)
        return acts.values()

    def _change(self, act: list[Steps], weighed: Fetches) -> Change | None:
        today = localtime.midnight(timezone.localdate(self.now))
        ahead = [steps for steps in act if _last_moment(steps[-1]) > today]
        if not ahead:
            return None
        first = min(ahead, key=lambda steps: (steps[-1].event.starts_at, steps[-1].pk))
        return Change(
            revision=first[-1],
            share=self._share(first[-1], weighed),
            before=start_shown(first[-1].event, first),
            further=len(ahead) - 1,
            act=[steps[-1] for steps in act],
        )

    def _share(self, revision: Revision, weighed: Fetches) -> waiting.Share:
        """Feeds that were not published since count as hiding the change from everybody."""
        shown: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
        is_out_anywhere = False
        event = _row(revision.event)
        for feed in self.feeds:
            if event.is_in(feed):
                is_out = self._is_out(feed, revision)
                is_out_anywhere |= is_out
                shown[is_out] += weighed.get(feed.key, Counter())
        age = self.now - revision.created_at if is_out_anywhere else timedelta(0)
        return waiting.share(shown[True], shown[False], age)

    def _is_out(self, feed: Feed, revision: Revision) -> bool:
        row = self.rows.get(feed.key)
        if row is None or row.published_at is None:
            return False
        is_fresh = row.stale_since is None and not self.standing.is_silent
        return is_fresh or row.published_at > revision.created_at


def fetches(days: int, now: datetime) -> Fetches:
    """How often each path was fetched by each kind of client in the last days, whole or not."""
    since = now.astimezone(UTC).date() - timedelta(days=days)
    found = FeedFetches.objects.filter(on__gt=since).exclude(path__startswith="own/")
    sums = (
        found.order_by()
        .values_list("path", "client")
        .annotate(times=Sum(F("whole") + F("unchanged")))
    )
    by_path: Fetches = defaultdict(Counter)
    for path, client, times in sums:
        by_path[path][client] += times
    return by_path


def start_before(event: Event) -> datetime | None:
    """The start that calendars may still show of an event, or the last one it had."""
    lately = timezone.now() - waiting.SLOWEST
    moves = event.revisions.filter(kind=RevisionKind.MOVED, created_at__gt=lately)
    return start_shown(event, moves.order_by("pk")) or selectors.moved_from(event)


def start_shown(event: Event, steps: Iterable[Revision]) -> datetime | None:
    """The first start among changes in a row that is not the one it has now."""
    starts = (step.previous_starts_at for step in steps)
    return next((at for at in starts if at and at != event.starts_at), None)


def _revisions(now: datetime) -> QuerySet[Revision]:
    shown = Feed().events(now).order_by().values("pk")
    return (
        Revision.objects.filter(kind__in=KINDS, event__in=shown)
        .select_related("event__beat", "event__venue", "event__occurrence", "event__watch_meeting")
        .defer("event__beat__boundary")
        .prefetch_related("event__texts", "event__also_beats")
        .order_by("pk")
    )


def _last_moment(revision: Revision) -> datetime:
    """Until when somebody may come in vain, or miss it."""
    ends = revision.event.ends_at
    return max(ends, revision.previous_starts_at or ends)


def _row(event: Event) -> Row:
    beats = {event.beat_id, *(beat.pk for beat in event.also_beats.all())}
    meeting = getattr(event, "watch_meeting", None)
    return Row(event.pk, frozenset(beats), event.program, meeting.group_id if meeting else None, {})


def _of(versions: Iterable[Version], standing: Standing) -> Standing:
    rows = [one.row for one in versions]
    stale = [row.stale_since for row in rows if row and row.stale_since]
    since = min(stale, default=None)
    return Standing(len(rows), len(stale), since, standing.ran_at, standing.now)


def _by_family(versions: Iterable[Version], counted: Mapping[str, Counter[str]]) -> list[int]:
    paths = [one.feed.key for one in versions]
    return [
        sum(counted.get(path, Counter())[family.code] for path in paths)
        for family in waiting.FAMILIES
    ]
