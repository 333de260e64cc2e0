"""Events somebody asks for: a Watch meeting, a talk, a table at a fair."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from outreach.enums import (
    REQUESTABLE,
    AccommodationKind,
    Program,
    RequestStatus,
    Source,
    SpokenLanguage,
)

from .links import Link
from .people import Contact, StaffMember
from .places import Beat
from .sealed import Sealed


class EventRequest(Sealed):
    """A wish for an event. Where it is to be may be a home: sealed; beat and block stay clear."""

    reference = models.CharField(_("reference"), max_length=12, unique=True)
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="event_requests")
    program = models.CharField(
        _("program"), max_length=20, choices=[(p.value, p.label) for p in REQUESTABLE]
    )
    organization = models.CharField(_("group or organization"), max_length=120, blank=True)
    topic = models.CharField(_("topic"), max_length=120)
    beat = models.ForeignKey(
        Beat,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="event_requests",
        verbose_name=_("beat"),
        help_text=_("Empty: with the sergeant."),
    )
    place_sealed = models.BinaryField(null=True, editable=False)
    block = models.CharField(_("block"), max_length=160, blank=True)
    longitude = models.FloatField(null=True, editable=False)
    latitude = models.FloatField(null=True, editable=False)
    wished_starts = ArrayField(models.DateTimeField(), verbose_name=_("times that suit"), size=3)
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    audience_size = models.PositiveSmallIntegerField(_("people expected"), null=True, blank=True)
    audience = models.CharField(_("who they are"), max_length=120, blank=True)
    language = models.CharField(
        _("language of the event"), max_length=3, choices=SpokenLanguage.choices, default="en"
    )
    accommodations = ArrayField(
        models.CharField(max_length=12, choices=AccommodationKind.choices),
        verbose_name=_("what somebody needs"),
        default=list,
        blank=True,
    )
    notes_sealed = models.BinaryField(null=True, editable=False)
    wants_invitation = models.BooleanField(_("wants a calendar invitation"), db_default=False)
    status = models.CharField(
        _("status"), max_length=10, choices=RequestStatus.choices, default=RequestStatus.RECEIVED
    )
    answer = models.CharField(_("our answer"), max_length=300, blank=True)
    source = models.CharField(
        _("came by"), max_length=8, choices=Source.choices, default=Source.WEB
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["created_at"]
        verbose_name = _("event request")
        verbose_name_plural = _("event requests")
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gt=0), name="event_request_lasts_some_time")
        ]
        indexes = [models.Index(fields=["status", "created_at"], name="event_request_queue")]

    def __str__(self) -> str:
        return self.reference

    @property
    def program_label(self) -> str:
        return str(Program(self.program).label)


class EventRequestLink(Link):
    """Lets the person who asked see or withdraw without an account."""

    request = models.ForeignKey(EventRequest, models.CASCADE, related_name="links")


class RequestDecision(models.Model):
    """Who decided on a request, when, and why it could not be approved at a first try."""

    request = models.ForeignKey(EventRequest, models.CASCADE, related_name="decisions")
    staff = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=RequestStatus.choices)
    reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
