"""What docs/operator/backups.md tells people to type is understood."""

import re
import shlex

import pytest
from django.core.management import load_command_class

from tests.platform.commands import PROJECT
from tests.platform.test_compose import COMPOSE

GUIDE = (PROJECT / "docs" / "operator" / "backups.md").read_text().replace("\\\n", " ")
CODE = [line.split("  #")[0].strip() for line in GUIDE.splitlines() if line.startswith("    ")]
CALLS = [line.partition("manage.py ")[2] for line in CODE if "manage.py " in line]
APPS = {"backup": "config", "restore": "config", "pause_sending": "notifications"}


@pytest.mark.parametrize("call", [call for call in CALLS if call != "…"])
def test_command_of_the_guide_is_understood(call: str) -> None:
    name, *arguments = shlex.split(call)

    told = load_command_class(APPS[name], name).create_parser("manage.py", name)

    assert told.parse_args(arguments)


def test_guide_of_the_compose_file_names_what_is_in_it() -> None:
    named = set(re.findall(r"(?:exec|postgres:/\S+|--no-deps|--wait|sh) (\w+) ", GUIDE))
    volumes = set(re.findall(r"--volume beatbook_(\w+):", GUIDE))

    assert {"worker", "postgres"} <= named <= set(COMPOSE["services"])
    assert volumes == {"postgres"} <= set(COMPOSE["volumes"])
    assert "backups" in COMPOSE["volumes"]
    assert COMPOSE["name"] == "beatbook"
    assert COMPOSE["services"]["wal"]["environment"]["BACKUP_ROOT"] == "/srv/backups"
