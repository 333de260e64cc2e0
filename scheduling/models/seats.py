"""Seats: who wants to come, and who came."""

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from outreach.enums import Source, SpokenLanguage
from outreach.models import Contact, Link, StaffMember
from scheduling.enums import RsvpResponse

from .events import Event
from .history import track


@track("SeatingHistory", ["event", "capacity", "most_a_household", "closes_at"])
class Seating(models.Model):
    """An event people sign up for, with so many seats. Taken seats are counted under its lock."""

    event = models.OneToOneField(Event, models.CASCADE, related_name="seating")
    capacity = models.PositiveIntegerField(_("seats"))
    most_a_household = models.PositiveSmallIntegerField(_("seats at most a household"), default=6)
    closes_at = models.DateTimeField(
        _("sign-up closes"), null=True, blank=True, help_text=_("Empty: when it begins.")
    )

    class Meta:
        verbose_name = _("seating")
        verbose_name_plural = _("seatings")
        constraints = [
            models.CheckConstraint(
                condition=Q(most_a_household__gt=0), name="seating_lets_a_household_in"
            )
        ]


class Rsvp(models.Model):
    """A household's wish to come. Planned, not actual: see Attendance."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    event = models.ForeignKey(Event, models.CASCADE, related_name="rsvps")
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="rsvps")
    seats = models.PositiveSmallIntegerField(_("people"))
    response = models.CharField(max_length=12, choices=RsvpResponse.choices)
    line = models.PositiveIntegerField()  # place in line, given in the order of commits
    language = models.CharField(max_length=3, choices=SpokenLanguage.choices, default="en")
    source = models.CharField(max_length=8, choices=Source.choices, default=Source.WEB)
    wants_invitation = models.BooleanField(_("wants a calendar invitation"), db_default=False)
    # The start to which the household said yes; a moved event asks anew.
    confirmed_for = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["line"]
        verbose_name = _("sign-up")
        verbose_name_plural = _("sign-ups")
        constraints = [
            models.CheckConstraint(condition=Q(seats__gt=0), name="rsvp_is_for_somebody"),
            models.UniqueConstraint(fields=["event", "line"], name="rsvp_one_a_place_in_line"),
            models.UniqueConstraint(
                fields=["event", "contact"],
                condition=~Q(response=RsvpResponse.DECLINED.value),
                name="rsvp_stands_once_a_contact",
            ),
        ]
        indexes = [models.Index(fields=["event", "response", "line"], name="rsvp_line")]

    def __str__(self) -> str:
        return f"rsvp {self.uid}"

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_for == self.event.starts_at


class RsvpLink(Link):
    """Lets a household see and give back its seats; its QR code is shown at the door."""

    rsvp = models.ForeignKey(Rsvp, models.CASCADE, related_name="links")


class Attendance(models.Model):
    """Heads counted at the door: of a household that signed up, or who just walked in."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    event = models.ForeignKey(Event, models.CASCADE, related_name="attendances")
    rsvp = models.OneToOneField(Rsvp, models.CASCADE, null=True, related_name="attendance")
    heads = models.PositiveSmallIntegerField(_("people"))
    staff = models.ForeignKey(StaffMember, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        constraints = [
            models.CheckConstraint(condition=Q(heads__gt=0), name="attendance_counts_heads")
        ]
