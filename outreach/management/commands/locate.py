from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from outreach.services.locating import locate


class Command(BaseCommand):
    help = "Say where an address is, whose beat it lies in and how sure that is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", help='as in "1234 Some St", "4th St & Oak Ave"')

    def handle(self, *args: Any, **options: Any) -> None:
        found = locate(options["address"])
        beat, place = found.beat, found.place
        self.stdout.write(f"beat:  {f'{beat.code} ({beat.name})' if beat else 'none'}")
        point = f"{place.longitude:.6f}, {place.latitude:.6f}" if place else "none"
        self.stdout.write(f"point: {point}")
        self.stdout.write(f"sure:  {found.sureness} ({found.sureness.label})")
        self.stdout.write(f"place: {found.block or found.street or 'none'}")
        for note in found.notes:
            self.stdout.write(f"note:  {note}")
        for other in found.others:
            self.stdout.write(f"or:    {other.code} ({other.name})")
        for candidate in found.candidates:
            where = candidate.beat.code if candidate.beat else "no beat"
            self.stdout.write(f"maybe: {candidate.label} ({where})")
