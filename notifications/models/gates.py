"""What holds messages back: a closed gate, a sick domain; and signs of life of the workers."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from outreach.models import StaffMember


class Gate(models.Model):
    """A lane or a channel that can be closed; open while it has no row."""

    name = models.CharField(primary_key=True, max_length=10)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(StaffMember, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=200, blank=True, db_default="")
    # A mail server or gateway that cannot be reached is left alone until then.
    resting_until = models.DateTimeField(null=True)
    # How many were claimed in the minute that began then: the rate limit of a provider.
    minute_began_at = models.DateTimeField(null=True)
    claimed_in_minute = models.PositiveIntegerField(default=0, db_default=0)

    def __str__(self) -> str:
        return self.name


class SickDomain(models.Model):
    """A mail domain that answered with trouble several times in a row; others go on."""

    domain = models.CharField(primary_key=True, max_length=253)
    failures = models.PositiveSmallIntegerField(default=0, db_default=0)
    open_until = models.DateTimeField(null=True)  # left alone until then
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"sick domain {self.pk}"


class Heartbeat(models.Model):
    """When a worker last did its round: a worker can hang alive after its broker came back."""

    name = models.CharField(primary_key=True, max_length=20)
    seen_at = models.DateTimeField()
    # To tell a jumped clock from a pause: seconds since this machine was started, and which start.
    machine = models.CharField(max_length=40, blank=True, db_default="")
    seconds_up = models.FloatField(default=0, db_default=0)

    def __str__(self) -> str:
        return self.name


class ReceivedText(models.Model):
    """A text somebody sent us: its word if we know it, never what else it says."""

    provider_id = models.CharField(max_length=64, unique=True)
    word = models.CharField(max_length=20, blank=True)
    received_at = models.DateTimeField(auto_now_add=True)
