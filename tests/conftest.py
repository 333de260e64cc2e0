"""What every test may use."""

import pytest
from django.core.cache import cache

from scheduling.models import ProgramPolicy

pytest_plugins = ["tests.browser", "tests.world"]


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    """Counters of rate limits and cached answers of one test are nothing to the next."""
    cache.clear()


@pytest.fixture
def no_margins(db: None, settings) -> None:
    """Nothing around an event and no way between two: what is not about them is easier to read."""
    ProgramPolicy.objects.update(set_up_minutes=0, take_down_minutes=0)
    settings.TRAVEL_FLAT_MINUTES = settings.TRAVEL_EXTRA_MINUTES = 0
