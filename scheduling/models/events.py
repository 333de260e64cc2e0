"""What takes place, and its words in other languages."""

from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from outreach.enums import Program
from outreach.models import Beat, Venue
from scheduling.db import TsTzRange
from scheduling.enums import Classification, EventStatus
from scheduling.spans import Span

from .history import track


@track("EventHistory", ["summary", "starts_at", "ends_at", "status", "venue", "location"])
class Event(models.Model):
    """One occurrence: one VEVENT under a UID that never changes."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    program = models.CharField(_("program"), max_length=20, choices=Program.choices)
    beat = models.ForeignKey(
        Beat,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="events",
        verbose_name=_("beat"),
        help_text=_("Empty: the whole city."),
    )
    also_beats = models.ManyToManyField(
        Beat,
        through="EventBeat",
        blank=True,
        related_name="shared_events",
        verbose_name=_("also of these beats"),
    )
    venue = models.ForeignKey(
        Venue,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="events",
        verbose_name=_("venue"),
    )
    location = models.CharField(_("place in words"), max_length=160, blank=True)
    summary = models.CharField(_("title"), max_length=120)
    description = models.TextField(_("description"), max_length=4000, blank=True)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    status = models.CharField(
        _("status"), max_length=10, choices=EventStatus.choices, default=EventStatus.CONFIRMED
    )
    classification = models.CharField(
        _("who may see it"), max_length=12, choices=Classification.choices
    )
    sequence = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    # DTSTAMP: the last change a subscriber can see. Set by services only.
    updated_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["starts_at", "pk"]
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="event_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=~Q(program=Program.SECURITY_SURVEY.value)
                | Q(classification=Classification.CONFIDENTIAL.value),
                name="event_survey_is_confidential",
            ),
        ]
        indexes = [
            models.Index(fields=["starts_at"], name="event_by_start"),
            models.Index(fields=["beat", "starts_at"], name="event_by_beat"),
            GistIndex(TsTzRange("starts_at", "ends_at"), name="event_by_span"),
        ]

    def __str__(self) -> str:
        return f"event {self.uid}"

    @property
    def span(self) -> Span:
        return Span(self.starts_at, self.ends_at)

    @property
    def is_cancelled(self) -> bool:
        return self.status == EventStatus.CANCELLED

    def words(self, language: str | None = None) -> tuple[str, str]:
        """Summary and description in a language, or in the department's first.

        Reads `texts`; prefetch it where many events are shown.
        """
        wanted = language or get_language() or settings.LANGUAGE_CODE
        for text in self.texts.all():
            if text.language == wanted.split("-")[0]:
                return text.summary, text.description or self.description
        return self.summary, self.description

    @property
    def title(self) -> str:
        return self.words()[0]

    @property
    def details(self) -> str:
        return self.words()[1]


class EventBeat(models.Model):
    """An event stands in the calendar of a further beat, under the same UID."""

    event = models.ForeignKey(Event, models.CASCADE)
    beat = models.ForeignKey(Beat, models.CASCADE)

    class Meta:
        db_table = "scheduling_event_also_beats"
        unique_together = [("event", "beat")]


class EventText(models.Model):
    """An event's words in a further language."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    summary = models.CharField(_("title"), max_length=120)
    description = models.TextField(_("description"), max_length=4000, blank=True)

    class Meta:
        verbose_name = _("event text")
        verbose_name_plural = _("event texts")
        constraints = [
            models.UniqueConstraint(fields=["event", "language"], name="event_text_once_a_language")
        ]
