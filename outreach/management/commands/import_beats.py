from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from outreach.services.imports.beats import import_beats
from outreach.services.imports.reading import Refused


class Command(BaseCommand):
    help = "Add or correct beats from a GeoJSON file of areas. A broken file is refused whole."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--code", required=True, help="property with each beat's code")
        parser.add_argument("--name", help="property with each beat's name")
        parser.add_argument(
            "--end-missing", action="store_true", help="beats not in the file end today"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = import_beats(
                options["file"],
                code=options["code"],
                name=options["name"],
                end_missing=options["end_missing"],
            )
        except Refused as reason:
            raise CommandError(f"{options['file']}: refused, nothing saved: {reason}") from reason
        self.stdout.write(f"beats: {done.counts}")
        if done.missing:
            codes = ", ".join(beat.code for beat in done.missing)
            kept = "ended today" if options["end_missing"] else "left as they are"
            self.stdout.write(f"in effect but not in this file, {kept}: {codes}")
