"""Points, lines, areas and the reading of addresses; no database."""

import math

import pytest

from outreach.addresses import Shape, read
from outreach.geography import (
    METERS_PER_DEGREE,
    BeatIndex,
    Numbers,
    Place,
    along,
    corners,
    meters_between,
)
from outreach.street_book import StreetBook
from outreach.street_names import display_name, street_key
from tests.factories.places import square

METER = 1 / METERS_PER_DEGREE
EAST = {"type": "LineString", "coordinates": [[0.0, 0.0], [0.001, 0.0]]}  # 111 m along the equator
NORTH = {"type": "LineString", "coordinates": [[0.0005, -0.0005], [0.0005, 0.0005]]}


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("OCEAN PARK BLVD", "OCEAN PARK BLVD"),
        ("Ocean Park Boulevard.", "OCEAN PARK BLVD"),
        ("Fourth Street", "4TH ST"),
        ("N. Main Str", "NORTH MAIN ST"),
        ("Donald Loop S", "DONALD LOOP SOUTH"),
        ("Third Street Promenade", "3RD ST PROM"),
        ("The Esplanade", "ESPLANADE"),
        ("O'Neil Cañada Ln", "ONEIL CANADA LN"),
        ("Avenue E", "AVENUE E"),
        ("North Way", "NORTH WAY"),
    ],
)
def test_street_key_is_the_same_however_a_name_is_written(written, key):
    assert street_key(written) == key


def test_display_name_reads_as_on_the_sign():
    assert [display_name(name) for name in ("4TH ST", "OAK  AVE", "McKinley Way")] == [
        "4th St",
        "Oak Ave",
        "McKinley Way",
    ]


@pytest.mark.parametrize(
    ("text", "shape", "number", "first"),
    [
        ("1234 Oak St", Shape.NUMBER, 1234, "Oak St"),
        ("1234 Oak St Apt 5, Springfield, CA 90000", Shape.NUMBER, 1234, "Oak St"),
        ("1234-1236 Oak St", Shape.NUMBER, 1234, "Oak St"),
        ("1234B Oak St", Shape.NUMBER, 1234, "Oak St"),
        ("1234 1/2 Oak St", Shape.NUMBER, 1234, "Oak St"),
        ("City Library, 601 Oak St", Shape.NUMBER, 601, "Oak St"),
        ("2415 Oak St (at Elm Ave)", Shape.NUMBER, 2415, "Oak St"),
        ("1200 block of Oak St", Shape.BLOCK, 1200, "Oak St"),
        ("2400-2500 Block of Oak St", Shape.BLOCK, 2400, "Oak St"),
        ("Oak St & Elm Ave", Shape.CORNER, None, "Oak St"),
        ("corner of Oak St and Elm Ave", Shape.CORNER, None, "Oak St"),
        ("4th St at Elm Ave", Shape.CORNER, None, "4th St"),
        ("foot of Oak St", Shape.STREET, None, "Oak St"),
        ("4th St", Shape.STREET, None, "4th St"),
    ],
)
def test_read_tells_numbers_blocks_corners_and_streets_apart(text, shape, number, first):
    reading = read(text)

    assert (reading.shape, reading.number, reading.streets[0]) == (shape, number, first)


BOOK = StreetBook(
    [(1, "OAK AVE"), (2, "OAK PARK BLVD"), (3, "4TH ST"), (4, "4TH CT"), (5, "WILSHIRE BLVD")],
    [(5, "MIRACLE MILE")],
)


@pytest.mark.parametrize(
    ("said", "streets", "is_guess"),
    [
        (["Oak Ave"], (1,), False),
        (["Miracle Mile"], (5,), False),
        (["Oak Ave", "Oak Ave Springfield", "Oak"], (1,), False),
        (["Oak"], (1,), True),
        (["Oak St"], (1,), True),
        (["4th"], (3, 4), True),
        (["Wilshre Blvd"], (5,), True),
        (["Oak Prk Blvd", "Oak Prk", "Oak"], (2,), True),
        (["Miracle Mile Heights Rd", "Miracle Mile"], (5,), True),
        (["5th St"], (), False),
        (["Elm Ave"], (), False),
    ],
)
def test_a_street_is_guessed_only_when_one_name_fits_and_then_it_is_called_a_guess(
    said, streets, is_guess
):
    found = BOOK.find(said)

    assert (found.streets, found.is_guess) == (streets, is_guess)


def test_a_number_stands_on_its_own_side_in_proportion():
    odd = Numbers(EAST, "left", 101, 199)

    door = odd.place_of(151)

    assert door.longitude == pytest.approx(0.0005, abs=2 * METER)
    assert door.latitude == pytest.approx(10 * METER, abs=0.5 * METER)  # north of an eastbound line


def test_numbers_that_fall_along_the_line_are_followed_backwards():
    falling = Numbers(EAST, "right", 198, 100)

    near_the_end = falling.place_of(102)

    assert near_the_end.longitude > 0.0009
    assert near_the_end.latitude < 0


@pytest.mark.parametrize(
    ("number", "is_own", "gap"), [(120, False, 0), (121, True, 0), (221, True, 22), (91, True, 10)]
)
def test_a_side_knows_its_parity_and_how_far_a_number_is_off(number, is_own, gap):
    side = Numbers(EAST, "left", 101, 199)

    assert (side.is_side_of(number), side.gap(number)) == (is_own, gap)


def test_corners_are_where_lines_cross_or_nearly_touch():
    crossing = corners([EAST], [NORTH])
    short = {"type": "LineString", "coordinates": [[0.0005, 15 * METER], [0.0005, 0.001]]}

    touching = corners([EAST], [short])

    assert meters_between(crossing[0], Place(0.0005, 0.0)) < 1
    assert len(touching) == 1
    far = {"type": "LineString", "coordinates": [[0.0005, 0.001], [0.0005, 0.002]]}
    assert corners([EAST], [far]) == ()


def test_along_moves_to_the_left_by_meters():
    assert meters_between(along(EAST, 0.5), along(EAST, 0.5, offset=7.0)) == pytest.approx(7, 0.01)


# Two beats side by side, 2 m of nothing between them, and a third that laps over the first.
GAP = 2 * METER / math.cos(math.radians(41))
INDEX = BeatIndex(
    {
        1: square(-124.20, 41.0),
        2: square(-124.19 + GAP, 41.0),
        3: square(-124.20, 41.0099),
    }
)


def test_a_point_inside_one_beat_is_plain():
    hit = INDEX.find(Place(-124.195, 41.005))

    assert (hit.beat, hit.others, hit.is_in_gap, hit.is_in_overlap) == (1, (), False, False)


def test_a_point_in_the_gap_goes_to_the_nearer_beat_and_is_flagged():
    hit = INDEX.find(Place(-124.19 + 0.3 * GAP, 41.005))

    assert (hit.beat, hit.others, hit.is_in_gap) == (1, (2,), True)


def test_a_point_in_two_beats_goes_where_it_lies_deeper_and_is_flagged():
    hit = INDEX.find(Place(-124.195, 41.00998))

    assert (hit.beat, hit.others, hit.is_in_overlap) == (3, (1,), True)


def test_a_point_near_the_line_names_the_neighbor():
    hit = INDEX.find(Place(-124.1901, 41.005))

    assert (hit.beat, hit.others) == (1, (2,))


def test_a_point_far_from_every_beat_has_none():
    assert INDEX.find(Place(-124.25, 41.005)).beat is None
    assert BeatIndex({}).find(Place(0, 0)).beat is None
