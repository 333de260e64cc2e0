"""Choices of this app, importable by anyone."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class EventStatus(TextChoices):
    """STATUS of a VEVENT."""

    TENTATIVE = "tentative", _("Tentative")
    CONFIRMED = "confirmed", _("Confirmed")
    CANCELLED = "cancelled", _("Cancelled")


class Classification(TextChoices):
    """CLASS of a VEVENT."""

    PUBLIC = "public", _("Public")
    PRIVATE = "private", _("Private")
    CONFIDENTIAL = "confidential", _("Confidential")


class BookingStatus(TextChoices):
    HELD = "held", _("Held")
    CONFIRMED = "confirmed", _("Confirmed")
    RELEASED = "released", _("Released")


class RevisionKind(TextChoices):
    CREATED = "created", _("Created")
    EDITED = "edited", _("Edited")
    MOVED = "moved", _("Moved")
    STAFFED = "staffed", _("Other people")
    LATE = "late", _("Running late")
    CLOSED = "closed", _("Closed out")
    CANCELLED = "cancelled", _("Cancelled")
    SEATED = "seated", _("Seats taken")
    WAITLISTED = "waitlisted", _("On the waitlist")
    PROMOTED = "promoted", _("Came up from the waitlist")
    UNSEATED = "unseated", _("Seats given back")


class Scope(TextChoices):
    """How far a change of one date of a series goes; the safest first."""

    ONE = "one", _("This date only")
    FOLLOWING = "following", _("This and all later dates")
    ALL = "all", _("All coming dates")


class TimeOffKind(TextChoices):
    """Why somebody is not there. Colleagues read only that they are away."""

    VACATION = "vacation", _("Vacation")
    SICK = "sick", _("Sick")
    TRAINING = "training", _("Training")
    COURT = "court", _("Court")
    SWAP = "swap", _("Shift swapped")
    RECALL = "recall", _("Called away")
    OUTSIDE = "outside", _("Busy in an outside calendar")


class RsvpResponse(TextChoices):
    """PARTSTAT of RFC 5545; waitlisted is ours."""

    NEEDS_ACTION = "needs-action", _("No answer yet")
    ACCEPTED = "accepted", _("Coming")
    DECLINED = "declined", _("Not coming")
    TENTATIVE = "tentative", pgettext_lazy("answer to an invitation", "Perhaps")
    WAITLISTED = "waitlisted", _("On the waitlist")


class Outcome(TextChoices):
    """How an event ended."""

    HELD = "held", pgettext_lazy("outcome of an event", "Held")
    NOT_HELD = "not-held", _("Not held")
    RECALLED = "recalled", _("Called away")


class AccommodationState(TextChoices):
    NEEDED = "needed", _("Needed")
    ASKED = "asked", _("Asked for")
    CONFIRMED = "confirmed", pgettext_lazy("state of an accommodation", "Confirmed")


class HeardStatus(TextChoices):
    OPEN = "open", _("Open")
    DONE = "done", _("Answered")


class ImportState(TextChoices):
    """How far a calendar that is brought in has come."""

    READ = "read", pgettext_lazy("state of an import", "Read")
    RUNNING = "running", pgettext_lazy("state of an import", "On its way in")
    DONE = "done", pgettext_lazy("state of an import", "Done")
