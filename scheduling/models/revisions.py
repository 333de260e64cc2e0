"""The journal of changes to events and seats, for the layer above."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from outreach.models import Journal
from scheduling.enums import RevisionKind

from .events import Event
from .seats import Rsvp


class Revision(Journal):
    """An event, or somebody's seats at it, changed: by whom and why."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="revisions")
    rsvp = models.ForeignKey(Rsvp, models.CASCADE, null=True, related_name="revisions")
    sequence = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=RevisionKind.choices)
    note = models.CharField(max_length=300, blank=True)
    previous_starts_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        indexes = [
            models.Index(fields=["id"], condition=Q(read_at__isnull=True), name="revision_unread")
        ]
