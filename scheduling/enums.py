"""Choices of this app, importable by anyone."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


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
    CANCELLED = "cancelled", _("Cancelled")
