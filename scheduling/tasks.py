"""Rung by the ticker; run late, twice or beside itself, nothing comes twice and no feed is torn."""

from celery import shared_task

from scheduling.services import fetches, imports, leaving, publishing, series

IMPORT_SECONDS = 4  # other tasks wait for the same worker; the next tick goes on


@shared_task
def extend() -> None:
    """Make the events of series as far as the horizon: once a night there is something to do."""
    series.extend()


@shared_task
def publish() -> None:
    """Every 2 s: a change shows in its calendars within 5 s."""
    publishing.publish()


@shared_task
def heal_feeds() -> None:
    publishing.heal()


@shared_task
def tidy_feeds() -> None:
    publishing.forget()


@shared_task
def count_fetches() -> None:
    fetches.count()


@shared_task
def bring_in() -> None:
    """Make events of the calendars somebody said should come in."""
    imports.go_on(IMPORT_SECONDS)


@shared_task
def forget_imports() -> None:
    """Uploads are kept for a day."""
    imports.forget()


@shared_task
def end_those_who_left() -> None:
    """Tokens, calendars and links of whoever's last day is over."""
    leaving.end_those_who_left()
