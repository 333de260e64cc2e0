"""Where on a street a house number stands, by the ranges along it; pure."""

from dataclasses import dataclass

from outreach.city import Course
from outreach.geography import Numbers, Place, meters_between

# Doors of one number this far apart are two addresses.
APART_METERS = 150.0


@dataclass(frozen=True)
class Spot:
    """A number placed on one street; gap counts numbers to the nearest known one."""

    course: Course
    place: Place
    gap: int = 0
    nearest: int = 0
    is_own_side: bool = True

    @property
    def is_exact(self) -> bool:
        return self.gap == 0 and self.is_own_side


def spots_of(course: Course, number: int) -> list[Spot]:
    """The likeliest doors of a number on one street; several only if they stand far apart."""
    own = [run for run in course.numbers if run.is_side_of(number) and not run.gap(number)]
    if own:
        doors: list[Place] = []
        for run in sorted(own, key=lambda run: run.high - run.low):
            door = run.place_of(number)
            if all(meters_between(door, other) > APART_METERS for other in doors):
                doors.append(door)
        return [Spot(course, door) for door in doors]
    facing = [run for run in course.numbers if not run.gap(number)]
    if facing:
        door = facing[0].place_of(number, opposite=True)
        return [Spot(course, door, nearest=number, is_own_side=False)]
    if not course.numbers:
        return []
    # The own side is worth a few numbers more: the other one may lie in another beat.
    run = min(course.numbers, key=lambda run: run.gap(number) + 20 * (not run.is_side_of(number)))
    return [Spot(course, _end_of(run, number), run.gap(number), _nearest(run, number))]


def _end_of(run: Numbers, number: int) -> Place:
    return run.place_of(number, opposite=not run.is_side_of(number))


def _nearest(run: Numbers, number: int) -> int:
    return run.low if number < run.low else run.high
