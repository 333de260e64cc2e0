"""What is sealed opens for people who prove twice who they are, and each look is written down."""

import threading
import time
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.db import connection, connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from notifications.models import AddressLook
from outreach import passwords, second_factor
from outreach.models import Reveal, StaffMember
from tests.factories.people import StaffMemberFactory
from tests.second_factor import sign_in

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXP"
PASSWORD = "porch light on Elm at nine"
SEALED = [
    ("reveal_survey", "request"),
    ("reveal_home", "home"),
    ("reveal_event_request", "asked"),
    ("reveal_reader", "guest"),
    ("export_reader", "guest"),
    ("print_calls", ""),
]


def code(secret: str = SECRET) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def looks() -> int:
    return Reveal.objects.count() + AddressLook.objects.count()


@pytest.fixture
def maya():
    staff = StaffMemberFactory(user__username="maya")
    staff.user.set_password(PASSWORD)
    staff.user.save()
    return staff


@pytest.mark.parametrize("role", ["cpc", "sergeant", "records_clerk"])
def test_nothing_sealed_opens_without_it(client, world, role, settings):
    for name, arguments in SEALED:
        page = reverse(name, args=world["arguments"][arguments])
        sign_in(client, world[role], with_second_factor=False)
        before = looks()
        refused = client.post(page)
        assert (refused.status_code, looks()) == (302, before), name
        assert refused["Location"].startswith("/staff/second-factor/?next="), name

        sign_in(client, world[role])
        assert client.post(page).status_code == 200, name
        assert looks() > before, name

    settings.DEMO = True  # a made-up city has nothing to protect
    sign_in(client, world[role], with_second_factor=False)
    assert client.post(reverse("print_calls")).status_code == 200


def test_second_factor_of_somebody_else_in_the_session_counts_for_nothing(client, world):
    sign_in(client, world["sergeant"])
    session = client.session
    session["account_authentication_methods_user"] = str(world["cpc"].user.pk)
    session.save()

    assert client.post(reverse("print_calls")).status_code == 302


def test_whoever_has_none_is_led_to_set_it_up_and_back(client, world):
    maya = world["cpc"]
    maya.user.set_password(PASSWORD)
    maya.user.save()
    client.post("/accounts/login/", {"login": maya.user.username, "password": PASSWORD})
    page = reverse("staff_survey", args=world["arguments"]["request"])
    reveal = reverse("reveal_survey", args=world["arguments"]["request"])

    shown = client.post(reveal, follow=True)
    assert "A second factor first" in shown.content.decode()
    asked = client.get(reverse("mfa_activate_totp"))
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    set_up = client.post(asked["Location"], {"password": PASSWORD}, follow=True)
    secret = set_up.context["form"].secret
    done = client.post(reverse("mfa_activate_totp"), {"code": code(secret)}, follow=True)

    assert "Go on to the page you wanted" in done.content.decode()
    wanted = client.get(reverse("second_factor"), {"next": client.session["wanted_page"]})
    assert wanted["Location"] == page
    assert client.post(reveal).status_code == 200


def test_whoever_has_one_gives_it_and_comes_back(client, maya):
    TOTP.activate(maya.user, SECRET)
    sign_in(client, maya, with_second_factor=False)

    asked = client.get(reverse("second_factor"), {"next": "/staff/calls/"})
    assert asked["Location"] == reverse("mfa_reauthenticate") + "?next=%2Fstaff%2Fcalls%2F"
    assert client.post(asked["Location"], {"code": "000000"}).status_code == 200
    assert client.post(reverse("print_calls")).status_code == 302
    answer = client.post(asked["Location"], {"code": code(), "next": "/staff/calls/"})

    assert answer["Location"] == "/staff/calls/"
    assert client.post(reverse("print_calls")).status_code == 200


@pytest.mark.parametrize(("minutes", "opens"), [(59, True), (61, False)])
def test_it_opens_what_is_sealed_for_an_hour_however_busy_the_session(client, maya, minutes, opens):
    TOTP.activate(maya.user, SECRET)
    client.post("/accounts/login/", {"login": "maya", "password": PASSWORD})
    client.post(reverse("mfa_authenticate"), {"code": code()})
    began = timezone.now()
    for passed in (20, 40):
        with time_machine.travel(began + timedelta(minutes=passed)):
            assert client.get("/staff/calls/").status_code == 200

    with time_machine.travel(began + timedelta(minutes=minutes)):
        answer = client.post(reverse("print_calls"))
        assert (answer.status_code == 200) == opens
        assert client.get("/staff/calls/").status_code == 200  # still signed in


def test_given_again_it_opens_again_and_leads_back(client, maya, settings):
    settings.SECOND_FACTOR_MINUTES = 5
    TOTP.activate(maya.user, SECRET)
    sign_in(client, maya)
    page = {"HTTP_REFERER": "http://testserver/staff/calls/"}

    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        asked = client.post(reverse("print_calls"), **page)
        assert asked["Location"] == "/staff/second-factor/?next=%2Fstaff%2Fcalls%2F"
        form = client.get(asked["Location"], follow=True)
        typed = {"code": code(), "next": form.context["redirect_field_value"]}
        back = client.post(reverse("mfa_reauthenticate"), typed)

        assert back["Location"] == "/staff/calls/"
        assert client.post(reverse("print_calls")).status_code == 200


def test_whoever_has_a_passkey_alone_is_asked_for_it(client, maya):
    Authenticator.objects.create(user=maya.user, type=Authenticator.Type.WEBAUTHN, data={})

    assert second_factor.page_that_asks(maya.user) == reverse("mfa_reauthenticate_webauthn")


def test_sign_in_asks_for_it_and_it_counts_for_what_is_sealed(client, maya):
    TOTP.activate(maya.user, SECRET)

    asked = client.post("/accounts/login/", {"login": "maya", "password": PASSWORD})
    assert asked["Location"].startswith(reverse("mfa_authenticate"))
    assert client.get("/staff/").status_code == 302
    client.post(reverse("mfa_authenticate"), {"code": code()})

    assert client.get("/staff/").status_code == 200
    assert client.post(reverse("print_calls")).status_code == 200


@pytest.mark.parametrize("typed", ["right", "wrong"])
def test_code_is_looked_at_while_the_broker_is_away(client, maya, settings, typed):
    TOTP.activate(maya.user, SECRET)
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }

    client.post("/accounts/login/", {"login": "maya", "password": PASSWORD})
    given = code() if typed == "right" else "000000"
    client.post(reverse("mfa_authenticate"), {"code": given})

    assert client.get("/staff/").status_code == (200 if typed == "right" else 302)
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}


def test_recovery_code_works_once(client, maya):
    TOTP.activate(maya.user, SECRET)
    codes = RecoveryCodes.activate(maya.user)
    one = codes.get_unused_codes()[0]

    for answer in (200, 302):
        client.logout()
        client.post("/accounts/login/", {"login": "maya", "password": PASSWORD})
        client.post(reverse("mfa_authenticate"), {"code": one})
        assert client.get("/staff/").status_code == answer


@pytest.mark.parametrize(
    "page", ["mfa_activate_totp", "mfa_add_webauthn", "mfa_view_recovery_codes"]
)
def test_password_alone_changes_no_second_factor(client, maya, page):
    """A session without it, and the password: the page asks for what is there already."""
    TOTP.activate(maya.user, SECRET)
    RecoveryCodes.activate(maya.user)
    sign_in(client, maya, with_second_factor=False)

    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    answer = client.get(reverse(page))

    assert answer.status_code == 302
    follow = client.get(answer["Location"])
    assert follow.status_code == 302
    assert follow["Location"].startswith((reverse("mfa_reauthenticate"), "/accounts/"))
    assert not second_factor.is_given(_request_of(client, maya))


def _request_of(client: Client, staff: StaffMember):
    class Seen:
        session = client.session
        user = staff.user

    return Seen()


def test_setting_it_up_a_second_time_proves_nothing(client, maya):
    """The page of set-up leads away from who has it: that is no proof."""
    TOTP.activate(maya.user, SECRET)
    sign_in(client, maya, with_second_factor=False)

    client.post(reverse("mfa_activate_totp"), {"code": "123456"})

    assert client.post(reverse("print_calls")).status_code == 302


def test_five_wrong_codes_close_the_door_for_a_quarter_of_an_hour(client, maya):
    TOTP.activate(maya.user, SECRET)
    client.post("/accounts/login/", {"login": "maya", "password": PASSWORD})
    page = reverse("mfa_authenticate")
    for _ in range(5):
        client.post(page, {"code": "000000"})

    locked = client.post(page, {"code": code()})
    assert "Too many wrong codes" in locked.content.decode()
    assert client.get("/staff/").status_code == 302

    with connection.cursor() as cursor:  # the database's clock decides
        cursor.execute("UPDATE outreach_user SET code_tries_since = now() - interval '16 minutes'")
    client.post(page, {"code": code()})
    assert client.get("/staff/").status_code == 200


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_one_step", [True, False], ids=["guarded", "control"])
def test_tries_at_once_are_all_counted(is_one_step, monkeypatch):
    user = StaffMemberFactory().user
    together = threading.Barrier(8)
    if not is_one_step:  # read, then write: what the guard is against

        def count_try(one):
            one.refresh_from_db()
            time.sleep(0.05)
            one.code_tries += 1
            one.save(update_fields=["code_tries"])
            return one.code_tries

        monkeypatch.setattr(second_factor, "count_try", count_try)

    def go() -> None:
        together.wait()
        second_factor.count_try(type(user).objects.get(pk=user.pk))
        connections.close_all()

    racers = [threading.Thread(target=go) for _ in range(8)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()

    user.refresh_from_db()
    assert (user.code_tries == 8) == is_one_step


def test_secret_of_the_app_is_sealed_in_the_database(maya):
    TOTP.activate(maya.user, SECRET)

    assert SECRET not in str(Authenticator.objects.get().data)
    assert Authenticator.objects.get().wrap().validate_code(code())


def test_short_password_is_for_those_with_a_second_factor(client, maya):
    rule = passwords.LongOrWithSecondFactor()
    with pytest.raises(Exception, match="too short"):
        rule.validate("8-chars!", maya.user)
    rule.validate("x" * 15, maya.user)

    TOTP.activate(maya.user, SECRET)
    rule.validate("8-chars!", maya.user)
    with pytest.raises(Exception, match="too short"):
        rule.validate("7chars!", maya.user)


@pytest.mark.parametrize(("password", "may"), [("8-chars!", False), (PASSWORD, True)])
def test_second_factor_beside_a_short_password_cannot_be_put_away(client, maya, password, may):
    TOTP.activate(maya.user, SECRET)
    maya.user.set_password(password)
    maya.user.save()
    client.post("/accounts/login/", {"login": "maya", "password": password})
    client.post(reverse("mfa_authenticate"), {"code": code()})
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        page = reverse("mfa_deactivate_totp")
        asked = client.post(page)
        if asked.status_code == 302 and "reauthenticate" in asked["Location"]:
            client.post(reverse("mfa_reauthenticate"), {"code": code()})
            client.post(page)

    assert Authenticator.objects.filter(user=maya.user).exists() != may


def test_other_sessions_end_at_a_press(client, maya):
    other = Client()
    for browser in (client, other):
        browser.post("/accounts/login/", {"login": "maya", "password": PASSWORD})
    assert other.get("/staff/").status_code == 200

    client.post(reverse("usersessions_list"))

    assert other.get("/staff/").status_code == 302
    assert client.get("/staff/").status_code == 200


def test_new_password_ends_the_other_sessions(client, maya):
    other = Client()
    for browser in (client, other):
        browser.post("/accounts/login/", {"login": "maya", "password": PASSWORD})

    new = "another porch light on Oak"
    client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )

    assert other.get("/staff/").status_code == 302
    assert client.get("/staff/").status_code == 200
