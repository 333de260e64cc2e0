"""How an event went, what was logged, and which figures or evening to show."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from outreach import department
from outreach.enums import Program, SpokenLanguage
from outreach.forms.fields import Line
from outreach.models import Beat
from scheduling import localtime
from scheduling.enums import Classification, Outcome
from scheduling.forms.events import WHOLE_CITY
from scheduling.forms.fields import ClockField, DayField
from scheduling.services import closing, events

ROWS_HEARD = 3
ADVICE = _("Never the name of a third person.")


class CloseOutForm(forms.Form):
    """Twenty seconds: what is likely is filled in already."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    outcome = forms.ChoiceField(
        label=_("How did it go?"),
        choices=Outcome.choices,
        initial=Outcome.HELD,
        widget=forms.RadioSelect,
    )
    head_count = forms.IntegerField(
        label=_("How many people came?"),
        min_value=0,
        max_value=100_000,
        error_messages={"required": _("Count the people; 0 if nobody came.")},
    )
    minutes = forms.IntegerField(label=_("Minutes"), required=False, min_value=1, max_value=24 * 60)
    languages = forms.MultipleChoiceField(
        label=_("Languages spoken"),
        choices=SpokenLanguage.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What was not held has no figures.
        is_held = not self.is_bound or self.data.get("outcome", Outcome.HELD) == Outcome.HELD
        self.fields["head_count"].required = is_held
        for name in ("head_count", "minutes"):
            self.fields[name].widget.attrs["inputmode"] = "numeric"
        for number in range(1, ROWS_HEARD + 1):
            self.fields[f"topic_{number}"] = Line(
                label=_("Topic"), max_length=160, required=False, help_text=ADVICE
            )
            self.fields[f"block_{number}"] = Line(label=_("Block"), max_length=160, required=False)
            self.fields[f"promise_{number}"] = Line(
                label=_("What we promised"), max_length=300, required=False
            )
            self.fields[f"due_{number}"] = DayField(label=_("Answer until"), required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for number in range(1, ROWS_HEARD + 1):
            rest = [given.get(f"{name}_{number}") for name in ("block", "promise", "due")]
            if any(rest) and not given.get(f"topic_{number}"):
                self.add_error(f"topic_{number}", _("Say what it was about."))
        return given

    def heard_rows(self) -> list[list[forms.BoundField]]:
        names = ("topic", "block", "promise", "due")
        return [[self[f"{name}_{number}"] for name in names] for number in range(1, ROWS_HEARD + 1)]

    def report(self) -> closing.Report:
        given = self.cleaned_data
        return closing.Report(
            outcome=Outcome(given["outcome"]),
            head_count=given["head_count"],
            minutes=given["minutes"],
            languages=tuple(given["languages"]),
            heard=tuple(
                closing.Said(
                    topic=given[f"topic_{number}"],
                    block=given[f"block_{number}"],
                    promise=given[f"promise_{number}"],
                    due_on=given[f"due_{number}"],
                )
                for number in range(1, ROWS_HEARD + 1)
                if given[f"topic_{number}"]
            ),
        )


class LogForm(CloseOutForm):
    """A walk, a pop-up, somebody else's meeting: it was never booked."""

    program = forms.ChoiceField(
        label=_("Program"),
        choices=department.public_choices,
        initial=Program.COMMUNITY,
    )
    summary = Line(label=_("What it was"), max_length=120)
    beat = forms.ChoiceField(label=_("Beat"))
    day = DayField(label=_("Date"))
    starts = ClockField(label=_("Began"), help_text=_("like 7 p.m. or 19:00"))

    def __init__(self, *args: Any, beats: Iterable[Beat], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.beats = {beat.code: beat for beat in beats}
        self.fields["beat"].choices = [  # type: ignore[attr-defined]
            *((code, beat.name) for code, beat in self.beats.items()),
            (WHOLE_CITY, _("The whole city")),
        ]
        del self.fields["outcome"]
        self.fields["minutes"].required = True

    def clean(self) -> dict[str, Any]:
        self.cleaned_data["outcome"] = Outcome.HELD
        given = super().clean()
        if given.get("day") and given.get("starts") and given.get("minutes"):
            given["ends_at"] = self._end(given)
        return given

    def _end(self, given: dict[str, Any]) -> datetime | None:
        try:
            given["starts_at"] = localtime.instant(given["day"], given["starts"])
        except localtime.NoSuchTime:
            self.add_error(
                "starts", _("The clocks jump over this time on that day. Choose another.")
            )
            return None
        ends_at = given["starts_at"] + timedelta(minutes=given["minutes"])
        if ends_at > timezone.now():
            self.add_error("day", _("This is not over yet. Book it as an event instead."))
        return ends_at

    def plan(self) -> events.Plan:
        """Private: it is over, and nobody is to be invited to it."""
        given = self.cleaned_data
        return events.Plan(
            program=Program(given["program"]),
            summary=given["summary"],
            starts_at=given["starts_at"],
            ends_at=given["ends_at"],
            classification=Classification.PRIVATE,
            beat=self.beats.get(given["beat"]),
        )


class AnswerForm(forms.Form):
    answer = Line(label=_("What we answered"), max_length=300)


class NumbersForm(forms.Form):
    year = forms.IntegerField(min_value=2000, max_value=2100)
    month = forms.IntegerField(min_value=1, max_value=12, required=False)


class PatrolForm(forms.Form):
    date = forms.DateField(input_formats=["%Y-%m-%d"])
    beat = forms.CharField(max_length=20, required=False)

    def clean_date(self) -> Any:
        day = self.cleaned_data["date"]
        if not 2000 <= day.year <= 2100:
            raise forms.ValidationError(_("Choose a day of this century."))
        return day
