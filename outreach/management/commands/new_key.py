"""A new key for what is sealed from now on, or for links made from now on."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from outreach.services import key_rotation


class Command(BaseCommand):
    help = "Add a new current key to the key file. Start every process again afterwards."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("use", choices=["seal", "link"])

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            name = key_rotation.add_key(options["use"])
        except OSError as failure:
            raise CommandError(
                f"The key file {settings.KEY_FILE} cannot be written: {failure.strerror}."
            ) from failure
        self.stdout.write(f"{name} is the {options['use']} key now.")
        self.stdout.write("Copy the key file to its safe place, then start every process again.")
        if options["use"] == "seal":
            self.stdout.write("After that: manage.py reseal.")
