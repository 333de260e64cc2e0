"""Looking for a person, and holding everything back."""

from django import forms
from django.utils.translation import gettext_lazy as _

from notifications.enums import Lane
from notifications.services.gates import ALL
from outreach.forms.fields import Line


class PersonForm(forms.Form):
    who = Line(
        label=_("Name, e-mail address, or the end of a phone number"),
        min_length=2,
        max_length=120,
        error_messages={"min_length": _("Type at least 2 letters or digits.")},
    )


class PauseForm(forms.Form):
    what = forms.ChoiceField(label=_("Hold back"), choices=[(ALL, _("Everything")), *Lane.choices])
    reason = Line(label=_("Why"), max_length=120)


class OpenForm(forms.Form):
    what = forms.CharField(max_length=10)
