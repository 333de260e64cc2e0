"""Why somebody got a message, in words for a person who asks at the phone."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from notifications.enums import MessageKind, Purpose
from notifications.models import Message, Subscription
from notifications.wording import lead_text

OF_SURVEY = ("survey-", "visit-")
OF_REQUEST = "request-"
OF_SEATS = "rsvp-"


def why(message: Message, consents: list[Subscription]) -> str:
    """The reason of one message. consents: all subscriptions of its reader, ended ones too."""
    kind = message.kind
    if kind.startswith(OF_SURVEY):
        return _("They asked for a security survey.")
    if kind.startswith(OF_REQUEST):
        return _("They asked for an event.")
    if kind.startswith(OF_SEATS):
        return _("They signed up for seats.")
    if kind == MessageKind.CONFIRM:
        return _("Somebody gave us this address; the message asks whether they mean it.")
    if kind == MessageKind.CAMPAIGN_TEST:
        return _("One of us sent a test.")
    if kind == MessageKind.CANARY:
        return _("A test of the mail's way to ourselves.")
    purpose = Purpose.BULLETINS if kind == MessageKind.CAMPAIGN else Purpose.REMINDERS
    consent = _consent(message, consents, purpose)
    if consent is None:
        return _("They signed up for seats.")
    words = _("They subscribed on %(day)s (wording %(version)s, page “%(page)s”).") % {
        "day": date_format(
            timezone.localtime(consent.confirmed_at or consent.created_at), _("M j, Y")
        ),
        "version": consent.wording_version,
        "page": consent.asked_on_page,
    }
    if message.rule:
        words += " " + _("Reminder: %(lead)s.") % {"lead": lead_text(message.rule.lead_minutes)}
    return words


def _consent(message: Message, consents: list[Subscription], purpose: str) -> Subscription | None:
    fitting = [
        one
        for one in consents
        if one.purpose == purpose and one.channel == message.channel and one.confirmed_at
    ]
    event = message.about_event
    of_beat = [one for one in fitting if event and one.beat_id in (None, event.beat_id)]
    return next(iter(of_beat or fitting), None)
