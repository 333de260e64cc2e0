"""iCalendar text (RFC 5545, 5546): feeds, single events and invitations.

What real clients need beyond the RFC stands in the tests; the order of properties and the
absence of any clock make an unchanged calendar byte-identical.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import icalendar
from django.conf import settings
from django.urls import reverse
from django.utils.translation import override, pgettext

from outreach.disclosure import public_place, public_point
from outreach.enums import Program
from scheduling.enums import EventStatus
from scheduling.models import Event
from scheduling.timezones import vtimezone

PRODID = "-//Beatbook//Feed 1//EN"
UTC = ZoneInfo("UTC")


@dataclass(frozen=True)
class Shelf:
    """What a calendar says about itself. The address is absolute; color is a CSS name."""

    name: str
    address: str
    description: str = ""
    color: str = ""


def calendar(shelf: Shelf, events: Iterable[Event], *, language: str | None = None) -> bytes:
    """A METHOD:PUBLISH calendar: one VEVENT per occurrence, VTIMEZONE before the first."""
    with override(language or settings.LANGUAGE_CODE):
        head = _head(shelf)
        body = [_vevent(event).to_ical(sorted=False) for event in events]
    end = b"END:VCALENDAR\r\n"
    opening = head.to_ical(sorted=False).removesuffix(end)
    return b"".join([opening, vtimezone(settings.TIME_ZONE), *body, end])


def invitation(
    event: Event,
    *,
    method: str,
    organizer: str,
    name: str,
    email: str,
    summary: str,
    description: str,
) -> bytes:
    """One REQUEST or CANCEL for one person (RFC 5546 3.2), in neutral words given by the caller."""
    head = icalendar.Calendar()
    head.add("PRODID", PRODID)
    head.add("VERSION", "2.0")
    head.add("CALSCALE", "GREGORIAN")
    head.add("METHOD", method)
    entry = _skeleton(event)
    entry.add("SUMMARY", summary)
    entry.add("DESCRIPTION", description)
    entry.add("STATUS", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    entry.add("TRANSP", "OPAQUE")
    entry.add("CLASS", "PRIVATE")
    entry.add("ORGANIZER", _organizer(organizer))
    attendee = icalendar.vCalAddress(f"mailto:{email}")
    for parameter, value in {
        "CN": name,
        "CUTYPE": "INDIVIDUAL",
        "ROLE": "REQ-PARTICIPANT",
        "PARTSTAT": "NEEDS-ACTION",
        "RSVP": "TRUE",
    }.items():
        attendee.params[parameter] = icalendar.vText(value)
    entry.add("ATTENDEE", attendee, encode=False)
    end = b"END:VCALENDAR\r\n"
    opening = head.to_ical(sorted=False).removesuffix(end)
    return b"".join([opening, vtimezone(settings.TIME_ZONE), entry.to_ical(sorted=False), end])


def _head(shelf: Shelf) -> icalendar.Calendar:
    head = icalendar.Calendar()
    head.add("PRODID", PRODID)
    head.add("VERSION", "2.0")
    head.add("CALSCALE", "GREGORIAN")
    head.add("METHOD", "PUBLISH")
    for name in ("NAME", "X-WR-CALNAME"):
        head.add(name, icalendar.vText(shelf.name))
    if shelf.description:
        head.add("X-WR-CALDESC", icalendar.vText(shelf.description))
    head.add("X-WR-TIMEZONE", settings.TIME_ZONE)
    if shelf.color:
        head.add("COLOR", shelf.color)
    head.add("REFRESH-INTERVAL", "PT1H", parameters={"VALUE": "DURATION"}, encode=False)
    head.add("X-PUBLISHED-TTL", "PT1H", encode=False)
    head.add("SOURCE", shelf.address, parameters={"VALUE": "URI"}, encode=False)
    return head


def _vevent(event: Event) -> icalendar.Event:
    page = settings.BASE_URL + reverse("event", args=[event.uid])
    summary, description = event.words()
    if event.is_cancelled:
        summary = pgettext("before an event's title", "CANCELLED: ") + summary
    entry = _skeleton(event)
    entry.add("SUMMARY", summary)
    if place := _place(event):
        entry.add("LOCATION", place)
    if event.venue and (point := public_point(event.venue)):
        entry.add("GEO", point)
    entry.add("DESCRIPTION", "\n\n".join(part for part in (description, page) if part))
    entry.add("URL", page)
    entry.add("CATEGORIES", [str(Program(event.program).label)])
    entry.add("STATUS", EventStatus(event.status).value.upper())
    entry.add("TRANSP", "TRANSPARENT")
    entry.add("CLASS", event.classification.upper())
    entry.add("ORGANIZER", _organizer(str(settings.DEPARTMENT["unit"])))
    return entry


def _skeleton(event: Event) -> icalendar.Event:
    """What identifies a VEVENT and when it takes place; stamps come from the record."""
    entry = icalendar.Event()
    entry.add("UID", str(event.uid))
    stamp = event.updated_at.astimezone(UTC).replace(microsecond=0)
    entry.add("DTSTAMP", stamp)
    entry.add("CREATED", event.created_at.astimezone(UTC).replace(microsecond=0))
    entry.add("LAST-MODIFIED", stamp)
    entry.add("SEQUENCE", event.sequence)
    entry.add("DTSTART", _moment(event.starts_at))
    entry.add("DTEND", _moment(event.ends_at))
    return entry


def _moment(at: datetime) -> datetime:
    """Local time with its TZID; the doubled hour of autumn in UTC, for only that is clear."""
    local = at.astimezone(ZoneInfo(settings.TIME_ZONE))
    other = local.replace(fold=1 - local.fold)
    return at.astimezone(UTC) if other.utcoffset() != local.utcoffset() else local


def _place(event: Event) -> str:
    shown = public_place(event.venue) if event.venue else ""
    return ", ".join(" ".join(part.split()) for part in (shown, event.location) if part)


def _organizer(name: str) -> icalendar.vCalAddress:
    organizer = icalendar.vCalAddress(f"mailto:{settings.DEPARTMENT['mailbox']}")
    organizer.params["CN"] = icalendar.vText(name)
    return organizer
