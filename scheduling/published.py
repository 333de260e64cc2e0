"""Calendars as files: written whole, switched at once, read without a database.

    FEEDS_ROOT/live/feeds/beats/b1.ics  →  FEEDS_ROOT/versions/feeds.beats.b1.ics/<digest>-<serial>/
                                               feed.ics  feed.ics.gz  head.json

A version never changes once it is there; a feed is switched to the next one by renaming a symbolic
link, and the front server reads the same files. Nothing here trusts a file: what is torn counts as
absent, and whoever finds it so publishes anew.
"""

import fcntl
import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from isal import igzip

BODY, PACKED, HEAD = "feed.ics", "feed.ics.gz", "head.json"
ROUND = "round"  # as old as the last round of the publisher
KEPT = 2  # versions of a feed: the one before may be in somebody's hands


@dataclass(frozen=True)
class Head:
    """What is known of a version. modified counts seconds, and rises with each version."""

    serial: int
    digest: str
    packed_digest: str
    modified: int
    filename: str
    events: int
    is_secret: bool = False

    @property
    def etag(self) -> str:
        return f'"{self.digest[:32]}"'

    @property
    def packed_etag(self) -> str:
        return f'"{self.digest[:32]}-gz"'


@dataclass(frozen=True)
class Version:
    head: Head
    body: bytes
    packed: bytes


@dataclass(frozen=True)
class Draft:
    """What a feed is to become."""

    body: bytes
    filename: str
    events: int
    is_secret: bool = False

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


class Overtaken(Exception):
    """Somebody published the feed meanwhile; what we have may be the older bytes."""


def target(key: str) -> str | None:
    """Where a feed's link leads, which says whether it changed; None when there is none."""
    try:
        # As text: this is asked at every poll, and a Path costs more than the look itself.
        return os.readlink(f"{settings.FEEDS_ROOT}/live/{key}")
    except OSError:
        return None


def read(key: str) -> Version | None:
    """The feed as published, or None when it is absent or torn."""
    for _ in range(2):  # once more when it was switched and cleared away while we read
        with suppress(OSError, ValueError, TypeError):
            folder = _live(key).resolve(strict=True)
            head = _head(folder)
            version = Version(head, (folder / BODY).read_bytes(), (folder / PACKED).read_bytes())
            if _is_whole(version):
                return version
    return None


def serial(key: str) -> int:
    """To be read before the data that write() is given; 0 when nothing is published."""
    head = _known(key)
    return head.serial if head else 0


def write(key: str, draft: Draft, *, seen: int) -> Head:
    """Publish a feed; the same bytes change nothing. seen is its serial() before the data was read.

    Raises Overtaken when another version came meanwhile, and OSError when the disk takes nothing;
    either way what was published before stays.
    """
    with _alone():
        before = _known(key)
        if (before.serial if before else 0) != seen:
            raise Overtaken(key)
        digest = draft.digest
        if before and before.digest == digest and read(key):  # a torn one is written again
            return before
        head = Head(
            serial=seen + 1,
            digest=digest,
            packed_digest="",
            modified=_later(before.modified if before else 0),
            filename=draft.filename,
            events=draft.events,
            is_secret=draft.is_secret,
        )
        return _switch(key, _lay(key, head, draft.body))


def unpublished(draft: Draft, *, modified: int) -> Version:
    """What is served once and lies nowhere."""
    packed = pack(draft.body)
    digests = draft.digest, hashlib.sha256(packed).hexdigest()
    head = Head(0, *digests, modified, draft.filename, draft.events, draft.is_secret)
    return Version(head, draft.body, packed)


def pack(body: bytes) -> bytes:
    """As small as zlib makes it, at a tenth of its time."""
    return bytes(igzip.compress(body, compresslevel=1, mtime=0))


def remove(key: str) -> None:
    with _alone():
        _live(key).unlink(missing_ok=True)
        shutil.rmtree(_versions(key), ignore_errors=True)


def sweep() -> None:
    """Throw away versions of feeds that are not there any more."""
    with _alone():
        kept = {_versions(key).name for key in every()}
        for folder in (_root() / "versions").glob("*"):
            if folder.name not in kept:
                shutil.rmtree(folder, ignore_errors=True)


def sweep_earlier() -> None:
    """Leave of each feed only what is published now: what was erased stood in the one before."""
    with _alone():
        for key in every():
            now = _live(key).resolve()
            for folder in _versions(key).iterdir():
                if folder != now:
                    shutil.rmtree(folder, ignore_errors=True)


def every() -> Iterator[str]:
    """Every feed on disk."""
    live = _root() / "live"
    for path in live.rglob("*"):
        if path.is_symlink():
            yield path.relative_to(live).as_posix()


def _lay(key: str, head: Head, body: bytes) -> Path:
    """A version in full beside the others; nobody sees it yet."""
    packed = pack(body)
    whole = Head(**(vars(head) | {"packed_digest": hashlib.sha256(packed).hexdigest()}))
    folder = _versions(key) / f"{head.digest[:32]}-{head.serial}"
    unfinished = folder.with_name(f".{folder.name}.{os.getpid()}")
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)  # torn, or left by whoever was overtaken
    try:
        unfinished.mkdir(parents=True)
        for name, content in ((BODY, body), (PACKED, packed)):
            (unfinished / name).write_bytes(content)
            # The front server takes its Last-Modified and ETag from here.
            os.utime(unfinished / name, (head.modified, head.modified))
        (unfinished / HEAD).write_text(json.dumps(vars(whole)))
        # On the disk before anybody is led there: the front server believes what it finds, and
        # an empty calendar after a power cut would make clients delete everything.
        for name in (BODY, PACKED, HEAD, ""):
            _sync(unfinished / name)
        unfinished.rename(folder)
        _sync(folder.parent)
    except OSError:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return folder


def _switch(key: str, folder: Path) -> Head:
    live = _live(key)
    live.parent.mkdir(parents=True, exist_ok=True)
    fresh = live.with_name(f".{live.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(os.path.relpath(folder, live.parent))
    fresh.replace(live)
    _sync(live.parent)
    for old in sorted(_versions(key).iterdir(), key=_age)[:-KEPT]:
        shutil.rmtree(old, ignore_errors=True)
    return _head(folder)


def _sync(path: Path) -> None:
    door = os.open(path, os.O_RDONLY)
    try:
        os.fsync(door)
    finally:
        os.close(door)


def _age(folder: Path) -> int:
    number = folder.name.rpartition("-")[2]
    return int(number) if number.isdigit() else 0


def _later(than: int) -> int:
    """Now in whole seconds, and at least a second after: a date alone must tell versions apart."""
    return max(int(time.time()), than + 1)


def _known(key: str) -> Head | None:
    with suppress(OSError, ValueError, TypeError):
        return _head(_live(key))
    return None


def _head(folder: Path) -> Head:
    return Head(**json.loads((folder / HEAD).read_text()))


def _is_whole(version: Version) -> bool:
    return (
        hashlib.sha256(version.body).hexdigest() == version.head.digest
        and hashlib.sha256(version.packed).hexdigest() == version.head.packed_digest
    )


def sign() -> None:
    """The publisher came through a round, whether or not there was anything to do."""
    with suppress(OSError):
        _root().mkdir(parents=True, exist_ok=True)
        (_root() / ROUND).touch()


def signed_at() -> datetime | None:
    """When the publisher last came through; None when it never did."""
    with suppress(OSError):
        return datetime.fromtimestamp((_root() / ROUND).stat().st_mtime, UTC)
    return None


def _root() -> Path:
    return Path(settings.FEEDS_ROOT)


def _live(key: str) -> Path:
    return _root() / "live" / key


def _versions(key: str) -> Path:
    return _root() / "versions" / key.replace("/", ".")


@contextmanager
def _alone() -> Iterator[None]:
    """One writer at a time on this disk, in whatever process."""
    _root().mkdir(parents=True, exist_ok=True)
    with (_root() / "lock").open("w") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        yield
