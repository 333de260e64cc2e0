"""Other systems of the city that are called when an event changes."""

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from notifications.enums import DeliveryStatus
from outreach.models import StaffMember
from outreach.models.sealed import Sealed
from scheduling.models import Event, Revision


class Webhook(Sealed):
    """An address to call, and the sealed secret each call is signed with."""

    address = models.URLField(max_length=300)
    secret_sealed = models.BinaryField()
    made_by = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    ended_at = models.DateTimeField(null=True)  # its owner answered 410: gone

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return f"webhook {self.pk}"


class WebhookDelivery(models.Model):
    """One change to one address: the table is the queue."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries")
    revision = models.ForeignKey(Revision, models.CASCADE, related_name="+")
    event = models.ForeignKey(Event, models.CASCADE, related_name="+")
    status = models.CharField(
        max_length=10, choices=DeliveryStatus.choices, default=DeliveryStatus.QUEUED
    )
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(db_default=0, default=0)
    leased_until = models.DateTimeField(null=True)
    detail = models.CharField(max_length=100, blank=True, db_default="")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["webhook", "revision"], name="webhook_delivery_once_a_change"
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(status=DeliveryStatus.QUEUED.value),
                name="webhook_delivery_due",
            )
        ]

    def __str__(self) -> str:
        return f"webhook delivery {self.pk}"
