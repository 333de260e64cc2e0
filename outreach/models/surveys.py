"""Security surveys: what a resident asked for."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from outreach.enums import HalfDay, PropertyType, SafeChannel, Source, Sureness, SurveyStatus

from .links import Link
from .people import Contact, StaffMember
from .places import Beat, Venue
from .requests import EventRequest
from .sealed import Sealed


class SurveyRequest(Sealed):
    """A wish for a visit. The address is sealed; beat and block stay clear for routing."""

    reference = models.CharField(_("reference"), max_length=12, unique=True)
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="survey_requests")
    beat = models.ForeignKey(
        Beat,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="survey_requests",
        verbose_name=_("beat"),
        help_text=_("Empty: with the sergeant."),
    )
    property_type = models.CharField(
        _("kind of property"), max_length=12, choices=PropertyType.choices
    )
    status = models.CharField(
        _("status"), max_length=10, choices=SurveyStatus.choices, default=SurveyStatus.RECEIVED
    )
    safe_channel = models.CharField(
        _("safe way to reach"), max_length=12, choices=SafeChannel.choices
    )
    wants_invitation = models.BooleanField(_("wants a calendar invitation"), default=False)
    address_sealed = models.BinaryField(null=True, editable=False)
    notes_sealed = models.BinaryField(null=True, editable=False)
    # WGS84 degrees of the middle of the block: enough for routes, too little for a door.
    longitude = models.FloatField(null=True, editable=False)
    latitude = models.FloatField(null=True, editable=False)
    placed = models.CharField(
        _("how the beat was found"),
        max_length=10,
        choices=Sureness.choices,
        default=Sureness.UNKNOWN,
    )
    half_days = ArrayField(
        models.CharField(max_length=6, choices=HalfDay.choices),
        verbose_name=_("half-days that suit"),
        default=list,
        blank=True,
    )
    excluded_staff = models.ForeignKey(
        StaffMember,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("employee who may not see this"),
    )
    source = models.CharField(
        _("came by"), max_length=8, choices=Source.choices, default=Source.WEB
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["created_at"]
        verbose_name = _("survey request")
        verbose_name_plural = _("survey requests")
        indexes = [models.Index(fields=["status", "created_at"], name="survey_queue")]

    def __str__(self) -> str:
        return self.reference


class SurveyLink(Link):
    """Lets the person who asked see, cancel or withdraw without an account."""

    request = models.ForeignKey(SurveyRequest, models.CASCADE, related_name="links")


class Reveal(models.Model):
    """A staff member looked at a masked value of a request or a home: who, what, when."""

    staff = models.ForeignKey(StaffMember, models.PROTECT, related_name="reveals")
    request = models.ForeignKey(SurveyRequest, models.CASCADE, null=True, related_name="reveals")
    event_request = models.ForeignKey(
        EventRequest, models.CASCADE, null=True, related_name="reveals"
    )
    venue = models.ForeignKey(Venue, models.CASCADE, null=True, related_name="reveals")
    field = models.CharField(max_length=20)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("reveal")
        verbose_name_plural = _("reveals")
        constraints = [
            models.CheckConstraint(
                condition=Q(request__isnull=False, venue=None, event_request=None)
                | Q(request=None, venue__isnull=False, event_request=None)
                | Q(request=None, venue=None, event_request__isnull=False),
                name="reveal_is_of_one_record",
            )
        ]
