"""Is this installation sound?"""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from config.doctor import mail
from config.doctor.checks import CHECKS, examine
from config.doctor.findings import Asked, Verdict

STYLES = {Verdict.OK: "SUCCESS", Verdict.LOOK: "WARNING", Verdict.BROKEN: "ERROR"}


class Command(BaseCommand):
    help = "Look at this installation and say what is broken. Ends with 1 when something is."
    requires_system_checks: list[str] = []  # it is to speak also where a start is refused

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dkim-selector", default="", help="name of the key your mail server signs with"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        asked = Asked(mail.resolver(), options["dkim_selector"])
        count = dict.fromkeys(Verdict, 0)
        for name, finding in examine(asked, CHECKS):
            count[finding.verdict] += 1
            verdict = getattr(self.style, STYLES[finding.verdict])(f"{finding.verdict.value:<13}")
            self.stdout.write(f"{verdict} {name}: {finding.words}")
            if finding.to_do:
                self.stdout.write(f"{'':<13} → {finding.to_do}")
        words = ", ".join(f"{number} {one.value}" for one, number in count.items())
        self.stdout.write(f"\n{words}")
        if count[Verdict.BROKEN]:
            sys.exit(1)
