"""Backups: whether there is a good one, how old it is, and whether the log is kept."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings

from config.backups import nightly
from config.doctor.findings import Asked, Finding, broken, look, ok

HOUR = timedelta(hours=1)


def backups_are_made(asked: Asked) -> Iterator[Finding]:
    age, log = nightly.age_of_last_backup(), nightly.age_of_last_wal()
    limit = timedelta(seconds=settings.HEALTH_LIMITS["backup"])
    if age is None:
        yield broken(f"There is no backup in {settings.BACKUP_ROOT}.", "manage.py backup")
    elif age > limit:
        yield broken(
            f"The last good backup is {age // HOUR} hours old.",
            "manage.py backup says why; the ticker and its worker make one each night.",
        )
    else:
        yield ok(f"The last good backup is {age // HOUR} hours old.")
    if log is None:
        yield look(
            "The log of the database is not kept: a restore loses what came after the backup.",
            "Let manage.py archive_wal run beside the database.",
        )
    elif log > timedelta(seconds=settings.HEALTH_LIMITS["backup_log"]):
        yield broken(
            "The log of the database is kept no more.", "Look at archive_wal and its disk."
        )
    else:
        yield ok("The log of the database is kept as it comes.")
