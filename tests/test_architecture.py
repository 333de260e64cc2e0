"""The house keeps its shape."""

import ast
import re
from pathlib import Path

import pytest
from django.urls import get_resolver

from config.celery import ROUTES
from tests.permissions import TABLE
from tests.test_list_pages import LISTS
from tests.test_permissions import names

PROJECT = Path(__file__).parents[1]
APPS = ["config", "notifications", "scheduling", "outreach"]
CODE = sorted(file for app in APPS for file in (PROJECT / app).rglob("*.py"))
MIGRATIONS = [file for file in CODE if file.parent.name == "migrations" and file.stem[:4].isdigit()]
# Pages whose address names one thing, or that hold a form alone, list nothing.
NO_LISTS = {
    "subscribed", "find_beat", "robots", "livez", "readyz", "metrics", "health", "api_schema",
    "api_docs", "add_home", "add_survey_request", "add_subscription", "set_language",
    "account_login", "account_logout", "account_inactive", "account_signup",
    "account_reauthenticate", "account_change_password", "mfa_index", "log_activity",
    "add_closure", "lift_closure", "text_received", "find_reader", "print_calls", "pause_sending",
    "resume_sending", "message_templates", "add_campaign", "renew_own_calendar",
    "revoke_own_calendar", "city_feed", "api-webhook-list",
    "add_person", "second_factor", "oidc_start", "oidc_callback", "usersessions_list",
    "mfa_list_webauthn", "account_email", "account_set_password", "account_reset_password",
    "account_reset_password_done", "account_reset_password_from_key_done",
    "account_email_verification_sent",
    "add_hold", "make_list", "find_to_erase",
}  # fmt: skip


@pytest.mark.parametrize("file", MIGRATIONS, ids=lambda file: f"{file.parts[-3]}/{file.stem}")
def test_migration_is_named_and_goes_both_ways(file):
    text = file.read_text(encoding="utf-8")

    assert "_auto_" not in file.name
    assert not re.search(r"RunPython\((?:[^,()]|\([^)]*\))+\)", text), "no way back"
    imports_us = rf"^(?:from|import) (?:{'|'.join(APPS)})\.(?!models\.posts|db)"
    assert not re.search(imports_us, text, re.M)


def test_no_file_is_too_long_to_read():
    long = [
        f"{file.relative_to(PROJECT)}: {lines}"
        for file in CODE
        if "migrations" not in file.parts
        and (lines := file.read_text(encoding="utf-8").count("\n")) > 400
    ]

    assert not long


def test_no_function_is_too_long_to_read():
    long = [
        f"{file.relative_to(PROJECT)}:{node.name}: {length}"
        for file in CODE
        if "migrations" not in file.parts
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > 40
    ]

    assert not long


def test_every_queue_is_consumed_in_the_demo_and_in_service():
    queues = {route["queue"] for route in ROUTES.values()}
    queues.add("default")

    for place in ("config/embedded/demo.py", "docker-compose.yml"):
        text = (PROJECT / place).read_text(encoding="utf-8")
        assert all(re.search(rf"\b{queue}\b", text) for queue in queues), place


def test_every_list_page_has_a_query_count():
    resolver = {name for _, name in names(get_resolver())}
    plain = {name for name, arguments, method in TABLE if not arguments and method == "GET"}

    assert plain & resolver <= set(LISTS) | NO_LISTS
