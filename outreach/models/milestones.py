"""The journal for the layer above: a record moved on."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from outreach.enums import MilestoneKind

from .journal import Journal
from .requests import EventRequest
from .surveys import SurveyRequest


class Milestone(Journal):
    """A record of ours moved on."""

    survey_request = models.ForeignKey(
        SurveyRequest, models.CASCADE, null=True, related_name="milestones"
    )
    event_request = models.ForeignKey(
        EventRequest, models.CASCADE, null=True, related_name="milestones"
    )
    kind = models.CharField(max_length=12, choices=MilestoneKind.choices)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        constraints = [
            models.CheckConstraint(
                condition=Q(survey_request__isnull=False) ^ Q(event_request__isnull=False),
                name="milestone_has_one_record",
            )
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(read_at__isnull=True), name="milestone_unread")
        ]
