"""The city's identity provider signs people in: a real one, on this machine."""

import base64
import json
import logging
from urllib.parse import urlsplit

import httpx
import pytest
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from authlib.integrations.django_client import DjangoOAuth2App
from django.urls import reverse

from outreach.enums import AccountAct, Role
from outreach.models import AccountChange, Identity, StaffMember, User
from outreach.services import identities
from tests.factories.people import StaffMemberFactory
from tests.oidc_provider import CLIENT, SECRET, Provider, running
from tests.processes import free_port

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
MAYA = {"sub": "7f3a", "email": "maya@city.example", "email_verified": True}
PASSWORD = "porch light on Elm at nine"


@pytest.fixture(scope="module")
def process():
    with running(free_port()) as provider:
        yield provider


@pytest.fixture
def provider(process, settings) -> Provider:
    settings.OIDC_URL, settings.OIDC_CLIENT_ID = process.url, CLIENT
    settings.OIDC_SECRET, settings.OIDC_NAME = SECRET, "Harbor Bay"
    settings.BASE_URL = "http://testserver"
    return process


@pytest.fixture
def maya(provider) -> StaffMember:
    return StaffMemberFactory(email="Maya@city.example", user__username="maya")


def there_and_back(client, wanted: str = ""):
    """As a browser goes: to the provider, and to where it sends us."""
    started = client.get(reverse("oidc_start"), {"next": wanted} if wanted else {})
    assert started.status_code == 302, started.content
    back = httpx.get(started["Location"])
    assert back.status_code == 302, back.text
    parts = urlsplit(back.headers["Location"])
    return client.get(f"{parts.path}?{parts.query}")


def is_signed_in(client) -> bool:
    return client.get("/staff/").status_code == 200


def test_person_with_a_verified_address_is_signed_in_and_led_on(client, maya, provider):
    provider.next(**MAYA)
    client.get("/accounts/login/")
    before = client.session.session_key

    answer = there_and_back(client, "/staff/week/")

    assert (answer.status_code, answer["Location"]) == (302, "/staff/week/")
    assert is_signed_in(client)
    assert client.session.session_key != before
    assert Identity.objects.get().staff == maya
    assert AccountChange.objects.get().act == AccountAct.LINKED


def test_once_known_the_subject_counts_and_no_address(client, maya, provider):
    provider.next(**MAYA)
    there_and_back(client)
    client.logout()

    provider.next(sub=MAYA["sub"], email="other@city.example", email_verified=False)
    there_and_back(client)

    assert is_signed_in(client)
    assert AccountChange.objects.count() == 1


@pytest.mark.parametrize(
    "fault",
    ["nonce", "no-nonce", "signature", "unsigned", "hmac", "audience", "issuer", "expired",
     "no-id-token", "denied"],
)  # fmt: skip
def test_answer_that_is_not_meant_for_us_is_refused(client, maya, provider, fault, caplog):
    provider.next(fault=fault, **MAYA)

    answer = there_and_back(client)

    assert answer.status_code == 403
    assert not is_signed_in(client)
    assert not Identity.objects.exists()
    assert "maya@" not in caplog.text


@pytest.mark.parametrize("fault", ["nonce", "signature", "unsigned", "audience", "expired"])
def test_unlooked_at_each_of_these_would_be_let_in(client, maya, provider, fault, monkeypatch):
    """The control: the same answers, taken at their word."""

    def believe(self, token, *_how, **_more):
        payload = token["id_token"].split(".")[1]
        return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))

    monkeypatch.setattr(DjangoOAuth2App, "parse_id_token", believe)
    provider.next(fault=fault, **MAYA)

    assert there_and_back(client).status_code == 302
    assert is_signed_in(client)


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "7f3a", "email": "nobody@city.example", "email_verified": True},
        {"sub": "7f3a", "email": "maya@city.example", "email_verified": False},
        {"sub": "7f3a", "email": "maya@city.example"},
        {"sub": "7f3a", "email": "", "email_verified": True},
        {"sub": "7f3a"},
        {"email": "maya@city.example", "email_verified": True},
    ],
    ids=["unknown", "unverified", "not-said", "no-address", "nothing", "no-subject"],
)
def test_nobody_is_made_or_guessed(client, maya, provider, claims):
    provider.next(**claims)

    assert there_and_back(client).status_code == 403
    assert User.objects.count() == 1
    assert not Identity.objects.exists()


def test_address_given_to_somebody_else_opens_no_old_account(client, maya, provider):
    provider.next(**MAYA)
    there_and_back(client)
    client.logout()

    provider.next(**MAYA | {"sub": "another person"})

    assert there_and_back(client).status_code == 403


def test_address_two_people_have_is_nobodys(client, maya, provider):
    StaffMemberFactory(email="maya@city.example")
    provider.next(**MAYA)

    assert there_and_back(client).status_code == 403


@pytest.mark.parametrize("is_known", [False, True])
def test_who_left_is_refused(client, maya, provider, is_known):
    if is_known:
        identities.staff_behind(provider.url, MAYA["sub"], verified_email=maya.email)
    StaffMember.objects.update(is_active=False)
    provider.next(**MAYA)

    assert there_and_back(client).status_code == 403


def test_answer_of_another_browser_is_refused(client, maya, provider):
    """The state, the nonce and the verifier lie in the session that began."""
    provider.next(**MAYA)
    back = httpx.get(client.get(reverse("oidc_start"))["Location"]).headers["Location"]
    parts = urlsplit(back)
    client.cookies.clear()

    assert client.get(f"{parts.path}?{parts.query}").status_code == 403


def test_answer_is_good_once(client, maya, provider):
    provider.next(**MAYA)
    parts = urlsplit(httpx.get(client.get(reverse("oidc_start"))["Location"]).headers["Location"])
    address = f"{parts.path}?{parts.query}"

    assert client.get(address).status_code == 302
    assert client.get(address).status_code == 403


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example/", "/\\evil.example"])
def test_nobody_is_led_elsewhere(client, maya, provider, wanted):
    provider.next(**MAYA)

    assert there_and_back(client, wanted)["Location"] == "/staff/"


def test_own_second_factor_follows_unless_the_provider_asked_for_one(
    client, maya, provider, settings
):
    TOTP.activate(maya.user, "JBSWY3DPEHPK3PXP")
    provider.next(**MAYA, amr=["pwd", "mfa"])

    answer = there_and_back(client)
    assert answer["Location"] == reverse("mfa_authenticate")
    assert not is_signed_in(client)

    settings.OIDC_MFA = True
    assert there_and_back(client)["Location"] == "/staff/"
    assert is_signed_in(client)
    # It is enough for what is sealed too: asked, it leads straight on.
    assert client.get("/staff/second-factor/?next=/staff/week/")["Location"] == "/staff/week/"


def test_its_second_factor_runs_out_like_ours_and_is_asked_of_it_again(
    client, maya, provider, settings
):
    settings.OIDC_MFA = True
    provider.next(**MAYA, amr=["pwd", "mfa"])
    there_and_back(client)
    asks = "/staff/second-factor/?next=/staff/week/"
    assert client.get(asks)["Location"] == "/staff/week/"
    assert UserSession.objects.get().session_key == client.session.session_key

    settings.SECOND_FACTOR_MINUTES = 0  # an hour later
    again = client.get(asks)
    assert again["Location"] == reverse("oidc_start") + "?next=%2Fstaff%2Fweek%2F"
    started = client.get(again["Location"])["Location"]
    assert "prompt=login" in started
    parts = urlsplit(httpx.get(started).headers["Location"])
    assert client.get(f"{parts.path}?{parts.query}")["Location"] == "/staff/week/"

    settings.SECOND_FACTOR_MINUTES = 60
    assert client.get(asks)["Location"] == "/staff/week/"


def test_who_signs_in_first_is_not_made_to_type_the_password_once_more(client, maya, provider):
    assert "prompt=" not in client.get(reverse("oidc_start"))["Location"]


def test_word_for_a_second_factor_must_be_said(client, maya, provider, settings):
    settings.OIDC_MFA = True
    TOTP.activate(maya.user, "JBSWY3DPEHPK3PXP")
    provider.next(**MAYA, amr=["pwd"])

    assert there_and_back(client)["Location"] == reverse("mfa_authenticate")


def test_provider_that_is_away_is_a_page_and_no_crash(client, maya, provider, settings):
    settings.OIDC_URL = f"http://127.0.0.1:{free_port()}"

    assert client.get(reverse("oidc_start")).status_code == 403


def test_without_a_provider_there_is_no_door(client, db):
    assert client.get(reverse("oidc_start")).status_code == 404
    assert reverse("oidc_start") not in client.get("/accounts/login/").content.decode()


def test_sign_in_page_offers_it(client, provider):
    page = client.get("/accounts/login/?next=/staff/week/").content.decode()

    assert "Sign in by Harbor Bay" in page
    assert "/accounts/city/?next=/staff/week/" in page


@pytest.mark.parametrize(("role", "may"), [(Role.CPC, False), (Role.ADMINISTRATOR, True)])
def test_passwords_may_be_left_to_administrators(client, provider, settings, role, may):
    staff = StaffMemberFactory(role=role, user__username="maya")
    staff.user.set_password(PASSWORD)
    staff.user.save()
    typed = {"login": "maya", "password": PASSWORD}
    client.post("/accounts/login/", typed)
    assert is_signed_in(client)  # as long as nobody says so
    client.logout()

    settings.OIDC_ONLY = True
    client.post("/accounts/login/", typed)

    assert is_signed_in(client) == may


def test_secrets_stand_in_no_log(client, maya, provider, caplog):
    caplog.set_level(logging.DEBUG)
    provider.next(**MAYA)
    there_and_back(client)

    words = "\n".join(one.getMessage() for one in caplog.records
                      if one.name.startswith(("config", "outreach")))  # fmt: skip
    assert MAYA["email"] not in words
    assert "code=" not in words
    assert SECRET not in words
