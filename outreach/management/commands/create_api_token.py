"""A token for another system of the city: `Authorization: Token …`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from knox.models import get_token_model

from outreach.models import User


class Command(BaseCommand):
    help = "Print a new API token for a user. It is shown once and stored hashed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"], is_active=True).first()
        if user is None:
            raise CommandError(f"There is no active user {options['username']!r}.")
        _, token = get_token_model().objects.create(user=user, expiry=None)
        self.stdout.write(token)
