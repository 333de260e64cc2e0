"""What is owed to whom: the table is the queue."""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from notifications.enums import Channel, Lane, MessageKind, MessageStatus
from outreach.models import Contact, Milestone, SurveyRequest
from scheduling.models import Event, Revision

from .campaigns import Campaign
from .canaries import Canary
from .rules import Digest, ReminderRule
from .subscriptions import Subscription

SUBJECTS = ("revision", "milestone", "subscription", "event", "campaign", "digest", "canary")


def _exactly_one(names: tuple[str, ...]) -> Q:
    """One of these is set and all others are not."""
    one = Q()
    for chosen in names:
        one |= Q(**{f"{name}__isnull": name != chosen for name in names})
    return one


def once(*fields: str, about: str, name: str) -> models.UniqueConstraint:
    """At most one message of this shape; rows about something else are out of its reach."""
    return models.UniqueConstraint(
        fields=list(fields), condition=Q(**{f"{about}__isnull": False}), name=name
    )


class Message(models.Model):
    """One thing to one contact by one channel, about exactly one subject."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=20, choices=MessageKind.choices)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    lane = models.CharField(max_length=10, choices=Lane.choices, default=Lane.PERSONAL)

    revision = models.ForeignKey(Revision, models.CASCADE, null=True, related_name="messages")
    milestone = models.ForeignKey(Milestone, models.CASCADE, null=True, related_name="messages")
    subscription = models.ForeignKey(
        Subscription, models.CASCADE, null=True, related_name="messages"
    )
    campaign = models.ForeignKey(Campaign, models.CASCADE, null=True, related_name="messages")
    digest = models.ForeignKey(Digest, models.CASCADE, null=True, related_name="messages")
    canary = models.ForeignKey(
        Canary, models.CASCADE, null=True, related_name="messages", db_index=False
    )
    event = models.ForeignKey(Event, models.CASCADE, null=True, related_name="messages")
    rule = models.ForeignKey(ReminderRule, models.PROTECT, null=True, related_name="messages")
    # The start a reminder speaks of: an edited title reminds nobody twice, a new hour does.
    event_starts_at = models.DateTimeField(null=True)

    status = models.CharField(
        max_length=10, choices=MessageStatus.choices, default=MessageStatus.QUEUED
    )
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    lease = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)
    detail = models.CharField(max_length=200, blank=True, db_default="")
    # The name the text gateway gave it; callbacks speak of it.
    provider_id = models.CharField(max_length=64, blank=True, db_default="")
    language = models.CharField(max_length=10, blank=True, db_default="")  # empty: the reader's
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["due_at", "pk"]
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.CheckConstraint(
                condition=_exactly_one(SUBJECTS), name="message_has_one_subject"
            ),
            models.CheckConstraint(
                condition=(
                    Q(event=None, rule=None, event_starts_at=None)
                    | Q(event__isnull=False, rule__isnull=False, event_starts_at__isnull=False)
                ),
                name="message_reminder_names_rule_and_start",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")) | ~Q(status=MessageStatus.QUEUED.value),
                name="message_is_useful_when_made",
            ),
            once("contact", "revision", "channel", about="revision", name="message_once_a_change"),
            once(
                "contact",
                "milestone",
                "channel",
                about="milestone",
                name="message_once_a_milestone",
            ),
            once("subscription", "kind", about="subscription", name="message_once_a_sign_up"),
            once(
                "contact",
                "event",
                "rule",
                "channel",
                "event_starts_at",
                about="event",
                name="message_once_a_reminder",
            ),
            models.UniqueConstraint(
                fields=["contact", "campaign", "channel"],
                condition=Q(campaign__isnull=False, kind=MessageKind.CAMPAIGN.value),
                name="message_once_a_campaign",
            ),
            once("contact", "digest", "channel", about="digest", name="message_once_a_week"),
            models.UniqueConstraint(
                fields=["provider_id"],
                condition=~Q(provider_id=""),
                name="message_once_at_the_gateway",
            ),
        ]
        indexes = [
            models.Index(
                fields=["lane", "channel", "due_at", "id"],
                condition=Q(status=MessageStatus.QUEUED.value),
                name="message_due",
            ),
            models.Index(
                fields=["leased_until"],
                condition=Q(status=MessageStatus.SENDING.value),
                name="message_leased",
            ),
            models.Index(
                fields=["channel", "settled_at"],
                condition=Q(settled_at__isnull=False),
                name="message_settled",
            ),
            models.Index(
                fields=["canary"],
                condition=Q(canary__isnull=False),
                name="message_of_canary",
            ),
            models.Index(
                fields=["campaign", "status"],
                condition=Q(campaign__isnull=False),
                name="message_of_campaign",
            ),
        ]

    def __str__(self) -> str:
        return f"message {self.uid}"

    @property
    def about_event(self) -> Event | None:
        """The event it speaks of, by reminder or by change; None for all else."""
        return self.event or (self.revision.event if self.revision else None)

    @property
    def about_request(self) -> SurveyRequest | None:
        """The survey request it speaks of, by its own news or by its visit."""
        if self.milestone:
            return self.milestone.survey_request
        visit = getattr(self.about_event, "survey_visit", None)
        return visit.request if visit else None
