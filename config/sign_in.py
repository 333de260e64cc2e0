"""Who may sign in, how, and what a second factor is worth."""

import base64
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.forms import ChangePasswordForm
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from outreach import encryption
from outreach import second_factor as factors
from outreach.access import staff_member_for
from outreach.department import current
from outreach.enums import Role
from outreach.limits import client_address
from outreach.models import User
from outreach.passwords import FACTORS, has_second_factor

MOST_TRIES = 5  # wrong codes in a quarter of an hour
NO_ROW = UUID(int=0)
View = Callable[..., HttpResponse]


class ClosedAccounts(DefaultAccountAdapter):
    """Staff accounts are made by the administrator; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        """Where the city signs people in, a password lets in administrators only: somebody must
        be able to when the provider is down."""
        how = {one["method"] for one in get_authentication_records(request, user)}
        is_by_city = not settings.OIDC_ONLY or "oidc" in how
        if is_by_city or staff_member_for(user).role == Role.ADMINISTRATOR:
            return super().pre_login(request, user, **kwargs)
        messages.error(request, _("Sign in by the city, not with a password."))
        return redirect("account_login")

    @transaction.atomic
    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """One guess after another from one address at one account, however it is written: each
        sees the failure before it, so many at once get no more tries than five in a row."""
        name = str(credentials["username"]).lower()
        with connection.cursor() as cursor:
            guess = f"sign-in {client_address(request)} {name}"
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [guess])
        return super().authenticate(request, **credentials | {"username": name})

    def login(self, request: HttpRequest, user: Any) -> None:
        """The last step: somebody may have left between the password and the code."""
        staff_member_for(user)
        super().login(request, user)


class SecondFactor(DefaultMFAAdapter):
    """Secrets of apps and recovery codes are sealed; a short password keeps its second factor."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _("Set a password of 15 characters first."),
    }

    def get_totp_issuer(self) -> str:
        return str(current().unit)

    def encrypt(self, text: str) -> str:
        sealed = encryption.seal(text, table="mfa_authenticator", row=NO_ROW, field="secret")
        return base64.b64encode(sealed).decode()

    def decrypt(self, encrypted_text: str) -> str:
        stored = base64.b64decode(encrypted_text)
        return encryption.unseal(stored, table="mfa_authenticator", row=NO_ROW, field="secret")

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        others = Authenticator.objects.filter(user=authenticator.user, type__in=FACTORS)
        is_last = not others.exclude(pk=authenticator.pk).exists()
        return not (is_last and authenticator.user.has_short_password)


class Counted(forms.Form):
    """Tries of codes are counted in the database, in one step, before a code is looked at."""

    user: User

    def clean_code(self) -> Any:
        if factors.count_try(self.user) > MOST_TRIES:
            raise ValidationError(_("Too many wrong codes. Wait 15 minutes, then try again."))
        try:
            code = super().clean_code()  # type: ignore[misc]
        except RedisError:
            # It was right; only then the broker is asked to remember it, and it is away.
            owned = Authenticator.objects.filter(type=Authenticator.Type.TOTP)
            self.authenticator = owned.get(user=self.user)
            code = self.cleaned_data["code"]
        factors.forget_tries(self.user)
        return code


class CodeForm(Counted, AuthenticateForm):
    pass


class CodeAgainForm(Counted, ReauthenticateForm):
    pass


class NewPasswordForm(ChangePasswordForm):
    """A session left open is no place to guess the password: each try counts as a sign-in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = _("The password you have")
        self.fields["password1"].label = _("The new one")
        self.fields["password2"].label = _("The new one once more")

    def clean_oldpassword(self) -> str:
        typed = str(self.cleaned_data["oldpassword"])
        if not get_adapter().reauthenticate(self.user, typed):
            raise get_adapter().validation_error("enter_current_password")
        return typed


def closed(request: HttpRequest) -> HttpResponse:
    """Passwords and addresses are the administrator's to give: nobody has mail sent by a form."""
    raise Http404


def proving(view: View) -> View:
    """Whoever has just set up a second factor has given it: they are not asked again at once."""

    def proven(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        before = _factors_of(request)
        response = view(request, *args, **kwargs)
        if isinstance(response, HttpResponseRedirect) and _factors_of(request) - before:
            record_authentication(request, request.user, "mfa", type="new")  # type: ignore[arg-type]
        return response

    return proven


def by_second_factor(view: View) -> View:
    """Who has a second factor is asked for it, not for the password, before it is changed."""

    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated and has_second_factor(request.user):
            query = urlencode({"next": request.GET.get("next", "")})
            return redirect(f"{factors.page_that_asks(request.user)}?{query}")
        return view(request, *args, **kwargs)

    return asked


def _factors_of(request: HttpRequest) -> set[int]:
    owned = Authenticator.objects.filter(user_id=request.user.pk, type__in=FACTORS)
    return set(owned.values_list("pk", flat=True))
