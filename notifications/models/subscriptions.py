"""Who agreed to be told about what, and who said stop."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from notifications.enums import Channel
from outreach.models import Beat, Contact, Link


class Subscription(models.Model):
    """Consent of one contact to hear of a beat, with its evidence. No beat: the whole city."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="subscriptions")
    beat = models.ForeignKey(
        Beat,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="subscriptions",
        verbose_name=_("beat"),
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    wording_version = models.CharField(_("version of the wording agreed to"), max_length=20)
    asked_on_page = models.CharField(_("page"), max_length=40)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "beat", "channel"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="subscription_stands_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["beat"],
                condition=Q(confirmed_at__isnull=False, ended_at__isnull=True),
                name="subscription_by_beat",
            )
        ]


class SubscriptionLink(Link):
    """Lets a subscriber confirm, choose and leave without an account."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="subscription_links")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "purpose"], name="subscription_link_one_a_purpose"
            )
        ]


class Suppression(models.Model):
    """A stop or a bounce. It always wins over any subscription."""

    address = models.EmailField(_("address"))
    reason = models.CharField(_("reason"), max_length=100)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("suppression")
        verbose_name_plural = _("suppressions")
        constraints = [
            models.UniqueConstraint(Lower("address"), name="suppression_once_an_address")
        ]
