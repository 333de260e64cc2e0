"""A migration runs beside the old code and its load: none rewrites a table or locks it for long.

Judged by squawk, which reads the SQL. Each exception stands here with its reason.
"""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

pytestmark = pytest.mark.django_db(transaction=True)
PROJECT = Path(__file__).parents[1]
APPS = ("outreach", "scheduling", "notifications")
# From here on a city may have data: what came before made the tables.
FIRST = {"outreach": "0006", "scheduling": "0010", "notifications": "0013"}
OFF = [
    "require-lock-timeout",  # every connection of ours has one, LOCK_WAIT_SECONDS
    "require-statement-timeout",
    "prefer-robust-stmts",  # Django knows what it ran
    "prefer-identity", "prefer-bigint-over-int", "prefer-bigint-over-smallint",
    "prefer-text-field", "prefer-timestamptz",
]  # fmt: skip
EXPECTED: dict[tuple[str, str], set[str]] = {
    # A wider check takes the place of the old one in the same transaction; the new column is
    # empty, and PostgreSQL knows that it has nothing to look up.
    ("notifications", "0013_canaries"): {"ban-drop-constraint", "adding-foreign-key-constraint"},
    # The old code shows an empty name where it meets nobody.
    ("notifications", "0017_erasure_repeated"): {"ban-drop-not-null"},
}


def newer() -> list[tuple[str, str]]:
    known = MigrationLoader(connection, load=True).disk_migrations
    return sorted(key for key in known if key[0] in APPS and key[1] >= FIRST[key[0]])


def complaints(sql: str) -> list[dict]:
    options = ["--pg-version", "15", "--reporter", "json", "--exclude", ",".join(OFF)]
    squawk = Path(sys.executable).with_name("squawk")
    done = subprocess.run(
        [squawk, *options], input=sql, capture_output=True, text=True, check=False
    )  # fmt: skip
    return list(json.loads(done.stdout or "[]"))


def test_new_migrations_stop_nobody() -> None:
    wrong = []
    for app, name in newer():
        sql = io.StringIO()
        call_command("sqlmigrate", app, name, stdout=sql, no_color=True)
        found = complaints(sql.getvalue())
        allowed = EXPECTED.get((app, name), set())
        wrong += [
            f"{app}.{name}: {one['rule_name']}, {one['message']}"
            for one in found
            if one["rule_name"] not in allowed
        ]
        assert allowed <= {one["rule_name"] for one in found}, f"{app}.{name} needs no exception"

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE INDEX late ON notifications_message (due_at);",
        "ALTER TABLE notifications_message ADD COLUMN x int NOT NULL;",
        "ALTER TABLE notifications_message DROP COLUMN detail;",
        "ALTER TABLE notifications_message RENAME COLUMN detail TO words;",
        "ALTER TABLE notifications_message ADD CONSTRAINT c CHECK (attempts < 99);",
    ],
)
def test_control_what_would_stop_somebody_is_seen(sql: str) -> None:
    assert complaints(sql)
