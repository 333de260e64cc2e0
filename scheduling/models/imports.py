"""A calendar file somebody brings in, and the events that came of it."""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from outreach.enums import Program
from outreach.models import Beat, StaffMember
from scheduling.enums import Classification, ImportState

from .events import Event


class CalendarImport(models.Model):
    """An upload that waits for its one button; gone a day later, whatever became of it."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    # Whose it is; nobody's when it is brought in by command.
    staff = models.ForeignKey(StaffMember, models.CASCADE, null=True, related_name="imports")
    beat = models.ForeignKey(Beat, models.CASCADE, null=True, related_name="+")
    program = models.CharField(_("program"), max_length=20, choices=Program.choices)
    classification = models.CharField(
        _("who may see it"), max_length=12, choices=Classification.choices
    )
    people = models.ManyToManyField(StaffMember, related_name="+")
    file_name = models.CharField(max_length=120)
    data = models.TextField()  # what the reader found in the file; see scheduling/incoming.py
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.READ)
    language = models.CharField(max_length=10)  # of who brought it, for what is said later
    found = models.PositiveIntegerField()  # entries in the file
    total = models.PositiveIntegerField()  # of them, those that could become events
    settled = models.PositiveIntegerField(default=0)  # of these, those that are through
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(program=Program.SECURITY_SURVEY.value),
                name="import_is_never_of_surveys",
            ),
            models.CheckConstraint(
                condition=Q(settled__lte=F("total"), total__lte=F("found")),
                name="import_counts_add_up",
            ),
        ]

    def __str__(self) -> str:
        return f"import {self.uid}"


class ImportedEvent(models.Model):
    """The link from an event to the entry of a foreign calendar it was made of: once for ever."""

    event = models.OneToOneField(Event, models.CASCADE, related_name="imported")
    source_uid = models.CharField(max_length=255)
    recurrence_id = models.CharField(max_length=20, blank=True)
    # As the file had them, to tell what changed there since.
    sequence = models.PositiveIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    calendar_import = models.ForeignKey(
        CalendarImport, models.SET_NULL, null=True, related_name="brought"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source_uid", "recurrence_id"], name="imported_event_once"
            )
        ]

    def __str__(self) -> str:
        return f"imported {self.event_id}"


class ImportRefusal(models.Model):
    """Why an entry could not become an event when its turn came."""

    calendar_import = models.ForeignKey(CalendarImport, models.CASCADE, related_name="refusals")
    number = models.PositiveIntegerField()  # its place among the entries
    words = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["calendar_import", "number"], name="import_refusal_once"
            )
        ]

    def __str__(self) -> str:
        return f"refusal {self.calendar_import_id}/{self.number}"
