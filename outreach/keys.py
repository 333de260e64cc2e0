"""The key file: named keys that seal fields and sign links, kept apart from the database."""

import base64
import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True)
class Key:
    id: str
    secret: bytes = field(repr=False)


def current(use: str) -> Key:
    """The key new seals and links are made with; use is 'seal' or 'link'."""
    return every(use)[_read()[use]["current"]]


@cache
def every(use: str) -> dict[str, Key]:
    """All keys of a use by id: rows sealed under an older key still open."""
    found = {
        key_id: Key(key_id, base64.b64decode(secret))
        for key_id, secret in _read()[use]["keys"].items()
    }
    if any(len(key.secret) != 32 for key in found.values()):
        raise ImproperlyConfigured(f"A {use} key in {settings.KEY_FILE} is not 32 bytes long.")
    return found


@cache
def _read() -> dict:
    path = Path(settings.KEY_FILE)
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return {use: content[use] for use in ("seal", "link")}
    except (OSError, ValueError, KeyError, TypeError) as failure:
        raise ImproperlyConfigured(f"The key file {path} cannot be used: {failure}") from failure
