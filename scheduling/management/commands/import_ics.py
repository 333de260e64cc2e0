"""Bring in a calendar from the command line: the same look, then the same service."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from outreach.enums import PUBLIC_PROGRAMS, Program
from outreach.models import Beat, StaffMember
from outreach.selectors import beats_in_effect
from scheduling import bounded, calendar_words, import_page, selectors, wording
from scheduling.enums import Classification
from scheduling.forms.events import WHOLE_CITY
from scheduling.import_page import Shown
from scheduling.models import CalendarImport
from scheduling.services import imports
from scheduling.services.events import USUAL_CLASSIFICATION
from scheduling.services.verdicts import Choice, State, Verdict

SEEN = [Classification.PUBLIC, Classification.PRIVATE]


class Command(BaseCommand):
    help = "Show what becomes of each event of an .ics file; with --commit, bring them in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--beat", required=True, help=f"its code, or {WHOLE_CITY}")
        programs = [one.value for one in PUBLIC_PROGRAMS]
        parser.add_argument("--program", required=True, choices=programs)
        parser.add_argument("--staff", nargs="+", default=[], metavar="USERNAME")
        seen = [one.value for one in SEEN]
        parser.add_argument("--seen-by", choices=seen, help="as usual for the program if not given")
        parser.add_argument("--commit", action="store_true", help="bring them in")

    def handle(self, *args: Any, **options: Any) -> None:
        own = self._stage(options)
        try:
            found = import_page.verdicts(own)
            self._tell(found)
            if not options["commit"]:
                self.stdout.write("Nothing was brought in; --commit does it.")
                return
            imports.start(own)
            imports.bring_in(own.pk)
            own.refresh_from_db()
            self.stdout.write("")
            changed = (State.BROUGHT, State.REFUSED)
            self._tell([one for one in import_page.verdicts(own) if one.state in changed])
        finally:
            imports.throw_away(own)

    def _stage(self, options: dict[str, Any]) -> CalendarImport:
        file = options["file"]
        program = Program(options["program"])
        choice = Choice(
            program=program,
            beat=_beat(options["beat"]),
            classification=Classification(options["seen_by"] or USUAL_CLASSIFICATION[program]),
            staff=tuple(_person(name) for name in options["staff"]),
        )
        try:
            with file.open("rb") as opened:
                data = opened.read(bounded.MOST_BYTES + 1)
            return imports.stage(choice, data, file_name=file.name, by=None)
        except OSError as failure:
            raise CommandError(f"{file}: {failure.strerror}") from failure
        except bounded.Unreadable as refusal:
            raise CommandError(f"{file}: {calendar_words.fault(refusal)}") from refusal

    def _tell(self, found: list[Verdict]) -> None:
        shown = Shown.of(found, "")
        for row in shown.rows:
            one = row.verdict
            when = wording.when(one.span.starts_at, one.span.ends_at) if one.span else "–"
            place = one.venue.name if one.venue else one.entry.words.location
            what = ", ".join(words for words in (one.title or "–", place) if words)
            said = " ".join((*one.reasons, *one.notes))
            self.stdout.write(f"{when} | {what} | {row.name}{': ' if said else ''}{said}")
        told = "; ".join(count.words for count in shown.counts)
        self.stdout.write(f"{shown.found} entries: {told}" if told else "0 entries")


def _beat(code: str) -> Beat | None:
    if code == WHOLE_CITY:
        return None
    beat = beats_in_effect().filter(code=code).first()
    if beat is None:
        raise CommandError(f"no beat in effect has the code {code}")
    return beat


def _person(username: str) -> StaffMember:
    person = selectors.bookable_staff().filter(user__username=username).first()
    if person is None:
        raise CommandError(f"nobody who can be booked has the username {username}")
    return person
