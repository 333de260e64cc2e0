"""Sign-ins of tests that a second factor stands behind."""

import time

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.test import Client

from outreach.models import StaffMember


def sign_in(client: Client, staff: StaffMember, *, with_second_factor: bool = True) -> None:
    client.logout()  # a session begins anew
    client.force_login(staff.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    if with_second_factor:
        session = client.session
        session[AUTHENTICATION_METHODS_SESSION_KEY] = [
            {"method": "mfa", "type": "totp", "at": time.time()}
        ]
        session["account_authentication_methods_user"] = str(staff.user.pk)
        session.save()
