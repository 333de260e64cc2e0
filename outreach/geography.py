"""Points, lines and areas of one city, in meters on a flat map; pure, no database."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shapely import Point, prepare, transform
from shapely.geometry import LineString, MultiPoint, shape
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

METERS_PER_DEGREE = 111_320.0
# Front doors stand about this far from the middle of the street.
DOOR_METERS = 10.0
# Edges of neighboring beats do not always meet: a point in a gap this wide still belongs.
REACH_METERS = 30.0
# Closer than this to another beat, a small mistake in the map changes the answer.
DOUBT_METERS = 30.0
# Street ends drawn a little short still meet.
CORNER_METERS = 25.0


@dataclass(frozen=True)
class Place:
    """A point in WGS84 degrees."""

    longitude: float
    latitude: float


class Plane:
    """A flat map in meters around one latitude; good to a fraction of a percent in a city."""

    def __init__(self, latitude: float) -> None:
        self.across = METERS_PER_DEGREE * math.cos(math.radians(latitude))

    def xy(self, place: Place) -> tuple[float, float]:
        return place.longitude * self.across, place.latitude * METERS_PER_DEGREE

    def place(self, x: float, y: float) -> Place:
        return Place(round(x / self.across, 7), round(y / METERS_PER_DEGREE, 7))

    def flat(self, geojson: Mapping[str, Any]) -> BaseGeometry:
        scale = (self.across, METERS_PER_DEGREE)
        return transform(shape(geojson), lambda points: points * scale)


@dataclass(frozen=True)
class Hit:
    """The beat a point is given, and what makes that doubtful."""

    beat: int | None
    others: tuple[int, ...] = ()
    is_in_gap: bool = False
    is_in_overlap: bool = False


class BeatIndex:
    """Which beat holds a point. Made once for a set of boundaries, then asked often."""

    def __init__(self, boundaries: Mapping[int, Mapping[str, Any]]) -> None:
        shapes = {key: shape(boundary) for key, boundary in boundaries.items()}
        middle = sum(area.centroid.y for area in shapes.values()) / len(shapes) if shapes else 0.0
        self.plane = Plane(middle)
        self.areas = {key: self.plane.flat(boundary) for key, boundary in boundaries.items()}
        self.edges = {key: area.boundary for key, area in self.areas.items()}
        self.bounds = unary_union(list(self.areas.values())).bounds
        for area in self.areas.values():
            prepare(area)

    def find(self, place: Place, *, doubt: float = DOUBT_METERS) -> Hit:
        """Other beats within doubt meters come along: they may be right as well."""
        point = Point(self.plane.xy(place))
        inside = [key for key, area in self.areas.items() if area.intersects(point)]
        far = {key: self.areas[key].distance(point) for key in self.areas if key not in inside}
        close = sorted(
            (meters, key) for key, meters in far.items() if meters <= max(doubt, REACH_METERS)
        )
        if len(inside) == 1:
            return Hit(inside[0], others=tuple(key for _, key in close))
        if inside:
            # Deepest inside wins; the key settles a tie, so the answer never changes by itself.
            depths = sorted((-self.edges[key].distance(point), key) for key in inside)
            return Hit(depths[0][1], others=tuple(key for _, key in depths[1:]), is_in_overlap=True)
        if close and close[0][0] <= REACH_METERS:
            return Hit(close[0][1], others=tuple(key for _, key in close[1:]), is_in_gap=True)
        return Hit(None, others=tuple(key for _, key in close))

    def touched(self, lines: Iterable[Mapping[str, Any]]) -> tuple[int, ...]:
        """The beats that streets run through, the longest stretch first."""
        course = unary_union([self.plane.flat(line) for line in lines])
        shares = [(area.intersection(course).length, key) for key, area in self.areas.items()]
        return tuple(key for meters, key in sorted(shares, reverse=True) if meters > REACH_METERS)

    def is_near(self, line: Mapping[str, Any], *, meters: float) -> bool:
        """Whether a line begins near the city, roughly: in the box around its beats."""
        if not self.areas:
            return True
        x, y = self.plane.xy(Place(*line["coordinates"][0][:2]))
        west, south, east, north = self.bounds
        return west - meters < x < east + meters and south - meters < y < north + meters


@dataclass(frozen=True)
class Numbers:
    """House numbers along one side of a piece of street, in the direction of its line."""

    line: Mapping[str, Any]
    side: str
    first: int
    last: int

    @property
    def low(self) -> int:
        return min(self.first, self.last)

    @property
    def high(self) -> int:
        return max(self.first, self.last)

    def is_side_of(self, number: int) -> bool:
        mixed = self.first % 2 != self.last % 2
        return mixed or number % 2 == self.first % 2

    def gap(self, number: int) -> int:
        return max(self.low - number, number - self.high, 0)

    def place_of(self, number: int, *, opposite: bool = False) -> Place:
        """The door of a number; one out of range stands at the nearer end."""
        within = min(max(number, self.low), self.high)
        share = (within - self.first) / (self.last - self.first) if self.last != self.first else 0.5
        # A door stands inside its block, not in the middle of the crossing.
        share = 0.04 + 0.92 * share
        left = (self.side == "left") != opposite
        return along(self.line, share, offset=DOOR_METERS if left else -DOOR_METERS)


def along(line: Mapping[str, Any], share: float, *, offset: float = 0.0) -> Place:
    """The point at a share of a line's length, moved to the left by offset meters."""
    plane = Plane(line["coordinates"][0][1])
    course = plane.flat(line)
    at = course.length * min(max(share, 0.0), 1.0)
    here = course.interpolate(at)
    if not offset or not course.length:
        return plane.place(here.x, here.y)
    behind = course.interpolate(max(at - 1.0, 0.0))
    ahead = course.interpolate(min(at + 1.0, course.length))
    east, north = ahead.x - behind.x, ahead.y - behind.y
    size = math.hypot(east, north) or 1.0
    return plane.place(here.x - north / size * offset, here.y + east / size * offset)


def corners(
    one: Sequence[Mapping[str, Any]], other: Sequence[Mapping[str, Any]]
) -> tuple[Place, ...]:
    """Where two streets meet: crossings first, else ends that nearly touch."""
    if not one or not other:
        return ()
    plane = Plane(one[0]["coordinates"][0][1])
    first = unary_union([plane.flat(line) for line in one])
    second = unary_union([plane.flat(line) for line in other])
    crossing = first.intersection(second)
    points = [part.centroid for part in _parts(crossing)]
    if not points and first.distance(second) <= CORNER_METERS:
        points = [
            end
            for street, facing in ((first, second), (second, first))
            for end in _ends(street)
            if end.distance(facing) <= CORNER_METERS
        ]
    # Divided roads cross more than once at one corner: count it once.
    meeting = unary_union([point.buffer(2 * CORNER_METERS) for point in points])
    found = [
        MultiPoint([point for point in points if cluster.intersects(point)]).centroid
        for cluster in _parts(meeting)
    ]
    return tuple(plane.place(point.x, point.y) for point in found)


def meters_between(one: Place, other: Place) -> float:
    plane = Plane(one.latitude)
    return math.dist(plane.xy(one), plane.xy(other))


def _parts(geometry: BaseGeometry) -> list[BaseGeometry]:
    if geometry.is_empty:
        return []
    return list(geometry.geoms) if hasattr(geometry, "geoms") else [geometry]


def _ends(street: BaseGeometry) -> list[Point]:
    return [
        Point(coordinate)
        for line in _parts(street)
        if isinstance(line, LineString)
        for coordinate in (line.coords[0], line.coords[-1])
    ]
