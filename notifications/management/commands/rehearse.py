"""Print each reminder that would go out over a span, by a made-up clock; nothing is sent."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from notifications.services import rehearsal


class Command(BaseCommand):
    help = "Print each reminder that would go out from one moment to another; nothing is sent."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--from", dest="begin", required=True, help="a day, or 2026-10-31T18:00"
        )
        parser.add_argument("--to", dest="end", required=True, help="the end, not included")

    def handle(self, *args: Any, **options: Any) -> None:
        begin, end = _moment(options["begin"]), _moment(options["end"])
        if end <= begin:
            raise CommandError("The end must lie after the beginning.")
        number = 0
        for one in rehearsal.rehearse(begin, end):
            number += 1
            local = timezone.localtime(one.goes_at)
            starts = timezone.localtime(one.starts_at)
            self.stdout.write(
                f"{local:%a %Y-%m-%d %H:%M %Z}  {one.kind:<14} {one.rule:<18} {one.channel:<5} "
                f"contact {one.contact_id}  event {one.event_uid} on {starts:%a %Y-%m-%d %H:%M %Z}"
            )
        self.stdout.write(f"{number} reminders. Nothing was sent.")


def _moment(text: str) -> datetime:
    """A local day or moment; with an offset, that one."""
    try:
        moment = parse_datetime(text) if "T" in text or ":" in text else None
        day = parse_date(text) if moment is None else None
    except ValueError:
        moment = day = None
    if moment is None and day is None:
        raise CommandError(f"{text} is no day or time. Write 2026-10-31 or 2026-10-31T18:00.")
    plain = moment or datetime(day.year, day.month, day.day)  # type: ignore[union-attr]  # noqa: DTZ001
    return plain if timezone.is_aware(plain) else timezone.make_aware(plain)
