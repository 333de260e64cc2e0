"""One town for all drills, which are run one after the other."""

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.backups.town import Town

FULL = bool(os.environ.get("BEATBOOK_FULL"))
SEALED, ROWS, WRITING = (100, 200_000, 300) if FULL else (100, 200, 3)


@pytest.fixture(scope="session")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict]:
    """A town with a dump and a base, then writing to its last moment, then its disk is gone."""
    town = Town(tmp_path_factory.mktemp("other-disk"))
    town.opens()
    town.does("migrate", "--no-input")
    town.calls(f"fill({SEALED}, {ROWS})")
    town.keeps_its_log()
    told: dict = {"town": town}
    told["backup"] = town.does("backup")
    told["tables"] = town.tables()
    town.does("backup", "--base")
    town.calls("write('before-the-moment')")
    told["moment"] = datetime.now(UTC).isoformat()
    written = tmp_path_factory.mktemp("told") / "written"
    with town.is_written_in(written):
        time.sleep(WRITING)
        told["struck_at"] = time.time()
        town.is_struck()
    told["written"] = written.read_text().split()
    yield told
    town.is_removed()


@pytest.fixture
def rebuilt(history: dict) -> Iterator[Town]:
    town = history["town"].rebuilt()
    yield town
    town.is_removed()
