"""Hold messages back: everything, a lane or a channel."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from notifications.enums import Channel, Lane
from notifications.services import gates


class Command(BaseCommand):
    help = "Hold messages back: everything, a lane or a channel."

    def add_arguments(self, parser: ArgumentParser) -> None:
        names = [gates.ALL, *Lane.values, Channel.EMAIL.value, Channel.TEXT.value]
        parser.add_argument("what", nargs="?", default=gates.ALL, choices=names)
        parser.add_argument("--reason", default="held back by the operator")

    def handle(self, *args: Any, **options: Any) -> None:
        gates.close(options["what"], reason=options["reason"])
        self.stdout.write(f"{options['what']}: held back")
