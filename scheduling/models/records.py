"""What happened at an event, what was heard there, and what somebody needs to take part."""

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from outreach.enums import AccommodationKind, SpokenLanguage
from outreach.models import Contact, StaffMember
from scheduling.enums import AccommodationState, HeardStatus, Outcome

from .events import Event
from .history import track


@track("CloseOutHistory", ["event", "outcome", "head_count", "minutes"])
class CloseOut(models.Model):
    """How an event ended: actual figures, apart from what was planned."""

    event = models.OneToOneField(Event, models.CASCADE, related_name="close_out")
    outcome = models.CharField(_("how it went"), max_length=10, choices=Outcome.choices)
    head_count = models.PositiveIntegerField(_("people"), null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    languages = ArrayField(
        models.CharField(max_length=3, choices=SpokenLanguage.choices),
        verbose_name=_("languages spoken"),
        default=list,
        blank=True,
    )
    staff = models.ForeignKey(StaffMember, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("close-out")
        verbose_name_plural = _("close-outs")
        constraints = [
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.HELD.value) | Q(head_count__isnull=False),
                name="close_out_counts_heads_of_what_was_held",
            )
        ]


class Heard(models.Model):
    """Something people said at a meeting, and what was promised. No names of third persons."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    event = models.ForeignKey(Event, models.CASCADE, related_name="heard")
    topic = models.CharField(_("topic"), max_length=160)
    block = models.CharField(_("block"), max_length=160, blank=True)
    promise = models.CharField(_("what was promised"), max_length=300, blank=True)
    due_on = models.DateField(_("answer until"), null=True, blank=True)
    status = models.CharField(max_length=6, choices=HeardStatus.choices, default=HeardStatus.OPEN)
    answer = models.CharField(_("what was answered"), max_length=300, blank=True)
    staff = models.ForeignKey(StaffMember, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("heard at a meeting")
        verbose_name_plural = _("heard at meetings")
        indexes = [
            models.Index(
                fields=["event"], condition=Q(status=HeardStatus.OPEN.value), name="heard_open"
            )
        ]


@track("AccommodationHistory", ["event", "kind", "language", "state"])
class Accommodation(models.Model):
    """What somebody needs at an event: needed, asked for, confirmed."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    event = models.ForeignKey(Event, models.CASCADE, related_name="accommodations")
    kind = models.CharField(_("what"), max_length=12, choices=AccommodationKind.choices)
    language = models.CharField(
        _("language"), max_length=3, choices=SpokenLanguage.choices, blank=True
    )
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=AccommodationState.choices,
        default=AccommodationState.NEEDED,
    )
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("accommodation")
        verbose_name_plural = _("accommodations")
        constraints = [
            models.UniqueConstraint(
                fields=["event", "kind", "language"], name="accommodation_once_an_event"
            )
        ]
        indexes = [
            models.Index(
                fields=["event"],
                condition=~Q(state=AccommodationState.CONFIRMED.value),
                name="accommodation_open",
            )
        ]
