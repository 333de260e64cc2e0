"""When people work and places are open, and when not."""

from uuid import uuid4

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from outreach.models import StaffMember, Venue
from outreach.models.posts import DateRange
from scheduling.db import TsTzRange
from scheduling.enums import TimeOffKind

from .history import track


class Hours(models.Model):
    """Working hours of a person or opening hours of a venue, in local time.

    Weekly rows hold from starts_on until ends_on; a row with a date is for that day alone, in
    addition to the weekly ones. A person without rows works the department's hours; a venue
    without rows is always open.
    """

    staff = models.ForeignKey(
        StaffMember, models.CASCADE, null=True, blank=True, related_name="hours"
    )
    venue = models.ForeignKey(Venue, models.CASCADE, null=True, blank=True, related_name="hours")
    weekday = models.PositiveSmallIntegerField(_("weekday"), null=True, blank=True)  # Monday is 0
    on = models.DateField(_("only on"), null=True, blank=True)
    opens = models.TimeField(_("from"))
    closes = models.TimeField(_("until"))
    starts_on = models.DateField(_("in effect from"))
    ends_on = models.DateField(_("in effect until"), null=True, blank=True)

    class Meta:
        ordering = ["weekday", "on", "opens"]
        verbose_name = _("hours")
        verbose_name_plural = _("hours")
        constraints = [
            models.CheckConstraint(
                condition=Q(closes__gt=F("opens")), name="hours_end_after_they_start"
            ),
            models.CheckConstraint(
                condition=Q(staff__isnull=True) ^ Q(venue__isnull=True),
                name="hours_are_of_one_person_or_one_venue",
            ),
            models.CheckConstraint(
                condition=Q(weekday__isnull=True) ^ Q(on__isnull=True),
                name="hours_are_weekly_or_of_one_day",
            ),
            models.CheckConstraint(
                condition=Q(weekday__isnull=True) | Q(weekday__lte=6), name="hours_have_a_weekday"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                name="hours_expire_after_they_begin",
            ),
        ]


@track("TimeOffHistory", ["staff", "starts_at", "ends_at"])
class TimeOff(models.Model):
    """A person is not there. Of an outside calendar only the busy spans are kept, no titles."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    staff = models.ForeignKey(StaffMember, models.CASCADE, related_name="time_off")
    kind = models.CharField(_("why"), max_length=10, choices=TimeOffKind.choices)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))

    class Meta:
        ordering = ["starts_at", "pk"]
        verbose_name = _("time off")
        verbose_name_plural = _("times off")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="time_off_ends_after_it_starts"
            )
        ]
        indexes = [
            GistIndex(F("staff"), TsTzRange("starts_at", "ends_at"), name="time_off_by_person")
        ]


class Closure(models.Model):
    """Days on which City Hall, or one venue, is closed; or open although the calendar says no."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    venue = models.ForeignKey(
        Venue,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="closures",
        verbose_name=_("venue"),
        help_text=_("Empty: the whole city."),
    )
    name = models.CharField(_("name"), max_length=80)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("open again on"))
    is_open = models.BooleanField(
        _("open after all"),
        default=False,
        help_text=_("City Hall works on these days although they are holidays."),
    )

    class Meta:
        ordering = ["starts_on"]
        verbose_name = _("closure")
        verbose_name_plural = _("closures")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="closure_ends_after_it_starts"
            ),
            ExclusionConstraint(
                name="closure_of_the_city_once_a_day",
                expressions=[(DateRange("starts_on", "ends_on"), RangeOperators.OVERLAPS)],
                condition=Q(venue__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name
