"""What the department is called, whom to call, and what it offers: the one place to ask.

A process goes by what it read for a second, so that a page asks nothing more than before.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from time import monotonic

from django.conf import settings
from django.db import DatabaseError
from django.utils.translation import get_language, gettext

from outreach.enums import PUBLIC_PROGRAMS, REQUESTABLE, Program
from outreach.models.department import ONLY, Department

# The words at the head of the first page promise these.
NAMED_AT_HOME = {Program.NEIGHBORHOOD_WATCH, Program.PRESENTATIONS, Program.SECURITY_SURVEY}
SECONDS = 1.0
Choices = list[tuple[str, str]]


@dataclass(frozen=True)
class Particulars:
    """The row, and where it says nothing, the settings; in the language of the reader."""

    row: Department

    @property
    def name(self) -> str:
        return self._in_language("name") or str(settings.DEPARTMENT["name"])

    @property
    def unit(self) -> str:
        return self._in_language("unit") or str(settings.DEPARTMENT["unit"])

    @property
    def city(self) -> str:
        return self._or_setting("city")

    @property
    def emergency(self) -> str:
        return self._or_setting("emergency")

    @property
    def non_emergency(self) -> str:
        return self._or_setting("non_emergency")

    @property
    def relay(self) -> str:
        return self._or_setting("relay")

    @property
    def phone(self) -> str:
        return self._or_setting("phone")

    @property
    def mailbox(self) -> str:
        return self._or_setting("mailbox")

    @property
    def postal_address(self) -> str:
        return self._or_setting("postal_address")

    @property
    def permit_office_url(self) -> str:
        return self.row.permit_office_url

    @property
    def crime_report_url(self) -> str:
        return self.row.crime_report_url

    @property
    def notice(self) -> str:
        return self._note("notice") or usual_notice()

    @property
    def retention(self) -> str:
        return self._note("retention") or usual_retention()

    @property
    def tenants(self) -> str:
        return self._note("tenants") or usual_tenants()

    @property
    def programs(self) -> list[Program]:
        return [program for program in Program if program not in self.row.programs_off]

    @property
    def public_programs(self) -> list[Program]:
        """Those with pages and feeds."""
        return [program for program in PUBLIC_PROGRAMS if program in self.programs]

    @property
    def requestable(self) -> list[Program]:
        return [program for program in REQUESTABLE if program in self.programs]

    @property
    def takes_surveys(self) -> bool:
        return Program.SECURITY_SURVEY in self.programs

    @property
    def runs_what_home_names(self) -> bool:
        return set(self.programs) >= NAMED_AT_HOME

    @property
    def languages(self) -> Choices:
        """The first one cannot be switched off: all that has no other words is written in it."""
        return [
            (code, str(name))
            for code, name in settings.LANGUAGES
            if code == settings.LANGUAGE_CODE or code not in self.row.languages_off
        ]

    def _in_language(self, field: str) -> str:
        """In a further language its own words, else those of the first."""
        further = _language() != settings.LANGUAGE_CODE
        own = getattr(self.row, f"{field}_{_language()}", "") if further else ""
        return str(own or getattr(self.row, field))

    def _note(self, field: str) -> str:
        return str(getattr(self.row, f"{field}_{_language()}", ""))

    def _or_setting(self, field: str) -> str:
        return str(getattr(self.row, field) or settings.DEPARTMENT[field])


@dataclass(frozen=True)
class Known:
    particulars: Particulars
    at: float


_known: Known | None = None


def current() -> Particulars:
    """As it was set a second ago at most; while the database does not answer, as last known."""
    now = monotonic()
    if _known is not None and now - _known.at < SECONDS:
        return _known.particulars
    try:
        row = Department.objects.filter(pk=ONLY).first() or Department()
    except DatabaseError:  # the page that says so names whom to call
        row = _known.particulars.row if _known else Department()
    return know(row, at=now)


def know(row: Department, *, at: float) -> Particulars:
    """Go by this row for a while."""
    global _known
    _known = Known(Particulars(row), at)
    return _known.particulars


def forget() -> None:
    """Ask the database next time."""
    global _known
    _known = None


def public_choices(also: Collection[str] = ()) -> Choices:
    """Programs to choose from; `also` keeps what was chosen before its program was switched off."""
    return _named(p for p in PUBLIC_PROGRAMS if p in current().public_programs or p in also)


def language_choices(also: Collection[str] = ()) -> Choices:
    on = dict(current().languages)
    return [(code, str(name)) for code, name in settings.LANGUAGES if code in on or code in also]


def usual_notice() -> str:
    return gettext(
        "We do not ask about immigration status. What you send may be a public record; we release "
        "only what the law requires."
    )


def usual_retention() -> str:
    return gettext("We keep what you send for two years.")


def usual_tenants() -> str:
    return gettext(
        "Do you rent? In California, Civil Code 1941.3 says which locks an owner must put on the "
        "doors and windows of most rented homes. What we suggest beyond that is advice."
    )


def _named(programs: Iterable[Program]) -> Choices:
    return [(program.value, str(program.label)) for program in programs]


def _language() -> str:
    return (get_language() or settings.LANGUAGE_CODE).split("-")[0]
