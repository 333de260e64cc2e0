"""The day and hours of an event, whatever else is asked."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from scheduling import localtime
from scheduling.forms.fields import ClockField, DayField

MORNING, LATE = time(6), time(17)
WHICH_HOUR = [
    ("first", _("The first, before the clocks go back")),
    ("second", _("The second, after the clocks went back")),
]
# Where the page shows what the rules call by another name.
FIELD_OF = {"starts_at": "day", "ends_at": "ends"}


class TimesForm(forms.Form):
    """Gives `starts_at` and `ends_at`; asks which hour is meant where one comes twice."""

    asks_which = False

    day = DayField(label=_("Date"))
    starts = ClockField(label=_("Starts"), help_text=_("like 7 p.m. or 19:00"))
    ends = ClockField(label=_("Ends"))
    which_hour = forms.ChoiceField(
        label=_("Which of the two"),
        required=False,
        choices=[("", "–"), *WHICH_HOUR],
        help_text=_("The clocks go back that night, and this hour comes twice."),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        day, starts, ends = given.get("day"), given.get("starts"), given.get("ends")
        if day and starts and ends:
            self.asks_which = any(localtime.is_doubled(day, at) for at in (starts, ends))
            given["starts_at"] = self._instant("starts", day, starts)
            given["ends_at"] = self._instant("ends", day, ends)
            if given["starts_at"] and given["ends_at"] and given["ends_at"] <= given["starts_at"]:
                self.refuse_end(starts, ends)
        return given

    def refuse_end(self, starts: time, ends: time) -> None:
        self.add_error("ends", _ends_too_early(starts, ends))

    def refuse(self, problems: Mapping[str, str]) -> None:
        """Say beside each field what the rules of booking say of it."""
        for name, words in problems.items():
            field = FIELD_OF.get(name, name)
            self.add_error(field if field in self.fields else None, words)

    def _instant(self, name: str, day: date, at: time) -> datetime | None:
        which = self.cleaned_data.get("which_hour")
        if localtime.is_doubled(day, at) and not which:
            if "which_hour" not in self.errors:
                self.add_error("which_hour", _("This hour comes twice that night. Which one?"))
            return None
        try:
            return localtime.instant(day, at, is_second=which == "second")
        except localtime.NoSuchTime:
            self.add_error(name, _("The clocks jump over this time on that day. Choose another."))
            return None


def _ends_too_early(starts: time, ends: time) -> Any:
    if starts >= LATE and ends < MORNING:
        return _("An event ends on the day it begins. What goes on after midnight is a second one.")
    return _("The end must be after the start.")
