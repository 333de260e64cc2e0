"""What is owed to whom: the table is the queue."""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from notifications.enums import Channel, Lane, MessageKind, MessageStatus
from outreach.models import Contact, Milestone, SurveyRequest
from scheduling.models import Event, Revision

from .subscriptions import Subscription


class ReminderRule(models.Model):
    """How long before an event a reminder goes out."""

    name = models.CharField(_("name"), max_length=40, unique=True)
    lead_minutes = models.PositiveIntegerField(_("minutes before"), unique=True)
    is_by_call = models.BooleanField(
        _("also by phone call"),
        default=False,
        help_text=_("For people who can only be called."),
    )
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ["-lead_minutes"]
        verbose_name = _("reminder rule")
        verbose_name_plural = _("reminder rules")

    def __str__(self) -> str:
        return self.name


class ReminderRun(models.Model):
    """A rule was planned for an event at this start. Later sign-ups are planned by themselves."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="reminder_runs")
    rule = models.ForeignKey(ReminderRule, models.CASCADE, related_name="+")
    event_starts_at = models.DateTimeField()
    planned_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event", "rule", "event_starts_at"], name="reminder_run_once_a_start"
            )
        ]


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
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["due_at", "pk"]
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(revision__isnull=False, milestone=None, subscription=None, event=None)
                    | Q(revision=None, milestone__isnull=False, subscription=None, event=None)
                    | Q(revision=None, milestone=None, subscription__isnull=False, event=None)
                    | Q(revision=None, milestone=None, subscription=None, event__isnull=False)
                ),
                name="message_has_one_subject",
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
        ]
        indexes = [
            models.Index(
                fields=["lane", "due_at"],
                condition=Q(status=MessageStatus.QUEUED.value),
                name="message_due",
            ),
            models.Index(
                fields=["leased_until"],
                condition=Q(status=MessageStatus.SENDING.value),
                name="message_leased",
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
