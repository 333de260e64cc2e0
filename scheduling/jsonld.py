"""An event in the words of schema.org, for search engines and assistants."""

import json
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from outreach import department
from outreach.disclosure import public_parts, public_point
from scheduling.models import Event
from scheduling.seats import Tally

Data = dict[str, Any]
# What could end the script element; everything beyond ASCII is escaped by json itself.
ESCAPES = {ord(mark): f"\\u{ord(mark):04x}" for mark in "<>&"}


def script(data: Data) -> SafeString:
    """A block of data, which a policy without unsafe-inline lets stand: nothing in it runs."""
    text = SafeString(json.dumps(data).translate(ESCAPES))
    return format_html('<script type="application/ld+json">{}</script>', text)


def event_data(event: Event, *, moved_from: datetime | None, tally: Tally | None) -> Data:
    """moved_from: the start it had before it last moved to another time."""
    title, details = event.words()
    data: Data = {
        "@context": "https://schema.org",
        "@type": "Event",
        "identifier": str(event.uid),
        "url": settings.BASE_URL + reverse("event", args=[event.uid]),
        "name": title,
        "description": details or title,
        "startDate": _local(event.starts_at),
        "endDate": _local(event.ends_at),
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "location": _location(event),
        "organizer": _organizer(),
        "isAccessibleForFree": True,
        "inLanguage": get_language() or settings.LANGUAGE_CODE,
        **_status(event, moved_from),
    }
    if tally:
        data["maximumAttendeeCapacity"] = tally.capacity
        data["remainingAttendeeCapacity"] = max(tally.free, 0)
    return data


def _local(moment: datetime) -> str:
    return timezone.localtime(moment).isoformat()


def _status(event: Event, moved_from: datetime | None) -> Data:
    if event.is_cancelled:
        return {"eventStatus": "https://schema.org/EventCancelled"}
    if moved_from:
        return {
            "eventStatus": "https://schema.org/EventRescheduled",
            "previousStartDate": _local(moved_from),
        }
    return {"eventStatus": "https://schema.org/EventScheduled"}


def _location(event: Event) -> Data:
    """What the pages show of the place, and where nothing is shown, the city alone."""
    city = department.current().city
    name, street = public_parts(event.venue) if event.venue else ("", "")
    address = {"@type": "PostalAddress", "addressLocality": city}
    if street:
        address["streetAddress"] = street
    place: Data = {
        "@type": "Place",
        "name": ", ".join(part for part in (name, event.location) if part) or street or city,
        "address": address,
    }
    if event.venue and (point := public_point(event.venue)):
        latitude, longitude = point
        place["geo"] = {"@type": "GeoCoordinates", "latitude": latitude, "longitude": longitude}
    return place


def _organizer() -> Data:
    shown = department.current()
    return {
        "@type": "GovernmentOrganization",
        "name": shown.unit,
        "url": settings.BASE_URL + reverse("home"),
        "telephone": shown.phone,
        "parentOrganization": {"@type": "GovernmentOrganization", "name": shown.name},
    }
