"""What staff type about a survey visit, and which week they look at."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from outreach.models import StaffMember
from scheduling import localtime, selectors, wording
from scheduling.forms.fields import ClockField, DayField


class VisitForm(forms.Form):
    """A time for a survey visit: one of those offered, or another."""

    starts_at = forms.ChoiceField(label=_("Free times"), required=False, widget=forms.RadioSelect)
    day = DayField(label=_("Or another date"), required=False)
    starts = ClockField(label=_("Starts"), required=False, help_text=_("like 10 a.m. or 14:00"))
    staff = forms.ModelMultipleChoiceField(
        label=_("Who goes"),
        queryset=StaffMember.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, *args: Any, offered: Iterable[datetime], excluded: int | None, **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        self.offered = {at.isoformat(): at for at in offered}
        self.fields["starts_at"].choices = [  # type: ignore[attr-defined]
            (text, f"{wording.day(at)}, {wording.clock(at)}") for text, at in self.offered.items()
        ]
        people = selectors.bookable_staff()
        if excluded:
            people = people.exclude(pk=excluded)
        self.fields["staff"].queryset = people  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("day") and given.get("starts"):
            try:
                given["chosen"] = localtime.instant(given["day"], given["starts"])
            except localtime.NoSuchTime:
                self.add_error(
                    "starts", _("The clocks jump over this time on that day. Choose another.")
                )
                return given
        else:
            given["chosen"] = self.offered.get(given.get("starts_at", ""))
        if not self.errors and given["chosen"] is None:
            self.add_error("starts_at", _("Choose one of these times, or give a date and a start."))
        elif given.get("chosen") and given["chosen"] <= timezone.now():
            self.add_error("day", _("This time is already past."))
        return given


class WeekForm(forms.Form):
    """Which week to show; any day of it will do."""

    week = forms.DateField(input_formats=["%Y-%m-%d"], required=False)

    def clean_week(self) -> date:
        chosen = self.cleaned_data["week"] or timezone.localdate()
        if not date(2000, 1, 1) <= chosen <= date(2100, 1, 1):
            raise ValidationError(_("Choose a week of this century."))
        return chosen - timedelta(days=chosen.weekday())
