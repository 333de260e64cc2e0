"""Form fields for days and hours as people type them."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

DATE_FORMATS = ["%m/%d/%Y", "%m/%d/%y", "%Y-%m-%d"]
TIME_FORMATS = ["%I:%M %p", "%I:%M%p", "%I %p", "%I%p", "%H:%M"]


def farthest() -> timedelta:
    """How far from today a date may lie."""
    return timedelta(days=settings.BOOK_AHEAD_DAYS)


class DayField(forms.DateField):
    """A day typed mm/dd/yyyy, near enough to be meant."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            input_formats=DATE_FORMATS,
            help_text=_("mm/dd/yyyy"),
            widget=forms.DateInput(format="%m/%d/%Y", attrs={"inputmode": "numeric"}),
            **kwargs,
        )
        self.error_messages["invalid"] = _("Enter a valid date, as mm/dd/yyyy.")

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day and abs(day - timezone.localdate()) > farthest():
            raise ValidationError(_("Choose a date within the next two years."))
        return day


class ClockField(forms.TimeField):
    """“7 p.m.”, “7:30 pm”, “7 p. m.”, “7p” or “19:30”."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=TIME_FORMATS, **kwargs)
        self.error_messages["invalid"] = _("Enter a valid time, like 7 p.m. or 19:00.")
        self.widget.format = "%I:%M %p"

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            # Spanish writes “7 p. m.”, often with spaces that do not break.
            value = " ".join(value.replace(".", "").upper().split())
            value = value.removesuffix(" M") + "M" if value.endswith((" A M", " P M")) else value
            value = value + "M" if value.endswith(("A", "P")) else value
            if value in {"24:00", "24"}:
                raise ValidationError(
                    _("Midnight is 12 a.m. of the next day; an event ends by 11:59 p.m.")
                )
        return super().to_python(value)
