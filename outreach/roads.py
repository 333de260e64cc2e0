"""How far it is from one place to another along the city's streets; pure."""

import math
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import networkx
from shapely import Point, STRtree

from outreach.geography import Place, Plane, meters_between

# Street ends this near each other are one crossing: files draw them a step apart.
CROSSING_METERS = 5.0
# Off the streets, and where there are none, a way is longer than the straight line by this.
DETOUR = 1.3
# Trees of ways are kept for this many places.
KEPT_TREES = 64


class Roads:
    """A graph of crossings and the streets between them. Made once for a city, then asked often."""

    def __init__(self, lines: Iterable[Mapping[str, Any]]) -> None:
        lines = list(lines)
        self.plane = Plane(lines[0]["coordinates"][0][1] if lines else 0.0)
        self.graph = networkx.Graph()
        for line in lines:
            self._lay(line)
        self.crossings = list(self.graph)
        self.tree = STRtree([Point(x, y) for x, y in self.crossings])
        self._ways = lru_cache(maxsize=KEPT_TREES)(self._ways_from)

    def meters(self, one: Place, other: Place) -> float:
        """Along the streets; by the straight line, made longer, where no street leads."""
        straight = meters_between(one, other) * DETOUR
        if not self.crossings:
            return straight
        (begin, to_begin), (end, from_end) = self._nearest(one), self._nearest(other)
        along = self._ways(begin).get(end, math.inf)
        # Within a block the straight line is the better guess.
        way = to_begin + along + from_end
        return straight if math.isinf(way) else max(min(way, 3 * straight), straight / DETOUR)

    def _lay(self, line: Mapping[str, Any]) -> None:
        points = [self.plane.xy(Place(*corner[:2])) for corner in line["coordinates"]]
        length = sum(map(math.dist, points, points[1:]))
        begin, end = _crossing(points[0]), _crossing(points[-1])
        known = self.graph.get_edge_data(begin, end)
        if known is None or known["weight"] > length:
            self.graph.add_edge(begin, end, weight=length)

    def _nearest(self, place: Place) -> tuple[int, float]:
        here = self.plane.xy(place)
        number = int(self.tree.nearest(Point(here)))
        return number, math.dist(here, self.crossings[number])

    def _ways_from(self, begin: int) -> dict[int, float]:
        numbers = {crossing: number for number, crossing in enumerate(self.crossings)}
        ways = networkx.single_source_dijkstra_path_length(self.graph, self.crossings[begin])
        return {numbers[crossing]: meters for crossing, meters in ways.items()}


def _crossing(point: tuple[float, float]) -> tuple[float, float]:
    """The crossing a street's end belongs to: points are drawn together on a small grid."""
    x, y = (round(part / CROSSING_METERS) * CROSSING_METERS for part in point)
    return x, y
