"""Somebody who means harm: led elsewhere, other hosts, forged forms, caches, a door left ajar."""

import re
import time
from datetime import date

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from outreach.enums import Role
from outreach.models import User
from scheduling.services import leaving
from tests.factories.people import StaffMemberFactory
from tests.permissions import ROLES, TABLE
from tests.second_factor import sign_in

pytestmark = pytest.mark.django_db
PASSWORD = "porch light on Elm at nine"
SECRET = "JBSWY3DPEHPK3PXP"
ELSEWHERE = [
    "https://evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil.example",
    "///evil.example", "http:evil.example", "javascript:alert(1)", "https:///evil.example",
    "/\t/evil.example", " //evil.example", "http://testserver@evil.example/",
    "http://testserver.evil.example/", "data:text/html,x", "%2f%2fevil.example",
]  # fmt: skip


@pytest.fixture
def maya():
    staff = StaffMemberFactory(user__username="maya")
    staff.user.set_password(PASSWORD)
    staff.user.save()
    return staff


def code() -> str:
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))


def leads_away(answer) -> bool:
    """As a browser reads it, which takes a backslash for a slash and sees no tab."""
    where = answer.get("Location", "").strip().replace("\\", "/").replace("\t", "")
    return where.startswith("//") or bool(re.match(r"[a-z][a-z0-9+.-]*:", where))


def test_control_browser_is_led_away_by_each_of_these():
    assert [one for one in ELSEWHERE if not leads_away({"Location": one})] == ["%2f%2fevil.example"]
    assert not leads_away({"Location": "/staff/week/"})


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_nobody_is_led_to_another_site(client, maya, wanted):
    entry = {"login": "maya", "password": PASSWORD, "next": wanted}
    answers = {
        "login": client.post("/accounts/login/", entry),
        "login again": client.get("/accounts/login/", {"next": wanted}),
        "second factor": client.get("/staff/second-factor/", {"next": wanted}),
        "password again": client.post(
            "/accounts/reauthenticate/", {"password": PASSWORD, "next": wanted}
        ),
        "language": client.post("/i18n/setlang/", {"language": "es", "next": wanted}),
        "language, from there": client.post(
            "/i18n/setlang/", {"language": "es"}, headers={"Referer": wanted}
        ),
        "new password": client.post(
            "/accounts/password/change/",
            {"oldpassword": PASSWORD, "password1": "x" * 16, "password2": "x" * 16, "next": wanted},
        ),
        "sign out": client.post("/accounts/logout/", {"next": wanted}),
    }

    for name, answer in answers.items():
        assert not leads_away(answer), (name, answer["Location"])


def test_code_typed_again_leads_to_no_other_site(client, maya):
    TOTP.activate(maya.user, SECRET)
    sign_in(client, maya, with_second_factor=False)

    answer = client.post(reverse("mfa_reauthenticate"), {"code": code(), "next": "//evil.example/"})

    assert answer.status_code in {200, 302}
    assert not leads_away(answer)


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.example"}, {"Host": "testserver@evil.example"}, {"Host": "a b"}, {"Host": ""}],
)
@pytest.mark.parametrize(
    "path", ["/", "/accounts/login/", "/staff/", "/city.ics", "/api/v1/events/"]
)
def test_host_of_somebody_else_is_refused(client, headers, path):
    assert client.get(path, headers=headers).status_code in {400, 404}


def test_host_a_proxy_is_said_to_have_seen_counts_for_nothing(client, maya):
    said = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}

    assert "evil" not in str(client.get("/events/", headers=said).content)
    assert client.get("/staff/", headers=said)["Location"] == "/accounts/login/?next=/staff/"


@pytest.mark.parametrize("role", ["sergeant", "administrator"])
def test_what_is_for_staff_is_kept_by_no_cache(client, world, role):
    """A page, a file or a call that strangers do not get, whatever package answers it."""
    at = ROLES.index(role)
    private = [
        key for key, answers in TABLE.items()
        if key[2] == "GET" and answers[at] == 200 and answers[0] in {302, 401}
    ]  # fmt: skip
    sign_in(client, world[role])
    kept = {}
    for name, arguments, _method in private:
        answer = client.get(reverse(name, args=world["arguments"][arguments]))
        said = answer.get("Cache-Control", "")
        if "no-store" not in said:
            kept[name] = said

    assert not kept
    assert len(private) > 30


@pytest.mark.parametrize("page", ["mfa_index", "mfa_view_recovery_codes", "mfa_activate_totp",
                                  "mfa_list_webauthn", "mfa_download_recovery_codes"])  # fmt: skip
def test_secrets_of_the_second_factor_are_kept_by_no_cache(client, maya, page):
    if page != "mfa_activate_totp":  # it leads away from who has it
        TOTP.activate(maya.user, SECRET)
        RecoveryCodes.activate(maya.user)
    sign_in(client, maya)
    factor = {"code": code()} if page != "mfa_activate_totp" else {"password": PASSWORD}
    way = "account_reauthenticate" if "password" in factor else "mfa_reauthenticate"
    client.post(reverse(way), factor)

    answer = client.get(reverse(page))
    assert answer.status_code == 200
    assert "no-store" in answer.get("Cache-Control", "")


@pytest.mark.parametrize("role", ["cpc", "sergeant", "administrator"])
def test_forged_form_of_another_site_does_nothing(world, role):
    """Every press of staff asks for the token of the form; those by link or signature do not."""
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(
        world[role].user, backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    at = ROLES.index(role)
    taken, tried = {}, 0
    for (name, arguments, method), answers in TABLE.items():
        if (
            method in {"GET", "HEAD"}
            or answers[0] not in {302, 401}
            or answers[at] in {403, 404, 405}
        ):
            continue
        address = reverse(name, args=world["arguments"][arguments])
        if not address.startswith(("/staff/", "/api/", "/accounts/")):
            continue
        given = forged.generic(method, address, headers={"Origin": "https://evil.example"})
        tried += 1
        if given.status_code != 403:
            taken[f"{method} {name}"] = given.status_code

    assert not taken
    assert tried > 5


def test_who_leaves_between_password_and_code_stays_outside(client, maya):
    StaffMemberFactory(role=Role.ADMINISTRATOR)
    TOTP.activate(maya.user, SECRET)
    client.post("/accounts/login/", {"login": "maya", "password": PASSWORD})
    leaving.leave(maya.pk, last_day=None, by=StaffMemberFactory(role=Role.ADMINISTRATOR))

    client.post(reverse("mfa_authenticate"), {"code": code()})

    assert client.get("/staff/").status_code in {302, 403}
    assert "_auth_user_id" not in client.session


def test_who_left_opens_no_page_of_the_admin(client):
    """The last day is over, and the ticker that ends everything has not come by yet."""
    administrator = StaffMemberFactory(role=Role.ADMINISTRATOR)
    administrator.user.is_staff = administrator.user.is_superuser = True
    administrator.user.save()
    sign_in(client, administrator)
    assert client.get("/admin/").status_code == 200

    administrator.last_day = date(2020, 1, 1)
    administrator.save()

    assert client.get("/admin/").status_code in {302, 403}
    assert client.get("/staff/").status_code == 403


def test_passkey_of_somebody_else_is_not_found(client, maya):
    other = StaffMemberFactory().user
    theirs = Authenticator.objects.create(user=other, type=Authenticator.Type.WEBAUTHN, data={})
    sign_in(client, maya)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    for page in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        for method in ("get", "post"):
            answer = getattr(client, method)(reverse(page, args=[theirs.pk]), {"name": "mine"})
            assert answer.status_code == 404, (page, method)

    assert Authenticator.objects.filter(pk=theirs.pk).exists()


def test_admin_keeps_lists_and_no_accounts():
    """Who may sign in, with what and as whom, is changed on pages that write down who did it."""
    models = {model._meta.label for model in admin.site._registry}

    assert not models & {
        "auth.Group", "account.EmailAddress", "mfa.Authenticator", "usersessions.UserSession",
        "outreach.User", "outreach.StaffMember", "outreach.Contact",
    }  # fmt: skip


def test_administrator_makes_no_token_in_the_name_of_another(client, world):
    user = world["administrator"].user
    user.is_staff = user.is_superuser = True
    user.save()
    sign_in(client, world["administrator"])

    assert client.get("/admin/knox/authtoken/").status_code == 200  # to take one back
    assert client.get("/admin/knox/authtoken/add/").status_code == 403
    assert User.objects.get(pk=user.pk).is_superuser
