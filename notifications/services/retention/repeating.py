"""Erasures outlive a restore: they are noted beside the backups, and repeated when the database
came back from before them. The notes hold ids and times only.
"""

import json
import logging
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from notifications.models import Erasure
from notifications.services.retention import holds, mentions
from outreach.models import Contact

NOTES = "erasures.jsonl"
log = logging.getLogger(__name__)


def note(erasure: Erasure) -> None:
    """Once for each; an unwritable folder stops no erasure."""
    about = {
        "reference": erasure.reference,
        "language": erasure.language,
        "covered": erasure.covered,
        # The number alone would be another person's: numbers begin again after a restore.
        "contacts": [[one.pk, one.created_at.isoformat()] for one in erasure.contacts.all()],
    }
    try:
        if erasure.reference not in {one["reference"] for one in _noted()}:
            _append(json.dumps(about))
    except OSError as failure:
        log.warning("erasure %s is not noted: %s", erasure.reference, failure.strerror)


def begin_again() -> None:
    """What was carried out, and stands in this database as if it had not been."""
    noted = {one["reference"]: one for one in _noted()}
    known = Erasure.objects.filter(reference__in=noted).values_list("reference", flat=True)
    for reference in noted.keys() - set(known):
        back = [
            contact
            for number, created_at in noted[reference]["contacts"]
            if (contact := Contact.objects.filter(pk=number, created_at=created_at).first())
        ]
        if back and not holds.on(back):
            _begin(noted[reference], back)


@transaction.atomic
def _begin(noted: dict[str, Any], back: list[Contact]) -> None:
    again = Erasure.objects.create(
        reference=noted["reference"],
        staff=None,
        language=noted["language"],
        covered=mentions.cover(map(mentions.known, back), noted.get("covered", [])),
    )
    again.contacts.set(back)


def _noted() -> Iterator[dict[str, Any]]:
    """A line that a crash cut short is none."""
    with suppress(OSError):  # none yet, or the backup disk is away
        for line in (Path(settings.BACKUP_ROOT) / NOTES).read_text().splitlines():
            with suppress(json.JSONDecodeError):
                yield json.loads(line)


def _append(line: str) -> None:
    """Begins with a line break: what a crash cut short before it stays by itself."""
    root = Path(settings.BACKUP_ROOT)
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (root / NOTES).open("a") as file:
        file.write(f"\n{line}")
        file.flush()
        os.fsync(file.fileno())
