"""An address finds its beat, and every doubt is said."""

import json
import re
import time
from collections import Counter
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from shapely.geometry import shape

from outreach.enums import Sureness
from outreach.models import Beat, StreetSegment, Venue
from outreach.services.locating import beat_at, locate
from tests.factories.places import BeatFactory, StreetFactory, StreetSegmentFactory, VenueFactory
from tests.outreach.city import REAL, import_harbor_bay, import_real_city, needs_real_city

pytestmark = pytest.mark.django_db


@pytest.fixture
def harbor_bay(db):
    import_harbor_bay()


@pytest.mark.usefixtures("harbor_bay")
class TestHarborBay:
    @pytest.mark.parametrize(
        ("text", "sureness", "beat", "is_sure"),
        [
            ("621 5th St", Sureness.EXACT, "b2", True),
            ("621 Fifth Street, Harbor Bay, CA 95500", Sureness.EXACT, "b2", True),
            ("621 5th st apt 3", Sureness.EXACT, "b2", True),
            ("Main Library, 621 5th St", Sureness.EXACT, "b2", True),
            ("830 Foxglov Ave", Sureness.EXACT, "b3", False),
            ("830 Foxglove", Sureness.EXACT, "b3", False),
            ("1050 Elm Ave", Sureness.NEAR, "b3", False),
            ("9999 Elm Ave", Sureness.STREET, None, False),
            ("800 block of 8th St", Sureness.BLOCK, "b3", True),
            ("4th St and Elm Ave", Sureness.CORNER, "b2", True),
            ("Elm Ave & 4th St", Sureness.CORNER, "b2", True),
            ("Elm Ave and Foxglove Ave", Sureness.UNKNOWN, None, False),
            ("City Hall", Sureness.VENUE, "b2", True),
            ("fire station", Sureness.WHICH, None, False),
            ("Canyon Rd", Sureness.STREET, "b4", False),
            ("Elm Ave", Sureness.STREET, None, False),
            ("12 Nowhere Ln", Sureness.UNKNOWN, None, False),
            ("", Sureness.UNKNOWN, None, False),
            ("£$%&", Sureness.UNKNOWN, None, False),
        ],
    )
    def test_every_way_to_write_a_place_gets_an_honest_answer(self, text, sureness, beat, is_sure):
        found = locate(text)

        assert (found.sureness, found.beat and found.beat.code) == (sureness, beat)
        assert found.is_sure == is_sure
        assert found.is_sure or found.notes

    def test_an_alias_is_the_street_itself(self):
        found = locate("244 The Esplanade")

        assert (found.street, found.sureness) == ("Front Walk", Sureness.EXACT)

    def test_the_side_of_a_street_nobody_numbers_is_said(self):
        found = locate("245 Front Walk")

        assert found.sureness == Sureness.NEAR
        assert "other side" in found.notes[0]

    def test_a_number_out_of_range_says_how_far(self):
        found = locate("1050 Elm Ave")

        assert found.notes[0] == (
            "Number 1050 is not in our list; the nearest we know is 998, 52 away."
        )

    def test_a_misspelled_name_is_read_aloud(self):
        assert locate("830 Foxglov Ave").notes[0] == "We read it as “Foxglove Ave”."

    def test_a_town_that_is_not_ours_is_named(self):
        assert "“Boston”" in locate("621 5th St, Boston, MA").notes[-1]

    def test_the_block_never_tells_the_house(self):
        assert locate("621 5th St").block == "600 block of 5th St"
        assert locate("1 Elm Ave").block == "first block of Elm Ave"

    def test_the_address_stays_out_of_the_repr(self):
        assert "5th" not in repr(locate("621 5th St"))

    def test_odd_and_even_numbers_of_a_line_between_beats_go_to_different_beats(self):
        # 6th St is the line between Old Town and Mesa.
        south, north = locate("650 6th St"), locate("651 6th St")

        assert {south.beat.code, north.beat.code} == {"b2", "b3"}
        assert south.others == (north.beat,)
        assert "close to the line between" in south.notes[0]

    def test_a_look_up_takes_few_queries(self, django_assert_max_num_queries):
        locate("621 5th St")

        with django_assert_max_num_queries(7):
            locate("733 3rd St")

    def test_the_command_prints_beat_point_and_sureness(self, capsys):
        call_command("locate", "621 5th St")

        printed = capsys.readouterr().out
        assert "beat:  b2 (Old Town)" in printed
        assert "sure:  exact" in printed
        assert re.search(r"point: -124\.\d+, 41\.\d+", printed)

    def test_the_box_answers_a_post_and_keeps_the_address_out_of_the_page_address(
        self, client, caplog
    ):
        answer = client.post(reverse("find_beat"), {"address": "621 5th St"})

        assert answer.status_code == 200
        assert "Your beat" in answer.text
        assert "/beats/b2/" in answer.text
        assert answer.headers["Cache-Control"].count("no-store") == 1
        assert "621" not in caplog.text

    def test_the_box_offers_the_beats_when_it_is_not_sure(self, client):
        answer = client.post(reverse("find_beat"), {"address": "12 Nowhere Ln"})

        assert "We cannot tell your beat" in answer.text
        links = re.findall(r'<li><a href="/beats/(b\d)/">', answer.text)
        assert links == ["b1", "b2", "b3", "b4"]

    @pytest.mark.parametrize("address", ["", "x" * 201, "621\x005th St", "621 5th\u202e St"])
    def test_the_box_refuses_empty_long_and_hidden_text(self, client, address):
        answer = client.post(reverse("find_beat"), {"address": address})

        assert answer.status_code == 200
        assert "There is a problem" in answer.text

    def test_the_box_asks_with_get_and_ignores_what_the_page_address_says(self, client):
        answer = client.get(reverse("find_beat"), {"address": "621 5th St"})

        assert "621" not in str(answer.context["form"])
        assert "found" not in answer.context


def test_a_beat_moved_is_noticed_by_the_next_look_up():
    beat = BeatFactory()
    inside = beat_at(-124.195 + 0.01 * (int(beat.code[1:]) - 1), 41.005)

    Beat.objects.update(boundary={"type": "Polygon", "coordinates": [
        [[10.0, 10.0], [10.1, 10.0], [10.1, 10.1], [10.0, 10.0]]]})  # fmt: skip

    assert inside == beat
    assert beat_at(10.05, 10.01) == beat


@pytest.mark.parametrize(("days", "is_found"), [(-1, False), (0, True), (9, True), (10, False)])
def test_a_beat_counts_from_its_first_day_until_the_day_it_ends(days, is_found):
    start = date(2026, 3, 1)
    beat = BeatFactory(
        boundary={"type": "Polygon", "coordinates": [[[0, 1], [1, 1], [1, 2], [0, 1]]]},
        starts_on=start,
        ends_on=start + timedelta(days=10),
    )

    found = beat_at(0.6, 1.3, on=start + timedelta(days=days))

    assert found == (beat if is_found else None)


def test_several_far_apart_doors_of_one_number_are_asked_about():
    west = BeatFactory(boundary=square_of(-124.20), starts_on=timezone.localdate())
    east = BeatFactory(boundary=square_of(-124.18), starts_on=timezone.localdate())
    street = StreetFactory(name="Oak St")
    StreetSegmentFactory(street=street)
    StreetSegmentFactory(
        street=street,
        line={"type": "LineString", "coordinates": [[-124.178, 41.005], [-124.172, 41.005]]},
    )

    found = locate("150 Oak St")

    assert found.sureness == Sureness.WHICH
    assert {candidate.beat for candidate in found.candidates} == {west, east}
    assert found.beat is None


def test_a_street_without_numbers_is_only_a_street():
    BeatFactory(boundary=square_of(-124.20))
    StreetSegmentFactory(street=StreetFactory(name="Oak St"), numbers={"left": (1, 99)})
    StreetSegment.objects.get().ranges.all().delete()

    found = locate("50 Oak St")

    assert found.sureness == Sureness.STREET
    assert found.notes[0] == "We know this street, but none of its house numbers."


def test_a_home_is_never_a_known_place():
    BeatFactory(boundary=square_of(-124.20))
    VenueFactory(name="Smith Home", kind="home", disclosure="block", address="")

    assert locate("Smith Home").sureness == Sureness.UNKNOWN
    Venue.objects.update(kind="public")
    assert locate("Smith Home").sureness == Sureness.VENUE


def square_of(west: float) -> dict:
    return {"type": "Polygon", "coordinates": [[
        [west, 41.0], [west + 0.01, 41.0], [west + 0.01, 41.01], [west, 41.01], [west, 41.0]
    ]]}  # fmt: skip


@needs_real_city
def test_real_facilities_land_in_their_own_beat_and_none_silently_in_a_wrong_one(capsys):
    import_real_city()
    features = json.loads((REAL / "public-facilities.geojson").read_text())["features"]
    counts: Counter[tuple[str, ...]] = Counter()
    silent, took = [], []

    for feature in features:
        address = feature["properties"]["SITUS_ADDR"] or ""
        if not address:
            continue
        point = shape(feature["geometry"]).representative_point()
        true = beat_at(point.x, point.y)
        began = time.perf_counter()
        found = locate(address, use_venues=False)
        took.append(time.perf_counter() - began)
        is_plain = re.match(r"\d+ (?!block)", address, re.IGNORECASE) is not None
        verdict = "none" if found.beat is None else "right" if found.beat == true else "wrong"
        said = "sure" if found.is_sure else "flagged"
        counts["plain" if is_plain else "other", found.sureness.value, verdict, said] += 1
        if verdict == "wrong" and (found.is_sure or not found.notes):
            silent.append(address)

    plain = {key: count for key, count in counts.items() if key[0] == "plain"}
    right = sum(count for key, count in plain.items() if key[2] == "right")
    with capsys.disabled():
        print()
        for key, count in sorted(counts.items()):
            print(f"{count:4}  {' '.join(key)}")
        middle = sorted(took)[len(took) // 2] * 1000
        print(f"{right} of {sum(plain.values())} plain addresses right, {middle:.0f} ms each")
    assert silent == []
    assert sum(plain.values()) >= 100
    assert right >= 0.95 * sum(plain.values())
    assert middle < 500  # ten times what it may take


@needs_real_city
def test_real_shore_roads_corners_blocks_and_slips_get_an_honest_answer():
    import_real_city()
    answers = {
        "530 PCH": (Sureness.EXACT, "b001"),
        "1030 Pacific Coast Highway": (Sureness.EXACT, "b001"),
        "1623 Appian Way": (Sureness.EXACT, "b001"),
        "300 Santa Monica Pier": (Sureness.EXACT, "b001"),
        "1401 Ocean Front Walk": (Sureness.EXACT, "b001"),
        "1401 Boardwalk": (Sureness.EXACT, "b001"),
        "9000 Ocean Front Walk": (Sureness.STREET, "b001"),
        "4th St and Broadway": (Sureness.CORNER, "b001"),
        "2400-2500 Block of Neilson Way": (Sureness.BLOCK, "b001"),
        "1300 Third Street Promenade": (Sureness.EXACT, "b001"),
        "1435 Cloverfield": (Sureness.EXACT, "b003"),
        "800 Ocean Pk Blvd": (Sureness.NEAR, "b002"),
        "Ocean Ave": (Sureness.STREET, None),
        "12 Nowhere Ln": (Sureness.UNKNOWN, None),
    }

    found = {text: locate(text) for text in answers}

    assert {t: (a.sureness, a.beat and a.beat.code) for t, a in found.items()} == answers
    assert not found["1435 Cloverfield"].is_sure
    assert not found["800 Ocean Pk Blvd"].is_sure
    # Wilshire is a line between beats that do not quite meet: some beat, and a doubt.
    on_the_line = locate("Wilshire Blvd and 20th St")
    assert on_the_line.beat
    assert on_the_line.others
