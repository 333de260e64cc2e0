"""The counts that web processes and the front server left in files, taken into the table."""

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from scheduling.fetches import CLIENTS, OTHER
from scheduling.models import FeedFetches, FetchLog, Publication

NAME = re.compile(r"(?:web|front)-(\d{4}-\d\d-\d\d)\.log")
LINE = re.compile(r"(200|304) ([a-z]+) (\S{1,160})(?: (\d{1,9}))?")
MOST_BYTES = 4_000_000  # of one file at once
KEPT_DAYS = 2


def count() -> int:
    """Take in what is new in each file; returns how many fetches. Run twice, counted once."""
    found = 0
    for file in sorted(folder().glob("*.log")):
        if day := _day_of(file):
            found += (taken := _take(file, day))
            is_old = day < datetime.now(UTC).date() - timedelta(days=KEPT_DAYS)
            if is_old and not taken:
                file.unlink(missing_ok=True)
                FetchLog.objects.filter(name=file.name).delete()
    return found


def _day_of(file: Path) -> date | None:
    named = NAME.fullmatch(file.name)
    try:
        return date.fromisoformat(named[1]) if named else None
    except ValueError:
        return None


def folder() -> Path:
    return Path(settings.FEEDS_ROOT) / "fetches"


@transaction.atomic
def _take(file: Path, day: date) -> int:
    FetchLog.objects.get_or_create(name=file.name)
    log = FetchLog.objects.select_for_update().get(name=file.name)
    with file.open("rb") as stream:
        stream.seek(log.counted)
        text = stream.read(MOST_BYTES)
    whole = text[: text.rfind(b"\n") + 1]  # the last line may be half written
    log.counted, log.updated_at = log.counted + len(whole), timezone.now()
    log.save()
    return _add(day, _tally(whole.decode(errors="replace")))


def _tally(text: str) -> Counter[tuple[str, str, str]]:
    """(path, client, status) → times, of feeds we publish; anything else in the file is noise."""
    known = set(Publication.objects.values_list("path", flat=True))
    clients = {client for client, _ in CLIENTS} | {OTHER}
    tally: Counter[tuple[str, str, str]] = Counter()
    for line in text.split("\n"):
        if match := LINE.fullmatch(line):
            status, client, path, times = match.groups()
            if path in known and client in clients:
                tally[path, client, status] += int(times or 1)
    return tally


def _add(day: date, tally: Counter[tuple[str, str, str]]) -> int:
    for path, client, status in tally:
        name = "whole" if status == "200" else "unchanged"
        row, _ = FeedFetches.objects.get_or_create(on=day, path=path, client=client)
        changed = {name: F(name) + tally[path, client, status]}
        FeedFetches.objects.filter(pk=row.pk).update(**changed)
    return tally.total()
