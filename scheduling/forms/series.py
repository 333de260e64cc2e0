"""What staff type about a series: the rule, what each event is like, how far a change goes."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from outreach.forms.fields import Line
from scheduling import localtime
from scheduling.enums import EventStatus, Scope
from scheduling.forms.events import WHOLE_CITY, CancelForm, EventChangeForm, EventForm
from scheduling.forms.fields import DayField
from scheduling.recurrence import SHORTEST_MONTH, Repeats, Rule, ShortMonths
from scheduling.rule_words import DAYS, PLACE_NAMES
from scheduling.services.series import Wish

NEVER, ON_DAY, AFTER = "never", "on-day", "after"
FAR_OFF = 1000  # dates; what is too many is said by the rules of series


class DatesField(forms.MultipleChoiceField):
    """Dates ticked in a list, as yyyy-mm-dd."""

    def valid_value(self, value: str) -> bool:
        return _as_date(value) is not None

    def clean(self, value: Any) -> list[date]:
        return sorted({day for one in super().clean(value) if (day := _as_date(one))})


class SeriesForm(EventForm):
    """The rule in place of a single date. Each kind of rule asks for fields of its own."""

    which_hour = None  # type: ignore[assignment]
    status = None  # type: ignore[assignment]
    repeats = forms.ChoiceField(
        label=_("How it repeats"),
        initial=Repeats.BY_WEEKDAY,
        widget=forms.RadioSelect,
        choices=[
            (Repeats.BY_WEEKDAY, _("On a weekday of the month, like the second Tuesday")),
            (Repeats.WEEKLY, _("On days of the week")),
            (Repeats.BY_DAY, _("On a day of the month, like the 15th")),
            (Repeats.DAILY, _("Every day, or every few days")),
        ],
    )
    every = forms.IntegerField(
        label=_("Every how many months, weeks or days"),
        initial=1,
        min_value=1,
        max_value=52,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text=_("1: each one. 2: every second one."),
    )
    places = forms.TypedMultipleChoiceField(
        label=_("Which of the month"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=list(PLACE_NAMES.items()),
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Weekdays"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=list(enumerate(DAYS)),
    )
    month_day = forms.IntegerField(
        label=_("Day of the month"),
        required=False,
        min_value=1,
        max_value=31,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    short_months = forms.ChoiceField(
        label=_("In months without that day"),
        required=False,
        widget=forms.RadioSelect,
        choices=[
            (ShortMonths.LAST_DAY, _("It is on the last day of the month")),
            (ShortMonths.SKIP, _("There is none in that month")),
        ],
        help_text=_("Only for days 29, 30 and 31."),
    )
    ends_how = forms.ChoiceField(
        label=_("When the series ends"),
        initial=NEVER,
        widget=forms.RadioSelect,
        choices=[
            (NEVER, _("It goes on")),
            (ON_DAY, _("After a last day")),
            (AFTER, _("After a number of dates")),
        ],
    )
    until = DayField(label=_("Last day"), required=False)
    times = forms.IntegerField(
        label=_("Number of dates"),
        required=False,
        min_value=1,
        max_value=FAR_OFF,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text=_("Dates on closures and skipped ones count too."),
    )
    skips_closures = forms.BooleanField(
        label=_("Not on days City Hall or the venue is closed"), required=False, initial=True
    )
    skips = DatesField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].label = _("From")

    def _instant(self, name: str, day: date, at: time) -> datetime | None:
        return None  # the dates of the rule become instants, not the day it counts from

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        self._check_pattern(given)
        self._check_end(given)
        starts, ends = given.get("starts"), given.get("ends")
        if starts and ends and ends <= starts:
            self.refuse_end(starts, ends)
        if given.get("day"):
            given["starts_at"] = given["ends_at"] = localtime.midnight(given["day"])
        return given | {"status": EventStatus.CONFIRMED}

    def _check_pattern(self, given: dict[str, Any]) -> None:
        repeats = given.get("repeats")
        by_weekday = {Repeats.WEEKLY, Repeats.BY_WEEKDAY}
        if repeats in by_weekday and not given.get("weekdays"):
            self._ask("weekdays", _("Choose at least one weekday."))
        if repeats == Repeats.BY_WEEKDAY and not given.get("places"):
            self._ask("places", _("Choose which of the month, like the second."))
        if repeats != Repeats.BY_DAY:
            return
        day = given.get("month_day")
        if not day:
            self._ask("month_day", _("Give a day from 1 to 31."))
        elif day > SHORTEST_MONTH and not given.get("short_months"):
            self._ask("short_months", _("Say what happens in months without that day."))

    def _check_end(self, given: dict[str, Any]) -> None:
        if given.get("ends_how") == ON_DAY and not given.get("until"):
            self._ask("until", _("Give the last day."))
        if given.get("ends_how") == AFTER and not given.get("times"):
            self._ask("times", _("Give the number of dates."))

    def _ask(self, name: str, words: Any) -> None:
        if name not in self.errors:
            self.add_error(name, words)

    def wish(self, *, rdates: Collection[date] = ()) -> Wish:
        given = self.cleaned_data
        return Wish(
            rule=self.rule(),
            begins_on=given["day"],
            starts=given["starts"],
            minutes=_minutes(given["starts"], given["ends"]),
            skips_closures=given["skips_closures"],
            exdates=tuple(given["skips"]),
            rdates=tuple(rdates),
            like=self.plan(),
        )

    def rule(self) -> Rule:
        """Only what its kind asks for; what was typed into other fields counts for nothing."""
        given = self.cleaned_data
        repeats = Repeats(given["repeats"])
        by_weekday, by_day = repeats == Repeats.BY_WEEKDAY, repeats == Repeats.BY_DAY
        is_late = by_day and given["month_day"] > SHORTEST_MONTH
        return Rule(
            repeats,
            every=given["every"],
            weekdays=tuple(given["weekdays"]) if by_weekday or repeats == Repeats.WEEKLY else (),
            places=tuple(given["places"]) if by_weekday else (),
            month_day=given["month_day"] if by_day else 0,
            short_months=ShortMonths(given["short_months"]) if is_late else ShortMonths.SKIP,
            until=given["until"] if given["ends_how"] == ON_DAY else None,
            count=given["times"] if given["ends_how"] == AFTER else None,
        )


class SeriesChangeForm(SeriesForm):
    leaves_clashes = forms.BooleanField(
        label=_("Leave the dates that clash as they are, and change the others"), required=False
    )
    reason = Line(
        label=_("Why it changes"),
        max_length=300,
        required=False,
        help_text=_("People who are told read this."),
    )


class AddDateForm(forms.Form):
    day = forms.DateField(input_formats=["%Y-%m-%d"])


def _scope() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("How far it goes"),
        widget=forms.RadioSelect,
        initial=Scope.ONE,
        choices=Scope.choices,
        help_text=_("Past dates never change."),
    )


class OccurrenceChangeForm(EventChangeForm):
    scope = _scope()
    leaves_clashes = forms.BooleanField(
        label=_("Leave the dates that clash as they are, and change the others"), required=False
    )


class SeriesCancelForm(CancelForm):
    with_own = forms.BooleanField(
        label=_("Also the dates that were changed by themselves"), required=False
    )


class OccurrenceCancelForm(SeriesCancelForm):
    scope = _scope()
    field_order = ["scope", "with_own", "reason"]


def series_as_typed(wish: Wish) -> dict[str, Any]:
    """A series, or what is left of it, as the form shows it."""
    rule, like = wish.rule, wish.like
    spanish = like.texts.get("es", ("", ""))
    ends = datetime.combine(wish.begins_on, wish.starts) + timedelta(minutes=wish.minutes)
    ends_how = ON_DAY if rule.until else AFTER if rule.count else NEVER
    return {
        "program": like.program,
        "summary": like.summary,
        "beat": like.beat.code if like.beat else WHOLE_CITY,
        "day": wish.begins_on,
        "starts": wish.starts,
        "ends": ends.time(),
        "staff": [one.pk for one in like.staff],
        "venue": like.venue.pk if like.venue else None,
        "group": like.group.pk if like.group else None,
        "location": like.location,
        "classification": like.classification,
        "description": like.description,
        "summary_es": spanish[0],
        "description_es": spanish[1],
        "also_beats": [beat.pk for beat in like.also_beats],
        "repeats": rule.repeats,
        "every": rule.every,
        "weekdays": list(rule.weekdays),
        "places": list(rule.places),
        "month_day": rule.month_day or None,
        "short_months": rule.short_months if rule.month_day > SHORTEST_MONTH else None,
        "ends_how": ends_how,
        "until": rule.until,
        "times": rule.count,
        "skips_closures": wish.skips_closures,
        "skips": [day.isoformat() for day in wish.exdates],
    }


def _minutes(starts: time, ends: time) -> int:
    return (ends.hour - starts.hour) * 60 + ends.minute - starts.minute


def _as_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
