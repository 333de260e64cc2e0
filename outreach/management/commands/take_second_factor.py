"""For the last administrator whose phone is lost."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from outreach.models import StaffMember
from outreach.services import people


class Command(BaseCommand):
    help = "Take the second factor of a user away, so that they set up a new one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        staff = StaffMember.objects.filter(user__username=options["username"]).first()
        if staff is None:
            raise CommandError(f"There is no user {options['username']!r}.")
        people.reset_second_factor(staff.pk, by=None)
        self.stdout.write("Taken away. It is written down on the person's page.")
