"""Public places from a file: what it says of a place is kept up to date, the rest is staff's."""

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from shapely import Point
from shapely.geometry import shape

from outreach.city import City, city_on
from outreach.enums import VenueKind
from outreach.geography import Place
from outreach.models import Beat, Venue
from outreach.services.imports.locking import alone_on
from outreach.services.imports.reading import (
    Counts,
    Feature,
    read_features,
    refuse_swapped,
    require_property,
)

KINDS = {"Point", "MultiPoint", "Polygon", "MultiPolygon"}
FROM_FILE = ["name", "address", "longitude", "latitude", "beat_id"]


@dataclass
class VenuesImported:
    """Counts are of features; pieces with one name and address are one venue."""

    counts: Counts = field(default_factory=Counts)
    venues: int = 0
    missing: int = 0
    without_beat: int = 0


@transaction.atomic
def import_venues(path: Path, *, name: str, address: str) -> VenuesImported:
    alone_on(Venue)
    features = read_features(path, kinds=KINDS, label=name, may_touch=True)
    require_property(features, name, address)
    refuse_swapped(features, [shape(b) for b in Beat.objects.values_list("boundary", flat=True)])
    places: dict[tuple[str, str], list[Feature]] = defaultdict(list)
    for feature in features:
        called = feature.text(name, longest=120)
        if not called:
            feature.refuse(f"it has no name in “{name}”")
        places[called, feature.text(address, longest=160)].append(feature)
    return _save(places)


def _save(places: dict[tuple[str, str], list[Feature]]) -> VenuesImported:
    city = city_on()
    known = {venue.imported_key: venue for venue in Venue.objects.exclude(imported_key="")}
    done = VenuesImported(venues=len(places))
    new, changed = [], []
    for (name, address), pieces in places.items():
        key = f"{name}|{address}"
        said = _from_file(city, name, address, pieces)
        done.without_beat += said["beat_id"] is None
        venue = known.pop(key, None)
        if venue is None:
            new.append(Venue(imported_key=key, kind=VenueKind.PUBLIC, **said))
            done.counts.added += len(pieces)
        elif any(getattr(venue, column) != value for column, value in said.items()):
            for column, value in said.items():
                setattr(venue, column, value)
            venue.updated_at = timezone.now()
            changed.append(venue)
            done.counts.changed += len(pieces)
        else:
            done.counts.unchanged += len(pieces)
    Venue.objects.bulk_create(new)
    Venue.objects.bulk_update(changed, [*FROM_FILE, "updated_at"], batch_size=500)
    done.missing = len(known)
    return done


def _from_file(city: City, name: str, address: str, pieces: list[Feature]) -> dict[str, object]:
    largest = max(pieces, key=lambda piece: piece.geometry.area).geometry
    point: Point = largest.representative_point()
    place = Place(round(point.x, 7), round(point.y, 7))
    return {
        "name": name,
        "address": address,
        "longitude": place.longitude,
        "latitude": place.latitude,
        "beat_id": city.index.find(place).beat,
    }
