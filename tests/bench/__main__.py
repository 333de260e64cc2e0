"""Runs the benchmarks against servers made for this run: see script/bench."""

import os
import sys

from config.embedded.environment import ensure_temporary

ensure_temporary()
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
os.environ.setdefault("LOG_LEVEL", "WARNING")  # what is printed are the figures

import django  # noqa: E402

django.setup()

from django.test.runner import DiscoverRunner  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402

from tests.bench import booking, feeds, messages  # noqa: E402

BENCHES = {"booking": booking.run, "feeds": feeds.run, "messages": messages.run}


def main() -> int:
    wanted = sys.argv[1:] or list(BENCHES)
    if unknown := [name for name in wanted if name not in BENCHES]:
        print(f"No such bench: {unknown[0]}. There are: {', '.join(BENCHES)}.")
        return 2
    setup_test_environment(debug=False)
    runner = DiscoverRunner(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        results = [BENCHES[name]() for name in wanted]
    finally:
        runner.teardown_databases(databases)
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
