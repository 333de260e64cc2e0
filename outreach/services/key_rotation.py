"""A new key in the key file, and all that is sealed put under it. An older key stays in the file
for as long as backups need it."""

import base64
import json
import os
import secrets
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import transaction

from outreach import keys, unsealing
from outreach.models.sealed import ENDING, Sealed

BATCH = 200


def add_key(use: str) -> str:
    """Write a new current key into the key file and return its id; processes see it once they are
    started again. Raises ImproperlyConfigured for a file that is none, OSError where it cannot be
    written; then the file stays as it was.
    """
    keys.every(use)  # refuses what is no key file
    path = Path(settings.KEY_FILE).resolve()
    rings = json.loads(path.read_text(encoding="utf-8"))
    numbers = (int(name[1:]) for name in rings[use]["keys"] if name[1:].isdigit())
    name = f"k{max(numbers, default=0) + 1}"
    rings[use]["keys"][name] = base64.b64encode(secrets.token_bytes(32)).decode()
    rings[use]["current"] = name
    _replace(path, json.dumps(rings, indent=2))
    return name


def reseal() -> Iterator[Counter[str]]:
    """Seal anew what lies under an older key, some rows at a time; safe to break off and repeat.

    Yields how many fields of each table were done. Raises CannotOpen for one whose key is missing.
    """
    done: Counter[str] = Counter()
    for model in unsealing.kinds():
        last = 0
        while rows := _page(model, last):
            last = rows[-1]
            done[model._meta.db_table] += _reseal(model, rows)
            yield done


def _page(model: type[Sealed], after: int) -> list[int]:
    ids = model._default_manager.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)
    return list(ids[:BATCH])


@transaction.atomic
def _reseal(model: type[Sealed], ids: list[int]) -> int:
    current, done = keys.current("seal").id.encode(), 0
    chosen = model._default_manager.select_for_update(of=("self",)).filter(pk__in=ids)
    for row in chosen.order_by("pk"):
        old = [name for name in row.sealed_names() if _key_id(row, name) not in (None, current)]
        for name in old:
            row.seal(name, row.unseal(name))
        if old:
            row.save(update_fields=[f"{name}{ENDING}" for name in old])
            done += len(old)
    return done


def _key_id(row: Sealed, name: str) -> bytes | None:
    stored = getattr(row, f"{name}{ENDING}")
    return bytes(stored).partition(b"\0")[0] if stored else None


def _replace(path: Path, text: str) -> None:
    """Whole or not at all, for the same owner and as closed to others as before."""
    before, unfinished = path.stat(), path.with_name(f".{path.name}.{os.getpid()}")
    try:
        door = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, before.st_mode & 0o777)
        with os.fdopen(door, "w", encoding="utf-8") as stream:
            if os.geteuid() == 0:
                os.fchown(stream.fileno(), before.st_uid, before.st_gid)
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
