"""What people type about hours, leave, swaps, calendars of their own, and closed days."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from outreach.enums import VenueKind
from outreach.forms.fields import Line
from outreach.models import StaffMember, Venue
from scheduling import localtime, outside, selectors
from scheduling.enums import TimeOffKind
from scheduling.forms.fields import ClockField, DayField
from scheduling.models import Hours
from scheduling.services import hours
from scheduling.spans import Span

DAY = timedelta(days=1)
WHOLE_DAY = _("like 7 p.m.; empty: the whole day")


class KeptForm(forms.Form):
    """Sent twice it is done once; says beside each field what the rules say of it."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def refuse(self, problems: Mapping[str, str]) -> None:
        for name, words in problems.items():
            self.add_error(name if name in self.fields else None, words)


class WeekForm(KeptForm):
    """One stretch for each weekday; a day left empty is off."""

    from_ = DayField(label=_("In effect from"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for weekday, name in WEEKDAYS.items():
            for edge, words in (("opens", _("%(day)s, from")), ("closes", _("%(day)s, until"))):
                label = words % {"day": str(name).capitalize()}
                self.fields[f"{edge}_{weekday}"] = ClockField(label=label, required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for weekday in WEEKDAYS:
            opens, closes = given.get(f"opens_{weekday}"), given.get(f"closes_{weekday}")
            if self.errors.keys() & {f"opens_{weekday}", f"closes_{weekday}"}:
                continue
            if (opens is None) != (closes is None):
                missing = "opens" if opens is None else "closes"
                self.add_error(f"{missing}_{weekday}", _("Give both times, or neither."))
            elif opens and closes and closes <= opens:
                self.add_error(f"closes_{weekday}", _("The end must be after the start."))
        return given

    def week(self) -> hours.Week:
        given = self.cleaned_data
        return {
            weekday: (given[f"opens_{weekday}"], given[f"closes_{weekday}"])
            for weekday in WEEKDAYS
            if given[f"opens_{weekday}"] is not None
        }

    @staticmethod
    def typed(rows: Iterable[Hours]) -> dict[str, time]:
        """What holds now, to be changed."""
        known: dict[str, time] = {}
        for row in rows:
            known |= {f"opens_{row.weekday}": row.opens, f"closes_{row.weekday}": row.closes}
        return known


class LeaveForm(KeptForm):
    kind = forms.ChoiceField(
        label=_("Why"),
        choices=[(kind.value, kind.label) for kind in hours.LEAVE],
        help_text=_("Only you and the sergeant see this. Others read “away”."),
    )
    first = DayField(label=_("First day"))
    starts = ClockField(label=_("From"), required=False, help_text=WHOLE_DAY)
    last = DayField(label=_("Last day"))
    ends = ClockField(label=_("Until"), required=False, help_text=WHOLE_DAY)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("first") and given.get("last") and not self.errors:
            end = given["last"] + (timedelta() if given["ends"] else DAY)
            starts_at = self._instant("starts", given["first"], given["starts"])
            ends_at = self._instant("ends", end, given["ends"])
            if starts_at and ends_at:
                given["span"] = Span(starts_at, ends_at)
        return given

    def _instant(self, name: str, day: Any, at: time | None) -> datetime | None:
        try:
            return localtime.instant(day, at or time.min)
        except localtime.NoSuchTime:
            self.add_error(name, _("The clocks jump over this time on that day. Choose another."))
            return None

    @property
    def chosen(self) -> TimeOffKind:
        return TimeOffKind(self.cleaned_data["kind"])


class SwapForm(KeptForm):
    day = DayField(label=_("Date"))
    taker = forms.ModelChoiceField(
        label=_("Who works instead"),
        queryset=StaffMember.objects.none(),
        empty_label=_("Choose a person"),
    )

    def __init__(self, *args: Any, giver: StaffMember, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = selectors.bookable_staff().exclude(pk=giver.pk)
        self.fields["taker"].queryset = others  # type: ignore[attr-defined]


class CalendarForm(KeptForm):
    file = forms.FileField(
        label=_("Calendar file (.ics)"),
        help_text=_("At most 1 MB. We keep only when you are busy: no titles, places or names."),
        widget=forms.ClearableFileInput(attrs={"accept": ".ics,text/calendar"}),
        allow_empty_file=True,
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > outside.MOST_BYTES:
            size = filesizeformat(file.size)
            raise ValidationError(
                _("This file has %(size)s; 1 MB is the most."), "big", {"size": size}
            )
        return file


class ClosureForm(KeptForm):
    name = Line(label=_("Why"), max_length=80, help_text=_("People read this on the calendar."))
    venue = forms.ModelChoiceField(
        label=_("What is closed"),
        queryset=Venue.objects.exclude(kind=VenueKind.HOME).order_by("name"),
        required=False,
        empty_label=_("The whole city"),
    )
    first = DayField(label=_("First day"))
    last = DayField(label=_("Last day"))


class LiftForm(KeptForm):
    day = DayField(label=_("Date"))
