"""One message to everybody who agreed to bulletins, in each reader's language."""

from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from notifications.enums import CampaignKind, CampaignStatus, Channel
from outreach.enums import Program
from outreach.models import Beat, StaffMember


class Campaign(models.Model):
    """A National Night Out call or a prevention bulletin, from draft to gone out."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=10, choices=CampaignKind.choices)
    beat = models.ForeignKey(
        Beat,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="campaigns",
        verbose_name=_("beat"),
        help_text=_("Empty: the whole city."),
    )
    programs = ArrayField(
        models.CharField(max_length=20, choices=Program.choices),
        verbose_name=_("programs"),
        default=list,
        blank=True,
        help_text=_("Empty: all of them."),
    )
    channels = ArrayField(
        models.CharField(max_length=10, choices=Channel.choices),
        verbose_name=_("channels"),
        default=list,
    )
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=CampaignStatus.choices,
        default=CampaignStatus.DRAFT,
    )
    starts_at = models.DateTimeField(_("goes out"), null=True, blank=True)
    made_by = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")
    proposed_by = models.ForeignKey(StaffMember, models.PROTECT, null=True, related_name="+")
    released_by = models.ForeignKey(StaffMember, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    planned_at = models.DateTimeField(null=True)  # its messages were made
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        constraints = [
            models.CheckConstraint(
                condition=Q(planned_at=None) | Q(released_by__isnull=False),
                name="campaign_is_released_before_it_goes_out",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("created_at")),
                name="campaign_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CampaignText(models.Model):
    """The words of a campaign in one language."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    subject = models.CharField(_("subject"), max_length=120)
    body = models.TextField(_("text"), max_length=5000)
    sms = models.CharField(_("text message"), max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "language"], name="campaign_text_one_a_language"
            )
        ]
