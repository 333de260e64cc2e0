"""Invitations to own appointments (iTIP, RFC 5546): what goes out, one UID a message."""

import icalendar
from django.conf import settings

from scheduling import ical
from scheduling.models import Event
from scheduling.timezones import vtimezone


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
    head = ical.beginning(method)
    entry = ical.skeleton(event)
    entry.add("SUMMARY", summary)
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
