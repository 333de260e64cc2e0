"""Whether the key file is the one of this city, before anything is sealed under another."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from outreach import unsealing
from outreach.encryption import CannotOpen


class Command(BaseCommand):
    help = "Open the newest of each kind of sealed field; refuse the key file of another city."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            unsealing.must_open_the_newest()
        except CannotOpen as failure:
            raise CommandError(
                f"The key file {settings.KEY_FILE} is of another installation: it does not open "
                f"what is sealed in the database ({failure}). Put the copy of the right one in "
                "its place."
            ) from failure
        self.stdout.write("The key file opens what is sealed.")
