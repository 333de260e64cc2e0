"""How long a password must be: long alone, shorter beside a second factor."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from outreach.models.people import LONG_PASSWORD

SHORT_PASSWORD = 8
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def has_second_factor(user: Any) -> bool:
    return bool(user.pk) and Authenticator.objects.filter(user=user, type__in=FACTORS).exists()


class LongOrWithSecondFactor:
    """A validator as settings name it."""

    def validate(self, password: str, user: Any = None) -> None:
        shortest = SHORT_PASSWORD if user and has_second_factor(user) else LONG_PASSWORD
        if len(password) < shortest:
            raise ValidationError(
                _("This password is too short. It needs at least %(shortest)d characters."),
                code="password_too_short",
                params={"shortest": shortest},
            )

    def get_help_text(self) -> str:
        return _(
            "Your password must contain at least 15 characters; at least 8 if you have set up "
            "a second factor."
        )
