"""Choices of this app, importable by anyone."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Channel(TextChoices):
    EMAIL = "email", _("E-mail")
    TEXT = "text", _("Text message")
    # A person calls: the message waits on the day screen until someone says how it went.
    CALL = "call", _("Phone call by staff")


class Purpose(TextChoices):
    """What somebody agreed to. One consent never stands for the other."""

    REMINDERS = "reminders", _("Reminders of events")
    BULLETINS = "bulletins", _("Prevention bulletins")


class Pace(TextChoices):
    EACH = "each", _("Before each event")
    WEEKLY = "weekly", _("Once a week, all in one message")


class Lane(TextChoices):
    """What goes before what. Each worker takes the first of its lanes that has anything."""

    PERSONAL = "personal", _("Personal")
    CHANGES = "changes", _("Changes of events")
    REMINDERS = "reminders", _("Reminders")
    CAMPAIGN = "campaign", _("Campaigns")


# Two queues of work, so that nobody waits for a confirmation while a campaign goes out; where
# one worker serves both, it too looks for personal ones before each batch.
PERSONAL_LANES = (Lane.PERSONAL, Lane.CHANGES)
CAMPAIGN_LANES = tuple(Lane)


class MessageStatus(TextChoices):
    QUEUED = "queued", _("Waiting")
    SENDING = "sending", _("Being sent")
    ACCEPTED = "accepted", _("Handed over")
    DELIVERED = "delivered", _("Delivered")
    BOUNCED = "bounced", _("Came back")
    UNKNOWN = "unknown", _("Not known whether it went")
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
    DIGEST = "digest", _("Events of the week")
    CAMPAIGN = "campaign", _("Campaign")
    CAMPAIGN_TEST = "campaign-test", _("Test of a campaign")
    CANARY = "canary", _("Test of the mail's way")


# What a text may say; all else goes by mail or by phone.
BY_TEXT = (
    MessageKind.CONFIRM,
    MessageKind.REMINDER,
    MessageKind.MOVE,
    MessageKind.CANCELLATION,
    MessageKind.DIGEST,
    MessageKind.CAMPAIGN,
    MessageKind.CAMPAIGN_TEST,
)


class DeliveryStatus(TextChoices):
    """Of a call to another system."""

    QUEUED = "queued", _("Waiting")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Failed")


class CampaignStatus(TextChoices):
    DRAFT = "draft", _("Draft")
    PROPOSED = "proposed", _("Waits for a second person")
    SCHEDULED = "scheduled", _("Scheduled")
    SENDING = "sending", _("Going out")
    PAUSED = "paused", _("Paused")
    DONE = "done", _("Gone out")
    CANCELLED = "cancelled", _("Cancelled")


class CampaignKind(TextChoices):
    NIGHT_OUT = "night-out", _("National Night Out call")
    BULLETIN = "bulletin", _("Prevention bulletin")


class SuppressionKind(TextChoices):
    STOP = "stop", _("Said stop")
    BOUNCE = "bounce", _("Mail came back")
    INVALID = "invalid", _("Takes no texts")


class ReplyOutcome(TextChoices):
    """What became of a mail that says it answers an invitation."""

    TAKEN = "taken", _("Shown to staff")
    OLDER = "older", _("To an earlier version")
    FOREIGN = "foreign", _("Of nobody we invited")
    UNREADABLE = "unreadable", _("Not readable")


class JobState(TextChoices):
    """Of work on records that takes its time."""

    READY = "ready", pgettext_lazy("state of work on records", "Waits for its release")
    RUNNING = "running", pgettext_lazy("state of work on records", "At work")
    DONE = "done", pgettext_lazy("state of work on records", "Done")
    DROPPED = "dropped", pgettext_lazy("state of work on records", "Thrown away")


class ExportScope(TextChoices):
    """What a request for records is about."""

    PERSON = "person", _("One person")
    EVENT = "event", _("One event")
    SPAN = "span", _("A span of days")
