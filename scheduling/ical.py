"""iCalendar text (RFC 5545): the parts of feeds and single events.

What real clients need beyond the RFC stands in the tests; the order of properties and the
absence of any clock make an unchanged calendar byte-identical.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import TypeVar
from zoneinfo import ZoneInfo

import icalendar
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override, pgettext

from outreach import department
from outreach.disclosure import public_point
from outreach.enums import Program
from scheduling import localtime, wording
from scheduling.enums import EventStatus
from scheduling.models import Event
from scheduling.timezones import vtimezone

PRODID = "-//Beatbook//Feed 1//EN"
UTC = ZoneInfo("UTC")
END = b"END:VCALENDAR\r\n"
# Raised when the same event is written otherwise, so that what is kept is written anew.
RENDERING = "1"
AGAIN = timedelta(hours=1)  # how soon a client may look again
Named = TypeVar("Named", icalendar.vDuration, icalendar.vUri)


def opening(*, name: str, address: str, description: str = "", color: str = "") -> bytes:
    """A METHOD:PUBLISH calendar up to its first event, VTIMEZONE included.

    The address is absolute; color is a CSS name.
    """
    head = beginning("PUBLISH")
    for title in ("NAME", "X-WR-CALNAME"):
        head.add(title, icalendar.vText(name))
    if description:
        head.add("X-WR-CALDESC", icalendar.vText(description))
    head.add("X-WR-TIMEZONE", settings.TIME_ZONE)
    if color:
        head.add("COLOR", color)
    head.add("REFRESH-INTERVAL", _named("DURATION", icalendar.vDuration(AGAIN)), encode=False)
    head.add("X-PUBLISHED-TTL", icalendar.vDuration(AGAIN), encode=False)
    head.add("SOURCE", _named("URI", icalendar.vUri(address)), encode=False)
    return head.to_ical(sorted=False).removesuffix(END) + vtimezone(settings.TIME_ZONE)


def calendar(opened: bytes, entries: Iterable[bytes]) -> bytes:
    """One VEVENT per occurrence after what opening() gave."""
    return b"".join([opened, *entries, END])


def entry(event: Event, language: str) -> str:
    """An event as anyone may read it."""
    page = settings.BASE_URL + reverse("event", args=[event.uid])
    with override(language):
        summary, description = event.words()
        if event.is_cancelled:
            summary = pgettext("before an event's title", "CANCELLED: ") + summary
        written = skeleton(event)
        written.add("SUMMARY", summary)
        if place := _place(event):
            written.add("LOCATION", place)
        if event.venue and (point := public_point(event.venue)):
            written.add("GEO", point)
        written.add("DESCRIPTION", "\n\n".join(part for part in (description, page) if part))
        written.add("URL", page)
        written.add("CATEGORIES", _categories(event))
        written.add("STATUS", EventStatus(event.status).value.upper())
        written.add("TRANSP", "TRANSPARENT")
        written.add("CLASS", event.classification.upper())
        written.add("ORGANIZER", organizer(department.current().unit))
        return written.to_ical(sorted=False).decode()


def own_entry(event: Event, language: str) -> str:
    """An event as whoever goes sees it in their own calendar; of a survey only that it is one
    and the beat."""
    page = settings.BASE_URL + reverse("staff_event", args=[event.uid])
    is_survey = event.program == Program.SECURITY_SURVEY
    with override(language):
        place = event.beat.name if is_survey and event.beat else _place(event)
        written = skeleton(event)
        written.add("SUMMARY", gettext("Appointment") if is_survey else event.words()[0])
        if place:
            written.add("LOCATION", place)
        written.add("DESCRIPTION", page)
        written.add("URL", page)
        written.add("STATUS", EventStatus(event.status).value.upper())
        written.add("TRANSP", "OPAQUE")
        written.add("CLASS", "PUBLIC" if event.classification == "public" else "PRIVATE")
        written.add("ORGANIZER", organizer(department.current().unit))
        return written.to_ical(sorted=False).decode()


def made_for() -> str:
    """Changes when the same event would be written otherwise."""
    told = [department.current().mailbox, department.current().city]
    for language, _name in settings.LANGUAGES:
        with override(language):
            told.append(department.current().unit)
    return _digest(RENDERING, settings.BASE_URL, settings.TIME_ZONE, *told)


def _named(kind: str, value: Named) -> Named:
    """With its type said, as RFC 7986 asks where a property has no default one."""
    value.params["VALUE"] = kind
    return value


@cache
def _digest(*parts: str) -> str:
    return sha256("\n".join(parts).encode()).hexdigest()[:16]


def beginning(method: str) -> icalendar.Calendar:
    head = icalendar.Calendar()
    head.add("PRODID", PRODID)
    head.add("VERSION", "2.0")
    head.add("CALSCALE", "GREGORIAN")
    head.add("METHOD", method)
    return head


def skeleton(event: Event) -> icalendar.Event:
    """What identifies a VEVENT and when it takes place; stamps come from the record."""
    written = icalendar.Event()
    written.add("UID", str(event.uid))
    stamp = event.updated_at.astimezone(UTC).replace(microsecond=0)
    written.add("DTSTAMP", stamp)
    written.add("CREATED", event.created_at.astimezone(UTC).replace(microsecond=0))
    written.add("LAST-MODIFIED", stamp)
    written.add("SEQUENCE", event.sequence)
    for name, at in (("DTSTART", event.starts_at), ("DTEND", event.ends_at)):
        written.add(name, _day(at) if localtime.is_all_day(event.span) else _moment(at))
    return written


def organizer(name: str) -> icalendar.vCalAddress:
    found = icalendar.vCalAddress(f"mailto:{department.current().mailbox}")
    found.params["CN"] = icalendar.vText(name)
    return found


def _categories(event: Event) -> list[str]:
    beat = [event.beat.name] if event.beat else []
    return [str(Program(event.program).label), *beat]


def _day(at: datetime) -> date:
    return timezone.localdate(at)


def _moment(at: datetime) -> datetime:
    """Local time with its TZID; the doubled hour of autumn in UTC, for only that is clear."""
    local = at.astimezone(ZoneInfo(settings.TIME_ZONE))
    other = local.replace(fold=1 - local.fold)
    return at.astimezone(UTC) if other.utcoffset() != local.utcoffset() else local


def _place(event: Event) -> str:
    """One line."""
    return " ".join(wording.where(event).split())
