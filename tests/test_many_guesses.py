"""Many guesses of a password at once: no more are looked at than five in a row would be."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.db import connection
from django.test import Client

from config.sign_in import ClosedAccounts
from outreach.models import User
from tests.factories.people import StaffMemberFactory

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 12


@pytest.fixture
def looked_at(monkeypatch) -> list[str]:
    """The passwords that were compared with the account's."""
    found: list[str] = []

    def compare(user: User, raw_password: str) -> bool:
        found.append(raw_password)
        return False

    monkeypatch.setattr(User, "check_password", compare)
    return found


@pytest.fixture(autouse=True)
def _patience(monkeypatch):
    """A machine under test is slow: nobody who waits for a turn is sent away."""
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "options", "-c lock_timeout=60s")


def guess_at_once(username: str) -> list[int]:
    def guess(number: int) -> int:
        entry = {"login": username, "password": f"guess {number}"}
        try:
            return Client().post("/accounts/login/", entry).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sorted(pool.map(guess, range(AT_ONCE)))


def test_many_at_once_are_not_more_than_five_in_a_row(looked_at):
    StaffMemberFactory(user__username="maya")

    answers = guess_at_once("maya")

    assert len(looked_at) == settings.AXES_FAILURE_LIMIT
    assert answers == [200] * 4 + [429] * (AT_ONCE - 4)


def test_other_writings_of_a_name_are_the_same_account(looked_at):
    StaffMemberFactory(user__username="maya")
    for name in ("MAYA", "Maya", " maya ", "mAya", "maYA", "mayA", "MAya"):
        answer = Client().post("/accounts/login/", {"login": name, "password": f"as {name}"})

    assert answer.status_code == 429
    assert len(looked_at) == settings.AXES_FAILURE_LIMIT


def test_one_who_mistypes_is_not_held_by_guesses_from_elsewhere(looked_at):
    StaffMemberFactory(user__username="maya")
    guess_at_once("maya")

    entry = {"login": "maya", "password": "mistyped"}
    answer = Client(REMOTE_ADDR="198.51.100.7").post("/accounts/login/", entry)

    assert answer.status_code == 200
    assert looked_at[-1] == "mistyped"


def test_control_each_alone_they_overshoot(looked_at, monkeypatch):
    is_more = threading.Event()

    def compare(user: User, raw_password: str) -> bool:
        """Waits until one more is at it than may be, if nothing keeps them apart."""
        looked_at.append(raw_password)
        if len(looked_at) > settings.AXES_FAILURE_LIMIT:
            is_more.set()
        is_more.wait(20)
        return False

    monkeypatch.setattr(User, "check_password", compare)
    monkeypatch.setattr(ClosedAccounts, "authenticate", DefaultAccountAdapter.authenticate)
    StaffMemberFactory(user__username="maya")

    guess_at_once("maya")

    assert len(looked_at) > settings.AXES_FAILURE_LIMIT
