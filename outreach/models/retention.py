"""How long each kind of record is kept: every decision stays, the newest counts."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from outreach.enums import RecordClass

from .people import StaffMember

# California lets a city destroy nothing younger, unless its attorney agrees.
LEAST_MONTHS = 24


class RetentionPeriod(models.Model):
    """What was decided for one kind of record, by whom, and on whose word if it is short."""

    record_class = models.CharField(max_length=20, choices=RecordClass.choices)
    months = models.PositiveSmallIntegerField(_("months"))
    consent = models.CharField(_("consent of the city attorney"), max_length=200, blank=True)
    staff = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(months__gte=LEAST_MONTHS) | ~Q(consent=""),
                name="retention_under_two_years_names_a_consent",
            )
        ]

    def __str__(self) -> str:
        return f"{self.record_class}: {self.months}"
