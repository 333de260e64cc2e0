"""Rung by the ticker."""

from celery import shared_task

from config.backups import nightly


# Longer than other tasks may; what is rung meanwhile finds it at work and leaves.
@shared_task(time_limit=4 * 3600)
def back_up() -> None:
    nightly.keep()
