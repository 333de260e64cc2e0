"""Beats, venues and streets."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from outreach.models import AddressRange, Beat, Street, StreetSegment, Venue, WatchGroup
from outreach.street_names import street_key

COLORS = ["#0072B2", "#E69F00", "#009E73", "#CC79A7"]


def square(west: float, south: float, size: float = 0.01) -> dict:
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


class BeatFactory(DjangoModelFactory):
    class Meta:
        model = Beat

    code = factory.Sequence(lambda n: f"b{n + 1}")
    name = factory.Sequence(lambda n: f"Beat {n + 1}")
    letter = factory.Sequence(lambda n: chr(65 + n % 26))
    color = factory.Sequence(lambda n: COLORS[n % 4])
    boundary = factory.Sequence(lambda n: square(-124.2 + n * 0.01, 41.0))
    starts_on = date(2020, 1, 1)


class VenueFactory(DjangoModelFactory):
    class Meta:
        model = Venue

    name = factory.Sequence(lambda n: f"Library {n + 1}")
    address = factory.Sequence(lambda n: f"{n + 1}00 Main St")
    longitude = -124.195
    latitude = 41.005


class StreetFactory(DjangoModelFactory):
    """A street named as on its sign; its pieces come from StreetSegmentFactory."""

    class Meta:
        model = Street

    name = factory.Sequence(lambda n: f"Street {n + 1}")
    key = factory.LazyAttribute(lambda street: street_key(street.name))


class StreetSegmentFactory(DjangoModelFactory):
    """A block running east, 100 to 198 on the right (south), 101 to 199 on the left."""

    class Meta:
        model = StreetSegment
        skip_postgeneration_save = True

    street = factory.SubFactory(StreetFactory)
    line = {"type": "LineString", "coordinates": [[-124.198, 41.005], [-124.192, 41.005]]}

    @factory.post_generation
    def numbers(segment, create, extracted, **kwargs):  # noqa: N805
        for side, (first, last) in (extracted or {"left": (101, 199), "right": (100, 198)}).items():
            AddressRange.objects.create(segment=segment, side=side, first=first, last=last)


def make_group(beat: Beat, code: str = "oak-street", **wishes) -> WatchGroup:
    told = {"name": "Oak Street Watch", "area": "Oak St 1200–1298", "starts_on": "2024-01-01"}
    return WatchGroup.objects.create(code=code, beat=beat, **(told | wishes))
