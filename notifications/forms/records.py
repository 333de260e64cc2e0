"""Periods, releases, legal holds, erasing, and requests for records."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from notifications.enums import ExportScope
from notifications.services.retention import finding
from outreach.forms.fields import Line
from outreach.models import LEAST_MONTHS, Contact
from scheduling import localtime
from scheduling.forms.fields import DayField
from scheduling.models import Event

LONGEST_MONTHS = 1200
FIRST_YEAR, LAST_YEAR = 1980, 2100


class AnyDay(DayField):
    """Also one long ago."""

    def clean(self, value: Any) -> Any:
        day = forms.DateField.clean(self, value)
        if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValidationError(_("Enter a valid date, as mm/dd/yyyy."))
        return day


class PeriodForm(forms.Form):
    months = forms.IntegerField(label=_("Months"), min_value=0, max_value=LONGEST_MONTHS)
    consent = Line(
        label=_("Consent of the city attorney"),
        max_length=200,
        required=False,
        help_text=_("Needed under 24 months: number or date of the letter."),
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        months = said.get("months")
        if months is not None and months < LEAST_MONTHS and not said.get("consent"):
            self.add_error(
                "consent",
                _("Under 24 months only with the consent of the city attorney. Name the letter."),
            )
        return said


class ReleaseForm(forms.Form):
    name = Line(label=_("Your name, to release this list"), max_length=120)


class ReasonForm(forms.Form):
    reason = Line(label=_("Why"), max_length=200)


class ScopeForm(forms.Form):
    """What a hold or an export is about: a person, an event, or a span of days."""

    scope = forms.ChoiceField(
        label=_("What it is about"), choices=ExportScope.choices, widget=forms.RadioSelect
    )
    address = Line(
        label=_("Mailbox or phone of the person"),
        max_length=254,
        required=False,
        help_text=_("As they gave it to us. All contacts with it count as one person."),
    )
    event = Line(
        label=_("Address of the event's page"),
        max_length=300,
        required=False,
        help_text=_("Copy it from the browser."),
    )
    first_on = AnyDay(label=_("First day"), required=False)
    last_on = AnyDay(label=_("Last day"), required=False)

    person: Contact | None = None
    happening: Event | None = None

    def __init__(self, *args: Any, people: QuerySet[Contact], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        look = {
            ExportScope.PERSON: self._find_person,
            ExportScope.EVENT: self._find_event,
            ExportScope.SPAN: self._check_days,
        }
        if scope := said.get("scope"):
            look[ExportScope(scope)](said)
        return said

    @property
    def span(self) -> tuple[datetime, datetime]:
        """From the first midnight to the one after the last day."""
        first, last = self.cleaned_data["first_on"], self.cleaned_data["last_on"]
        return localtime.midnight(first), localtime.midnight(last + timedelta(days=1))

    def _find_person(self, said: dict[str, Any]) -> None:
        self.person = finding.person(self.people, said.get("address") or "")
        if self.person is None:
            self.add_error("address", _("Nobody has given us this mailbox or number."))

    def _find_event(self, said: dict[str, Any]) -> None:
        self.happening = finding.event(said.get("event") or "")
        if self.happening is None:
            self.add_error("event", _("This is not the page of an event."))

    def _check_days(self, said: dict[str, Any]) -> None:
        for field in ("first_on", "last_on"):
            if not said.get(field) and field not in self.errors:
                self.add_error(field, _("Give this day."))
        if not self.errors and said["last_on"] < said["first_on"]:
            self.add_error("last_on", _("The last day is before the first."))


class HoldForm(ScopeForm):
    reason = Line(label=_("Why"), max_length=200, help_text=_("As in: claim 26-114. No names."))


class ExportForm(ScopeForm):
    number = Line(label=_("Number of the request"), max_length=60)


class EraseForm(forms.Form):
    """Which contacts are this person; the ones of the same mailbox or number are ticked."""

    contacts = forms.ModelMultipleChoiceField(
        label=_("These are the person"),
        queryset=Contact.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    covered = forms.MultipleChoiceField(
        label=_("Cover with dots"),
        required=False,
        error_messages={"invalid_choice": _("The list has changed. Look again and tick anew.")},
    )
    sure = forms.BooleanField(label=_("I have checked who asks, and that it is this person."))

    def __init__(
        self, *args: Any, choices: list[tuple[int, str]], past: list[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["covered"].choices = [(key, key) for key in past]  # type: ignore[attr-defined]
        field = self.fields["contacts"]
        field.queryset = Contact.objects.filter(pk__in=[pk for pk, _label in choices])  # type: ignore[attr-defined]
        field.choices = choices  # type: ignore[attr-defined]
