"""One box for a way to reach a person: an e-mail address or a phone number."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _

from outreach.forms.fields import Line
from outreach.forms.phone import phone


class ReachField(Line):
    """Gives an e-mail address, or a phone number as +14155550123."""

    def clean(self, value: Any) -> str:
        text = super().clean(value).strip()
        if "@" in text:
            try:
                EmailValidator()(text)
            except ValidationError:
                raise ValidationError(_("Write an e-mail address like name@example.com.")) from None
            return text
        if not text:
            return text
        number = phone(text)
        if number is None:
            raise ValidationError(
                _("Write an e-mail address, or a phone number with its area code.")
            )
        return str(number.as_e164)
