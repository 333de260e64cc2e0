"""News of places for the layer above: what calendars show of a venue or a beat changed."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from .places import Beat, Venue


class PlaceChange(models.Model):
    """A venue or a beat reads otherwise. Written by the database itself (decision 11), so that a
    file of the city, the administrator's page and SQL by hand are seen alike."""

    venue = models.ForeignKey(Venue, models.CASCADE, null=True, related_name="+")
    beat = models.ForeignKey(Beat, models.CASCADE, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    read_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(venue__isnull=True) ^ Q(beat__isnull=True),
                name="place_change_is_of_one_place",
            )
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(read_at__isnull=True), name="place_change_unread"
            )
        ]


def _noted(kind: str, shown: list[str]) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=f"{kind}_change_is_noted",
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=pgtrigger.AnyChange(*shown),
        func=f"INSERT INTO outreach_placechange ({kind}_id) VALUES (NEW.id); RETURN NULL;",  # noqa: S608
    )


VENUE_SHOWN = ["name", "kind", "disclosure", "address", "block", "longitude", "latitude"]
pgtrigger.register(_noted("venue", VENUE_SHOWN))(Venue)
pgtrigger.register(_noted("beat", ["name"]))(Beat)
