from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from outreach.services.imports.aliases import import_aliases
from outreach.services.imports.reading import Refused
from outreach.services.imports.streets import Columns, StreetsImported, import_streets


class Command(BaseCommand):
    help = "Add or correct streets and house numbers from a GeoJSON file of center lines."

    def add_arguments(self, parser: CommandParser) -> None:
        usual = Columns()
        parser.add_argument("file", type=Path, nargs="?", help="center lines with house numbers")
        parser.add_argument("--aliases", type=Path, help="CSV with the headings alias,street")
        parser.add_argument("--replace", action="store_true", help="even if most segments go")
        parser.add_argument("--name", default=usual.name, help="property with the full name")
        parser.add_argument(
            "--parts",
            nargs="+",
            default=usual.parts,
            help="properties that make the name where the full one is empty",
        )
        for side in ("left", "right"):
            parser.add_argument(
                f"--{side}",
                nargs=2,
                default=getattr(usual, side),
                metavar=("FROM", "TO"),
                help=f"properties with the first and last number on the {side}",
            )

    def handle(self, *args: Any, **options: Any) -> None:
        file, aliases = options["file"], options["aliases"]
        if not file and not aliases:
            raise CommandError("Name a file of streets, or one of --aliases, or both.")
        reading = file
        try:
            with transaction.atomic():
                if file:
                    self._report(
                        import_streets(file, columns=_columns(options), replace=options["replace"])
                    )
                if aliases:
                    reading = aliases
                    self.stdout.write(f"aliases: {import_aliases(aliases)}")
        except Refused as reason:
            raise CommandError(f"{reading}: refused, nothing saved: {reason}") from reason

    def _report(self, done: StreetsImported) -> None:
        self.stdout.write(f"street segments: {done.counts}")
        self.stdout.write(
            f"{done.with_ranges:,} of them carry address ranges, on {done.streets:,} streets"
        )
        for feature in done.left_out[:5]:
            self.stdout.write(f"left out, no street name or no length: {feature}")
        if done.removed:
            self.stdout.write(f"{done.removed:,} no longer in the file's area were removed")


def _columns(options: dict[str, Any]) -> Columns:
    return Columns(
        name=options["name"],
        parts=tuple(options["parts"]),
        left=tuple(options["left"]),
        right=tuple(options["right"]),
    )
