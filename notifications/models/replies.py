"""Answers to invitations that came by mail."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from notifications.enums import ReplyOutcome
from outreach.models import Contact
from scheduling.enums import RsvpResponse
from scheduling.models import Event


class InvitationReply(models.Model):
    """What somebody's calendar last answered. It is shown to staff and changes nothing: anybody
    can write a mail in another's name."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="invitation_replies")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="invitation_replies")
    answer = models.CharField(max_length=12, choices=RsvpResponse.choices)
    sequence = models.PositiveIntegerField()
    stamped_at = models.DateTimeField()
    received_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("answer to an invitation")
        verbose_name_plural = _("answers to invitations")
        constraints = [
            models.UniqueConstraint(
                fields=["event", "contact"], name="invitation_reply_once_a_guest"
            )
        ]


class ReplyCount(models.Model):
    """How many replies of a day were taken, and how many were none of ours."""

    on = models.DateField()
    outcome = models.CharField(max_length=12, choices=ReplyOutcome.choices)
    times = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["on", "outcome"], name="reply_count_once_a_day")
        ]
