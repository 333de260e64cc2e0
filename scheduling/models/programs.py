"""The link from an event to what it is for. A new program adds a model here."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from outreach.models import EventRequest, SurveyRequest, WatchGroup

from .events import Event


class SurveyVisit(models.Model):
    """The appointment of a survey request."""

    event = models.OneToOneField(Event, models.CASCADE, related_name="survey_visit")
    request = models.ForeignKey(SurveyRequest, models.PROTECT, related_name="visits")
    # The start to which the person said yes; a moved visit asks anew.
    confirmed_for = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("survey visit")
        verbose_name_plural = _("survey visits")

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_for == self.event.starts_at


class RequestedEvent(models.Model):
    """The event of a request: tentative while it is pending and keeps its time."""

    event = models.OneToOneField(Event, models.CASCADE, related_name="requested")
    request = models.ForeignKey(EventRequest, models.PROTECT, related_name="events")

    class Meta:
        verbose_name = _("requested event")
        verbose_name_plural = _("requested events")


class WatchMeeting(models.Model):
    """A meeting of a Neighborhood Watch group."""

    event = models.OneToOneField(Event, models.CASCADE, related_name="watch_meeting")
    group = models.ForeignKey(WatchGroup, models.PROTECT, related_name="meetings")

    class Meta:
        verbose_name = _("watch meeting")
        verbose_name_plural = _("watch meetings")
