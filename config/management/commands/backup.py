"""Back up the database and what lies beside it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from config.backups import base, dump, nightly, wal
from config.backups.manifest import Manifest
from config.backups.refusals import BackupFailed


class Command(BaseCommand):
    help = "Back up the database and the files that nothing can make again; never the keys."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", type=Path, metavar="DIR", help="instead of BACKUP_ROOT")
        parser.add_argument(
            "--base", action="store_true", help="a new base for the log, instead of a dump"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        root = (options["to"] or Path(settings.BACKUP_ROOT)).absolute()
        try:
            with nightly.alone(root) as is_alone:
                if not is_alone:
                    raise CommandError("Another backup is being made there. Try again later.")
                self.tell(*(_base(root) if options["base"] else dump.take(root)))
        except BackupFailed as failure:
            raise CommandError(str(failure)) from failure
        except OperationalError as failure:
            raise CommandError(f"The database does not answer: {failure}") from failure

    def tell(self, folder: Path, made: Manifest) -> None:
        ids = [f"{use} {key_id}" for use, ids in made.keys.items() for key_id in ids]
        self.stdout.write(f"{folder}  {made.size / 2**20:.1f} MB, kept until {made.kept_until}")
        self.stdout.write(
            f"Not in it: the key file {settings.KEY_FILE} ({', '.join(ids)}). "
            "Nobody can read what is sealed without it: keep a copy elsewhere."
        )


def _base(root: Path) -> tuple[Path, Manifest]:
    run = wal.current_run()
    if run is None:
        raise CommandError("No log is being kept (manage.py archive_wal), so a base is no use.")
    return base.take(root, run)
