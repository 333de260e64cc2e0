"""A file of the city is taken whole or refused whole, and only what changed is written."""

import json
from copy import deepcopy
from datetime import date

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from outreach.models import AddressRange, Beat, Street, StreetAlias, StreetSegment, Venue
from tests.factories.places import BeatFactory, square
from tests.outreach.city import DEMO, REAL, needs_real_city

pytestmark = pytest.mark.django_db
BEATS = json.loads((DEMO / "beats.geojson").read_text())
STREETS = json.loads((DEMO / "streets.geojson").read_text())
VENUES = json.loads((DEMO / "venues.geojson").read_text())
WRITES = ("INSERT", "UPDATE", "DELETE")


@pytest.fixture
def run(tmp_path, capsys):
    """Write the content to a file, import it and give back what was printed."""

    def run(command, content, **options):
        path = tmp_path / "city.geojson"
        text = content if isinstance(content, str) else json.dumps(content)
        path.write_text(text, encoding="utf-8")
        call_command(command, str(path), **options)
        return capsys.readouterr().out

    return run


def beats(run, content=BEATS, **options):
    return run("import_beats", content, **{"code": "code", "name": "name"} | options)


def venues(run, content=VENUES):
    return run("import_venues", content, name="name", address="address")


def changed(content, change):
    copy = deepcopy(content)
    change(copy["features"])
    return copy


def collection(*geometries, **properties):
    features = [
        {"type": "Feature", "properties": {"code": f"x{n}", **properties}, "geometry": geometry}
        for n, geometry in enumerate(geometries, start=1)
    ]
    return {"type": "FeatureCollection", "features": features}


def test_import_beats_gives_codes_names_letters_and_hues_in_order(run):
    printed = beats(run)

    assert "beats: 4 added, 0 changed, 0 unchanged, 0 refused" in printed
    assert list(Beat.objects.values_list("code", "name", "letter", "color")) == [
        ("b1", "Harbor", "A", "#0072B2"),
        ("b2", "Old Town", "B", "#E69F00"),
        ("b3", "Mesa", "C", "#009E73"),
        ("b4", "Canyon", "D", "#CC79A7"),
    ]


@pytest.mark.parametrize(("raw", "name"), [("B001", "B001"), (7, "Beat 7"), ("North 1", "North 1")])
def test_a_beat_without_a_name_is_called_by_its_code(run, raw, name):
    beats(run, collection(square(-124.2, 41.0), code=raw), name=None)

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
def test_importing_again_writes_nothing(run, command, content, options, count):
    first = run(command, content, **options)

    with CaptureQueriesContext(connection) as queries:
        second = run(command, content, **options)

    assert f"{count} added, 0 changed, 0 unchanged, 0 refused" in first
    assert f"0 added, 0 changed, {count} unchanged, 0 refused" in second
    assert [q["sql"] for q in queries if q["sql"].startswith(WRITES)] == []


def test_importing_streets_again_changes_the_one_segment_whose_numbers_changed(run):
    run("import_streets", STREETS)
    before = set(StreetSegment.objects.values_list("pk", flat=True))

    def renumber(features):
        features[10]["properties"]["ADLT"] += 2

    printed = run("import_streets", changed(STREETS, renumber))

    count = len(STREETS["features"]) - 1
    assert f"0 added, 1 changed, {count} unchanged" in printed
    assert set(StreetSegment.objects.values_list("pk", flat=True)) == before


def test_importing_streets_again_changes_the_one_segment_whose_line_moved(run):
    run("import_streets", STREETS)

    def move(features):
        features[10]["geometry"]["coordinates"][0][0] += 0.0001

    printed = run("import_streets", changed(STREETS, move))

    assert f"0 added, 1 changed, {len(STREETS['features']) - 1} unchanged" in printed


def test_a_segment_no_longer_in_the_file_is_removed_and_said(run):
    run("import_streets", STREETS)

    printed = run("import_streets", changed(STREETS, lambda features: features.pop(10)))

    assert "1 no longer in the file's area were removed" in printed
    assert StreetSegment.objects.count() == len(STREETS["features"]) - 1


def test_a_file_with_most_streets_missing_is_refused_unless_meant(run):
    run("import_streets", STREETS)

    def keep_the_corners(features):
        features[:] = [features[0], features[9], features[180], features[-60]]

    few = changed(STREETS, keep_the_corners)

    with pytest.raises(CommandError, match="--replace"):
        run("import_streets", few)
    assert StreetSegment.objects.count() == len(STREETS["features"])
    run("import_streets", few, replace=True)
    assert StreetSegment.objects.count() < len(STREETS["features"])


def test_streets_of_another_city_are_left_alone(run):
    run("import_streets", STREETS)

    def far_away(features):
        for feature in features:
            for point in feature["geometry"]["coordinates"]:
                point[0] += 6.0
                point[1] -= 7.0

    printed = run("import_streets", changed(STREETS, far_away))

    assert "removed" not in printed
    assert StreetSegment.objects.count() == 2 * len(STREETS["features"])
    assert Street.objects.count() == len({f["properties"]["FULLNAME"] for f in STREETS["features"]})


def test_street_names_may_come_in_parts_and_numbers_under_other_names(run):
    line = {"type": "LineString", "coordinates": [[-124.2, 41.0], [-124.19, 41.0]]}
    content = collection(line, STNAME="OAK", SUFTYPE="AV", SUFDIR="N", a=1, b="99", c=2, d=None)

    run("import_streets", content, left=("a", "b"), right=("c", "d"))

    assert Street.objects.get().key == "OAK AVE NORTH"
    assert list(AddressRange.objects.order_by("side").values_list("side", "first", "last")) == [
        ("left", 1, 99),
        ("right", 2, 2),
    ]


def test_pieces_without_a_name_or_a_length_are_left_out_and_named(run):
    def spoil(features):
        features[0]["properties"] |= {"FULLNAME": None, "STNAME": None, "SUFTYPE": None}
        features[1]["geometry"]["coordinates"] = [[-124.6, 41.5], [-124.6, 41.5]]

    printed = run("import_streets", changed(STREETS, spoil))

    assert f"{len(STREETS['features']) - 2} added, 0 changed, 0 unchanged, 2 refused" in printed
    assert "feature 2 (1ST ST)" in printed


def test_only_the_beat_that_changed_is_written(run):
    beats(run)

    def rename(features):
        features[2]["properties"]["name"] = "Mesa Verde"

    printed = beats(run, changed(BEATS, rename))

    assert "0 added, 1 changed, 3 unchanged, 0 refused" in printed
    assert Beat.objects.get(code="b3").name == "Mesa Verde"


def test_a_beat_not_in_the_file_is_reported_and_kept(run):
    beats(run)

    printed = beats(run, changed(BEATS, lambda features: features.pop(0)))

    assert "left as they are: b1" in printed
    assert Beat.objects.count() == 4


def test_a_beat_drawn_anew_under_an_old_code_is_refused(run):
    beats(run)

    def swap(features):
        features[0]["geometry"], features[3]["geometry"] = (
            features[3]["geometry"],
            features[0]["geometry"],
        )

    with pytest.raises(CommandError, match=r"feature 1 \(b1\): drawn anew.*give it a new code"):
        beats(run, changed(BEATS, swap))


def test_a_second_city_gets_the_next_letters(run):
    BeatFactory(letter="A", code="old", boundary=square(-118.4, 34.0), starts_on=date(2020, 1, 1))

    beats(run)

    letters = Beat.objects.filter(code__startswith="b").values_list("letter", flat=True)
    assert list(letters) == ["B", "C", "D", "E"]


BOW = {"type": "Polygon", "coordinates": [[[-124.2, 41.0], [-124.1, 41.1], [-124.1, 41.0],
                                           [-124.2, 41.1], [-124.2, 41.0]]]}  # fmt: skip
POINT = {"type": "Point", "coordinates": [-124.2, 41.0]}
GOOD = square(-124.2, 41.0)


def turned(geometry):
    return {**geometry, "coordinates": [[[y, x] for x, y in geometry["coordinates"][0]]]}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("hello", "not GeoJSON: Expecting value at line 1"),
        ("", "not GeoJSON"),
        ("[" * 100_000, "not GeoJSON"),
        ("[]", "a FeatureCollection was expected"),
        ('{"type": "FeatureCollection"}', "no features"),
        (collection(), "no features"),
        (collection(GOOD, BOW), r"feature 2 \(x2\): its shape crosses or touches itself"),
        (collection(GOOD, POINT), r"feature 2 \(x2\): a MultiPolygon or Polygon was expected"),
        (collection(GOOD, None), r"feature 2 \(x2\): .* expected, not nothing"),
        (collection(GOOD, turned(GOOD)), r"feature 2 \(x2\): no city lies at 41, -124"),
        (collection(GOOD, GOOD, square(-104.2, 41.0)), r"feature 3 \(x3\): .* far from the rest"),
        (collection(square(-200.0, 41.0)), "not a longitude and a latitude in degrees"),
        (collection(square(-124.2, 91.0)), "no city lies at"),
        (collection({"type": "Polygon", "coordinates": []}), "its shape is empty"),
        (collection({"type": "Polygon", "coordinates": "abc"}), "not lists of numbers"),
        (collection({"type": "Polygon", "coordinates": [[[1, "2"]]]}), "not two numbers"),
        (collection({"type": "Polygon", "coordinates": [[[1, 2], [3, 4]]]}), "cannot be read"),
        (json.dumps(collection(GOOD)).replace("41.0", "NaN"), "NaN is not a number"),
        (json.dumps(collection(GOOD)).replace("41.0", "1e999"), "not two numbers"),
        (collection(GOOD, GOOD, code="b1"), r"feature 2 \(b1\): its code “b1” is also that of"),
        (collection(GOOD, code="!!!"), "makes no code"),
        (collection(GOOD, code="a\u0000b"), "control characters"),
        (collection(GOOD) | {"crs": {"properties": {"name": "EPSG:2229"}}}, "must be WGS84"),
    ],
)
def test_a_broken_file_of_beats_is_refused_whole_in_one_line(run, content, said):
    with pytest.raises(CommandError, match=said) as refusal:
        beats(run, content, name=None)

    assert "\n" not in str(refusal.value)
    assert "refused, nothing saved" in str(refusal.value)
    assert not Beat.objects.exists()


def test_a_property_nobody_has_is_refused_naming_those_there_are(run):
    with pytest.raises(CommandError, match="no feature has the property “beat”; there are: code"):
        beats(run, code="beat")


def test_a_file_that_is_not_there_is_refused():
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        call_command("import_beats", "/nowhere.geojson", code="code")


def test_swapped_coordinates_that_could_be_a_place_are_seen_from_the_citys_beats(run):
    # In the Gulf of Guinea both orders are on the map; only the city's beats tell.
    BeatFactory(boundary=square(3.4, 6.5))
    place = {"type": "Point", "coordinates": [6.505, 3.405]}

    with pytest.raises(CommandError, match="longitude and latitude swapped"):
        venues(run, collection(place, name="Library", address=""))


def test_a_refused_street_file_saves_nothing(run):
    def spoil(features):
        features[-1]["properties"]["ADLF"] = -5

    with pytest.raises(CommandError, match=r"feature \d+ \(.+\): “ADLF” is not a house number"):
        run("import_streets", changed(STREETS, spoil))

    assert not Street.objects.exists()


def test_import_venues_puts_each_into_its_beat_and_pieces_together(run):
    beats(run)
    twice = changed(VENUES, lambda features: features.append(deepcopy(features[0])))

    printed = venues(run, twice)

    assert f"{len(twice['features'])} added" in printed
    assert f"are {len(VENUES['features'])} venues" in printed
    library = Venue.objects.get(name="Harbor Bay Main Library")
    assert (library.beat.code, library.address) == ("b2", "621 5th St")


def test_import_venues_leaves_alone_what_staff_decide(run):
    venues(run)
    Venue.objects.update(is_active=False)

    def readdress(features):
        features[0]["geometry"]["coordinates"][0] += 0.001

    assert "0 added, 1 changed" in venues(run, changed(VENUES, readdress))
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
