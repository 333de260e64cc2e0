"""Who serves which beat, and since when."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from outreach.enums import Duty

from .people import StaffMember
from .places import Beat


class DateRange(Func):
    """[starts_on, ends_on), open above when ends_on is null."""

    function = "DATERANGE"
    output_field = DateRangeField()


class Post(models.Model):
    """One half of a beat's pair over a span of days. No staff member means a vacancy."""

    beat = models.ForeignKey(Beat, models.CASCADE, related_name="posts", verbose_name=_("beat"))
    duty = models.CharField(_("duty"), max_length=3, choices=Duty.choices)
    staff = models.ForeignKey(
        StaffMember,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="posts",
        verbose_name=_("staff member"),
        help_text=_("Empty while the post is vacant."),
    )
    backup = models.ForeignKey(
        StaffMember,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="backup_posts",
        verbose_name=_("backup"),
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        ordering = ["beat__code", "duty", "starts_on"]
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                name="post_ends_after_it_starts",
            ),
            ExclusionConstraint(
                name="post_held_by_one_at_a_time",
                expressions=[
                    ("beat", RangeOperators.EQUAL),
                    ("duty", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.beat} {self.duty}"
