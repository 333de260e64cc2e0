"""Beats as a picture: boundaries to SVG path data, small enough to stand inside a page."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shapely import MultiPolygon, Polygon
from shapely.affinity import affine_transform
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

from outreach.models import Beat

MARGIN = 6.0
APART = 0.5  # degrees between two cities
# All outlines of a page together; the rest of the picture takes about a kilobyte a beat.
MOST_BYTES = 12_000
# Told apart without color: 12 by 12 tiles. Eight beats with letters in a row have eight.
PATTERNS = [
    "M0 12L12 0M-3 3L3 -3M9 15L15 9",  # diagonal lines
    "M2.4 3a.6 .6 0 1 0 1.2 0a.6 .6 0 1 0-1.2 0M8.4 9a.6 .6 0 1 0 1.2 0a.6 .6 0 1 0-1.2 0",  # dots
    "M6 3v6M3 6h6",  # crosses
    "M0 6q3 -4 6 0t6 0",  # waves
    "M0 6h12",  # level lines
    "M6 0v12",  # upright lines
    "M0 0L12 12M-3 9L3 15M9 -3L15 3",  # diagonal lines, the other way
    "M3 9L6 4L9 9Z",  # triangles
]


@dataclass(frozen=True)
class Shape:
    """One beat as drawn: its outline, its pattern and where its letter stands."""

    beat: Beat
    path: str
    pattern: str
    x: float
    y: float

    @property
    def baseline(self) -> float:
        """Where to write so that a letter's middle is at y."""
        return round(self.y + 5.2, 1)


@dataclass(frozen=True)
class BeatMap:
    width: int
    height: int
    shapes: tuple[Shape, ...]
    streets: str = ""


def beat_map(
    beats: Sequence[Beat], *, width: int = 480, streets: Iterable[Mapping[str, Any]] = ()
) -> BeatMap:
    """Draw these beats north up; streets are GeoJSON lines drawn thinly beneath."""
    if not beats:
        return BeatMap(width, 0, ())
    share = MOST_BYTES // len(beats)
    by_beat: dict[int, Shape] = {}
    paths, top = [], 0
    lines = [shape(line) for line in streets]
    areas = [shape(beat.boundary) for beat in beats]
    for members in _cities(areas):
        onto, height = _frame([areas[number] for number in members], width, top)
        for number in members:
            area = affine_transform(areas[number], onto)
            path = outline(area, most_bytes=share)
            pattern = pattern_of(beats[number])
            by_beat[number] = Shape(beats[number], path, pattern, *_middle(area))
        if not top:
            paths = [_line(affine_transform(line, onto).simplify(1)) for line in lines]
        top += height
    shapes = tuple(shape for _number, shape in sorted(by_beat.items()))
    return BeatMap(width, top, shapes, "".join(paths))


def pattern_of(beat: Beat) -> str:
    """By its letter, so that a beat looks the same wherever it stands alone."""
    place = 0
    for letter in beat.letter:
        place = place * 26 + ord(letter) - ord("A")
    return PATTERNS[place % len(PATTERNS)]


def outline(area: BaseGeometry, *, most_bytes: int) -> str:
    """Path data of an area, simplified until it is small enough."""
    tolerance = 0.25
    while True:
        path = "".join(_rings(area.simplify(tolerance)))
        if len(path) <= most_bytes or tolerance > 20:
            return path
        tolerance *= 1.6


def _cities(areas: Sequence[BaseGeometry]) -> list[list[int]]:
    """Beats that lie together. A trial city far away gets a drawing below, not a common map."""
    cities: list[list[int]] = []
    for number, area in enumerate(areas):
        near = [city for city in cities if any(area.dwithin(areas[at], APART) for at in city)]
        joined = sorted([number, *(at for city in near for at in city)])
        cities = [*(city for city in cities if city not in near), joined]
    return sorted(cities)


def _frame(areas: Sequence[BaseGeometry], width: int, top: int) -> tuple[list[float], int]:
    """The affine map from degrees to the picture below top, and the height it takes."""
    west = min(area.bounds[0] for area in areas)
    south = min(area.bounds[1] for area in areas)
    east = max(area.bounds[2] for area in areas)
    north = max(area.bounds[3] for area in areas)
    # A degree of longitude is shorter than one of latitude, by the cosine of the latitude.
    squeeze = math.cos(math.radians((south + north) / 2))
    inner = width - 2 * MARGIN
    scale = inner / max((east - west) * squeeze, (north - south) * 0.2, 1e-6)
    height = math.ceil((north - south) * scale + 2 * MARGIN)
    across = scale * squeeze
    left = (width - (east - west) * across) / 2
    return [across, 0, 0, -scale, left - west * across, top + MARGIN + north * scale], height


def _middle(area: BaseGeometry) -> tuple[float, float]:
    """A point well inside: the centroid if it lies there, else one that surely does."""
    point = area.centroid if area.contains(area.centroid) else area.representative_point()
    return round(point.x, 1), round(point.y, 1)


def _rings(area: BaseGeometry) -> Iterable[str]:
    parts = area.geoms if isinstance(area, MultiPolygon) else [area]
    for part in parts:
        if isinstance(part, Polygon) and not part.is_empty:
            turned = orient(part)
            for ring in (turned.exterior, *turned.interiors):
                yield _steps(ring.coords[:-1]) + "z"


def _line(line: BaseGeometry) -> str:
    return _steps(line.coords) if not line.is_empty else ""


def _steps(points: Sequence[tuple[float, ...]]) -> str:
    """Relative steps in tenths of a unit; rounding never adds up, each starts where we are."""
    x, y = (round(value * 10) for value in points[0][:2])
    written = [f"M{_tenths(x)} {_tenths(y)}l"]
    for point in points[1:]:
        to_x, to_y = (round(value * 10) for value in point[:2])
        if (to_x, to_y) != (x, y):
            written.append(f"{_tenths(to_x - x)} {_tenths(to_y - y)} ")
        x, y = to_x, to_y
    return "".join(written).rstrip()


def _tenths(value: int) -> str:
    return f"{value / 10:g}"
