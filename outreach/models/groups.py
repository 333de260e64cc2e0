"""Neighborhood Watch groups."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .places import Beat


class WatchGroup(models.Model):
    """Neighbors who watch a block, a building or a strip. Its code is permanent, as a beat's."""

    code = models.CharField(
        _("code"),
        max_length=40,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9][a-z0-9-]*$")],
        help_text=_("Permanent, in every address: lower-case letters, digits, hyphens."),
    )
    name = models.CharField(_("name"), max_length=80)
    beat = models.ForeignKey(Beat, models.PROTECT, related_name="groups", verbose_name=_("beat"))
    area = models.CharField(
        _("what it covers"),
        max_length=160,
        blank=True,
        help_text=_("Blocks or a building, as everyone may read it: never a home address."),
    )
    starts_on = models.DateField(_("since"))
    ends_on = models.DateField(_("ended on"), null=True, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("watch group")
        verbose_name_plural = _("watch groups")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                name="watch_group_ends_after_it_starts",
            )
        ]

    def __str__(self) -> str:
        return self.name
