"""The city on a day, as the database has it: beats to ask and streets to look along."""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import F, Q, Subquery, TextField
from django.db.models.functions import MD5, Cast

from outreach.geography import BeatIndex, Numbers
from outreach.models import AddressRange, Beat, Street, StreetAlias, StreetSegment
from outreach.roads import Roads
from outreach.selectors import beats_in_effect
from outreach.street_book import StreetBook

# The last map of roads this process made, with the newest street in it.
_KEPT: deque[tuple[int, Roads]] = deque(maxlen=1)
# Streets farther than this from every beat belong to another city's file.
NEARBY_METERS = 2_000.0


@dataclass
class Course:
    """One street: its lines and the house numbers along them."""

    id: int
    name: str
    lines: list[Mapping[str, Any]] = field(default_factory=list)
    numbers: list[Numbers] = field(default_factory=list)


@dataclass(frozen=True)
class City:
    beats: Mapping[int, Beat]
    index: BeatIndex

    def courses(self, streets: Iterable[int]) -> list[Course]:
        """The pieces of these streets that lie in or near our beats, in the order asked for."""
        wanted = list(streets)
        names = dict(Street.objects.filter(pk__in=wanted).values_list("pk", "name"))
        courses = {pk: Course(pk, names[pk]) for pk in wanted if pk in names}
        sides: dict[int, list[tuple[str, int, int]]] = defaultdict(list)
        for segment, side, first, last in AddressRange.objects.filter(
            segment__street_id__in=wanted
        ).values_list("segment_id", "side", "first", "last"):
            sides[segment].append((side, first, last))
        for pk, street, line in (
            StreetSegment.objects.filter(street_id__in=wanted)
            .order_by("pk")
            .values_list("pk", "street_id", "line")
        ):
            if self.index.is_near(line, meters=NEARBY_METERS):
                courses[street].lines.append(line)
                courses[street].numbers += [Numbers(line, *side) for side in sides[pk]]
        return [course for course in courses.values() if course.lines]


def city_on(day: date | None = None) -> City:
    beats = {
        beat.pk: beat
        for beat in beats_in_effect(day)
        .defer("boundary")
        .annotate(version=MD5(Cast("boundary", TextField())))
        .order_by("code")
    }
    version = tuple((pk, beat.version) for pk, beat in beats.items())
    return City(beats, _index(version))


def street_book() -> StreetBook:
    return StreetBook(
        Street.objects.values_list("pk", "key"), StreetAlias.objects.values_list("street", "key")
    )


def roads() -> Roads:
    """The streets as they are now; made anew after an import."""
    known = _KEPT[-1][0] if _KEPT else 0
    newest = StreetSegment.objects.order_by("-pk").values("pk")[:1]
    # One query: the newest street alone while it is the known one, else all of them.
    found = StreetSegment.objects.alias(newest=Subquery(newest)).order_by("pk")
    lines = dict(found.filter(Q(pk=F("newest")) | ~Q(newest=known)).values_list("pk", "line"))
    if not _KEPT or max(lines, default=0) != known:
        _KEPT.append((max(lines, default=0), Roads(lines.values())))
    return _KEPT[-1][1]


@lru_cache(maxsize=4)
def _index(version: tuple[tuple[int, str], ...]) -> BeatIndex:
    """Preparing thousands of corners takes longer than asking; a changed boundary is a new key."""
    boundaries = dict(
        Beat.objects.filter(pk__in=[pk for pk, _ in version])
        .order_by("code")
        .values_list("pk", "boundary")
    )
    return BeatIndex(boundaries)
