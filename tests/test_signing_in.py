"""Staff sign in; nobody else does, and nobody guesses."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core.cache import cache
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
