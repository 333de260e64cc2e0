"""What is held, listed for destruction, erased and handed out: the journal of people's data.

It names nobody: references, counts, and who of us did it. Its rows stay for ever.
"""

from datetime import date, timedelta
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from notifications.enums import ExportScope, JobState
from outreach.enums import RecordClass
from outreach.models import Contact, StaffMember
from outreach.models.sealed import Sealed
from scheduling.models import Event


class LegalHold(models.Model):
    """Nothing of this person, this event or this span of time is destroyed until it is lifted."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, related_name="holds")
    event = models.ForeignKey(Event, models.PROTECT, null=True, related_name="holds")
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    reason = models.CharField(_("reason"), max_length=200)
    placed_by = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(StaffMember, models.PROTECT, null=True, related_name="+")
    lift_reason = models.CharField(_("why it ends"), max_length=200, blank=True, db_default="")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(contact__isnull=False, event=None, starts_at=None, ends_at=None)
                    | Q(contact=None, event__isnull=False, starts_at=None, ends_at=None)
                    | Q(contact=None, event=None, starts_at__lt=F("ends_at"))
                    # Of a person whose last row went after it was lifted.
                    | Q(contact=None, event=None, starts_at=None, lifted_at__isnull=False)
                ),
                name="legal_hold_is_on_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="legal_hold_is_lifted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"legal hold {self.pk}"

    @property
    def last_day(self) -> date | None:
        """Of a span: it ends with the midnight after."""
        return timezone.localdate(self.ends_at - timedelta(seconds=1)) if self.ends_at else None


class Destruction(models.Model):
    """A list of records whose time is over, and its release by name."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.READY)
    made_by = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    released_by = models.ForeignKey(StaffMember, models.PROTECT, null=True, related_name="+")
    released_as = models.CharField(max_length=120, blank=True, db_default="")
    released_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[JobState.READY.value, JobState.DROPPED.value])
                | Q(released_by__isnull=False, released_at__isnull=False),
                name="destruction_is_released_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return f"destruction {self.pk}"


class DestructionCount(models.Model):
    """How many of one class were listed, destroyed, and left because they may not go any more."""

    destruction = models.ForeignKey(Destruction, models.PROTECT, related_name="counts")
    record_class = models.CharField(max_length=20, choices=RecordClass.choices)
    months = models.PositiveSmallIntegerField()  # the period it was listed by
    listed = models.PositiveIntegerField()
    held = models.PositiveIntegerField()  # due, but under a legal hold: not listed
    destroyed = models.PositiveIntegerField(default=0, db_default=0)
    left = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["destruction", "record_class"], name="destruction_count_once_a_class"
            )
        ]


class DestructionItem(models.Model):
    """A record on a list that is not through yet; gone when it is."""

    destruction = models.ForeignKey(Destruction, models.CASCADE, related_name="items")
    record_class = models.CharField(max_length=20, choices=RecordClass.choices)
    record_id = models.BigIntegerField()
    reference = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["destruction", "record_class", "record_id"],
                name="destruction_item_once_a_list",
            )
        ]


class Erasure(models.Model):
    """One person's wish to be forgotten, carried out."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    reference = models.CharField(max_length=12, unique=True)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.RUNNING)
    contacts = models.ManyToManyField(Contact, related_name="erasures")
    # Nobody: repeated by itself after a restore.
    staff = models.ForeignKey(StaffMember, models.PROTECT, null=True, related_name="+")
    language = models.CharField(max_length=10)  # of the receipt
    # Keys of earlier wordings in which the person was covered.
    covered = ArrayField(models.TextField(), default=list, db_default=[], editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    ended_at = models.DateTimeField(null=True)
    backups_until = models.DateField(null=True)  # the last backup with them is gone after it

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.reference


class ErasureCount(models.Model):
    """What became of one class of that person's records."""

    erasure = models.ForeignKey(Erasure, models.CASCADE, related_name="counts")
    record_class = models.CharField(max_length=20, choices=RecordClass.choices)
    erased = models.PositiveIntegerField(default=0)
    restricted = models.PositiveIntegerField(default=0)
    kept_until = models.DateField(null=True)  # when the last restricted one may go

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["erasure", "record_class"], name="erasure_count_once_a_class"
            )
        ]


class RecordsExport(models.Model):
    """An answer to a request for public records: who made it, of what, and that it was taken."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.RUNNING)
    scope = models.CharField(max_length=10, choices=ExportScope.choices)
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, related_name="+")
    event = models.ForeignKey(Event, models.SET_NULL, null=True, related_name="+")
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    request_number = models.CharField(_("number of the request"), max_length=60)
    staff = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")
    rows = models.PositiveIntegerField(default=0)
    redacted = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    ready_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"records export {self.pk}"


class ExportFile(Sealed):
    """One table of an export, sealed, until it is taken or a day is over."""

    export = models.ForeignKey(RecordsExport, models.CASCADE, related_name="files")
    name = models.CharField(max_length=40)
    text_sealed = models.BinaryField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["export", "name"], name="export_file_once_a_name")
        ]
