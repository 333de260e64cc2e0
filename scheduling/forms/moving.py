"""Moving an event: another time, other people; all else stays."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from outreach.forms.fields import Line
from outreach.models import StaffMember
from scheduling import selectors
from scheduling.forms.times import TimesForm
from scheduling.models import Event
from scheduling.services import events
from scheduling.spans import Span

LONGEST = timedelta(hours=24)
HALF_HOUR, DAY = timedelta(minutes=30), timedelta(days=1)
# What one press proposes: how much the start and the end move.
NUDGES = [
    (_("30 minutes earlier"), -HALF_HOUR, -HALF_HOUR),
    (_("30 minutes later"), HALF_HOUR, HALF_HOUR),
    (_("30 minutes shorter"), timedelta(), -HALF_HOUR),
    (_("30 minutes longer"), timedelta(), HALF_HOUR),
    (_("A day earlier"), -DAY, -DAY),
    (_("A day later"), DAY, DAY),
    (_("A week later"), 7 * DAY, 7 * DAY),
]


class MoveForm(TimesForm):
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    # Which version of the event was being looked at; see events.change().
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    staff = forms.ModelMultipleChoiceField(
        label=_("Who goes"),
        queryset=StaffMember.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    reason = Line(
        label=_("Why it moves"),
        max_length=300,
        required=False,
        help_text=_("People who are told read this."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["staff"].queryset = selectors.bookable_staff()  # type: ignore[attr-defined]

    def plan(self, event: Event) -> events.Plan:
        given = self.cleaned_data
        return replace(
            events.plan_of(event),
            starts_at=given["starts_at"],
            ends_at=given["ends_at"],
            staff=tuple(given["staff"]),
        )

    def sketch(self, event: Event) -> events.Plan | None:
        """The plan as far as it is typed or proposed, to look whether it can be had."""
        is_whole = self.is_valid() and self.cleaned_data.get("starts_at")
        return self.plan(event) if is_whole else None


def as_typed(span: Span, staff: Iterable[int]) -> dict[str, Any]:
    """A proposal as the form is sent."""
    starts, ends = timezone.localtime(span.starts_at), timezone.localtime(span.ends_at)
    return {
        "day": f"{starts:%m/%d/%Y}",
        "starts": f"{starts:%I:%M %p}",
        "ends": f"{ends:%I:%M %p}",
        "staff": list(staff),
    }


def proposed(event: Event, staff: list[int], wishes: Mapping[str, str]) -> dict[str, Any]:
    """What a link proposes: another day, length or person; what makes no sense is left alone."""
    span = event.span
    try:
        if day := wishes.get("day"):
            span = _on(span, date.fromisoformat(day))
        if minutes := wishes.get("minutes"):
            length = min(timedelta(minutes=int(minutes)), LONGEST)
            span = Span(span.starts_at, span.starts_at + max(length, HALF_HOUR))
        if (to := int(wishes.get("to", 0))) and (gone := int(wishes.get("from", 0))) != to:
            staff = [one for one in staff if one not in (gone, to)] + [to]
    except (ValueError, OverflowError):
        pass
    return as_typed(span, staff)


def nudges(form: MoveForm) -> list[tuple[str, dict[str, Any]]]:
    """Words and form values of each small move from where the form stands."""
    if not (form.is_valid() and form.cleaned_data.get("starts_at")):
        return []
    given = form.cleaned_data
    staff = [one.pk for one in given["staff"]]
    return [
        (str(words), as_typed(span, staff))
        for words, first, last in NUDGES
        if (span := _shifted(given["starts_at"], given["ends_at"], first, last)).length >= HALF_HOUR
    ]


def _shifted(starts_at: datetime, ends_at: datetime, first: timedelta, last: timedelta) -> Span:
    """By the clock on the wall: seven in the evening stays seven when the clocks change."""
    local = [timezone.localtime(at).replace(tzinfo=None) for at in (starts_at, ends_at)]
    zone = timezone.get_current_timezone()
    begin, end = (at + by for at, by in zip(local, (first, last), strict=True))
    return Span(begin.replace(tzinfo=zone), end.replace(tzinfo=zone))


def _on(span: Span, day: date) -> Span:
    by = day - timezone.localdate(span.starts_at)
    return _shifted(span.starts_at, span.ends_at, by, by)
