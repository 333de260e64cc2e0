"""Invitations to own appointments and the answers to them (iTIP, RFC 5546): one UID a message."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import icalendar
from django.conf import settings

from scheduling import ical, wording
from scheduling.models import Event
from scheduling.timezones import vtimezone

MOST_BYTES = 100_000  # of a reply; a client sends one or two thousand


class Answer(StrEnum):
    """PARTSTAT of somebody who was invited."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    TENTATIVE = "tentative"


@dataclass(frozen=True)
class Reply:
    """What a METHOD:REPLY says, by whom and to which version of the event."""

    uid: UUID
    attendee: str  # a mail address in lower case
    answer: Answer
    sequence: int
    stamped_at: datetime


class NotAReply(ValueError):
    """The text is no calendar, or no reply of one person to one event."""


def invitation(
    event: Event,
    *,
    method: str,
    organizer: str,
    name: str,
    email: str,
    summary: str,
    description: str,
    shows_place: bool = False,
) -> bytes:
    """One REQUEST or CANCEL for one person (RFC 5546 3.2), in neutral words given by the caller.

    shows_place: the place as the public may read it; never for a survey.
    """
    head = ical.beginning(method)
    entry = ical.skeleton(event)
    entry.add("SUMMARY", summary)
    if shows_place and (place := wording.where(event)):
        entry.add("LOCATION", place)
    entry.add("DESCRIPTION", description)
    entry.add("STATUS", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    entry.add("TRANSP", "OPAQUE")
    entry.add("CLASS", "PRIVATE")
    entry.add("ORGANIZER", ical.organizer(organizer))
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
    opening = head.to_ical(sorted=False).removesuffix(ical.END)
    return b"".join([opening, vtimezone(settings.TIME_ZONE), entry.to_ical(sorted=False), ical.END])


def parse_reply(data: bytes) -> Reply:
    """A reply as clients send it, also without ORGANIZER. Raises NotAReply for anything else."""
    try:
        calendar = icalendar.Calendar.from_ical(data[:MOST_BYTES])
        (event,) = calendar.walk("VEVENT")
        attendees = event.get("ATTENDEE")
        attendee = attendees if isinstance(attendees, icalendar.vCalAddress) else None
        if str(calendar.get("METHOD", "")).upper() != "REPLY" or attendee is None:
            raise NotAReply
        address = str(attendee).strip()
        if not address.lower().startswith("mailto:"):
            raise NotAReply
        return Reply(
            uid=UUID(str(event["UID"])),
            attendee=address[len("mailto:") :].lower(),
            answer=Answer(str(attendee.params.get("PARTSTAT", "")).lower()),
            sequence=int(event.get("SEQUENCE", 0)),
            stamped_at=_instant(event.decoded("DTSTAMP")),
        )
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError) as failure:
        raise NotAReply from failure


def _instant(at: object) -> datetime:
    """DTSTAMP is in UTC; a client that says no zone means it so."""
    if not isinstance(at, datetime):
        raise NotAReply
    return at.astimezone(ical.UTC) if at.tzinfo else at.replace(tzinfo=ical.UTC)
