"""The two cities of the tests: the made-up one, and a real one that lies outside the project."""

import json
from copy import deepcopy
from pathlib import Path

import pytest

from outreach.services.imports.aliases import import_aliases
from outreach.services.imports.beats import import_beats
from outreach.services.imports.streets import import_streets
from outreach.services.imports.venues import import_venues

PROJECT = Path(__file__).parents[2]
DEMO = PROJECT / "outreach" / "demo"
# Published by a city, used from beside the project and never copied into it.
REAL = PROJECT.parent / "shared" / "data"
needs_real_city = pytest.mark.skipif(
    not (REAL / "street-centerlines.geojson").exists(),
    reason=f"the real city's files are not at {REAL}: nothing was measured",
)


BEATS = json.loads((DEMO / "beats.geojson").read_text())
STREETS = json.loads((DEMO / "streets.geojson").read_text())
VENUES = json.loads((DEMO / "venues.geojson").read_text())


def import_harbor_bay() -> None:
    import_beats(DEMO / "beats.geojson", code="code", name="name")
    import_streets(DEMO / "streets.geojson")
    import_aliases(DEMO / "aliases.csv")
    import_venues(DEMO / "venues.geojson", name="name", address="address")


def import_real_city() -> None:
    import_beats(REAL / "police-beats.geojson", code="beat")
    import_streets(REAL / "street-centerlines.geojson")


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
