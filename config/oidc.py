"""Sign-in by the city's identity provider (OpenID Connect), where one is set."""

import logging
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.usersessions.models import UserSession
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.django_client import DjangoOAuth2App, OAuth
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from joserfc.errors import JoseError
from requests import RequestException

from outreach.models import StaffMember
from outreach.second_factor import OF_THE_CITY
from outreach.services import identities

log = logging.getLogger(__name__)
SECONDS = 10  # for each call to the provider
WANTED = "oidc_wanted"
# Anything the provider may get wrong, or whoever stands between it and us.
WRONG = (AuthlibBaseError, JoseError, RequestException, KeyError, TypeError, ValueError)


@never_cache
@require_safe
def start(request: HttpRequest) -> HttpResponseBase:
    """To the provider, with a state, a nonce and a PKCE challenge kept in the session."""
    wanted = request.GET.get("next", "")
    request.session[WANTED] = wanted
    try:
        return _provider().authorize_redirect(request, _callback_address(), **_how(request))
    except WRONG as wrong:
        return _refuse(request, wrong)


@never_cache
@require_safe
def callback(request: HttpRequest) -> HttpResponse:
    """Back from it: who it is must be signed for us, fresh, and somebody who works here."""
    provider = _provider()
    try:
        issuer = provider.load_server_metadata()["issuer"]
        token = provider.authorize_access_token(
            request,
            claims_options={
                "iss": {"essential": True, "value": issuer},
                "aud": {"essential": True, "value": settings.OIDC_CLIENT_ID},
            },
        )
        claims = token["userinfo"]
        staff = identities.staff_behind(
            issuer, str(claims["sub"]), verified_email=_verified_email(claims)
        )
    except (*WRONG, identities.Unknown) as wrong:
        return _refuse(request, wrong)
    return _sign_in(request, staff, claims)


def _sign_in(request: HttpRequest, staff: StaffMember, claims: dict[str, Any]) -> HttpResponse:
    """Our own second factor follows where there is one, unless the provider asked for one."""
    user = staff.user
    user.backend = "allauth.account.auth_backends.AuthenticationBackend"  # type: ignore[attr-defined]
    wanted = request.session.pop(WANTED, "")
    if not url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        wanted = reverse(settings.LOGIN_REDIRECT_URL)
    record_authentication(request, user, "oidc")
    if settings.OIDC_MFA and "mfa" in claims.get("amr", []):
        get_adapter().login(request, user)
        record_authentication(request, user, "mfa", type=OF_THE_CITY)
        UserSession.objects.create_from_request(request)  # it stands on the list of sessions
        return redirect(wanted)
    return perform_login(request, user, redirect_url=wanted)


def _how(request: HttpRequest) -> dict[str, str]:
    """Whoever is signed in comes to show again who they are: the provider asks anew."""
    return {"prompt": "login"} if request.user.is_authenticated else {}


def _verified_email(claims: dict[str, Any]) -> str:
    """Entra says xms_edov instead, and says it in several ways."""
    said = claims.get("email_verified", claims.get("xms_edov"))
    return str(claims.get("email", "")) if str(said).lower() in {"true", "1"} else ""


def _provider() -> DjangoOAuth2App:
    """Made anew each time: its keys and addresses may have changed."""
    if not settings.OIDC_URL:
        raise Http404
    return OAuth().register(
        "city",
        client_id=settings.OIDC_CLIENT_ID,
        client_secret=settings.OIDC_SECRET,
        server_metadata_url=f"{settings.OIDC_URL}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid email profile",
            "code_challenge_method": "S256",
            "default_timeout": SECONDS,
        },
    )


def _callback_address() -> str:
    return settings.BASE_URL + reverse("oidc_callback")


def _refuse(request: HttpRequest, wrong: Exception) -> HttpResponse:
    """One answer whatever was wrong; the kind of it stands in the log, never what was said."""
    log.warning("sign-in by the city refused", extra={"kind": type(wrong).__name__})
    return render(request, "account/oidc_refused.html", status=403)
