"""A file of the city is taken whole or refused whole, and only what changed is written."""

from copy import deepcopy
from datetime import date

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from outreach.models import AddressRange, Beat, Street, StreetAlias, StreetSegment, Venue
from outreach.selectors import beats_in_effect
from tests.factories.places import BeatFactory, square
from tests.outreach.city import (
    BEATS,
    DEMO,
    REAL,
    STREETS,
    VENUES,
    beats,
    changed,
    collection,
    needs_real_city,
    venues,
)

pytestmark = pytest.mark.django_db
WRITES = ("INSERT", "UPDATE", "DELETE")


def test_import_beats_gives_codes_names_letters_and_hues_in_order(import_file):
    printed = beats(import_file)

    assert "beats: 4 added, 0 changed, 0 unchanged, 0 refused" in printed
    assert list(Beat.objects.values_list("code", "name", "letter", "color")) == [
        ("b1", "Harbor", "A", "#0072B2"),
        ("b2", "Old Town", "B", "#E69F00"),
        ("b3", "Mesa", "C", "#009E73"),
        ("b4", "Canyon", "D", "#CC79A7"),
    ]


@pytest.mark.parametrize(("raw", "name"), [("B001", "B001"), (7, "Beat 7"), ("North 1", "North 1")])
def test_a_beat_without_a_name_is_called_by_its_code(import_file, raw, name):
    beats(import_file, collection(square(-124.2, 41.0), code=raw), name=None)

    assert Beat.objects.get().name == name


@pytest.mark.parametrize(
    ("command", "content", "options", "count"),
    [
        ("import_beats", BEATS, {"code": "code", "name": "name"}, 4),
        ("import_streets", STREETS, {}, len(STREETS["features"])),
        ("import_venues", VENUES, {"name": "name", "address": "address"}, len(VENUES["features"])),
    ],
    ids=["beats", "streets", "venues"],
)
def test_importing_again_writes_nothing(import_file, command, content, options, count):
    first = import_file(command, content, **options)

    with CaptureQueriesContext(connection) as queries:
        second = import_file(command, content, **options)

    assert f"{count} added, 0 changed, 0 unchanged, 0 refused" in first
    assert f"0 added, 0 changed, {count} unchanged, 0 refused" in second
    assert [q["sql"] for q in queries if q["sql"].startswith(WRITES)] == []


def test_importing_streets_again_changes_the_one_segment_whose_numbers_changed(import_file):
    import_file("import_streets", STREETS)
    before = set(StreetSegment.objects.values_list("pk", flat=True))

    def renumber(features):
        features[10]["properties"]["ADLT"] += 2

    printed = import_file("import_streets", changed(STREETS, renumber))

    count = len(STREETS["features"]) - 1
    assert f"0 added, 1 changed, {count} unchanged" in printed
    assert set(StreetSegment.objects.values_list("pk", flat=True)) == before


def test_importing_streets_again_changes_the_one_segment_whose_line_moved(import_file):
    import_file("import_streets", STREETS)

    def move(features):
        features[10]["geometry"]["coordinates"][0][0] += 0.0001

    printed = import_file("import_streets", changed(STREETS, move))

    assert f"0 added, 1 changed, {len(STREETS['features']) - 1} unchanged" in printed


def test_a_segment_no_longer_in_the_file_is_removed_and_said(import_file):
    import_file("import_streets", STREETS)

    printed = import_file("import_streets", changed(STREETS, lambda features: features.pop(10)))

    assert "1 no longer in the file's area were removed" in printed
    assert StreetSegment.objects.count() == len(STREETS["features"]) - 1


def test_a_file_with_most_streets_missing_is_refused_unless_meant(import_file):
    import_file("import_streets", STREETS)

    def keep_the_corners(features):
        features[:] = [features[0], features[9], features[180], features[-60]]

    few = changed(STREETS, keep_the_corners)

    with pytest.raises(CommandError, match="--replace"):
        import_file("import_streets", few)
    assert StreetSegment.objects.count() == len(STREETS["features"])
    import_file("import_streets", few, replace=True)
    assert StreetSegment.objects.count() < len(STREETS["features"])


def test_streets_of_another_city_are_left_alone(import_file):
    import_file("import_streets", STREETS)

    def far_away(features):
        for feature in features:
            for point in feature["geometry"]["coordinates"]:
                point[0] += 6.0
                point[1] -= 7.0

    printed = import_file("import_streets", changed(STREETS, far_away))

    assert "removed" not in printed
    assert StreetSegment.objects.count() == 2 * len(STREETS["features"])
    assert Street.objects.count() == len({f["properties"]["FULLNAME"] for f in STREETS["features"]})


def test_street_names_may_come_in_parts_and_numbers_under_other_names(import_file):
    line = {"type": "LineString", "coordinates": [[-124.2, 41.0], [-124.19, 41.0]]}
    content = collection(line, STNAME="OAK", SUFTYPE="AV", SUFDIR="N", a=1, b="99", c=2, d=None)

    import_file("import_streets", content, left=("a", "b"), right=("c", "d"))

    assert Street.objects.get().key == "OAK AVE NORTH"
    assert list(AddressRange.objects.order_by("side").values_list("side", "first", "last")) == [
        ("left", 1, 99),
        ("right", 2, 2),
    ]


def test_pieces_without_a_name_or_a_length_are_left_out_and_named(import_file):
    def spoil(features):
        features[0]["properties"] |= {"FULLNAME": None, "STNAME": None, "SUFTYPE": None}
        features[1]["geometry"]["coordinates"] = [[-124.6, 41.5], [-124.6, 41.5]]

    printed = import_file("import_streets", changed(STREETS, spoil))

    assert f"{len(STREETS['features']) - 2} added, 0 changed, 0 unchanged, 2 refused" in printed
    assert "feature 2 (1ST ST)" in printed


def test_only_the_beat_that_changed_is_written(import_file):
    beats(import_file)

    def rename(features):
        features[2]["properties"]["name"] = "Mesa Verde"

    printed = beats(import_file, changed(BEATS, rename))

    assert "0 added, 1 changed, 3 unchanged, 0 refused" in printed
    assert Beat.objects.get(code="b3").name == "Mesa Verde"


def test_a_beat_not_in_the_file_is_reported_and_kept(import_file):
    beats(import_file)

    printed = beats(import_file, changed(BEATS, lambda features: features.pop(0)))

    assert "left as they are: b1" in printed
    assert Beat.objects.count() == 4


def test_a_beat_not_in_the_file_ends_today_if_asked_and_frees_its_letter(import_file):
    BeatFactory(letter="A", code="old", starts_on=timezone.localdate())

    printed = beats(import_file, end_missing=True)

    assert "ended today: old" in printed
    assert list(beats_in_effect().values_list("code", "letter")) == [
        ("b1", "A"),
        ("b2", "B"),
        ("b3", "C"),
        ("b4", "D"),
    ]
    assert Beat.objects.get(code="old").ends_on == timezone.localdate()


def test_a_beat_drawn_anew_under_an_old_code_is_refused(import_file):
    beats(import_file)

    def swap(features):
        features[0]["geometry"], features[3]["geometry"] = (
            features[3]["geometry"],
            features[0]["geometry"],
        )

    with pytest.raises(CommandError, match=r"feature 1 \(b1\): drawn anew.*give it a new code"):
        beats(import_file, changed(BEATS, swap))


def test_a_second_city_gets_the_next_letters(import_file):
    BeatFactory(letter="A", code="old", boundary=square(-118.4, 34.0), starts_on=date(2020, 1, 1))

    beats(import_file)

    letters = Beat.objects.filter(code__startswith="b").values_list("letter", flat=True)
    assert list(letters) == ["B", "C", "D", "E"]


def test_import_venues_puts_each_into_its_beat_and_pieces_together(import_file):
    beats(import_file)
    twice = changed(VENUES, lambda features: features.append(deepcopy(features[0])))

    printed = venues(import_file, twice)

    assert f"{len(twice['features'])} added" in printed
    assert f"are {len(VENUES['features'])} venues" in printed
    library = Venue.objects.get(name="Harbor Bay Main Library")
    assert (library.beat.code, library.address) == ("b2", "621 5th St")


def test_import_venues_leaves_alone_what_staff_decide(import_file):
    venues(import_file)
    Venue.objects.update(is_active=False)

    def readdress(features):
        features[0]["geometry"]["coordinates"][0] += 0.001

    assert "0 added, 1 changed" in venues(import_file, changed(VENUES, readdress))
    assert not Venue.objects.filter(is_active=True).exists()


def test_import_aliases_names_the_line_of_an_unknown_street(tmp_path):
    call_command("import_streets", str(DEMO / "streets.geojson"), aliases=DEMO / "aliases.csv")
    wrong = tmp_path / "aliases.csv"
    wrong.write_text("alias,street\nBayfront,Front Walk\nPier,Nowhere Ln\n")

    with pytest.raises(CommandError, match="line 3: there is no street “Nowhere Ln”"):
        call_command("import_streets", aliases=wrong)

    assert StreetAlias.objects.filter(key="BAYFRONT").count() == 1


@needs_real_city
def test_the_real_city_is_taken_and_taken_again_without_a_write(capsys):
    def import_all():
        call_command("import_beats", str(REAL / "police-beats.geojson"), code="beat")
        call_command("import_streets", str(REAL / "street-centerlines.geojson"))
        facilities = str(REAL / "public-facilities.geojson")
        call_command("import_venues", facilities, name="FAC_NAME", address="SITUS_ADDR")
        return capsys.readouterr().out

    first = import_all()
    with CaptureQueriesContext(connection) as queries:
        second = import_all()

    assert "beats: 4 added" in first
    assert "3,366 of them carry address ranges" in first
    assert "places: 133 added" in first
    assert second.count("0 added, 0 changed") == 3
    assert [q["sql"][:60] for q in queries if q["sql"].startswith(WRITES)] == []
