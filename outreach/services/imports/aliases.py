"""Other names of streets: a short list that ships, and the city's own file."""

import csv
from collections.abc import Iterable
from pathlib import Path

from django.db import transaction

from outreach.models import Street, StreetAlias
from outreach.services.imports.reading import Counts, Refused
from outreach.street_names import street_key

# Names people use in many towns; each counts only where the street on the right exists.
COMMON = [
    ("PCH", "Pacific Coast Hwy"),
    ("PCH", "Palisades Beach Rd"),
    ("Pacific Coast Hwy", "Palisades Beach Rd"),
    ("Highway 1", "Pacific Coast Hwy"),
    ("Highway 1", "Palisades Beach Rd"),
    ("Boardwalk", "Ocean Front Walk"),
    ("The Boardwalk", "Ocean Front Walk"),
    ("Oceanfront Walk", "Ocean Front Walk"),
    ("Ocean Front", "Ocean Front Walk"),
    ("OFW", "Ocean Front Walk"),
    ("The Promenade", "3rd Street Prom"),
    ("MLK Blvd", "Martin Luther King Jr Blvd"),
    ("MLK Way", "Martin Luther King Jr Way"),
]
HEADER = ["alias", "street"]


def restate_common() -> int:
    """Add the aliases that ship for the streets there are; how many were added."""
    streets = dict(Street.objects.values_list("key", "pk"))
    pairs = [(street_key(alias), street_key(name)) for alias, name in COMMON]
    return _add((alias, streets[name]) for alias, name in pairs if name in streets)


@transaction.atomic
def import_aliases(path: Path) -> Counts:
    """Read 'alias,street' lines. Aliases the file does not name stay."""
    streets = dict(Street.objects.values_list("key", "pk"))
    pairs = []
    for number, (alias, name) in _lines(path):
        key, target = street_key(alias), street_key(name)
        if not key:
            raise Refused(f"line {number}: the alias is empty")
        if len(key) > 120:
            raise Refused(f"line {number}: the alias is longer than 120 characters")
        if target not in streets:
            raise Refused(f"line {number}: there is no street “{name.strip()}”")
        pairs.append((key, streets[target]))
    added = _add(pairs)
    return Counts(added=added, unchanged=len(set(pairs)) - added)


def _add(pairs: Iterable[tuple[str, int]]) -> int:
    known = set(StreetAlias.objects.values_list("key", "street_id"))
    new = [pair for pair in dict.fromkeys(pairs) if pair not in known]
    StreetAlias.objects.bulk_create([StreetAlias(key=key, street_id=pk) for key, pk in new])
    return len(new)


def _lines(path: Path) -> list[tuple[int, list[str]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as failure:
        raise Refused(f"cannot be read: {failure.strerror}") from failure
    except UnicodeDecodeError as failure:
        raise Refused("not a UTF-8 text") from failure
    rows = list(enumerate(csv.reader(text.splitlines()), start=1))
    rows = [(number, row) for number, row in rows if row and not row[0].startswith("#")]
    if not rows or [cell.strip().lower() for cell in rows[0][1]] != HEADER:
        raise Refused("line 1: the headings “alias,street” were expected")
    for number, row in rows:
        if len(row) != 2:
            raise Refused(f"line {number}: an alias and a street were expected")
    return rows[1:]
