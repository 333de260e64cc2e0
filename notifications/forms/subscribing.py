"""Subscribing, choosing and leaving."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from notifications import addresses
from notifications.channels import text
from notifications.enums import Pace
from notifications.models import ReminderRule
from notifications.services.subscriptions import Wish
from notifications.wording import lead_text
from outreach import department, selectors
from outreach.forms.fields import Line
from outreach.forms.phone import PhoneLine
from outreach.models import Beat

WHOLE_CITY = "city"
SEVERAL = forms.CheckboxSelectMultiple


class SubscribeForm(forms.Form):
    """Two things to say: where to write, and about which beat."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=200,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        required=False,
    )
    phone = PhoneLine(
        label=_("Or your mobile number, for texts"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        help_text=_("A few texts a month. Message and data rates may apply. STOP ends them."),
    )
    beat = forms.ChoiceField(label=_("Your beat"))
    wants_bulletins = forms.BooleanField(
        label=_("Also send me advice against burglary and fraud, a few times a year."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.beats = {beat.code: beat for beat in selectors.beats_in_effect()}
        self.fields["beat"].choices = [  # type: ignore[attr-defined]
            *((code, beat.name) for code, beat in self.beats.items()),
            (WHOLE_CITY, _("The whole city")),
        ]
        if not text.is_on():
            del self.fields["phone"]
            self.fields["email"].required = True

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if email:
            addresses.check_mailbox(email)
        return email

    def clean_phone(self) -> str:
        number: str = self.cleaned_data["phone"]
        if number:
            addresses.check_number(number)
        return number

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors and not self.addresses():
            self.add_error("email", _("Give an e-mail address or a mobile number."))
        return given

    def addresses(self) -> list[str]:
        """Each gets a confirmation of its own."""
        given = (self.cleaned_data.get("email"), self.cleaned_data.get("phone"))
        return [address for address in given if address]

    def wish(self) -> Wish:
        return Wish(
            beats=[self.beats.get(self.cleaned_data["beat"])],
            wants_bulletins=self.cleaned_data["wants_bulletins"],
        )


class StaffSubscribeForm(SubscribeForm):
    """The same, typed by staff for a person at the phone or the counter."""

    language = forms.ChoiceField(
        label=_("Language they read"), choices=department.language_choices, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Their e-mail address")
        self.fields["beat"].label = _("Their beat")
        self.fields["wants_bulletins"].label = _("They also want advice, a few times a year.")
        if "phone" in self.fields:
            self.fields["phone"].label = _("Or their mobile number, for texts")


class PreferencesForm(forms.Form):
    beats = forms.MultipleChoiceField(label=_("Tell me about"), required=False, widget=SEVERAL)
    programs = forms.MultipleChoiceField(
        label=_("Programs"),
        required=False,
        widget=SEVERAL,
        help_text=_("None ticked: all of them."),
    )
    pace = forms.ChoiceField(
        label=_("How often"), choices=Pace.choices, widget=forms.RadioSelect, required=False
    )
    lead_minutes = forms.TypedMultipleChoiceField(
        label=_("Remind me"),
        required=False,
        coerce=int,
        widget=SEVERAL,
        help_text=_("Before each event. None ticked: at all of these times."),
    )
    wants_bulletins = forms.BooleanField(
        label=_("Also send me advice against burglary and fraud, a few times a year."),
        required=False,
    )
    language = forms.ChoiceField(label=_("Language"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.initial.get("programs", [])
        self.fields["programs"].choices = department.public_choices(chosen)  # type: ignore[attr-defined]
        spoken = department.language_choices([self.initial.get("language", "")])
        self.fields["language"].choices = spoken  # type: ignore[attr-defined]
        self.by_code = {beat.code: beat for beat in selectors.beats_in_effect()}
        self.fields["beats"].choices = [  # type: ignore[attr-defined]
            *((code, beat.name) for code, beat in self.by_code.items()),
            (WHOLE_CITY, _("The whole city")),
        ]
        leads = ReminderRule.objects.filter(is_active=True).values_list("lead_minutes", flat=True)
        self.fields["lead_minutes"].choices = [  # type: ignore[attr-defined]
            (minutes, lead_text(minutes)) for minutes in leads
        ]

    def wish(self) -> Wish:
        given = self.cleaned_data
        once = dict.fromkeys(given["beats"])  # a beat may be sent twice
        beats: list[Beat | None] = [self.by_code.get(code) for code in once]
        return Wish(
            beats=beats,
            programs=given["programs"],
            pace=given["pace"] or Pace.EACH,
            lead_minutes=given["lead_minutes"],
            wants_bulletins=given["wants_bulletins"],
        )


class CallOutcomeForm(forms.Form):
    outcome = Line(label=_("How did the call go?"), max_length=200)
