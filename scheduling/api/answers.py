"""What the calls have in common: keys of the caller's own, and refusals by field."""

from hashlib import sha256
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from outreach.models import StaffMember

KEY_HEADER = "Idempotency-Key"
LONGEST_KEY = 100
KEY = OpenApiParameter(
    KEY_HEADER, str, OpenApiParameter.HEADER, required=True,
    description="Your own key: the same call sent again has the same answer.",
)  # fmt: skip


class KeyMissing(serializers.ValidationError):
    """Answered 400 by field, as any other mistake."""

    def __init__(self) -> None:
        super().__init__({KEY_HEADER: [_("Send a key of your own, at most 100 characters.")]})


def key_of(request: Request, staff: StaffMember) -> str:
    """Under which the call is remembered; any key of the caller's fits the column."""
    key = request.headers.get(KEY_HEADER, "")
    if not key or len(key) > LONGEST_KEY or not key.isprintable():
        raise KeyMissing
    return f"api:{staff.pk}:{sha256(key.encode()).hexdigest()}"


def by_field(form: forms.Form) -> dict[str, list[str]]:
    """The words of a form, as an API says them."""
    return {name: [str(one) for one in words] for name, words in form.errors.items()}


def problem(field: str, words: Any, code: int) -> Response:
    return Response({field: [str(words)]}, status=code)


def key_reused() -> Response:
    return problem(KEY_HEADER, _("This key came before with another body."), 422)
