"""Where: the beats of the city and the places events can claim."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from outreach.enums import Disclosure, VenueKind

from .sealed import Sealed


class Beat(models.Model):
    """A patrol area. Its code is permanent: redrawn under an old number, it gets a new code."""

    code = models.CharField(
        _("code"),
        max_length=20,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9][a-z0-9-]*$")],
        help_text=_("Permanent, in every address: lower-case letters, digits, hyphens."),
    )
    name = models.CharField(_("name"), max_length=80)
    letter = models.CharField(_("letter on maps"), max_length=3)
    color = models.CharField(
        _("color"), max_length=7, validators=[RegexValidator(r"^#[0-9A-Fa-f]{6}$")]
    )
    # A GeoJSON Polygon or MultiPolygon in WGS84, longitude first.
    boundary = models.JSONField(_("boundary"))
    starts_on = models.DateField(_("in effect from"))
    ends_on = models.DateField(_("in effect until"), null=True, blank=True)
    imported_key = models.CharField(_("key in the imported file"), max_length=80, blank=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("beat")
        verbose_name_plural = _("beats")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                name="beat_ends_after_it_starts",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Venue(Sealed):
    """A place we can claim. A home keeps its address sealed and shows its block at most."""

    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(
        _("kind"), max_length=10, choices=VenueKind.choices, default=VenueKind.PUBLIC
    )
    disclosure = models.CharField(
        _("shown in public"), max_length=10, choices=Disclosure.choices, default=Disclosure.FULL
    )
    address = models.CharField(
        _("address"), max_length=160, blank=True, help_text=_("Leave empty for a home.")
    )
    block = models.CharField(
        _("block"), max_length=160, blank=True, help_text=_("As in “1200 block of Oak St”.")
    )
    address_sealed = models.BinaryField(null=True, editable=False)
    # WGS84 degrees; for a home, of the middle of its block.
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    beat = models.ForeignKey(
        Beat, models.PROTECT, null=True, blank=True, related_name="venues", verbose_name=_("beat")
    )
    imported_key = models.CharField(_("key in the imported file"), max_length=300, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("venue")
        verbose_name_plural = _("venues")
        constraints = [
            models.UniqueConstraint(
                fields=["imported_key"],
                condition=~Q(imported_key=""),
                name="venue_imported_once",
            ),
            models.CheckConstraint(
                condition=~Q(kind="home") | (Q(address="") & ~Q(disclosure="full")),
                name="venue_home_never_shows_its_address",
            ),
        ]

    def __str__(self) -> str:
        return self.name
