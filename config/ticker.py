"""The ticker: Celery's beat, without a file of its own, and with a sign of life."""

from time import monotonic
from typing import Any

from celery.beat import Scheduler
from django.db import DatabaseError, connection

from notifications.services import pulse

SIGN_EVERY = 5.0  # seconds


class Ticker(Scheduler):
    """Every entry is an interval, so nothing has to be remembered over a restart."""

    signed = 0.0

    def tick(self, *args: Any, **kwargs: Any) -> float:
        if monotonic() - self.signed > SIGN_EVERY:
            self._sign()
            self.signed = monotonic()
        return min(super().tick(*args, **kwargs), SIGN_EVERY)

    def _sign(self) -> None:
        try:
            pulse.beat("ticker")
        except DatabaseError:
            connection.close()  # it may be back at the next sign; the ticking goes on
