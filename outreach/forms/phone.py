"""A phone number typed with any punctuation."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from phonenumber_field.phonenumber import PhoneNumber
from phonenumbers import NumberParseException

from outreach.forms.fields import Line


class PhoneLine(Line):
    """Cleans to E.164, or to an empty text."""

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        number = phone(text)
        if number is None:
            raise ValidationError(_("Write a phone number with its area code."))
        return str(number.as_e164)


def phone(text: str) -> PhoneNumber | None:
    """The number, if the text is one that can be called."""
    try:
        number = PhoneNumber.from_string(text)
    except NumberParseException:
        return None
    return number if number.is_valid() else None
