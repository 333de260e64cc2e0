"""Put a backup back, or the embedded database as it was at a moment."""

from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from config.backups import dump, keyring, manifest, point_in_time
from config.backups.manifest import BASE, DUMP
from config.backups.refusals import BackupFailed, CannotRestore
from config.embedded.environment import ensure
from config.embedded.failure import CannotStart
from config.embedded.paths import DataFolder

HELD = (
    "Sending is held back: what went out after the backup would go again. Look at the sending "
    "room, then: manage.py resume_sending"
)

CHOICES = {
    DUMP: "As it was in a night: manage.py restore FOLDER",
    BASE: "As it was at any moment after one of these: manage.py restore --until TIME",
}


class Command(BaseCommand):
    help = "Put a backup back, or, with --until, the embedded database as it was at a moment."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("backup", nargs="?", type=Path, help="the folder of a dump")
        parser.add_argument(
            "--until", metavar="TIME",
            help="as 2026-11-27T18:00-08:00, or now; Beatbook must be stopped",
        )  # fmt: skip
        parser.add_argument(
            "--into", type=Path, metavar="DIR",
            help="with --until: make a data directory ready for a PostgreSQL of your own",
        )  # fmt: skip
        parser.add_argument("--replace", action="store_true", help="give up what is there now")
        parser.add_argument("--check", action="store_true", help="only look whether it could be")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["until"]:
                self.until(options["until"], into=options["into"], **_how(options))
            elif options["backup"]:
                self.dump(options["backup"].absolute(), **_how(options))
            else:
                self.tell_choice()
        except (BackupFailed, CannotRestore, CannotStart) as failure:
            raise CommandError(str(failure)) from failure
        except OSError as failure:
            raise CommandError(f"{failure.filename}: {failure.strerror}.") from failure
        except DatabaseError as failure:
            raise CommandError(f"The database does not answer: {failure}") from failure

    def dump(self, place: Path, *, replace: bool, only_check: bool) -> None:
        folder, about = dump.check(place)
        self.stdout.write(f"{folder} is whole, of {about.made_at}, and its keys are here.")
        if only_check:
            return
        ensure()
        there, name = dump.what_is_there(), connection.settings_dict["NAME"]
        if there and not replace:
            raise CommandError(
                f"The database {name} is not empty: {there}. Say --replace to give that up for "
                "the backup."
            )
        self.stdout.write(f"Restoring into the database {name} ({there or 'empty'}) …")
        dump.restore(folder)
        self.stdout.write(f"Restored. {HELD}")

    def until(self, moment: str, *, into: Path | None, replace: bool, only_check: bool) -> None:
        folder, until = DataFolder(settings.DATA_DIR), _moment(moment)
        base, about = point_in_time.choose(Path(settings.BACKUP_ROOT), until)
        segments = point_in_time.must_be_whole(about)
        keyring.must_open(about.keys)
        self.stdout.write(
            f"{base} is whole, of {about.made_at}, {len(segments)} segments of the log follow, "
            "and its keys are here."
        )
        if only_check:
            return
        if into:
            point_in_time.make_ready(base, segments, until, into)
            self.stdout.write(f"{into} is ready for PostgreSQL {about.postgres}. Hold sending "
                              "before any worker starts: manage.py pause_sending")  # fmt: skip
            return
        if connection.get_connection_params().get("host") != str(folder.sockets):
            raise CannotRestore(
                "The database is not one of the servers here: see docs/operator/backups.md."
            )
        if folder.postgres.exists() and not replace:
            raise CannotRestore(
                f"{folder.postgres} holds a database. Say --replace to put it aside for the backup."
            )
        point_in_time.must_fit(folder, about)
        self.here(point_in_time.restore(folder, base, segments, until))

    def here(self, restored: point_in_time.Restored) -> None:
        if restored.replaced:
            self.stdout.write(f"What was there lies in {restored.replaced}: remove it when all is "
                              "well.")  # fmt: skip
        last = timezone.localtime(restored.until).isoformat() if restored.until else "the base's"
        self.stdout.write(f"Restored; the last change in it is of {last}. {HELD}")

    def tell_choice(self) -> None:
        root = Path(settings.BACKUP_ROOT)
        for kind, words in CHOICES.items():
            lines = [f"  {folder}  {about.made_at}" for folder, about in manifest.kept(root, kind)]
            self.stdout.write("\n".join([words, *(lines or [f"  (none in {root})"])]))


def _how(options: dict[str, Any]) -> dict[str, bool]:
    return {"replace": options["replace"], "only_check": options["check"]}


def _moment(text: str) -> datetime | None:
    """None: everything that was kept."""
    if text == "now":
        return None
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise CommandError(f"{text} is no time with its zone, as 2026-11-27T18:00-08:00.")
    return moment
