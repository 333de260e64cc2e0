"""The table of roles in the operator's guide says what the pages answer."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.permissions import ROLES, TABLE

GUIDE = Path(__file__).parents[1] / "docs" / "operator" / "accounts.md"
COLUMNS = ["sergeant", "planner", "administrator", "records_clerk", "read_only"]
OPENS = {200, 204, 302, 400}
SHOWN_BY = {
    "See the week and all events": ("staff_week", "", "GET"),
    "See numbers and export them": ("numbers_csv", "", "GET"),
    "Read series": ("staff_series", "series", "GET"),
    "Book an event": ("add_event", "", "POST"),
    "Change an event": ("change_event", "event", "POST"),
    "Close an event out": ("close_event", "past", "POST"),
    "Read what was heard at meetings": ("staff_heard", "", "GET"),
    "Read the list of requests": ("event_requests", "", "GET"),
    "Read a request for an event": ("event_request", "asked", "GET"),
    "Answer a request for an event": ("event_request", "asked", "POST"),
    "Read a survey request": ("staff_survey", "request", "GET"),
    "Book a survey visit": ("staff_survey", "request", "POST"),
    "Open what is sealed of a survey": ("reveal_survey", "request", "POST"),
    "Open the address of a home": ("reveal_home", "home", "POST"),
    "Read what a resident was told": ("reader", "guest", "GET"),
    "Export what a resident was told": ("export_reader", "guest", "POST"),
    "Look into the sending room": ("sending_room", "", "GET"),
    "Hold messages back": ("pause_sending", "", "POST"),
    "Read campaigns": ("campaigns", "", "GET"),
    "Write campaigns": ("add_campaign", "", "POST"),
    "Set closed days": ("add_closure", "", "POST"),
    "See who works here": ("people", "", "GET"),
    "Keep the accounts": ("add_person", "", "POST"),
    "Change the department's settings": ("department", "", "POST"),
    "Connect other systems": ("api-webhook-list", "", "POST"),
}


def told() -> dict[str, list[str]]:
    lines = GUIDE.read_text(encoding="utf-8").split("## Second factor")[0].splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")]
            for line in lines if line.startswith("| ")]  # fmt: skip
    return {first: rest for first, *rest in rows[1:]}


def answered(key: tuple[str, str, str]) -> list[str]:
    may = {role: answer in OPENS for role, answer in zip(ROLES, TABLE[key], strict=True)}
    pair = "yes" if may["other"] else "own beats" if may["cpc"] else "–"
    return [pair, *("yes" if may[role] else "–" for role in COLUMNS)]


def test_table_of_roles_is_what_the_pages_answer():
    assert told() == {words: answered(key) for words, key in SHOWN_BY.items()}


def test_control_every_role_differs_from_every_other():
    columns = list(zip(*(answered(key) for key in SHOWN_BY.values()), strict=True))

    assert len(set(columns)) == len(columns)


@pytest.mark.django_db
def test_command_of_the_guide_names_who_is_not_there():
    with pytest.raises(CommandError, match="no user"):
        call_command("take_second_factor", "nobody")
