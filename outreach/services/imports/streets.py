"""Streets with their house numbers from a file of center lines."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction
from shapely.geometry import box, shape
from shapely.ops import linemerge

from outreach.models import AddressRange, Beat, Street, StreetSegment
from outreach.services.imports.aliases import restate_common
from outreach.services.imports.locking import alone_on
from outreach.services.imports.reading import (
    Counts,
    Feature,
    Refused,
    plain,
    read_features,
    refuse_swapped,
    require_property,
)
from outreach.street_names import display_name, street_key

LARGEST_NUMBER = 999_999
BATCH = 2_000
CORRECTION_DEGREES = 0.005  # about 500 m
Span = tuple[int, int]
Ends = tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Columns:
    """Which property holds what; the defaults are those of the center line files we know."""

    name: str = "FULLNAME"
    parts: tuple[str, ...] = ("STNAME", "SUFTYPE", "SUFDIR")  # used when there is no full name
    left: tuple[str, str] = ("ADLF", "ADLT")
    right: tuple[str, str] = ("ADRF", "ADRT")


@dataclass(frozen=True)
class Piece:
    """A segment as its values, the same from the file and from the database."""

    key: str
    line: Ends
    left: Span | None
    right: Span | None

    @property
    def sides(self) -> list[tuple[str, Span]]:
        return [(side, span) for side, span in self._named() if span]

    def _named(self) -> Iterable[tuple[str, Span | None]]:
        return ((AddressRange.Side.LEFT, self.left), (AddressRange.Side.RIGHT, self.right))


@dataclass
class StreetsImported:
    """Counts are of segments; removed ones lay inside the file's area and are no longer in it."""

    counts: Counts = field(default_factory=Counts)
    with_ranges: int = 0
    streets: int = 0
    removed: int = 0
    aliases: int = 0
    left_out: list[str] = field(default_factory=list)


@transaction.atomic
def import_streets(
    path: Path, *, columns: Columns | None = None, replace: bool = False
) -> StreetsImported:
    """Make the streets of the file's area what the file says; other areas are left alone."""
    alone_on(StreetSegment)
    columns = columns or Columns()
    features = read_features(path, kinds={"LineString", "MultiLineString"}, label=columns.name)
    require_property(features, *columns.left, *columns.right)
    refuse_swapped(features, [shape(b) for b in Beat.objects.values_list("boundary", flat=True)])
    done = StreetsImported()
    pieces, names = _pieces(features, columns, done.counts, done.left_out)
    done.with_ranges = sum(1 for piece in pieces if piece.sides)
    done.streets = len(names)
    ids = _street_ids(names)
    known = _known_pieces()
    new = _without_unchanged(pieces, known, done.counts)
    new = _change(new, known, done.counts)
    _add(new, ids)
    done.counts.added = len(new)
    done.removed = _remove(known, _area(features), done.counts, replace=replace)
    done.aliases = restate_common()
    return done


def _pieces(
    features: Sequence[Feature], columns: Columns, counts: Counts, left_out: list[str]
) -> tuple[list[Piece], dict[str, str]]:
    pieces: list[Piece] = []
    names: dict[str, str] = {}
    for feature in features:
        raw = feature.text(columns.name, longest=120) or " ".join(
            part for name in columns.parts if (part := feature.text(name, longest=60))
        )
        key = street_key(raw)
        # Driveways without a name and crumbs without a length help nobody find a house.
        if not key or not feature.geometry.length:
            counts.refused += 1
            left_out.append(str(feature))
            continue
        names.setdefault(key, display_name(raw))
        left, right = (_span(feature, *side) for side in (columns.left, columns.right))
        pieces.append(Piece(key, _line(feature), left, right))
    if not pieces:
        raise Refused(f"no feature has a street name in “{columns.name}”")
    return pieces, names


def _line(feature: Feature) -> Ends:
    geometry = feature.geometry
    if geometry.geom_type == "MultiLineString":
        geometry = linemerge(geometry)
    if geometry.geom_type != "LineString":
        feature.refuse("its lines do not join into one")
    return tuple(map(tuple, plain(geometry)["coordinates"]))


def _span(feature: Feature, first: str, last: str) -> Span | None:
    numbers = [number for number in (_number(feature, first), _number(feature, last)) if number]
    return (numbers[0], numbers[-1]) if numbers else None


def _number(feature: Feature, name: str) -> int:
    value: Any = feature.properties.get(name)
    if isinstance(value, str):
        value = value.strip() or 0
    try:
        number = float(value or 0)
    except (TypeError, ValueError):
        feature.refuse(f"“{name}” is not a house number")
    if number != int(number) or not 0 <= number <= LARGEST_NUMBER:
        feature.refuse(f"“{name}” is not a house number from 0 to {LARGEST_NUMBER}")
    return int(number)


def _street_ids(names: dict[str, str]) -> dict[str, int]:
    known = {street.key: street for street in Street.objects.filter(key__in=names)}
    Street.objects.bulk_create(
        [Street(key=key, name=name) for key, name in names.items() if key not in known]
    )
    renamed = [street for key, street in known.items() if street.name != names[key]]
    for street in renamed:
        street.name = names[street.key]
    Street.objects.bulk_update(renamed, ["name"], batch_size=BATCH)
    return dict(Street.objects.filter(key__in=names).values_list("key", "pk"))


def _known_pieces() -> dict[int, Piece]:
    spans: dict[int, dict[str, Span]] = defaultdict(dict)
    for segment, side, first, last in AddressRange.objects.values_list(
        "segment_id", "side", "first", "last"
    ):
        spans[segment][side] = (first, last)
    return {
        pk: Piece(
            key,
            tuple(map(tuple, line["coordinates"])),
            spans[pk].get(AddressRange.Side.LEFT),
            spans[pk].get(AddressRange.Side.RIGHT),
        )
        for pk, key, line in StreetSegment.objects.order_by("pk").values_list(
            "pk", "street__key", "line"
        )
    }


def _without_unchanged(
    pieces: Sequence[Piece], known: dict[int, Piece], counts: Counts
) -> list[Piece]:
    """What the database does not have yet; takes the rest out of known."""
    stock = defaultdict(list)
    for pk, piece in known.items():
        stock[piece].append(pk)
    new = []
    for piece in pieces:
        if stock[piece]:
            del known[stock[piece].pop()]
            counts.unchanged += 1
        else:
            new.append(piece)
    return new


def _change(new: Sequence[Piece], known: dict[int, Piece], counts: Counts) -> list[Piece]:
    """Rewrite segments that kept their line or their numbers; gives back what is really new."""
    by_line = {(piece.key, piece.line): pk for pk, piece in known.items()}
    by_numbers = {
        (piece.key, piece.left, piece.right): pk for pk, piece in known.items() if piece.sides
    }
    really_new, changed = [], {}
    for piece in new:
        same_line = by_line.get((piece.key, piece.line))
        same_numbers = by_numbers.get((piece.key, piece.left, piece.right))
        pk = same_line if same_line in known else None
        if pk is None and same_numbers in known and _is_beside(piece, known[same_numbers]):
            pk = same_numbers
        if pk is None:
            really_new.append(piece)
        else:
            changed[pk] = piece
            del known[pk]
    counts.changed = len(changed)
    StreetSegment.objects.bulk_update(
        [StreetSegment(pk=pk, line=_geojson(piece)) for pk, piece in changed.items()],
        ["line"],
        batch_size=BATCH,
    )
    AddressRange.objects.filter(segment_id__in=changed).delete()
    _add_ranges(changed.items())
    return really_new


def _is_beside(piece: Piece, other: Piece) -> bool:
    """A corrected line stays about where it was; another city may have the same numbers."""
    return math.dist(piece.line[0], other.line[0]) < CORRECTION_DEGREES


def _add(new: Sequence[Piece], ids: dict[str, int]) -> None:
    rows = StreetSegment.objects.bulk_create(
        [StreetSegment(street_id=ids[piece.key], line=_geojson(piece)) for piece in new],
        batch_size=BATCH,
    )
    _add_ranges(zip([row.pk for row in rows], new, strict=True))


def _add_ranges(pieces: Iterable[tuple[int, Piece]]) -> None:
    AddressRange.objects.bulk_create(
        [
            AddressRange(segment_id=pk, side=side, first=first, last=last)
            for pk, piece in pieces
            for side, (first, last) in piece.sides
        ],
        batch_size=BATCH,
    )


def _geojson(piece: Piece) -> dict[str, Any]:
    return {"type": "LineString", "coordinates": [list(point) for point in piece.line]}


def _area(features: Sequence[Feature]) -> Any:
    bounds = [feature.geometry.bounds for feature in features]
    west, south, east, north = zip(*bounds, strict=True)
    return box(min(west), min(south), max(east), max(north))


def _remove(known: dict[int, Piece], area: Any, counts: Counts, *, replace: bool) -> int:
    """Take out segments the file's area no longer has; a file of half a city is a slip."""
    gone = [pk for pk, piece in known.items() if area.contains(shape(_geojson(piece)).centroid)]
    kept = counts.unchanged + counts.changed
    if len(gone) > kept + counts.added and not replace:
        raise Refused(
            f"the file lacks {len(gone):,} of the {len(gone) + kept:,} segments known in its "
            "area; use --replace if they are really gone"
        )
    StreetSegment.objects.filter(pk__in=gone).delete()
    left = Counter(StreetSegment.objects.values_list("street_id", flat=True))
    Street.objects.exclude(pk__in=left).delete()
    return len(gone)
