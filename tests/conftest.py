"""What every test may use."""

import pytest
from django.core.cache import cache

pytest_plugins = ["tests.browser", "tests.world"]


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    """Counters of rate limits and cached answers of one test are nothing to the next."""
    cache.clear()
