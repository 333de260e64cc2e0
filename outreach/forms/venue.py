"""A home where neighbors meet."""

from django import forms
from django.utils.translation import gettext_lazy as _

from outreach.addresses import MAX_LENGTH
from outreach.forms.fields import Line


class HomeForm(forms.Form):
    name = Line(
        label=_("Name for staff"), max_length=120,
        help_text=_("As in “The Itos’ living room”. Only staff read it."),
    )  # fmt: skip
    address = Line(
        label=_("Street address"), max_length=MAX_LENGTH,
        help_text=_("It is stored sealed. The public sees the block only."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    block = Line(
        label=_("Block to show"), max_length=160, required=False,
        help_text=_("Only if we do not know the street: “1200 block of Oak St”."),
    )  # fmt: skip
