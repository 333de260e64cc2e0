"""Subscribing, choosing and leaving."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from outreach import selectors
from outreach.forms.fields import Line
from outreach.models import Beat

WHOLE_CITY = "city"


class SubscribeForm(forms.Form):
    """Two fields: where to write, and about which beat."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=200,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    beat = forms.ChoiceField(label=_("Your beat"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.beats = {beat.code: beat for beat in selectors.beats_in_effect()}
        self.fields["beat"].choices = [  # type: ignore[attr-defined]
            *((code, beat.name) for code, beat in self.beats.items()),
            (WHOLE_CITY, _("The whole city")),
        ]

    def chosen(self) -> list[Beat | None]:
        return [self.beats.get(self.cleaned_data["beat"])]


class PreferencesForm(forms.Form):
    beats = forms.MultipleChoiceField(
        label=_("Tell me about"), required=False, widget=forms.CheckboxSelectMultiple
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_code = {beat.code: beat for beat in selectors.beats_in_effect()}
        self.fields["beats"].choices = [  # type: ignore[attr-defined]
            *((code, beat.name) for code, beat in self.by_code.items()),
            (WHOLE_CITY, _("The whole city")),
        ]

    def chosen(self) -> list[Beat | None]:
        return [self.by_code.get(code) for code in self.cleaned_data["beats"]]


class CallOutcomeForm(forms.Form):
    outcome = Line(label=_("How did the call go?"), max_length=200)
