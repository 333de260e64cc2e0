"""Promise 22: hostile text is text, in every column it can lie in and by every way out."""

import csv
import io
import json
import os
import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import icalendar
import pytest
from django.apps import apps
from django.db import models
from django.http import HttpResponse
from django.urls import reverse

from notifications.channels.email import compose
from notifications.enums import BY_TEXT
from notifications.models import Message
from notifications.services import rendering
from outreach import department
from outreach.spreadsheets import FORMULA
from tests.factories.every_message import owe_everything
from tests.hostile import HOSTILE
from tests.permissions import ROLES, TABLE

pytestmark = pytest.mark.django_db
PLAIN = "Oak Street"
OURS = ("outreach", "scheduling", "notifications")
# What nobody types: names of ours, addresses and numbers that are checked, states, digests.
TECHNICAL = {
    "code", "letter", "color", "email", "phone", "emergency", "non_emergency", "relay", "reference",
    "language", "made_for", "path", "client", "digest", "fingerprint", "outcome", "key", "rule",
    "imported_key", "provider_id", "machine", "word", "wording_version", "source", "address_hash",
    "asked_on_page", "rrule", "username", "password", "first_name", "last_name", "uid",
}  # fmt: skip
# Words the street book and uploads are found by, and what the program writes for itself.
UNTYPED = {"Street", "StreetRange", "StreetAlias", "CalendarImport", "ImportedEvent", "Webhook",
           "FeedMark", "FeedEntry", "Reveal", "Suppression"}  # fmt: skip
# Rows in which a column is empty by rule, or holds a number.
GUARDED = {("Venue", "address"): {"kind": "home"}, ("Revision", "note"): {"kind": "late"}}


def typed_columns():
    for model in apps.get_models():
        if model._meta.app_label not in OURS or model.__name__ in UNTYPED:
            continue
        names = [
            field.name
            for field in model._meta.concrete_fields
            if type(field) in (models.CharField, models.TextField)
            and not (field.choices or field.unique or field.primary_key)
            and field.name not in TECHNICAL
        ]
        if names and not model.__name__.endswith("History"):
            yield model, names


def harmless(text: str) -> str:
    """As long, with the same lines, which may show, and otherwise nothing but x."""
    return re.sub(r"([\r\n\u2028\u2029]+)|.", lambda one: one[1] or "x", text)


def fill(text: str) -> int:
    """Every column somebody may type into says this now; returns how many columns."""
    filled = 0
    for model, names in typed_columns():
        for name in names:
            column = model._meta.get_field(name)
            rows = model._default_manager.exclude(
                **GUARDED.get((model.__name__, name), {"pk": None})
            )
            rows.update(**{name: text[: column.max_length or 1000]})
            filled += 1
    for model in apps.get_models():
        if model.__name__.endswith("History"):
            model._default_manager.all().delete()  # two fillings are not more history than one
    department.forget()
    return filled


class Skeleton(HTMLParser):
    """The elements of a page with the names of their attributes, without any text."""

    def __init__(self) -> None:
        super().__init__()
        self.bones: list[tuple[str, tuple[str, ...]]] = []

    def handle_starttag(self, tag, attrs) -> None:
        self.bones.append((tag, tuple(name for name, _ in attrs)))

    def handle_endtag(self, tag) -> None:
        self.bones.append((f"/{tag}", ()))

    def handle_comment(self, data) -> None:
        self.bones.append(("comment", ()))


def structure(answer: HttpResponse) -> object:
    """What may not change when only words do."""
    body = b"".join(answer) if answer.streaming else answer.content
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    if kind == "text/html":
        page = Skeleton()
        page.feed(body.decode())
        scripts = body.count(b"<script"), body.count(b"<!--")
        return page.bones, scripts
    if kind == "text/calendar":
        calendar = icalendar.Calendar.from_ical(body)
        return [(one.name, sorted(one.keys())) for one in calendar.walk()]
    if kind == "text/csv":
        rows = list(csv.reader(io.StringIO(body.decode())))
        assert not any(cell.startswith(FORMULA) and len(cell) > 1 for row in rows for cell in row)
        return [len(row) for row in rows]
    if kind in ("application/atom+xml", "text/xml", "application/xml"):
        return [one.tag for one in ElementTree.fromstring(body).iter()]
    if kind == "application/json":
        return _shape(json.loads(body))
    return kind


def _shape(told: object) -> object:
    if isinstance(told, dict):
        return {name: _shape(value) for name, value in told.items()}
    return [_shape(one) for one in told] if isinstance(told, list) else type(told).__name__


# How far the calendars are published changes from one look to the next; where a name is typed is
# searched by the words themselves, see tests/notifications/test_mentions.py.
MOVING = {"feed_health", "erase_person"}
READ = [
    (name, arguments)
    for (name, arguments, method), answers in TABLE.items()
    if method == "GET" and answers[ROLES.index("sergeant")] == 200 and name not in MOVING
]
# An address is shown as a link, by intention; every text in the full form, the worst otherwise.
TEXTS = [text.replace("http://", "hxxp://") for text in HOSTILE]
TEXTS = TEXTS if os.environ.get("BEATBOOK_FULL") else [TEXTS[n] for n in (0, 2, 3, 4, 6)]


def everything_read(client, world) -> dict[str, object]:
    """The structure of every page, file and answer a sergeant may read."""
    found = {}
    for name, arguments in READ:
        answer = client.get(reverse(name, args=world["arguments"][arguments]))
        assert answer.status_code == 200, f"{name} {arguments}: {answer.status_code}"
        found[f"{name} {arguments}"] = structure(answer)
    return found


@pytest.mark.parametrize("number", range(len(TEXTS)))
def test_what_is_read_keeps_its_structure(client, world, number):
    client.force_login(
        world["sergeant"].user, backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    assert fill(harmless(TEXTS[number])) >= 40
    plain = everything_read(client, world)
    fill(TEXTS[number])

    hostile = everything_read(client, world)

    changed = [place for place, bones in plain.items() if hostile[place] != bones]
    assert len(plain) > 80
    assert not changed


@pytest.mark.parametrize("number", range(len(TEXTS)))
def test_what_is_sent_keeps_its_structure(number):
    owe_everything("en")
    fill(harmless(TEXTS[number]))
    plain = everything_sent()
    fill(TEXTS[number])

    assert everything_sent() == plain


def everything_sent() -> list[object]:
    found: list[object] = []
    for message in Message.objects.order_by("pk"):
        mail = compose(rendering.render(message), "robin@example.org")
        parts = [(part.get_content_type(), sorted(part.keys())) for part in mail.walk()]
        found.append((message.kind, sorted(mail.keys()), parts))
        page = Skeleton()
        page.feed(mail.get_body(("html",)).get_content())
        found.append(page.bones)
        if message.kind in BY_TEXT:
            assert "\n" not in rendering.render_text(message)
    return found


def test_control_a_page_that_does_not_escape_is_caught():
    plain, hostile = (
        HttpResponse(f"<p>{words}</p>") for words in (PLAIN, "<script>alert(1)</script>")
    )

    assert structure(plain) != structure(hostile)
