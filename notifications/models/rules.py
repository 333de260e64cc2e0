"""What falls due by the calendar, and what was planned of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from scheduling.models import Event


class ReminderRule(models.Model):
    """How long before an event a reminder goes out."""

    name = models.CharField(_("name"), max_length=40, unique=True)
    lead_minutes = models.PositiveIntegerField(_("minutes before"), unique=True)
    is_by_call = models.BooleanField(
        _("also by phone call"),
        default=False,
        help_text=_("For people who can only be called."),
    )
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ["-lead_minutes"]
        verbose_name = _("reminder rule")
        verbose_name_plural = _("reminder rules")

    def __str__(self) -> str:
        return self.name


class ReminderRun(models.Model):
    """A rule was planned for an event at this start. Later sign-ups are planned by themselves."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="reminder_runs")
    rule = models.ForeignKey(ReminderRule, models.CASCADE, related_name="+")
    event_starts_at = models.DateTimeField()
    planned_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event", "rule", "event_starts_at"], name="reminder_run_once_a_start"
            )
        ]


class Digest(models.Model):
    """The events of one week in one message, for those who chose it."""

    starts_on = models.DateField(unique=True)  # its Monday, local
    planned_at = models.DateTimeField()
