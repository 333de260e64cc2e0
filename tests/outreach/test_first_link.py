"""One link, printed where the server was started, makes the first administrator."""

import logging
import threading
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.http import Http404
from django.utils import timezone

from outreach.enums import Role
from outreach.models import FirstLink, StaffMember, User
from outreach.services import firsts
from tests.factories.people import StaffMemberFactory

pytestmark = pytest.mark.django_db
PASSWORD = "porch light on Elm at nine"
TYPED = {"name": "Ida Novak", "username": "ida", "password": PASSWORD, "again": PASSWORD}


def page(token: str) -> str:
    return f"/first/{token}/"


def printed() -> str:
    said = StringIO()
    call_command("first_link", stdout=said)
    return said.getvalue().strip()


def test_command_prints_a_link_that_shows_a_form(client, settings):
    link = printed()

    assert link.startswith(settings.BASE_URL + "/first/")
    answer = client.get(link.removeprefix(settings.BASE_URL))
    assert answer.status_code == 200
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    assert "at least 15 characters" in answer.text


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_changes_nothing(client, method):
    token = firsts.issue()

    for _ in range(2):
        assert getattr(client, method)(page(token)).status_code == 200

    assert not User.objects.exists()


def test_first_session_stands_on_the_list_of_sessions(client):
    client.post(page(firsts.issue()), TYPED, headers={"User-Agent": "Firefox at the counter"})

    shown = client.get("/accounts/sessions/").content.decode()

    assert "Firefox at the counter" in shown
    assert "this one" in shown


def test_administrator_is_made_signed_in_and_led_to_the_department(client):
    token = firsts.issue()

    answer = client.post(page(token), TYPED)

    assert (answer.status_code, answer["Location"]) == (302, "/staff/department/")
    staff = StaffMember.objects.select_related("user").get()
    assert (staff.name, staff.role) == ("Ida Novak", Role.ADMINISTRATOR)
    assert staff.user.is_superuser
    assert staff.user.check_password(PASSWORD)
    assert client.get("/staff/department/").status_code == 200
    assert client.get("/admin/").status_code == 200


def test_link_works_once(client, django_user_model):
    token = firsts.issue()
    client.post(page(token), TYPED)
    User.objects.update(is_active=False)  # even when that account has gone again

    assert client.get(page(token)).status_code == 404
    assert client.post(page(token), TYPED | {"username": "eve"}).status_code == 404
    assert User.objects.count() == 1


def test_link_expires_after_a_day(client):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        token = firsts.issue()
        clock.shift(firsts.VALID - timedelta(seconds=1))
        assert client.get(page(token)).status_code == 200
        clock.shift(timedelta(seconds=1))
        assert client.get(page(token)).status_code == 404


@pytest.mark.parametrize("how", ["superuser", "staff"])
def test_link_dies_as_soon_as_there_is_an_administrator(client, how):
    token = firsts.issue()
    assert client.get(page(token)).status_code == 200
    if how == "superuser":
        User.objects.create_superuser("root", password=PASSWORD)
    else:
        StaffMemberFactory(role=Role.ADMINISTRATOR)

    assert client.get(page(token)).status_code == 404
    assert client.post(page(token), TYPED).status_code == 404
    with pytest.raises(CommandError, match="already"):
        printed()


def test_other_staff_do_not_close_it(client):
    token = firsts.issue()
    StaffMemberFactory(role=Role.SERGEANT)

    assert client.get(page(token)).status_code == 200


def test_new_link_ends_the_one_before(client):
    first, second = firsts.issue(), firsts.issue()

    assert client.get(page(first)).status_code == 404
    assert client.get(page(second)).status_code == 200


def test_nothing_secret_is_stored():
    token = firsts.issue()
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(link)::text FROM outreach_firstlink AS link")
        (row,) = cursor.fetchone()

    assert FirstLink.objects.get().uid.hex in row.replace("-", "")
    assert token[32:] not in row


@pytest.mark.parametrize("forged", ["", "x", "0" * 72, "é" * 72], ids=range(4))
def test_forged_link_opens_nothing(client, forged):
    token = firsts.issue()

    assert client.get(page(token[:-1] + ("0" if token[-1] != "0" else "1"))).status_code == 404
    assert client.get(page(forged)).status_code == 404


def test_link_stands_in_no_log(client, caplog):
    caplog.set_level(logging.DEBUG)
    token = firsts.issue()
    client.post(page(token), TYPED | {"again": "other"})
    client.post(page(token), TYPED)

    words = "\n".join(record.getMessage() for record in caplog.records
                      if not record.name.startswith("django.db"))  # fmt: skip
    assert token not in words
    assert PASSWORD not in words


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"password": "short", "again": "short"}, "password"),
        ({"password": "ida novak is ida novak", "again": "other"}, "again"),
        ({"again": "something else entirely"}, "again"),
        ({"username": "ida novak"}, "username"),
        ({"username": ""}, "username"),
        ({"name": "Ida\u202e"}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"email": "nobody"}, "email"),
        ({"username": "TAKEN"}, "username"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(client, wrong, field):
    User.objects.create_user("taken")
    token = firsts.issue()

    answer = client.post(page(token), TYPED | wrong)

    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert not StaffMember.objects.exists()
    assert client.get(page(token)).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_becomes_administrator():
    token = firsts.issue()
    together = threading.Barrier(8)
    outcomes: list[str] = []

    def try_it(number: int) -> None:
        together.wait()
        try:
            firsts.make_administrator(token, firsts.Account("Ida", f"ida{number}", PASSWORD))
            outcomes.append("made")
        except Http404:
            outcomes.append("closed")
        finally:
            connections.close_all()

    racers = [threading.Thread(target=try_it, args=[number]) for number in range(8)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()

    assert sorted(outcomes) == ["closed"] * 7 + ["made"]
    assert User.objects.count() == 1
