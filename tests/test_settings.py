"""A site that would give itself away does not start."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.checks import run_checks

from config.checks import key_file_can_be_used
from outreach import keys

PROJECT = Path(__file__).parents[1]


def boot(**environment: str) -> str:
    """What Python says of settings loaded with these variables; empty when they load."""
    known = {"DATABASE_URL": "postgres://none/none", "REDIS_URL": "redis://none",
             "EMAIL_URL": "smtp://none:25", "BEATBOOK_KEYS": os.devnull,
             "SECRET_KEY": "kQ4vZ8mWn2RtY6bHs0LpXc7JdFg3TaVe9UiOx1Ky5MzEr_Bo",
             "PATH": os.environ["PATH"]}  # fmt: skip
    command = [sys.executable, "-c", "import config.settings"]
    return subprocess.run(
        command, cwd=PROJECT, env=known | environment, capture_output=True, text=True, check=False
    ).stderr


@pytest.mark.parametrize(
    ("environment", "word"),
    [
        ({}, ""),
        ({"DEBUG": "1"}, "DEBUG"),
        ({"DEBUG": "1", "BEATBOOK_DEMO": "1"}, ""),
        ({"SECRET_KEY": "secret"}, "SECRET_KEY"),
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "kQ4vZ8mWn2RtY6bHs0LpXc7JdFg3TaV"}, "too short"),
        ({"SECRET_KEY": "kQ4vZ8mWn2RtY6bHs0LpXc7JdFg3TaVe"}, ""),
        ({"SECRET_KEY": "django-insecure-8mWn2RtY6bHs0LpXc7JdFg3TaVe9UiOx1Ky5MzEr"}, "others know"),
        ({"SECRET_KEY": "changeme-changeme-changeme-changeme-1234"}, "others know"),
        ({"SECRET_KEY": "only-while-building-and-never-in-service"}, "others know"),
        ({"SECRET_KEY": "a" * 60}, "repeats itself"),
        ({"SECRET_KEY": "changeme-changeme-changeme-changeme-1234", "BEATBOOK_DEMO": "1"},
         "others know"),
    ],
    ids=["sound", "debug", "debug_in_the_demo", "short_key", "empty_key", "one_too_few",
         "just_enough", "key_of_a_new_project", "key_of_an_example", "key_of_a_build",
         "one_letter", "known_in_the_demo_too"],
)  # fmt: skip
def test_start_is_refused(environment, word):
    said = boot(**environment)

    assert (word in said) if word else (said == "")


RANDOM = "7Fq3mWd9k2Zp9XwLrT5vBn8Q0hYdJc4s"


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"BASE_URL": "outreach.city.example"}, "BASE_URL has to begin with https://"),
        ({"BACKUP_HOUR": "two"}, "BACKUP_HOUR cannot be read"),
        ({"TRUSTED_PROXIES": "10.0.0.5,localhost"}, "TRUSTED_PROXIES holds addresses"),
        ({"EMAIL_URL": "mail.city.example:587"}, "EMAIL_URL is no address of a mail server"),
        ({"EMAIL_URL": "smtp+tls://us:hush/99@mail:587"}, "EMAIL_URL is no address of a mail"),
        ({"TIME_ZONE": "Mars/Base"}, "TIME_ZONE is a zone as America/Los_Angeles, and not Mars"),
        ({"BEHIND_PROXY": "perhaps"}, "BEHIND_PROXY is true or false, and not perhaps"),
        ({"BACKUP_HOUR": "24"}, "BACKUP_HOUR is a number from 0 to 23, and not 24"),
        ({"BACKUP_KEPT_DAYS": "0"}, "BACKUP_KEPT_DAYS is a number from 1 to"),
        ({"EMAILS_A_MINUTE": "-5"}, "EMAILS_A_MINUTE is a number from 0 up, and not -5"),
        ({"WORKING_FROM": "8 a.m."}, "WORKING_FROM is a time as 08:00, and not 8 a.m."),
        ({"CLOSED_FRIDAYS_FROM": "1/2/2026"}, "CLOSED_FRIDAYS_FROM is a day as 2026-01-02"),
        ({"TEXT_URL": "https://hush@texts.example"}, "TEXT_URL is no address with a user and a"),
        ({"BOUNCE_IMAP_URL": "http://us:hush@mail/"}, "BOUNCE_IMAP_URL is no address with a user"),
        ({"REPLY_IMAP_URL": "imaps://us:hush@[mail/"}, "REPLY_IMAP_URL is no address with a user"),
        ({"OIDC_URL": "http://login.city.example"}, "OIDC_URL has to begin with https://"),
        ({"OIDC_URL": "https://[login"}, "OIDC_URL has to begin with https://"),
        ({"CANARY_MAILBOX": "canary"}, "CANARY_MAILBOX is a mailbox, and not canary"),
        ({"UNIT_MAILBOX": "Unit <unit>"}, "UNIT_MAILBOX is a mailbox, and not Unit <unit>"),
        ({"HEALTH_KEY": "hush"}, "HEALTH_KEY is too short to be random"),
    ],
    ids=[
        "no_scheme",
        "no_number",
        "name_of_a_proxy",
        "mail_without_scheme",
        "bare_slash",
        "no_zone",
        "neither_true_nor_false",
        "no_hour",
        "no_day_kept",
        "below_nothing",
        "no_clock",
        "no_day",
        "no_token",
        "no_mailbox",
        "torn_host",
        "open_provider",
        "torn_provider",
        "no_domain",
        "named_no_domain",
        "short_key",
    ],
)
def test_wrong_setting_is_named_and_no_password_told(environment, words):
    said = boot(**environment)

    assert words in said.splitlines()[-1]
    assert "hush" not in said
    assert boot(BASE_URL="https://a.example", BACKUP_HOUR="2", TRUSTED_PROXIES="10.0.0.0/24",
                EMAIL_URL="smtp+tls://us:hush%2F99@mail:587", TIME_ZONE="America/Phoenix",
                BEHIND_PROXY="Yes", BACKUP_KEPT_DAYS="1", EMAILS_A_MINUTE="0",
                OIDC_URL="https://login.city.example/realm/", HEALTH_KEY=RANDOM,
                UNIT_MAILBOX="Unit <unit@city.example>", CANARY_MAILBOX="canary@city.example",
                WORKING_FROM="07:30", CLOSED_FRIDAYS_FROM="2026-01-02",
                TEXT_URL="https://AC0:hush@texts.example/?from=%2B15550100199",
                REPLY_IMAP_URL="imaps://us%40city.example:hush@mail:993/INBOX") == ""  # fmt: skip


def test_command_without_the_settings_of_the_server_says_so_in_one_line():
    known = {"DATABASE_URL": "postgres://none/none", "REDIS_URL": "redis://none",
             "EMAIL_URL": "nowhere", "BEATBOOK_KEYS": os.devnull, "SECRET_KEY": "x",
             "PATH": os.environ["PATH"]}  # fmt: skip
    done = subprocess.run(
        [sys.executable, "manage.py", "doctor"], cwd=PROJECT, env=known,
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 1
    assert done.stderr.startswith("SECRET_KEY is too short")
    assert done.stderr.count("\n") == 1


def test_image_is_built_with_a_key_that_nobody_keeps():
    told = (PROJECT / "config" / "Dockerfile").read_text()

    assert re.search(r'SECRET_KEY="\$\(python -c .*token_urlsafe', told)


def test_start_is_refused_without_its_key_file(settings, tmp_path):
    assert key_file_can_be_used(None) == []
    settings.KEY_FILE = tmp_path / "keys.json"
    forget_keys()
    try:
        found = [error for error in run_checks() if error.id == "config.E001"]
    finally:
        forget_keys()

    assert len(found) == 1
    assert str(settings.KEY_FILE) in found[0].msg


def forget_keys() -> None:
    keys.every.cache_clear()
    keys._read.cache_clear()


def test_a_secret_may_come_from_a_file_and_a_missing_one_is_said(tmp_path):
    file = tmp_path / "secret"
    file.write_text("kQ4vZ8mWn2RtY6bHs0LpXc7JdFg3TaVe9UiOx1Ky5MzEr_Bo\n")

    assert boot(SECRET_KEY="", SECRET_KEY_FILE=str(file)) == ""
    file.write_text("secret\n")
    assert "too short" in boot(SECRET_KEY_FILE=str(file))
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    for name in ("nowhere", "bytes", ""):
        last = boot(SECRET_KEY_FILE=str(tmp_path / name)).strip().splitlines()[-1]
        assert "ImproperlyConfigured: SECRET_KEY_FILE cannot be read" in last


@pytest.mark.parametrize(
    ("holidays_of", "is_known"),
    [(("US", "CA"), True), (("CA", ""), True), (("", ""), True), (("ZZ", ""), False),
     (("US", "XX"), False)],
)  # fmt: skip
def test_start_is_refused_where_nobody_knows_the_closed_days(settings, holidays_of, is_known):
    settings.HOLIDAYS_OF = holidays_of

    found = [one for one in run_checks() if one.id == "scheduling.E002"]

    assert (not found) is is_known
