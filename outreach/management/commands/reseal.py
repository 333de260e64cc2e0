"""Everything sealed, under the current key."""

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from outreach.encryption import CannotOpen
from outreach.services import key_rotation


class Command(BaseCommand):
    help = "Seal anew what lies under an older key. Safe to break off and to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        done: Counter[str] = Counter()
        try:
            for done in key_rotation.reseal():
                self.stderr.write(f"{done.total()} fields", ending="\r")
        except CannotOpen as failure:
            raise CommandError(
                f"Something sealed cannot be opened: {failure}. Put that key back into the key "
                "file and run this again; what was done stays done."
            ) from failure
        for table, number in sorted(done.items()):
            self.stdout.write(f"{table}: {number} sealed anew")
