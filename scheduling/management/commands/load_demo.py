"""The made-up city: beats, people, venues and two months of events."""

import json
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from outreach.demo import people
from outreach.enums import Role
from scheduling.demo import asked, away, calendar, happened, repeated, weeks


class Command(BaseCommand):
    help = "Load the made-up demo city, once; print one sign-in per role."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is no demo: set BEATBOOK_DEMO=1 to load the made-up city.")
        with transaction.atomic():
            if not people.is_loaded():
                people.import_city()
                passwords = {role: secrets.token_urlsafe(12) for role in people.SIGN_INS}
                people.load(passwords)
                away.close_city()
                for part in (calendar, repeated, weeks, happened, asked, away):
                    part.load()
                self._keep(passwords)
        for line in self._sign_ins():
            self.stdout.write(line)

    def _keep(self, passwords: dict[Role, str]) -> None:
        """The sign-ins stay readable for whoever runs the demo, and for nobody else."""
        path = self._file()
        path.touch(mode=0o600)
        rows = [
            {"role": str(role.label), "username": people.SIGN_INS[role], "password": password}
            for role, password in passwords.items()
        ]
        path.write_text(json.dumps(rows, indent=1), encoding="utf-8")

    def _sign_ins(self) -> list[str]:
        if not self._file().exists():
            return []
        rows = json.loads(self._file().read_text(encoding="utf-8"))
        return [f"{row['role']}: {row['username']}  {row['password']}" for row in rows]

    def _file(self) -> Path:
        return Path(settings.DATA_DIR) / "demo-sign-ins.json"
