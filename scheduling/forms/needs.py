"""What somebody needs to take part."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from outreach.enums import AccommodationKind, SpokenLanguage
from scheduling.enums import AccommodationState
from scheduling.services.accommodations import Need

INTERPRETER = AccommodationKind.INTERPRETER


class NeedsForm(forms.Form):
    """Without a name: the unit arranges it for whoever comes."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    needs = forms.MultipleChoiceField(
        label=_("What somebody needs to take part"),
        choices=AccommodationKind.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    language = forms.ChoiceField(
        label=_("Language of the interpreter"),
        required=False,
        choices=[
            ("", _("No interpreter")),
            *((code, label) for code, label in SpokenLanguage.choices if code != "en"),
        ],
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        refuse_unnamed_language(self, "needs", "language")
        return given

    def asked(self) -> list[Need]:
        return to_needs(self.cleaned_data["needs"], self.cleaned_data["language"])


class NeedStateForm(forms.Form):
    state = forms.ChoiceField(label=_("State"), choices=AccommodationState.choices)


def refuse_unnamed_language(form: forms.Form, needs: str, language: str) -> None:
    """An interpreter speaks something besides English."""
    given = form.cleaned_data
    if INTERPRETER in given.get(needs, []) and given.get(language) in {"", SpokenLanguage.ENGLISH}:
        form.add_error(language, _("Choose the language the interpreter should speak."))


def to_needs(kinds: Iterable[str], language: str) -> list[Need]:
    return [
        Need(AccommodationKind(kind), language if kind == INTERPRETER else "") for kind in kinds
    ]
