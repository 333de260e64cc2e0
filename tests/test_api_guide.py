"""The guide for other systems is true: each of its examples is sent and answered as it says."""

import re
import shlex
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from django.utils import timezone
from knox.models import get_token_model

from outreach.enums import Role
from tests.factories.events import EventFactory, tomorrow
from tests.factories.people import StaffMemberFactory, make_pair
from tests.factories.places import BeatFactory
from tests.processes import web

GUIDE = Path(__file__).parents[1] / "docs" / "developer" / "api.md"
EXAMPLES = re.findall(r"```sh\n# (\d{3})\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.django_db(transaction=True)
def test_each_example_is_answered_as_the_guide_says(monkeypatch):
    monkeypatch.setenv("WEBHOOK_INSIDE", "127.0.0.1")
    beat = BeatFactory(code="b1")
    cpc, _nro = make_pair(beat)
    said = {
        "TOKEN": token_of(cpc),
        "ADMINISTRATOR_TOKEN": token_of(StaffMemberFactory(role=Role.ADMINISTRATOR)),
        "ME": cpc.user.username,
        "TOMORROW": tomorrow(10).isoformat(),
        "LATER": tomorrow(11).isoformat(),
        "NEXT_MONTH": (tomorrow(10) + timedelta(days=30)).isoformat(),
        "PAST": str(EventFactory(beat=beat, starts_at=timezone.now() - timedelta(days=2)).uid),
    }
    wrong = []
    with web(1) as site:
        for status, command in EXAMPLES:
            answer = sent(filled(command, said | {"SITE": site}))
            if answer.status_code != int(status):
                wrong.append(f"{command}{answer.status_code} {answer.text[:300]}")

    assert len(EXAMPLES) >= 9
    assert not wrong, "\n\n".join(wrong)


def filled(command: str, said: dict[str, str]) -> str:
    return re.sub(r"\$([A-Z_]+)", lambda found: said[found[1]], command)


def sent(command: str) -> httpx.Response:
    """The call a line of curl makes."""
    words = shlex.split(command.replace("\\\n", " "))
    assert words[0] == "curl"
    method, headers, body, address = "GET", {}, None, ""
    rest = iter(words[1:])
    for word in rest:
        if word == "-X":
            method = next(rest)
        elif word == "-H":
            name, _, value = next(rest).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = next(rest)
        else:
            address = word
    return httpx.request(method, address, headers=headers, content=body, timeout=30)


def token_of(staff) -> str:
    return get_token_model().objects.create(user=staff.user)[1]
