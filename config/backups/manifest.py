"""What a backup says of itself: written last, checked before anything is put back."""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from config.backups.keyring import Fingerprints
from config.backups.refusals import BackupFailed, CannotRestore

FORMAT = 1
MANIFEST = "manifest.json"
UNFINISHED = "unfinished-"
DUMP, BASE = "dump", "base"


@dataclass(frozen=True)
class Piece:
    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    kind: str
    made_at: str  # when everything in it had happened, ISO 8601 in UTC
    kept_until: str
    postgres: int  # major
    migrations: dict[str, str]  # the last one of each app
    keys: Fingerprints
    pieces: list[Piece]
    run: str = ""  # of the log this base continues in
    wal_from: str = ""  # the first segment of the log it needs

    @property
    def made(self) -> datetime:
        return datetime.fromisoformat(self.made_at)

    @property
    def expires(self) -> date:
        return date.fromisoformat(self.kept_until)

    @property
    def size(self) -> int:
        return sum(piece.bytes for piece in self.pieces)


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dt%H%M%Sz")


@contextmanager
def whole(root: Path, name: str) -> Iterator[Path]:
    """A folder that has its name only when all in it is on the disk."""
    unfinished, target = root / f"{UNFINISHED}{name}", root / name
    try:
        unfinished.mkdir(parents=True, mode=0o700)
        yield unfinished
        for file in unfinished.iterdir():
            _sync(file)
        _sync(unfinished)
        unfinished.rename(target)
        _sync(root)
    except OSError as failure:
        raise cannot_write(root, failure) from failure
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def cannot_write(root: Path, failure: OSError) -> BackupFailed:
    return BackupFailed(
        f"The backup folder {root} cannot be written: {failure.strerror}. "
        "What was kept before is still there."
    )


def sweep(root: Path) -> None:
    """What a backup left that was ended by force. The caller holds the lock of the folder."""
    for left in root.glob(f"{UNFINISHED}*"):
        shutil.rmtree(left, ignore_errors=True)


def write(folder: Path, manifest: Manifest) -> None:
    content = {"format": FORMAT, **asdict(manifest)}
    text = json.dumps({"manifest": content, "sha256": _digest(content)}, indent=1)
    (folder / MANIFEST).write_text(text)


def pieces(folder: Path) -> list[Piece]:
    files = sorted(file for file in folder.iterdir() if file.name != MANIFEST)
    return [Piece(file.name, file.stat().st_size, _sha256(file)) for file in files]


def read(folder: Path) -> Manifest:
    """Raises CannotRestore when it is not one of ours, or not as it was written."""
    try:
        both = json.loads((folder / MANIFEST).read_text())
        content, digest = both["manifest"], both["sha256"]
    except OSError as failure:
        raise CannotRestore(
            f"{folder} is no backup: {MANIFEST} in it: {failure.strerror}."
        ) from failure
    except (ValueError, KeyError, TypeError) as failure:
        raise CannotRestore(f"{folder / MANIFEST} is cut short, or was changed.") from failure
    if not isinstance(content, dict) or digest != _digest(content):
        raise CannotRestore(f"{folder / MANIFEST} was changed after it was written.")
    if content.pop("format") != FORMAT:
        raise CannotRestore(f"{folder} was made by a newer Beatbook. Install that one first.")
    return Manifest(**{**content, "pieces": [Piece(**piece) for piece in content["pieces"]]})


def verified(folder: Path) -> Manifest:
    """Every byte read again; raises CannotRestore when one is missing or another."""
    manifest = read(folder)
    for piece in manifest.pieces:
        file = folder / piece.name
        try:
            size = file.stat().st_size
            same = size == piece.bytes and _sha256(file) == piece.sha256
        except OSError as failure:
            raise CannotRestore(f"{file} cannot be read: {failure.strerror}.") from failure
        if size < piece.bytes:
            raise CannotRestore(f"{file} is cut short: {size} bytes of {piece.bytes} are there.")
        if not same:
            raise CannotRestore(f"{file} was changed after it was written.")
    return manifest


def kept(root: Path, kind: str) -> list[tuple[Path, Manifest]]:
    """The finished backups of a kind, the oldest first; what cannot be read is none."""
    found = []
    for folder in sorted(root.glob(f"{kind}-*")):
        try:
            found.append((folder, read(folder)))
        except CannotRestore:
            continue
    return found


def _digest(content: object) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _sync(place: Path) -> None:
    descriptor = os.open(place, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
