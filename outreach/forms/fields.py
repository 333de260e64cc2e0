"""Form fields that refuse what no form of ours should keep."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Format characters that turn the direction of text around.
BIDI = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")


def refuse_hidden_characters(text: str) -> None:
    """Control and direction characters make a line look like another; newlines are fine."""
    for character in text:
        if character in "\r\n\t":
            continue
        if character in BIDI or unicodedata.category(character) in {"Cc", "Cs", "Co", "Cn"}:
            raise ValidationError(_("Please remove the hidden characters from this text."))
        if character in "\u2028\u2029":
            raise ValidationError(_("Please remove the hidden characters from this text."))


class Line(forms.CharField):
    """One line of plain text."""

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if any(mark in text for mark in "\r\n\t"):
            raise ValidationError(_("Please write this on one line."))
        refuse_hidden_characters(text)
        return text


class Lines(forms.CharField):
    """Plain text of several lines."""

    widget = forms.Textarea

    def clean(self, value: Any) -> str:
        text = super().clean(value).replace("\r\n", "\n").replace("\r", "\n")
        refuse_hidden_characters(text)
        return text
