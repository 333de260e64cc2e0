"""Rung by the ticker; run late, twice or beside itself, no date comes twice."""

from celery import shared_task

from scheduling.services import series


@shared_task
def extend() -> None:
    """Make the events of series as far as the horizon: once a night there is something to do."""
    series.extend()
