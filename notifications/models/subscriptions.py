"""Who agreed to be told about what, and who said stop."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from notifications.enums import Channel, Pace, Purpose, SuppressionKind
from outreach.enums import Program
from outreach.models import Beat, Contact, Link, StaffMember


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
    purpose = models.CharField(
        _("purpose"), max_length=10, choices=Purpose.choices, default=Purpose.REMINDERS
    )
    programs = ArrayField(
        models.CharField(max_length=20, choices=Program.choices),
        verbose_name=_("programs"),
        default=list,
        blank=True,
        help_text=_("Empty: all of them."),
    )
    pace = models.CharField(_("how often"), max_length=6, choices=Pace.choices, default=Pace.EACH)
    lead_minutes = ArrayField(
        models.PositiveIntegerField(),
        verbose_name=_("minutes before"),
        default=list,
        blank=True,
        help_text=_("Of the reminder rules; empty: all of them."),
    )
    wording_version = models.CharField(_("version of the wording agreed to"), max_length=20)
    asked_on_page = models.CharField(_("page"), max_length=40)
    read_out_by = models.ForeignKey(
        StaffMember,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("wording read out by"),
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "beat", "channel", "purpose"],
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
            ),
            models.Index(
                fields=["confirmed_at"],
                condition=Q(confirmed_at__isnull=False, ended_at__isnull=True),
                name="subscription_by_moment",
            ),
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
    """A stop or a bounce of a mailbox or a number. It always wins over any subscription."""

    address = models.CharField(_("address"), max_length=254)
    kind = models.CharField(
        _("kind"), max_length=10, choices=SuppressionKind.choices, default=SuppressionKind.STOP
    )
    reason = models.CharField(_("reason"), max_length=100)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("suppression")
        verbose_name_plural = _("suppressions")
        constraints = [
            models.UniqueConstraint(Lower("address"), name="suppression_once_an_address")
        ]
