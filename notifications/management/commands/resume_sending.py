"""Let messages go again."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from notifications.enums import Channel, Lane
from notifications.services import gates


class Command(BaseCommand):
    help = "Let messages go again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        names = [gates.ALL, *Lane.values, Channel.EMAIL.value, Channel.TEXT.value]
        parser.add_argument("what", nargs="?", default=gates.ALL, choices=names)

    def handle(self, *args: Any, **options: Any) -> None:
        gates.open_again(options["what"])
        self.stdout.write(f"{options['what']}: open again")
        for gate in gates.closed():
            if gate.closed_at:
                self.stdout.write(f"{gate.name}: still held back ({gate.reason})")
