"""The admin keeps lists. Accounts have pages of their own, which write down who did what."""

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from knox.admin import AuthTokenAdmin
from knox.models import AuthToken

from outreach.access import administrator_for

# Whoever could change these would sign in as somebody else, and nobody would know.
NOT_HERE = [Group, EmailAddress, Authenticator, UserSession]


class TokensTakenBack(AuthTokenAdmin):
    """They are made on the server, by manage.py create_api_token."""

    list_display = ("user", "created", "expiry")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: AuthToken | None = None) -> bool:
        return False


def narrow() -> None:
    """One door for all, which asks for the second factor; behind it administrators only."""
    admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
    admin.site.has_permission = _is_open_to  # type: ignore[method-assign]
    admin.site.unregister([*NOT_HERE, AuthToken])
    admin.site.register(AuthToken, TokensTakenBack)


def _is_open_to(request: HttpRequest) -> bool:
    try:
        administrator_for(request.user)
    except PermissionDenied:
        return False
    return bool(request.user.is_staff)
