"""The journal for the layer above: a record moved on."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from outreach.enums import MilestoneKind

from .people import Contact, StaffMember
from .surveys import SurveyRequest


class Milestone(models.Model):
    """Written in the transaction of the change; read_at is null until the layer above took it."""

    survey_request = models.ForeignKey(
        SurveyRequest, models.CASCADE, null=True, related_name="milestones"
    )
    kind = models.CharField(max_length=12, choices=MilestoneKind.choices)
    note = models.CharField(max_length=200, blank=True)
    staff = models.ForeignKey(StaffMember, models.PROTECT, null=True, related_name="+")
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    read_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        constraints = [
            models.CheckConstraint(
                condition=Q(survey_request__isnull=False), name="milestone_has_a_record"
            )
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(read_at__isnull=True), name="milestone_unread")
        ]
