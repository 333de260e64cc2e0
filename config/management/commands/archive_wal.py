"""Keep the write-ahead log of the database under BACKUP_ROOT, as it is written."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.backups import wal
from config.backups.refusals import BackupFailed


class Command(BaseCommand):
    help = "Keep the write-ahead log of the database under BACKUP_ROOT, as it is written."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            wal.receive()
        except BackupFailed as failure:
            raise CommandError(str(failure)) from failure
