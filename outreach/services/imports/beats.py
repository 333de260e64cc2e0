"""Beats from a file. Codes are permanent, so nothing is deleted and nothing redrawn in secret."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from shapely.geometry import shape

from outreach.models import Beat
from outreach.selectors import beats_in_effect
from outreach.services.imports.locking import alone_on
from outreach.services.imports.reading import (
    Counts,
    Feature,
    plain,
    read_features,
    refuse_swapped,
    require_property,
)

# Okabe and Ito's hues, told apart by the color-blind too; the pattern and letter say it again.
HUES = ["#0072B2", "#E69F00", "#009E73", "#CC79A7"]
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# Below this common share a boundary is not corrected but drawn anew: that is a new beat.
SAME_BEAT = 0.5


@dataclass
class BeatsImported:
    counts: Counts = field(default_factory=Counts)
    missing: list[Beat] = field(default_factory=list)  # known, in effect, not in the file


@dataclass(frozen=True)
class Row:
    feature: Feature
    code: str
    key: str
    name: str | None


@transaction.atomic
def import_beats(
    path: Path,
    *,
    code: str,
    name: str | None = None,
    starts_on: date | None = None,
    end_missing: bool = False,
) -> BeatsImported:
    """Add and correct beats; those not in the file are reported, and end only if asked to."""
    alone_on(Beat)
    features = read_features(path, kinds={"Polygon", "MultiPolygon"}, label=code)
    require_property(features, code, *([name] if name else []))
    rows = [_row(feature, code, name) for feature in features]
    _refuse_twins(rows)
    known = {beat.code: beat for beat in Beat.objects.all()}
    refuse_swapped(features, [shape(beat.boundary) for beat in known.values()])
    done = BeatsImported()
    inside = {row.code for row in rows}
    done.missing = [beat for beat in beats_in_effect() if beat.code not in inside]
    if end_missing:
        _end(done.missing)
    letters = [beat.letter for beat in beats_in_effect()]
    # In order of their codes: the first beat is A and blue whatever the file's order.
    for row in sorted(rows, key=lambda row: row.code):
        if beat := known.get(row.code):
            _correct(beat, row, done.counts)
        else:
            letter = _free_letter(letters)
            _add(row, letter, HUES[len(letters) % len(HUES)], starts_on)
            letters.append(letter)
            done.counts.added += 1
    return done


def _row(feature: Feature, code: str, name: str | None) -> Row:
    raw = feature.text(code, longest=60)
    slug = slugify(raw)
    if not slug or len(slug) > 20:
        feature.refuse(f"“{raw}” in “{code}” makes no code of 1 to 20 letters and digits")
    called = feature.text(name, longest=80) if name else None
    if name and not called:
        feature.refuse(f"it has no name in “{name}”")
    return Row(feature, slug, raw, called)


def _refuse_twins(rows: Sequence[Row]) -> None:
    seen: dict[str, Feature] = {}
    for row in rows:
        if row.code in seen:
            row.feature.refuse(f"its code “{row.code}” is also that of {seen[row.code]}")
        seen[row.code] = row.feature


def _add(row: Row, letter: str, color: str, starts_on: date | None) -> None:
    is_number = re.fullmatch(r"[\d\W]+", row.key)
    Beat.objects.create(
        code=row.code,
        name=row.name or (f"Beat {row.key}" if is_number else row.key),
        letter=letter,
        color=color,
        boundary=plain(row.feature.geometry),
        starts_on=starts_on or timezone.localdate(),
        imported_key=row.key,
    )


def _correct(beat: Beat, row: Row, counts: Counts) -> None:
    boundary = plain(row.feature.geometry)
    changed = []
    if beat.boundary != boundary:
        old, new = shape(beat.boundary), row.feature.geometry
        if old.intersection(new).area < SAME_BEAT * old.union(new).area:
            row.feature.refuse(
                f"drawn anew, it shares less than half with beat {beat.code}; "
                f"give it a new code, such as {beat.code}-{timezone.localdate().year}"
            )
        beat.boundary = boundary
        changed.append("boundary")
    if row.name and beat.name != row.name:
        beat.name = row.name
        changed.append("name")
    if changed:
        beat.save(update_fields=changed)
        counts.changed += 1
    else:
        counts.unchanged += 1


def _end(beats: Sequence[Beat]) -> None:
    """From today on, they are history; their codes and feeds stay theirs."""
    today = timezone.localdate()
    for beat in beats:
        beat.ends_on = today
        beat.starts_on = min(beat.starts_on, today - timedelta(days=1))
        beat.save(update_fields=["starts_on", "ends_on"])


def _free_letter(taken: Sequence[str]) -> str:
    doubles = [one + two for one in LETTERS for two in LETTERS]
    return next(letter for letter in [*LETTERS, *doubles] if letter not in taken)
