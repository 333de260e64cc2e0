"""The map of the beats: small, whole and readable without color."""

import json
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string

from outreach.maps import PATTERNS, beat_map
from outreach.models import Beat
from tests.factories.places import BeatFactory, square
from tests.outreach.city import DEMO, REAL, needs_real_city


def beats_of(path, code) -> list[Beat]:
    features = json.loads(path.read_text())["features"]
    return [
        Beat(
            code=feature["properties"][code].lower(),
            name=feature["properties"][code],
            letter="ABCD"[number],
            color="#0072B2",
            boundary=feature["geometry"],
        )
        for number, feature in enumerate(features)
    ]


def picture(beats, **context) -> ElementTree.Element:
    html = render_to_string("outreach/_beat_map.html", {"map": beat_map(beats), **context})
    assert "style=" not in html
    return ElementTree.fromstring(html)


def test_every_beat_is_a_link_with_a_letter_and_a_pattern_of_its_own():
    figure = picture(beats_of(DEMO / "beats.geojson", "code"))

    links = figure.findall("svg/a")
    assert [link.get("href") for link in links] == [f"/beats/b{n}/" for n in (1, 2, 3, 4)]
    assert [link.find("text").text for link in links] == ["A", "B", "C", "D"]
    assert len({pattern.find("path").get("d") for pattern in figure.iter("pattern")}) == 4
    assert [item.find("a").get("href") for item in figure.iter("li")] == [
        link.get("href") for link in links
    ]


def test_the_chosen_beat_is_marked_in_the_picture_and_in_the_list():
    beats = BeatFactory.build_batch(3)
    for number, beat in enumerate(beats, start=1):
        beat.pk = number

    figure = picture(beats, chosen=beats[1])

    current = [link.get("href") for link in figure.iter("a") if link.get("aria-current")]
    assert current == [f"/beats/{beats[1].code}/"] * 2


def test_the_letter_stands_inside_its_beat():
    drawn = beat_map([BeatFactory.build(boundary=square(-124.2, 41.0))])

    shape = drawn.shapes[0]
    assert (shape.x, shape.y) == pytest.approx((drawn.width / 2, drawn.height / 2), abs=2)


@pytest.mark.parametrize("count", [0, 1, 5, 30])
def test_any_number_of_beats_is_drawn_in_under_20_kilobytes(count):
    beats = [BeatFactory.build(letter=chr(ord("A") + number)) for number in range(count)]

    drawn = beat_map(beats)

    assert len(drawn.shapes) == count
    if count <= len(PATTERNS):
        assert len({shape.pattern for shape in drawn.shapes}) == count
    html = render_to_string("outreach/_beat_map.html", {"map": drawn})
    assert len(html.encode()) < 20_000 * max(1, count / 8)


def test_two_cities_are_drawn_one_below_the_other_and_both_can_be_seen():
    here = BeatFactory.build_batch(2)
    there = BeatFactory.build(boundary=square(-118.4, 34.0))

    drawn = beat_map([*here, there])

    assert drawn.shapes[2].y > max(shape.y for shape in drawn.shapes[:2]) + 50
    assert all(len(shape.path) > 15 for shape in drawn.shapes)


@needs_real_city
def test_the_real_citys_5730_corners_fit_into_20_kilobytes():
    beats = beats_of(REAL / "police-beats.geojson", "beat")

    html = render_to_string("outreach/_beat_map.html", {"map": beat_map(beats)})

    assert len(html.encode()) < 20_000
