"""The way from one place to the next, in minutes."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings

from outreach import city
from outreach.geography import Place, meters_between

# Nearer than this is the same building.
SAME_PLACE_METERS = 60.0
# Nobody travels longer than this within the city; neighbors farther away in time are not asked.
LONGEST_MINUTES = 180

Minutes = Callable[["Stop", "Stop"], int]


@dataclass(frozen=True)
class Stop:
    """Where somebody is during an event. Two stops of one name are one place."""

    place: Place | None = None
    name: str = ""

    def is_at(self, other: "Stop") -> bool:
        if self.name and self.name == other.name:
            return True
        if self.place is None or other.place is None:
            return False
        return meters_between(self.place, other.place) < SAME_PLACE_METERS


def minutes_between(one: Stop, other: Stop) -> int:
    """By car along the streets, with parking; the flat figure where a point is missing."""
    if one.is_at(other):
        return 0
    if one.place is None or other.place is None:
        return int(settings.TRAVEL_FLAT_MINUTES)
    return minutes_for(city.roads().meters(one.place, other.place))


def minutes_for(meters: float) -> int:
    driving = math.ceil(meters / 1000 / settings.TRAVEL_KMH * 60)
    return min(driving + int(settings.TRAVEL_EXTRA_MINUTES), LONGEST_MINUTES)


class Journeys:
    """The same, asked many times over: each pair is worked out once, and the map read once."""

    def __init__(self) -> None:
        self._known: dict[tuple[Stop, Stop], int] = {}
        self._roads: city.Roads | None = None

    def __call__(self, one: Stop, other: Stop) -> int:
        pair = (one, other)
        if pair not in self._known:
            self._known[pair] = self._work_out(one, other)
        return self._known[pair]

    def _work_out(self, one: Stop, other: Stop) -> int:
        if one.is_at(other) or one.place is None or other.place is None:
            return minutes_between(one, other)
        if self._roads is None:
            self._roads = city.roads()
        return minutes_for(self._roads.meters(one.place, other.place))
