"""What every test may use."""

import pytest
from django.conf import settings
from django.core.cache import cache
from django.utils import translation

from outreach import department
from outreach.models import Department
from scheduling.models import ProgramPolicy

pytest_plugins = ["tests.browser", "tests.world"]


@pytest.fixture(autouse=True)
def _fresh_start() -> None:
    """Counters, cached answers and the language of one test are nothing to the next."""
    cache.clear()
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def _known_department(monkeypatch) -> None:
    """A test knows the department as a process does after its first page: as installed, until the
    test keeps something else. Otherwise a second that passes would be a query more."""
    monkeypatch.setattr(department, "SECONDS", float("inf"))
    department.know(Department(), at=0)


@pytest.fixture(autouse=True)
def _own_feeds(settings, tmp_path_factory) -> None:
    """What one test publishes, no other finds on disk."""
    settings.FEEDS_ROOT = tmp_path_factory.mktemp("feeds")


@pytest.fixture
def no_margins(db: None, settings) -> None:
    """Nothing around an event and no way between two: what is not about them is easier to read."""
    ProgramPolicy.objects.update(set_up_minutes=0, take_down_minutes=0)
    settings.TRAVEL_FLAT_MINUTES = settings.TRAVEL_EXTRA_MINUTES = 0
