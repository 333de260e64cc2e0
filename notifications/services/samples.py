"""Each kind of message with made-up facts, so that staff see what residents will read."""

from dataclasses import dataclass
from datetime import time, timedelta
from types import SimpleNamespace
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from notifications import segments
from notifications.enums import BY_TEXT, MessageKind
from notifications.services.rendering import FOR_SUBSCRIBERS
from outreach import department
from outreach.enums import SurveyStatus
from scheduling.localtime import instant

UID = UUID(int=0)
# Written anew for each campaign, or read by no resident; there is nothing to sample.
FREE = (MessageKind.CAMPAIGN, MessageKind.CAMPAIGN_TEST, MessageKind.CANARY)
KINDS = [kind for kind in MessageKind if kind not in FREE]
OF_SURVEY = ("survey-", "visit-")


@dataclass(frozen=True)
class Sample:
    """One kind in one language. sms is empty where it never goes by text."""

    subject: str
    text: str
    html: str
    sms: str


def sample(kind: MessageKind, language: str) -> Sample:
    with override(language):
        context = _context(kind, language)
        folder = f"notifications/{kind}"
        said = render_to_string(f"{folder}/sms.txt", context) if kind in BY_TEXT else ""
        return Sample(
            subject=render_to_string(f"{folder}/subject.txt", context).strip(),
            text=render_to_string(f"{folder}/body.txt", context).strip(),
            html=render_to_string(f"{folder}/body.html", context),
            sms=segments.plain(said),
        )


def _context(kind: MessageKind, language: str) -> dict[str, object]:
    is_survey = kind.startswith(OF_SURVEY)
    link = f"{settings.BASE_URL}/…"
    event = _event()
    context: dict[str, object] = {
        "kind": kind,
        "event": event,
        "events": [event],
        "request": SimpleNamespace(reference="HB-2A7K", status=SurveyStatus.RECEIVED)
        if is_survey
        else None,
        "revision": SimpleNamespace(
            previous_starts_at=event.starts_at - timedelta(days=1), note=_("The hall is closed.")
        ),
        "asked": SimpleNamespace(
            reference="HB-9C4M", topic=_("Home safety talk"), answer=_("No officer is free then.")
        ),
        "late_minutes": 20,
        "further": 0,
        "department": department.current(),
        "sender": _("City of %(city)s") % {"city": department.current().city}
        if is_survey
        else department.current().unit,
        "base_url": settings.BASE_URL,
        "language": language,
        "name": "Robin",
        "confirm_url": link,
        "own_url": link,
        "event_url": link,
        "events_url": settings.BASE_URL + reverse("events"),
    }
    if kind in FOR_SUBSCRIBERS:
        context |= {"preferences_url": link, "leave_url": link}
    if kind.startswith("rsvp-"):
        context |= {"seats_url": link, "rsvp": SimpleNamespace(seats=2)}
    return context


def _event() -> SimpleNamespace:
    day = timezone.localdate() + timedelta(days=7)
    starts_at = instant(day, time(19))
    return SimpleNamespace(
        uid=UID,
        title=_("Watch meeting"),
        details="",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=90),
        venue=None,
        location=_("Main Library"),
        is_cancelled=False,
    )
