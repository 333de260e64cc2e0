"""Whether a second factor stands behind this session. Asked before anything sealed is opened."""

import time
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from outreach.models import User
from outreach.passwords import has_second_factor

WANTED = "wanted_page"
OF_THE_CITY = "oidc"  # the type of a second factor that the identity provider asked for
COUNT_TRY = """
    UPDATE outreach_user
    SET code_tries = CASE WHEN code_tries_since > now() - interval '15 minutes'
                          THEN least(code_tries + 1, 1000) ELSE 1 END,
        code_tries_since = CASE WHEN code_tries_since > now() - interval '15 minutes'
                                THEN code_tries_since ELSE now() END
    WHERE id = %s RETURNING code_tries
"""


def is_given(request: HttpRequest) -> bool:
    """Given lately: a session somebody left open opens nothing sealed for long."""
    since = time.time() - settings.SECOND_FACTOR_MINUTES * 60
    given = [one["at"] for one in _records(request) if one["method"] == "mfa"]
    return settings.DEMO or any(at > since for at in given)


def is_the_citys(request: HttpRequest) -> bool:
    """Whether the city's identity provider asked for it when this session began."""
    by_city = [one for one in _records(request) if one.get("type") == OF_THE_CITY]
    return settings.OIDC_MFA and bool(by_city)


def ask(request: HttpRequest, *, back: str) -> HttpResponse | None:
    """None where it was given; else the way to give it or to set it up, and `back` from there."""
    if is_given(request):
        return None
    return redirect(f"{reverse('second_factor')}?{urlencode({'next': back})}")


def page_before(request: HttpRequest) -> str:
    """Where the button stood; empty where no browser of ours says so."""
    before = urlsplit(request.headers.get("Referer", ""))
    return before.path if before.netloc == request.get_host() else ""


def page_that_asks(user: User) -> str:
    """The address that asks for what this person has; empty for one who has nothing yet."""
    if not has_second_factor(user):
        return ""
    has_app = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()
    return reverse("mfa_reauthenticate" if has_app else "mfa_reauthenticate_webauthn")


def _records(request: HttpRequest) -> list[dict[str, Any]]:
    return get_authentication_records(request, request.user)  # type: ignore[arg-type]


def count_try(user: User) -> int:
    """How many codes were tried within a quarter of an hour, this one among them."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT_TRY, [user.pk])
        return int(cursor.fetchone()[0])


def forget_tries(user: User) -> None:
    User.objects.filter(pk=user.pk).update(code_tries=0, code_tries_since=None)
