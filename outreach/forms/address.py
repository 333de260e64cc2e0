"""The one box that takes an address."""

from django import forms
from django.utils.translation import gettext_lazy as _

from outreach.addresses import MAX_LENGTH
from outreach.forms.fields import Line


class AddressForm(forms.Form):
    address = Line(
        label=_("Street address"),
        max_length=MAX_LENGTH,
        help_text=_("As in “120 Oak St”. A corner, a block or a well-known place works too."),
        # The name 'street-address' lets browsers fill in what their owner keeps there.
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
