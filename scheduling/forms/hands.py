"""Who takes over, who is called away, who runs late."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from outreach.enums import SpokenLanguage
from outreach.forms.fields import Line
from outreach.models import StaffMember
from scheduling import localtime, selectors, wording
from scheduling.forms.fields import ClockField
from scheduling.forms.hours import KeptForm
from scheduling.services import hands, lateness
from scheduling.spans import Span


class HandOverForm(KeptForm):
    from_ = forms.ModelChoiceField(label=_("Who gives"), queryset=StaffMember.objects.none())
    to = forms.ModelChoiceField(
        label=_("Who takes"),
        queryset=StaffMember.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    reason = Line(label=_("Why"), max_length=300, help_text=_("Colleagues read this."))

    def __init__(
        self, *args: Any, givers: list[StaffMember], takers: list[hands.Taker], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        gives, takes = self.fields["from_"], self.fields["to"]
        pks = [one.pk for one in givers]
        gives.queryset = StaffMember.objects.filter(pk__in=pks)  # type: ignore[attr-defined]
        everybody = selectors.bookable_staff()
        takes.queryset = everybody  # type: ignore[attr-defined]
        days = _("Hours booked are those of the %(days)s days from this event on.")
        takes.help_text = days % {"days": settings.LOAD_DAYS}
        takes.choices = [(one.person.pk, describe(one)) for one in takers]  # type: ignore[attr-defined]


def describe(taker: hands.Taker) -> str:
    """“Maya: free, 6 hours booked, speaks Spanish”, or what is in the way."""
    if taker.clashes:
        return " ".join(map(wording.clash, taker.clashes[:1]))
    hours = taker.load_hours
    words = ngettext(
        "%(name)s: free, %(hours)s hour booked", "%(name)s: free, %(hours)s hours booked", hours
    ) % {"name": taker.person.name, "hours": hours}
    spoken = [str(SpokenLanguage(code).label) for code in taker.person.languages]
    return f"{words}. {', '.join(spoken)}" if spoken else words


class RecallForm(KeptForm):
    person = forms.ModelChoiceField(label=_("Who"), queryset=StaffMember.objects.none())
    starts = ClockField(
        label=_("From"), required=False, help_text=_("Today, like 7 p.m.; empty: from now on.")
    )
    reason = Line(label=_("Why"), max_length=300, help_text=_("People who are told read this."))
    seen = forms.CharField(required=False, max_length=4000, widget=forms.HiddenInput)
    begins = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        now = timezone.now()
        if starts := given.get("starts"):
            try:
                begin = localtime.instant(timezone.localdate(), starts)
            except localtime.NoSuchTime:
                self.add_error("starts", _("The clocks jump over this time on that day."))
                return given
            if begin < now - lateness.GRACE:
                self.add_error("starts", _("This time is already past."))
        else:
            begin = self._since(given.get("begins"), now)
        given["span"] = hands.rest_of_day(begin)
        return given

    @staticmethod
    def _since(shown: datetime | None, now: datetime) -> datetime:
        """“Now” stays the moment of the first look, as long as that was just now."""
        is_recent = shown is not None and now - lateness.GRACE <= shown <= now
        return shown if shown and is_recent else now.replace(second=0, microsecond=0)

    @property
    def span(self) -> Span:
        return self.cleaned_data["span"]  # type: ignore[no-any-return]

    def show(self, steps: list[hands.Step]) -> None:
        """Remember in the page what was shown."""
        shown = {
            "seen": hands.fingerprint(steps),
            "begins": self.span.starts_at.isoformat(),
        }
        self.data = {**self.data.dict(), **shown}  # type: ignore[attr-defined]


class LateForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    minutes = forms.TypedChoiceField(
        coerce=int, choices=[(one, str(one)) for one in lateness.CHOICES]
    )
