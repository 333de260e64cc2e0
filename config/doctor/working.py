"""Whether workers, ticker and publisher do their rounds."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from config.doctor.findings import Asked, Finding, broken, ok
from notifications.services import pulse
from scheduling import published

SILENCE = timedelta(minutes=2)
WORK = {
    "planner": "Nobody planned messages for two minutes",
    "personal": "Nobody took confirmations and changes to the post for two minutes",
    "campaign": "Nobody took reminders and campaigns to the post for two minutes",
}


def workers_live(asked: Asked) -> Iterator[Finding]:
    silent = pulse.silent(SILENCE)
    for name in silent:
        yield broken(f"{WORK[name]}.", "Start the ticker, then the workers; look at their logs.")
    if not silent:
        yield ok("Ticker and workers do their rounds.")


def publisher_lives(asked: Asked) -> Iterator[Finding]:
    seen = published.signed_at()
    if seen is None or timezone.now() - seen > SILENCE:
        since = f"since {timezone.localtime(seen):%b %d, %H:%M}" if seen else "yet"
        yield broken(
            f"No calendar was published {since}.",
            "Start the worker of the queue feeds; look whether it may write to FEEDS_ROOT.",
        )
    else:
        yield ok("Calendars are published.")
