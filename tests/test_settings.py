"""A site that would give itself away does not start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]


def boot(**environment: str) -> str:
    """What Python says of settings loaded with these variables; empty when they load."""
    known = {"DATABASE_URL": "postgres://none/none", "REDIS_URL": "redis://none",
             "EMAIL_URL": "smtp://none:25", "BEATBOOK_KEYS": os.devnull,
             "SECRET_KEY": "x1" * 25, "PATH": os.environ["PATH"]}  # fmt: skip
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
    ],
    ids=["sound", "debug", "debug_in_the_demo", "short_key", "empty_key"],
)
def test_start_is_refused(environment, word):
    said = boot(**environment)

    assert (word in said) if word else (said == "")
