"""A GeoJSON file as checked features; what is wrong is said with the feature's name."""

import json
import math
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, NoReturn

from shapely import STRtree, make_valid
from shapely.errors import ShapelyError
from shapely.geometry import box, mapping, shape
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

MAX_BYTES = 100 * 1024 * 1024
# Two ways to write the only coordinate system GeoJSON has had since 2016.
WGS84 = ("crs84", "epsg:4326", "epsg::4326", "wgs84")
# No city lies farther south. Most of the Americas does when longitude and latitude are swapped.
SOUTHERNMOST = -60.0
# A city fits into this many degrees; a feature farther off is a slip.
CITY_DEGREES = 1.5


class Refused(ValueError):
    """The file is not taken; the message says why and where, in one line."""


@dataclass(frozen=True)
class Feature:
    number: int  # 1 for the first in the file
    properties: Mapping[str, Any]
    geometry: BaseGeometry
    label: str = ""  # its name, if it has one

    def __str__(self) -> str:
        return f"feature {self.number} ({self.label})" if self.label else f"feature {self.number}"

    def refuse(self, reason: str) -> NoReturn:
        raise Refused(f"{self}: {reason}")

    def text(self, name: str, *, longest: int) -> str:
        """A property as one clean line; empty when the feature has none."""
        value = self.properties.get(name)
        if value is None:
            return ""
        if isinstance(value, bool | list | dict):
            self.refuse(f"“{name}” is not a text")
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        clean = " ".join(str(value).split())
        if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in clean):
            self.refuse(f"“{name}” has control characters")
        if len(clean) > longest:
            self.refuse(f"“{name}” is longer than {longest} characters")
        return clean


@dataclass
class Counts:
    """What an import did."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0

    def __str__(self) -> str:
        return ", ".join(f"{getattr(self, part.name):,} {part.name}" for part in fields(self))


def read_features(
    path: Path, *, kinds: set[str], label: str, may_touch: bool = False
) -> list[Feature]:
    """Every feature of a file, each of one of these geometry types, all in one city.

    may_touch accepts outlines that meet themselves in a point, which is no harm to a place.
    """
    content = _json(path)
    if not isinstance(content, dict) or content.get("type") != "FeatureCollection":
        raise Refused("not GeoJSON: a FeatureCollection was expected")
    _refuse_other_systems(content.get("crs"))
    raw = content.get("features")
    if not isinstance(raw, list) or not raw:
        raise Refused("the file has no features")
    found = [
        _feature(number, item, kinds, label, may_touch) for number, item in enumerate(raw, start=1)
    ]
    _refuse_strays(found)
    return found


def require_property(features: Iterable[Feature], *names: str) -> None:
    """A property no feature has is a wrong option, not missing data."""
    known = {name for feature in features for name in feature.properties}
    for name in names:
        if name not in known:
            listed = ", ".join(sorted(known)) or "none"
            raise Refused(f"no feature has the property “{name}”; there are: {listed}")


def refuse_swapped(features: list[Feature], known: Iterable[BaseGeometry]) -> None:
    """Far from the city as it stands, but in it with longitude and latitude exchanged."""
    city = [box(*area.bounds).buffer(CITY_DEGREES) for area in known]
    if not city:
        return
    tree = STRtree(city)
    for feature in features:
        middle = feature.geometry.centroid
        turned = type(middle)(middle.y, middle.x)
        if not len(tree.query(middle, "intersects")) and len(tree.query(turned, "intersects")):
            feature.refuse("far from the city's beats; are longitude and latitude swapped?")


def plain(geometry: BaseGeometry) -> dict[str, Any]:
    """GeoJSON as the database gives it back: lists, two numbers a point."""
    flat: dict[str, Any] = json.loads(json.dumps(mapping(geometry)))
    return {"type": flat["type"], "coordinates": flat["coordinates"]}


def _json(path: Path) -> Any:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise Refused(f"the file is larger than {MAX_BYTES // 2**20} MB")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as failure:
        raise Refused(f"cannot be read: {failure.strerror}") from failure
    except UnicodeDecodeError as failure:
        raise Refused("not GeoJSON: not a UTF-8 text") from failure
    try:
        return json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as failure:
        where = f"line {failure.lineno}, column {failure.colno}"
        raise Refused(f"not GeoJSON: {failure.msg} at {where}") from failure
    except RecursionError as failure:
        raise Refused("not GeoJSON: nested too deep") from failure


def _no_constant(word: str) -> NoReturn:
    raise Refused(f"not GeoJSON: {word} is not a number")


def _refuse_other_systems(crs: Any) -> None:
    if crs is None:
        return
    name = str(crs.get("properties", {}).get("name", "")) if isinstance(crs, dict) else str(crs)
    if not name.lower().endswith(WGS84):
        raise Refused(f"coordinates must be WGS84 longitude and latitude, not {name or crs}")


def _feature(number: int, item: Any, kinds: set[str], label: str, may_touch: bool) -> Feature:
    place = Feature(number, {}, box(0, 0, 1, 1))
    if not isinstance(item, dict) or item.get("type") != "Feature":
        place.refuse("not a GeoJSON Feature")
    properties = item.get("properties") or {}
    if not isinstance(properties, dict):
        place.refuse("its properties are not a list of names and values")
    name = properties.get(label)
    place = Feature(number, properties, place.geometry, "" if name is None else str(name)[:80])
    raw = item.get("geometry")
    kind = raw.get("type") if isinstance(raw, dict) else None
    if not isinstance(raw, dict) or kind not in kinds:
        place.refuse(f"a {' or '.join(sorted(kinds))} was expected, not {kind or 'nothing'}")
    points = [_pair(place, point) for point in _points(place, raw.get("coordinates"))]
    if not points:
        place.refuse("its shape is empty")
    try:
        geometry = shape({"type": kind, "coordinates": _two_numbers(raw["coordinates"])})
    except (ShapelyError, ValueError, TypeError, IndexError) as failure:
        place.refuse(f"its shape cannot be read: {failure}")
    if geometry.is_empty:
        place.refuse("its shape is empty")
    # Lines may cross themselves and have no length; the importer of streets knows what to do.
    if not geometry.geom_type.endswith("LineString") and not geometry.is_valid:
        # GEOS says where: 'Self-intersection[-118.4 34.0]'.
        fault = explain_validity(geometry)
        if not (may_touch and fault.startswith("Ring Self-intersection")):
            place.refuse(f"its shape crosses or touches itself: {fault}")
        geometry = make_valid(geometry)
    return Feature(number, properties, geometry, place.label)


def _points(place: Feature, coordinates: Any, depth: int = 0) -> Iterator[list[Any]]:
    if not isinstance(coordinates, list) or depth > 4:
        place.refuse("its coordinates are not lists of numbers")
    if coordinates and not isinstance(coordinates[0], list):
        yield coordinates
        return
    for part in coordinates:
        yield from _points(place, part, depth + 1)


def _pair(place: Feature, point: list[Any]) -> tuple[float, float]:
    numbers = [number for number in point if type(number) in (int, float)]
    if len(numbers) != len(point) or len(point) < 2 or not all(map(math.isfinite, numbers)):
        place.refuse("a point is not two numbers")
    longitude, latitude = float(numbers[0]), float(numbers[1])
    at = f"{longitude:g}, {latitude:g}"
    if not SOUTHERNMOST <= latitude <= 90:
        place.refuse(f"no city lies at {at}; are longitude and latitude swapped?")
    if not -180 <= longitude <= 180:
        place.refuse(f"{at} is not a longitude and a latitude in degrees")
    return longitude, latitude


def _two_numbers(coordinates: Any) -> Any:
    """Without the heights some files carry."""
    if coordinates and not isinstance(coordinates[0], list):
        return coordinates[:2]
    return [_two_numbers(part) for part in coordinates]


def _refuse_strays(features: list[Feature]) -> None:
    """One feature far from the rest has its numbers wrong, swapped or mistyped."""
    middles = [feature.geometry.centroid for feature in features]
    across = sorted(point.x for point in middles)[len(middles) // 2]
    up = sorted(point.y for point in middles)[len(middles) // 2]
    for feature, middle in zip(features, middles, strict=True):
        if max(abs(middle.x - across), abs(middle.y - up)) > CITY_DEGREES:
            feature.refuse(
                f"{middle.x:g}, {middle.y:g} is far from the rest of the file; "
                "are longitude and latitude swapped?"
            )
