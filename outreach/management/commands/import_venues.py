from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from outreach.services.imports.reading import Refused
from outreach.services.imports.venues import import_venues


class Command(BaseCommand):
    help = "Add or correct public places from a GeoJSON file of points or areas."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--name", required=True, help="property with each place's name")
        parser.add_argument("--address", required=True, help="property with its address")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = import_venues(options["file"], name=options["name"], address=options["address"])
        except Refused as reason:
            raise CommandError(f"{options['file']}: refused, nothing saved: {reason}") from reason
        self.stdout.write(f"places: {done.counts}")
        pieces = sum((done.counts.added, done.counts.changed, done.counts.unchanged))
        if pieces != done.venues:
            self.stdout.write(
                f"{pieces:,} features are {done.venues:,} venues: "
                "pieces with the same name and address are one place"
            )
        if done.without_beat:
            self.stdout.write(f"{done.without_beat:,} venues lie in no beat")
        if done.missing:
            self.stdout.write(f"{done.missing:,} known venues are not in this file and stay")
