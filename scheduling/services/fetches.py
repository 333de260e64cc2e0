"""The counts that web processes and the front server left in files, taken into the table."""

import os
import re
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from scheduling.fetches import CLIENTS, OTHER
from scheduling.models import FeedFetches, FetchLog, Publication

LINE = re.compile(r"(200|304) ([a-z]+) (\S{1,160})(?: (\d{1,9}))?")
MOST_BYTES = 4_000_000  # of one file at once
EMPTIED_FROM = 1_000_000  # bytes


def count() -> int:
    """Take in what is new in each file, as of today (UTC); returns how many fetches.

    Run twice, counted once.
    """
    return sum(_take(file) for file in sorted(folder().glob("*.log")))


def folder() -> Path:
    return Path(settings.FEEDS_ROOT) / "fetches"


@transaction.atomic
def _take(file: Path) -> int:
    FetchLog.objects.get_or_create(name=file.name)
    log = FetchLog.objects.select_for_update().get(name=file.name)
    with file.open("rb") as stream:
        size = stream.seek(0, os.SEEK_END)
        if size < log.counted:  # somebody emptied it
            log.counted = 0
        stream.seek(log.counted)
        text = stream.read(MOST_BYTES)
    whole = text[: text.rfind(b"\n") + 1]  # the last line may be half written
    reached = log.counted + len(whole)
    is_done = reached >= EMPTIED_FROM and reached == file.stat().st_size
    log.counted, log.updated_at = 0 if is_done else reached, timezone.now()
    log.save()
    found = _add(datetime.now(UTC).date(), _tally(whole.decode(errors="replace")))
    if is_done:
        os.truncate(file, 0)  # those who write append; a line of this very instant may be lost
    return found


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
