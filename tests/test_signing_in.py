"""Staff sign in; nobody else does, and nobody guesses."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from tests.factories.people import StaffMemberFactory

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough pass phrase"


@pytest.fixture
def maya():
    staff = StaffMemberFactory(user__username="maya")
    staff.user.set_password(PASSWORD)
    staff.user.save()
    return staff


def sign_in(client, password, **headers):
    entry = {"login": "maya", "password": password}
    return client.post("/accounts/login/?next=/staff/week/", entry, headers=headers)


def test_right_password_leads_to_the_page_asked_for_under_a_new_session(client, maya):
    client.get("/accounts/login/")
    before = client.session.session_key

    answer = sign_in(client, PASSWORD)

    assert (answer.status_code, answer["Location"]) == (302, "/staff/week/")
    assert client.session.session_key != before
    assert client.get("/staff/").status_code == 200


def test_wrong_password_says_one_thing_and_five_lock_the_door(client, maya):
    first = sign_in(client, "wrong")
    assert first.status_code == 200
    assert "There is a problem" in first.content.decode()

    for _ in range(5):
        sign_in(client, "wrong")
    cache.clear()  # the lock is in the database, whatever the cache forgets
    locked = sign_in(client, PASSWORD)

    assert locked.status_code == 429
    assert client.get("/staff/").status_code == 302


def test_nobody_signs_up(client):
    answer = client.post("/accounts/signup/", {"username": "x", "password1": PASSWORD})

    assert answer.status_code == 200
    assert client.get("/staff/").status_code == 302


def test_session_ends_after_half_an_hour_idle(client, maya):
    sign_in(client, PASSWORD)
    half_an_hour = timedelta(minutes=30)

    with time_machine.travel(timezone.now() + timedelta(minutes=25)):
        assert client.get("/staff/").status_code == 200  # and it counts anew from here
        assert Session.objects.get().expire_date - timezone.now() <= half_an_hour
    with time_machine.travel(timezone.now() + timedelta(minutes=50)):
        assert client.get("/staff/").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=85)):
        assert client.get("/staff/").status_code == 302


def test_pages_carry_a_strict_policy(client, db):
    answer = client.get("/")

    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_admin_asks_for_the_second_factor_too(client, maya):
    """The admin's own form would let in whoever knows the password."""
    maya.user.is_staff = maya.user.is_superuser = True
    maya.user.save()

    answer = client.post("/admin/login/?next=/admin/", {"username": "maya", "password": PASSWORD})

    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")
    assert client.get("/staff/").status_code == 302


def test_staff_pages_are_kept_by_no_cache(client, maya):
    sign_in(client, PASSWORD)

    assert "no-store" in client.get("/staff/")["Cache-Control"]


def test_nobody_learns_whether_an_account_exists(client, maya):
    """Known or not, the words, the status and the lock are the same."""
    seen = []
    for name in ("maya", "nobody"):
        entry = {"login": name, "password": "wrong"}
        answers = [client.post("/accounts/login/", entry) for _ in range(6)]
        seen.append([(one.status_code, told(one)) for one in answers])

    assert seen[0] == seen[1]
    assert [status for status, _ in seen[0]] == [200] * 4 + [429] * 2


def told(answer) -> str:
    page = answer.content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    return re.sub(r'value="[^"]*"', "", main)


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Too many tries"), ("es", "Demasiados intentos")]
)
def test_locked_door_says_so_in_both_languages(client, maya, language, words):
    client.cookies["language"] = language
    for _ in range(6):
        locked = sign_in(client, "wrong")

    assert locked.status_code == 429
    assert words in locked.content.decode()
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert sign_in(client, PASSWORD).status_code == 302


def test_staff_sign_in_while_the_broker_is_away(client, maya, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }

    assert sign_in(client, PASSWORD).status_code == 302
    assert client.get("/staff/").status_code == 200
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}


@pytest.mark.parametrize("address", ["/staff/week/?view=board", "/staff/"])
def test_a_page_that_only_asks_for_itself_lets_the_session_end(client, maya, address):
    sign_in(client, PASSWORD)
    began = timezone.now()
    polling = {"X-Polling": "1", "HX-Request": "true"}

    for minutes in range(5, 30, 5):
        with time_machine.travel(began + timedelta(minutes=minutes)):
            assert client.get(address, headers=polling).status_code == 200
    with time_machine.travel(began + timedelta(minutes=31)):
        assert client.get(address, headers=polling).status_code == 302


def test_control_a_person_who_looks_keeps_it(client, maya):
    sign_in(client, PASSWORD)
    began = timezone.now()

    for minutes in (20, 40):
        with time_machine.travel(began + timedelta(minutes=minutes)):
            assert client.get("/staff/week/").status_code == 200


def test_password_asked_again_is_locked_too(client, maya):
    """A session left open is no place to guess the password."""
    sign_in(client, PASSWORD)
    answers = [client.post("/accounts/reauthenticate/", {"password": "wrong"}) for _ in range(6)]

    assert answers[-1].status_code == 429
    assert client.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 429


NEW = {"password1": "a lantern over the door", "password2": "a lantern over the door"}


def test_old_password_is_asked_for_under_the_lock_of_the_sign_in(client, maya):
    """In the database: neither a broker that is away nor another page gives more tries."""
    sign_in(client, PASSWORD)
    for _ in range(5):
        answer = client.post("/accounts/password/change/", NEW | {"oldpassword": "wrong"})
        cache.clear()

    assert answer.status_code == 429
    right = NEW | {"oldpassword": PASSWORD}
    assert client.post("/accounts/password/change/", right).status_code == 429
    client.logout()
    assert sign_in(client, PASSWORD).status_code == 429
    maya.user.refresh_from_db()
    assert maya.user.check_password(PASSWORD)


def test_control_password_is_changed_with_the_old_one(client, maya, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    sign_in(client, PASSWORD)
    wrong = client.post("/accounts/password/change/", NEW | {"oldpassword": "wrong"})
    assert "Please type your current password." in wrong.content.decode()

    client.post("/accounts/password/change/", NEW | {"oldpassword": PASSWORD})

    maya.user.refresh_from_db()
    assert maya.user.check_password(NEW["password1"])
    assert client.get("/staff/").status_code == 200
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}


def test_admin_changes_no_password_of_its_own(client, maya):
    """Its own form would count no tries."""
    maya.user.is_staff = maya.user.is_superuser = True
    maya.user.save()
    sign_in(client, PASSWORD)

    answer = client.post("/admin/password_change/", {"old_password": PASSWORD})

    assert answer["Location"] == "/accounts/password/change/"


@pytest.mark.parametrize(
    ("language", "words"), [("en", "press it once more"), ("es", "vuelva a pulsarlo")]
)
def test_button_pressed_after_the_session_ended_is_explained(client, maya, language, words):
    """Signing in leads back to where the button sent its form, which is no page."""
    client.cookies["language"] = language
    pressed = client.post("/staff/sending/pause/")
    client.post(pressed["Location"], {"login": "maya", "password": PASSWORD})
    answer = client.get("/staff/sending/pause/")

    assert pressed["Location"] == "/accounts/login/?next=/staff/sending/pause/"
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert words in answer.text


def test_programs_are_told_of_a_wrong_method_as_before(client, maya):
    answer = client.put("/api/v1/events/")

    assert answer.status_code in {401, 403, 405}
    assert answer["Content-Type"] == "application/json"


def test_no_mail_is_sent_by_a_form_of_the_sign_in(client, maya, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    maya.user.email = "maya@city.example"
    maya.user.save()
    for address in ("maya@city.example", "nobody@city.example"):
        answer = client.post("/accounts/password/reset/", {"email": address})
        assert answer.status_code == 405

    assert not mail.outbox
    assert "/password/reset/" not in client.get("/accounts/login/").content.decode()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/144.0", "Firefox on Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari", "Chrome on Android"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("", "Unknown device"),
    ],
)
def test_sessions_are_named_as_people_name_their_devices(client, maya, said, words):
    entry = {"login": "maya", "password": PASSWORD}
    client.post("/accounts/login/", entry, headers={"User-Agent": said})

    shown = client.get("/accounts/sessions/").content.decode()

    assert words in shown
    assert "Mozilla" not in shown
    assert "End all other sessions" not in shown  # there is no other


def test_all_other_sessions_are_ended_at_one_press(client, maya):
    elsewhere = Client()
    sign_in(elsewhere, PASSWORD)
    sign_in(client, PASSWORD)
    assert "End all other sessions" in client.get("/accounts/sessions/").content.decode()

    client.post("/accounts/sessions/")

    assert elsewhere.get("/staff/").status_code == 302
    assert client.get("/staff/").status_code == 200
