"""The city's own streets: enough to place an address without asking anyone outside."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Street(models.Model):
    """One street name, as street_names.street_key() writes it: 'OCEAN PARK BLVD'."""

    key = models.CharField(_("key"), max_length=120, unique=True)
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        ordering = ["name"]
        verbose_name = _("street")
        verbose_name_plural = _("streets")

    def __str__(self) -> str:
        return self.name


class StreetAlias(models.Model):
    """Another name people write: 'PCH' for Palisades Beach Rd."""

    key = models.CharField(_("key"), max_length=120)
    street = models.ForeignKey(Street, models.CASCADE, related_name="aliases")

    class Meta:
        verbose_name = _("street alias")
        verbose_name_plural = _("street aliases")
        constraints = [
            models.UniqueConstraint(fields=["key", "street"], name="street_alias_stated_once")
        ]

    def __str__(self) -> str:
        return self.key


class StreetSegment(models.Model):
    """A piece of a street's center line, from one corner to the next."""

    street = models.ForeignKey(Street, models.CASCADE, related_name="segments")
    # A GeoJSON LineString in WGS84, longitude first, from its "from" to its "to" end.
    line = models.JSONField(_("line"))

    class Meta:
        verbose_name = _("street segment")
        verbose_name_plural = _("street segments")


class AddressRange(models.Model):
    """House numbers along one side of a segment; first belongs to the line's start."""

    class Side(models.TextChoices):
        LEFT = "left", _("left")
        RIGHT = "right", _("right")

    segment = models.ForeignKey(StreetSegment, models.CASCADE, related_name="ranges")
    side = models.CharField(_("side"), max_length=5, choices=Side.choices)
    first = models.PositiveIntegerField(_("first number"))
    last = models.PositiveIntegerField(_("last number"))
    low = models.GeneratedField(
        expression=models.functions.Least(F("first"), F("last")),
        output_field=models.PositiveIntegerField(),
        db_persist=True,
    )
    high = models.GeneratedField(
        expression=models.functions.Greatest(F("first"), F("last")),
        output_field=models.PositiveIntegerField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = _("address range")
        verbose_name_plural = _("address ranges")
        constraints = [
            models.CheckConstraint(
                condition=Q(first__gt=0) & Q(last__gt=0), name="address_range_numbers_are_positive"
            ),
            models.UniqueConstraint(fields=["segment", "side"], name="address_range_once_a_side"),
        ]
