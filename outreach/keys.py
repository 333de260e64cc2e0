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
    known, name = every(use), _read()[use]["current"]
    if name not in known:
        raise ImproperlyConfigured(f"{settings.KEY_FILE} has no {use} key {name!r}, its current.")
    return known[name]


@cache
def every(use: str) -> dict[str, Key]:
    """All keys of a use by id: rows sealed under an older key still open."""
    try:
        found = {
            key_id: Key(key_id, base64.b64decode(secret))
            for key_id, secret in _read()[use]["keys"].items()
        }
    except (TypeError, ValueError) as failure:
        raise ImproperlyConfigured(
            f"A {use} key in {settings.KEY_FILE} is not written in base64."
        ) from failure
    if any(len(key.secret) != 32 for key in found.values()):
        raise ImproperlyConfigured(f"A {use} key in {settings.KEY_FILE} is not 32 bytes long.")
    return found


@cache
def _read() -> dict:
    path = Path(settings.KEY_FILE)
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        rings = {use: content[use] for use in ("seal", "link")}
        if not all(isinstance(ring["keys"], dict) and ring["current"] for ring in rings.values()):
            raise ValueError("it holds no rings of keys")
        return rings
    except (OSError, ValueError, KeyError, TypeError) as failure:
        raise ImproperlyConfigured(f"The key file {path} cannot be used: {failure}") from failure
