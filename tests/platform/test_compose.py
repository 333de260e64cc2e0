"""The compose file cannot be run here, but every command in it is one that exists."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from config.celery import ROUTES
from config.embedded import postgres
from config.embedded.environment import NEEDED, ensure

PROJECT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
DOCKERFILE = (PROJECT / "config" / "Dockerfile").read_text()
OURS = [name for name, service in COMPOSE["services"].items() if "build" in service]
# What a person must give; everything else has a default in the settings.
GIVEN = {"BASE_URL", "DEFAULT_FROM_EMAIL"}
LOADED = (
    "import django; django.setup(); from django.conf import settings;"
    "from outreach import keys; keys.current('seal');"
    "print(settings.DATABASES['default']['PASSWORD'])"
)
SECRETS = {"keys", "secret_key", "email_url", "postgres_password"}


def image_command() -> list[str]:
    found = re.search(r"^CMD (\[.*\])", DOCKERFILE.replace("\\\n", ""), re.MULTILINE)
    assert found is not None
    return list(json.loads(found[1]))


def command_of(service: dict[str, Any]) -> list[str]:
    return list(service.get("command", image_command()))


@pytest.mark.parametrize("name", OURS)
def test_command_of_each_service_is_understood(name: str) -> None:
    program, *arguments = command_of(COMPOSE["services"][name])
    found = sys.executable if program == "python" else str(Path(sys.executable).with_name(program))

    done = subprocess.run(
        [found, *arguments, "--help"], cwd=PROJECT, capture_output=True, text=True, check=False
    )

    assert shutil.which(found)
    assert done.returncode == 0, done.stdout + done.stderr
    for option in (argument for argument in arguments if argument.startswith("--")):
        assert option in done.stdout


def test_nothing_seals_before_the_keys_were_looked_at() -> None:
    for name in set(OURS) - {"migrate", "check_keys"}:
        waits_for = COMPOSE["services"][name]["depends_on"]
        assert waits_for["check_keys"] == {"condition": "service_completed_successfully"}, name


def test_log_of_the_database_names_nobody_there_either() -> None:
    assert set(postgres.DISCREET) <= set(COMPOSE["services"]["postgres"]["command"])


def test_workers_take_every_queue_the_settings_name(settings: Any) -> None:
    taken: list[str] = []
    for name in ("worker", "campaigns", "publisher"):
        arguments = command_of(COMPOSE["services"][name])
        taken += arguments[arguments.index("--queues") + 1].split(",")

    named = {route["queue"] for route in ROUTES.values()}

    assert named | {"default"} <= set(taken)


def test_services_share_one_environment_and_all_secrets_are_given_from_outside() -> None:
    wanted = set(re.findall(r"\$\{(\w+):\?\}", (PROJECT / "docker-compose.yml").read_text()))

    environments = [COMPOSE["services"][name]["environment"] for name in OURS]

    assert wanted == GIVEN
    assert all(environment == environments[0] for environment in environments)


def test_settings_load_from_what_the_services_are_given_and_script_secrets_makes(tmp_path) -> None:
    made = subprocess.run(
        [sys.executable, "script/secrets", str(tmp_path / "secrets")],
        cwd=PROJECT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    files = {path.name: path for path in (tmp_path / "secrets").iterdir()}
    told = {Path(one["file"]).name for one in COMPOSE["secrets"].values()}
    assert told == set(files)
    assert set(COMPOSE["secrets"]) == set(COMPOSE["services"]["web"]["secrets"]) == SECRETS
    assert not any(file.read_text() in made.stdout for file in files.values())
    given = {name: str(value) for name, value in COMPOSE["services"]["web"]["environment"].items()}
    given = {name: value.replace("/run/secrets", str(files["secret_key"].parent))
             for name, value in given.items()}  # fmt: skip
    example = {
        **given,
        "DEFAULT_FROM_EMAIL": "outreach@outreach.example",
        "BASE_URL": "https://outreach.example",
        "BEHIND_PROXY": "true",
        "TRUSTED_PROXIES": "",
        "TIME_ZONE": "America/Los_Angeles",
        "BEATBOOK_KEYS": str(files["keys.json"]),
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }

    done = subprocess.run(
        [sys.executable, "-c", LOADED],
        cwd=PROJECT, env=example, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == files["postgres_password"].read_text()


def test_no_server_of_our_own_starts_where_all_is_given_as_files(tmp_path, monkeypatch) -> None:
    for name in NEEDED:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv(f"{name}_FILE", str(tmp_path / name))

    ensure(tmp_path / "nothing is made here")

    assert list(tmp_path.iterdir()) == []


def test_secrets_that_are_there_stay(tmp_path) -> None:
    command = [sys.executable, "script/secrets", str(tmp_path)]
    subprocess.run(command, cwd=PROJECT, capture_output=True, check=True)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    again = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    assert "is there already" in again.stdout


@pytest.mark.parametrize("name", [*OURS, "front"])
def test_service_may_write_nowhere_but_its_volumes_and_has_no_rights(name: str) -> None:
    service = COMPOSE["services"][name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_image_is_built_as_hadolint_advises() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("hadolint"), "config/Dockerfile"],
        cwd=PROJECT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout + done.stderr


def test_image_runs_as_a_user_without_rights() -> None:
    users = re.findall(r"^USER (\S+)", DOCKERFILE, re.MULTILINE)

    assert users
    assert users[-1] not in ("root", "0")
