"""The link that makes the first administrator."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from outreach.services import firsts


class Command(BaseCommand):
    help = "Print the link that makes the first administrator: it works once, for 24 hours."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            token = firsts.issue()
        except firsts.NotNeeded:
            raise CommandError(
                "There is an administrator already; they make further accounts. For one who "
                "cannot sign in any more: manage.py changepassword USERNAME."
            ) from None
        self.stdout.write(settings.BASE_URL + reverse("first_administrator", args=[token]))
