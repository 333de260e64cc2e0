"""What every test may use."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _fresh_cache() -> Iterator[None]:
    """Counters of rate limits and cached answers of one test are nothing to the next."""
    cache.clear()
    yield
