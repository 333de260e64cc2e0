"""The habits of each program: how long, how much around it, how far ahead, how many."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from outreach.enums import Program


class ProgramPolicy(models.Model):
    """One row a program; a department changes it as it likes."""

    program = models.CharField(_("program"), max_length=20, choices=Program.choices, unique=True)
    usual_minutes = models.PositiveSmallIntegerField(_("usual length in minutes"), default=60)
    set_up_minutes = models.PositiveSmallIntegerField(_("set-up in minutes"), default=0)
    take_down_minutes = models.PositiveSmallIntegerField(_("take-down in minutes"), default=0)
    notice_days = models.PositiveSmallIntegerField(
        _("days of notice"), default=0, help_text=_("Nothing is offered sooner than this.")
    )
    most_a_week = models.PositiveSmallIntegerField(
        _("at most in a week and beat"),
        null=True,
        blank=True,
        help_text=_("Requests beyond this wait for another week. Empty: no limit."),
    )
    hold_hours = models.PositiveSmallIntegerField(
        _("hours a request keeps its time"),
        default=72,
        help_text=_("0: a request keeps no time."),
    )
    most_holds = models.PositiveSmallIntegerField(
        _("requests that keep a time at once, in a beat"), default=3
    )
    accommodation_days = models.PositiveSmallIntegerField(
        _("days before an event to ask for an interpreter or access"), default=5
    )

    class Meta:
        ordering = ["program"]
        verbose_name = _("habits of a program")
        verbose_name_plural = _("habits of programs")
        constraints = [
            models.CheckConstraint(
                condition=Q(usual_minutes__gt=0), name="policy_usual_length_is_some_time"
            )
        ]

    def __str__(self) -> str:
        return str(Program(self.program).label)
