"""A broken file is refused whole, in one line that names the feature."""

import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from outreach.models import Beat, Street
from tests.factories.places import BeatFactory, square
from tests.outreach.city import STREETS, beats, changed, collection, venues

pytestmark = pytest.mark.django_db
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
def test_a_broken_file_of_beats_is_refused_whole_in_one_line(import_file, content, said):
    with pytest.raises(CommandError, match=said) as refusal:
        beats(import_file, content, name=None)

    assert "\n" not in str(refusal.value)
    assert "refused, nothing saved" in str(refusal.value)
    assert not Beat.objects.exists()


def test_a_property_nobody_has_is_refused_naming_those_there_are(import_file):
    with pytest.raises(CommandError, match="no feature has the property “beat”; there are: code"):
        beats(import_file, code="beat")


def test_a_file_that_is_not_there_is_refused():
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        call_command("import_beats", "/nowhere.geojson", code="code")


def test_swapped_coordinates_that_could_be_a_place_are_seen_from_the_citys_beats(import_file):
    # In the Gulf of Guinea both orders are on the map; only the city's beats tell.
    BeatFactory(boundary=square(3.4, 6.5))
    place = {"type": "Point", "coordinates": [6.505, 3.405]}

    with pytest.raises(CommandError, match="longitude and latitude swapped"):
        venues(import_file, collection(place, name="Library", address=""))


def test_a_refused_street_file_saves_nothing(import_file):
    def spoil(features):
        features[-1]["properties"]["ADLF"] = -5

    with pytest.raises(CommandError, match=r"feature \d+ \(.+\): “ADLF” is not a house number"):
        import_file("import_streets", changed(STREETS, spoil))

    assert not Street.objects.exists()
