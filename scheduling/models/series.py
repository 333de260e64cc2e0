"""A rule, and the events that were made of it."""

from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from outreach.enums import Program
from outreach.models import Beat, StaffMember, Venue, WatchGroup
from scheduling.enums import Classification

from .events import Event
from .history import track


@track("SeriesHistory", ["rrule", "first_on", "starts", "minutes", "summary", "exdates", "rdates"])
class Series(models.Model):
    """What its coming events are to be like. The past ones stay as they were.

    The rule is an RRULE (RFC 5545) on local dates; `starts` is a time of the wall clock, the
    same in summer and winter. Dates are skipped by exdates and added by rdates.
    """

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    rrule = models.CharField(max_length=300)
    first_on = models.DateField(_("first date"))
    starts = models.TimeField(_("starts"))
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    skips_closures = models.BooleanField(_("not on closures"), default=True)
    exdates = ArrayField(models.DateField(), default=list, blank=True)
    rdates = ArrayField(models.DateField(), default=list, blank=True)
    extended_until = models.DateField()  # events exist for every date before this

    program = models.CharField(_("program"), max_length=20, choices=Program.choices)
    beat = models.ForeignKey(Beat, models.PROTECT, null=True, blank=True, related_name="series")
    also_beats = models.ManyToManyField(Beat, blank=True, related_name="shared_series")
    venue = models.ForeignKey(Venue, models.PROTECT, null=True, blank=True, related_name="series")
    staff = models.ManyToManyField(StaffMember, blank=True, related_name="series")
    group = models.ForeignKey(
        WatchGroup, models.PROTECT, null=True, blank=True, related_name="series"
    )
    location = models.CharField(max_length=160, blank=True)
    summary = models.CharField(max_length=120)
    description = models.TextField(max_length=4000, blank=True)
    classification = models.CharField(max_length=12, choices=Classification.choices)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gt=0), name="series_lasts_some_time"),
            models.CheckConstraint(
                condition=~Q(program=Program.SECURITY_SURVEY.value),
                name="series_is_never_of_surveys",
            ),
        ]

    def __str__(self) -> str:
        return f"series {self.uid}"


class SeriesText(models.Model):
    """A series' words in a further language."""

    series = models.ForeignKey(Series, models.CASCADE, related_name="texts")
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    summary = models.CharField(max_length=120)
    description = models.TextField(max_length=4000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["series", "language"], name="series_text_once_a_language"
            )
        ]


class Occurrence(models.Model):
    """The link from an event to the date of its series it stands for."""

    event = models.OneToOneField(Event, models.CASCADE, related_name="occurrence")
    series = models.ForeignKey(Series, models.PROTECT, related_name="occurrences")
    recurrence_id = models.DateTimeField()  # its original start, wherever it moved since
    is_own = models.BooleanField(default=False)  # changed by itself: the series leaves it alone

    class Meta:
        ordering = ["recurrence_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "recurrence_id"], name="occurrence_once_a_date"
            )
        ]
