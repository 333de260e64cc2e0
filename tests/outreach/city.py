"""The two cities of the tests: the made-up one, and a real one that lies outside the project."""

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


def import_harbor_bay() -> None:
    import_beats(DEMO / "beats.geojson", code="code", name="name")
    import_streets(DEMO / "streets.geojson")
    import_aliases(DEMO / "aliases.csv")
    import_venues(DEMO / "venues.geojson", name="name", address="address")


def import_real_city() -> None:
    import_beats(REAL / "police-beats.geojson", code="beat")
    import_streets(REAL / "street-centerlines.geojson")
