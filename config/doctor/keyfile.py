"""The key file: whole, closed to others, and the one that the database was sealed under."""

import stat
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config.doctor.findings import Asked, Finding, broken, look, ok
from outreach import keys, unsealing
from outreach.encryption import CannotOpen

FROM_COPY = "Put the key file of this installation in its place, from the copy kept apart."


def keys_are_whole(asked: Asked) -> Iterator[Finding]:
    try:
        names = ", ".join(f"{use} {keys.current(use).id}" for use in ("seal", "link"))
    except ImproperlyConfigured as failure:
        yield broken(str(failure), FROM_COPY)
        return
    yield ok(f"The key file has its keys, 32 bytes each ({names}).")
    yield from _closed(Path(settings.KEY_FILE))


def _closed(file: Path) -> Iterator[Finding]:
    mode = stat.S_IMODE(file.stat().st_mode)
    if mode & 0o007:
        yield broken(f"Every account of this machine can read {file}.", f"chmod 400 {file}")
    elif mode & 0o070:
        yield look(f"A group of this machine can read {file}.", f"chmod 400 {file}")
    else:
        yield ok("Only its owner can read the key file.")


def sealed_fields_open(asked: Asked) -> Iterator[Finding]:
    """The newest of each kind: a key file of another installation opens none."""
    tried = 0
    for row, name in unsealing.newest():
        tried += 1
        try:
            row.unseal(name)
        except (CannotOpen, ImproperlyConfigured) as failure:
            where = f"{row._meta.verbose_name} {row.pk}"
            yield broken(f"The sealed {name} of {where} does not open: {failure}.", FROM_COPY)
            return
    yield ok(f"Sealed fields open ({tried} tried)." if tried else "Nothing is sealed yet.")
