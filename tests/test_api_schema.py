"""Promise 21: the API never breaks, and answers as described, whoever calls with what."""

import os
from collections import Counter

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, strategies
from hypothesis import settings as how
from knox.models import get_token_model
from schemathesis.checks import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.permissions import ROLES
from tests.processes import web

pytestmark = pytest.mark.django_db(transaction=True)
EXAMPLES = 200 if os.environ.get("BEATBOOK_FULL") else 12
CHECKS = (
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)
# The door was closed before the call was looked at. Who may do what is promise 23; here the
# calls of those who may do nearly everything must come through.
REFUSED = (401, 403, 429)
REFUSED_AT_MOST = 0.2
WIDE = {"sergeant": "/webhooks/", "administrator": "/event"}  # and what is not theirs
KNOWN = {"beats": "code", "venues": "venue", "event-requests": "asked", "webhooks": "webhook"}


@pytest.fixture
def description(world, monkeypatch):
    """Of a web process of its own, without a limit of calls."""
    for name in ("API_CALLS_A_MINUTE", "API_STRANGERS_CALLS_A_MINUTE"):
        monkeypatch.setenv(name, "1000000")
    with web(1) as site:
        yield schemathesis.openapi.from_url(f"{site}/api/schema/?format=json")


@pytest.mark.parametrize("role", ROLES)
def test_every_operation_answers_as_described(world, description, role):
    headers = {} if role == "anonymous" else token_of(world[role])
    own: Counter[int] = Counter()
    troubles: set[str] = set()
    for operation in (found.ok() for found in description.get_all_operations()):
        answers = tried(operation, headers, world["arguments"], troubles)
        if WIDE.get(role, "/") not in operation.path:
            own += answers

    assert not troubles, "\n\n".join(sorted(troubles))
    if role in WIDE:
        refused = sum(own[status] for status in REFUSED) / own.total()
        print(f"{role}: {own.total()} calls, {refused:.0%} refused, {dict(own)}")
        assert refused <= REFUSED_AT_MOST
        assert own[200] >= own.total() * 0.2


def tried(operation, headers, arguments, troubles: set[str]) -> Counter[int]:
    """How it was answered; what went wrong is added, in words."""
    answers: Counter[int] = Counter()

    @how(
        max_examples=EXAMPLES, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck), derandomize=True,
    )  # fmt: skip
    @given(case=operation.as_strategy(), is_known=strategies.booleans())
    def call(case, is_known) -> None:
        if is_known and case.path_parameters:
            case.path_parameters = known(case, arguments)
        response = case.call(headers=headers)
        answers[response.status_code] += 1
        try:
            case.validate_response(response, checks=CHECKS)
        except FailureGroup as failures:
            troubles.update(f"{operation.label}: {one}" for one in failures.exceptions)

    call()
    return answers


def known(case, arguments) -> dict[str, str]:
    """The name of something that is there."""
    kind = case.operation.path.split("/")[3]
    (value,) = arguments[KNOWN.get(kind, "event")]
    return dict.fromkeys(case.path_parameters, str(value))


def token_of(staff) -> dict[str, str]:
    _, token = get_token_model().objects.create(user=staff.user)
    return {"Authorization": f"Token {token}"}
