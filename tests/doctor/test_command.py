"""The doctor says in plain words what is sound, what to look at and what is broken."""

from io import StringIO

import pytest
from django.core.management import call_command

from config.doctor import mail
from config.doctor.checks import CHECKS

pytestmark = pytest.mark.django_db


def doctor() -> tuple[int, str]:
    said = StringIO()
    try:
        call_command("doctor", stdout=said, no_color=True)
    except SystemExit as end:
        return int(str(end.code)), said.getvalue()
    return 0, said.getvalue()


def test_command_tells_each_check_with_what_to_do_and_ends_with_one_when_broken(monkeypatch):
    monkeypatch.setattr(mail, "resolver", lambda: None)

    code, said = doctor()

    assert code == 1
    assert all(f" {name}: " in said for name, _ in CHECKS if name != "Certificate")
    assert "broken        Department: Mail would come from" in said
    assert "→ Set it on the page Department" in said


def test_command_ends_with_zero_when_nothing_is_broken(monkeypatch):
    sound = [(name, check) for name, check in CHECKS if name in ("Database", "Tables", "Broker")]
    monkeypatch.setattr("config.management.commands.doctor.CHECKS", sound)

    code, said = doctor()

    assert code == 0
    assert "3 OK, 0 look at this, 0 broken" in said
