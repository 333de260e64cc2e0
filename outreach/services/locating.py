"""Where an address is and whose beat it lies in, said honestly; nothing leaves the house."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outreach import addresses, department
from outreach.addresses import Reading, Shape
from outreach.city import City, Course, city_on, street_book
from outreach.doors import APART_METERS, Spot, spots_of
from outreach.enums import Sureness, VenueKind
from outreach.geography import DOUBT_METERS, Place, along, corners, meters_between
from outreach.models import Beat, Venue
from outreach.street_names import words_of

# A number this far from every known one is a slip of the pen, not a new house.
FARTHEST_NUMBER = 200
# Half a block: what we say about a block holds this far around its middle.
BLOCK_METERS = 75.0


@dataclass(frozen=True)
class Candidate:
    """One of several things the text may mean."""

    label: str = field(repr=False)
    place: Place | None = field(repr=False)
    beat: Beat | None


@dataclass(frozen=True)
class Location:
    """The answer. What tells an address stays out of its repr, and so out of logs."""

    sureness: Sureness = Sureness.UNKNOWN
    place: Place | None = field(default=None, repr=False)
    beat: Beat | None = None
    street: str = field(default="", repr=False)
    block: str = field(default="", repr=False)
    notes: tuple[str, ...] = field(default=(), repr=False)
    others: tuple[Beat, ...] = ()  # beats that could be right as well
    candidates: tuple[Candidate, ...] = field(default=(), repr=False)
    is_guess: bool = False  # the street is not what was typed, letter by letter

    @property
    def longitude(self) -> float | None:
        return self.place.longitude if self.place else None

    @property
    def latitude(self) -> float | None:
        return self.place.latitude if self.place else None

    @property
    def is_sure(self) -> bool:
        """Good enough to act on without asking the person."""
        certain = {Sureness.EXACT, Sureness.CORNER, Sureness.BLOCK, Sureness.VENUE}
        doubtful = self.others or self.candidates or self.is_guess
        return self.beat is not None and self.sureness in certain and not doubtful


def locate(text: str, *, on: date | None = None, use_venues: bool = True) -> Location:
    """Read an address, a block, a corner or the name of a place we know; ask nobody outside."""
    text = " ".join(text.split())[: addresses.MAX_LENGTH]
    if not text:
        return Location(notes=(_("Type a street number and a street, such as “120 Oak St”."),))
    city = city_on(on)
    reading = addresses.read(text)
    if use_venues and reading.shape == Shape.STREET and (known := _known_place(city, text)):
        return known
    found = _on_streets(city, reading)
    # A part of a name counts only where no street is meant: 'Ocean Ave' is not 'Ocean Ave Park'.
    if use_venues and (
        found.sureness == Sureness.UNKNOWN or (found.place is None and found.is_guess)
    ):
        found = _known_place(city, text, part=reading.shape == Shape.STREET) or found
    town = addresses.town(text)
    if town and found.street and town.casefold() != department.current().city.casefold():
        found = replace(found, notes=(*found.notes, _only_our_streets(town)))
    return found


def middle_of_block(location: Location) -> Place | None:
    """The middle of the block an address lies in: near enough for a route, too far for a door."""
    return locate(location.block, use_venues=False).place if location.block else None


def beat_at(longitude: float, latitude: float, on: date | None = None) -> Beat | None:
    """The beat in effect at a point; in a gap or an overlap, the one that is nearer."""
    city = city_on(on)
    found = city.index.find(Place(longitude, latitude)).beat
    return city.beats[found] if found is not None else None


def _on_streets(city: City, reading: Reading) -> Location:
    book = street_book()
    match = book.find(reading.streets, may_shorten=reading.shape != Shape.STREET)
    courses = city.courses(match.streets)
    if not courses:
        return Location(notes=(_("We do not find this street in our list of streets."),))
    if reading.shape == Shape.CORNER:
        crossing = book.find(reading.crossing)
        location = _corner(city, courses, city.courses(crossing.streets))
        guessed = match.is_guess or crossing.is_guess
    else:
        guessed = match.is_guess
        if reading.number is None:
            location = _street_only(city, courses)
        elif reading.shape == Shape.BLOCK:
            location = _block(city, courses, reading.number)
        else:
            location = _numbered(city, courses, reading.number)
    if guessed and location.street:
        said = _("We read it as “%(street)s”.") % {"street": location.street}
        return replace(location, is_guess=True, notes=(said, *location.notes))
    return location


def _numbered(city: City, courses: Sequence[Course], number: int) -> Location:
    spots = [spot for course in courses for spot in spots_of(course, number)]
    # Exact beats near; a street that has the number beats one that only comes close.
    best = [spot for spot in spots if spot.is_exact] or [spot for spot in spots if spot.gap == 0]
    if not best:
        best = sorted((s for s in spots if s.gap <= FARTHEST_NUMBER), key=lambda s: s.gap)[:1]
    if not best:
        along_it = _street_only(city, courses)
        return replace(along_it, notes=(_no_number(courses, spots, number), *along_it.notes))
    labels = {spot.course.name: f"{number} {spot.course.name}" for spot in best}
    if len(best) > 1:
        return _which(
            city,
            [Candidate(labels[s.course.name], s.place, _beat(city, s.place)) for s in best],
            street=best[0].course.name if len(labels) == 1 else "",
        )
    spot = best[0]
    location = _at(
        city,
        spot.place,
        Sureness.EXACT if spot.is_exact else Sureness.NEAR,
        doubt=DOUBT_METERS if spot.is_exact else min(60 + 1.5 * spot.gap, 300),
    )
    notes = location.notes if spot.is_exact else (_how_near(spot, number), *location.notes)
    return replace(
        location, street=spot.course.name, block=block_label(number, spot.course), notes=notes
    )


def _block(city: City, courses: Sequence[Course], number: int) -> Location:
    start = number // 100 * 100
    found: list[tuple[Course, Place]] = []
    for course in courses:
        runs = [run for run in course.numbers if run.low < start + 100 and run.high >= start]
        if runs:
            middle = min(runs, key=lambda run: abs((run.low + run.high) / 2 - start - 50))
            found.append((course, along(middle.line, 0.5)))
    if not found:
        return replace(
            _street_only(city, courses),
            notes=(_("We do not know this block, only the street."),),
        )
    if len(found) > 1:
        return _which(
            city,
            [Candidate(block_label(start, c), place, _beat(city, place)) for c, place in found],
        )
    course, place = found[0]
    location = _at(city, place, Sureness.BLOCK, doubt=BLOCK_METERS)
    return replace(location, street=course.name, block=block_label(start, course))


def _corner(city: City, one: Sequence[Course], other: Sequence[Course]) -> Location:
    if not other:
        return Location(notes=(_("We know only one of the two streets."),), street=one[0].name)
    found = [
        (_("%(one)s and %(other)s") % {"one": a.name, "other": b.name}, place)
        for a in one
        for b in other
        if a.id != b.id
        for place in corners(a.lines, b.lines)
    ]
    if not found:
        names = {"one": one[0].name, "other": other[0].name}
        said = _("On our map, %(one)s and %(other)s do not meet.") % names
        return Location(notes=(said,), street=names["one"])
    if len(found) > 1:
        return _which(city, [Candidate(name, at, _beat(city, at)) for name, at in found])
    name, place = found[0]
    return replace(_at(city, place, Sureness.CORNER), street=name, block=name)


def _street_only(city: City, courses: Sequence[Course]) -> Location:
    if len(courses) > 1:
        return _which(city, [Candidate(c.name, None, _only_beat(city, c)) for c in courses])
    touched = [city.beats[key] for key in city.index.touched(courses[0].lines)]
    if len(touched) == 1:
        said = _("All of this street lies in one beat.")
    elif not touched:
        said = _("This street lies outside every beat.")
    else:
        said = _("This street runs through more than one beat. A street number would help.")
    only = touched[0] if len(touched) == 1 else None
    others = () if only else tuple(touched)
    name = courses[0].name
    return Location(Sureness.STREET, beat=only, street=name, notes=(said,), others=others)


def _only_beat(city: City, course: Course) -> Beat | None:
    """The beat of a whole street, if one holds all of it."""
    touched = city.index.touched(course.lines)
    return city.beats[touched[0]] if len(touched) == 1 else None


def _which(city: City, candidates: list[Candidate], *, street: str = "") -> Location:
    """Several places fit. If all lie in one beat, that beat is still the answer."""
    beats = list({c.beat.pk: c.beat for c in candidates if c.beat}.values())
    same = len(beats) == 1 and all(candidate.beat for candidate in candidates)
    said = _("More than one place fits. All of them are in the same beat.")
    asked = _("More than one place fits. Which one do you mean?")
    return Location(
        Sureness.WHICH,
        beat=beats[0] if same else None,
        street=street,
        notes=(said if same else asked,),
        others=() if same else tuple(beats),
        candidates=tuple(candidates),
    )


def _known_place(city: City, text: str, *, part: bool = False) -> Location | None:
    """A public place of that name or address; part accepts some words of the name."""
    asked = words_of(text)
    venues = list(
        Venue.objects.filter(
            is_active=True, kind=VenueKind.PUBLIC, longitude__isnull=False, latitude__isnull=False
        ).only("name", "address", "longitude", "latitude")
    )
    same = [v for v in venues if asked and asked in (words_of(v.name), words_of(v.address))]
    if part and not same and len(asked) > 1:
        same = [v for v in venues if set(asked) <= set(words_of(v.name))]
    spots = [(v, Place(v.longitude, v.latitude)) for v in same]  # type: ignore[arg-type]
    if not spots:
        return None
    if any(meters_between(place, spots[0][1]) > APART_METERS for _venue, place in spots):
        return _which(city, [Candidate(v.name, at, _beat(city, at)) for v, at in spots])
    venue, place = spots[0]
    location = _at(city, place, Sureness.VENUE)
    said = _("We know this place: %(name)s.") % {"name": venue.name}
    return replace(location, street=venue.address or venue.name, notes=(said, *location.notes))


def _beat(city: City, place: Place) -> Beat | None:
    found = city.index.find(place).beat
    return city.beats[found] if found is not None else None


def _at(city: City, place: Place, sureness: Sureness, *, doubt: float = DOUBT_METERS) -> Location:
    """The beat at a point, with every reason to doubt it said."""
    hit = city.index.find(place, doubt=doubt)
    others = tuple(city.beats[key] for key in hit.others)
    if hit.beat is None:
        said = _("This spot lies outside every beat.")
        return Location(sureness, place, notes=(said,), others=others)
    beat = city.beats[hit.beat]
    names = {"beat": beat.name, "others": ", ".join(other.name for other in others)}
    notes: tuple[str, ...] = ()
    if hit.is_in_overlap:
        notes = (_("Our map has this spot in %(beat)s and in %(others)s at once.") % names,)
    elif hit.is_in_gap:
        notes = (_("Our map has this spot just outside %(beat)s, the nearest beat.") % names,)
    elif others:
        notes = (_("It is close to the line between %(beat)s and %(others)s.") % names,)
    return Location(sureness, place, beat, notes=notes, others=others)


def block_label(number: int, course: Course) -> str:
    start = number // 100 * 100
    if not start:
        return _("first block of %(street)s") % {"street": course.name}
    return _("%(number)s block of %(street)s") % {"number": start, "street": course.name}


def _how_near(spot: Spot, number: int) -> str:
    if not spot.gap:
        return _("We know the numbers of this block on the other side of the street only.")
    return ngettext(
        "Number %(number)s is not in our list; the nearest we know is %(nearest)s, %(gap)s away.",
        "Number %(number)s is not in our list; the nearest we know is %(nearest)s, %(gap)s away.",
        spot.gap,
    ) % {"number": number, "nearest": spot.nearest, "gap": spot.gap}


def _no_number(courses: Sequence[Course], spots: Sequence[Spot], number: int) -> str:
    if not spots:
        return _("We know this street, but none of its house numbers.")
    nearest = min(spots, key=lambda spot: spot.gap).nearest
    return _(
        "There is no number near %(number)s on %(street)s; the nearest we know is %(nearest)s."
    ) % {"number": number, "street": courses[0].name, "nearest": nearest}


def _only_our_streets(town: str) -> str:
    return _("We looked in our own streets only, not in “%(town)s”.") % {"town": town}
