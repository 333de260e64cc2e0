"""Choices of this app, importable by anyone."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Channel(TextChoices):
    EMAIL = "email", _("E-mail")
    # A person calls: the message waits on the day screen until someone says how it went.
    CALL = "call", _("Phone call by staff")


class Lane(TextChoices):
    PERSONAL = "personal", _("Personal")
    CAMPAIGN = "campaign", _("Campaign")


class MessageStatus(TextChoices):
    QUEUED = "queued", _("Waiting")
    SENDING = "sending", _("Being sent")
    ACCEPTED = "accepted", _("Handed over")
    FAILED = "failed", _("Failed")
    EXPIRED = "expired", _("No longer useful")
    WITHDRAWN = "withdrawn", _("Withdrawn: the plan changed")
    SUPPRESSED = "suppressed", _("Not sent: the person said stop")


class MessageKind(TextChoices):
    """One folder of templates each."""

    CONFIRM = "confirm", _("Please confirm")
    REMINDER = "reminder", _("Reminder")
    MOVE = "move", _("Event moved")
    CANCELLATION = "cancellation", _("Event cancelled")
    SURVEY_RECEIVED = "survey-received", _("Request received")
    SURVEY_WITHDRAWN = "survey-withdrawn", _("Request withdrawn")
    REQUEST_RECEIVED = "request-received", _("Request for an event received")
    REQUEST_APPROVED = "request-approved", _("Request for an event approved")
    REQUEST_DECLINED = "request-declined", _("Request for an event declined")
    REQUEST_WITHDRAWN = "request-withdrawn", _("Request for an event withdrawn")
    VISIT_BOOKED = "visit-booked", _("Appointment booked")
    VISIT_MOVED = "visit-moved", _("Appointment moved")
    VISIT_CANCELLED = "visit-cancelled", _("Appointment cancelled")
    VISIT_LATE = "visit-late", _("Team runs late")
    VISIT_REMINDER = "visit-reminder", _("Appointment reminder")
    RSVP_ACCEPTED = "rsvp-accepted", _("Seats confirmed")
    RSVP_WAITLISTED = "rsvp-waitlisted", _("On the waitlist")
    RSVP_PROMOTED = "rsvp-promoted", _("Seats came free")
