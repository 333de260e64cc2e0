"""Promise 15: a link does nothing until a person presses."""

import re

import pytest
from django.apps import apps
from django.conf import settings

from notifications.enums import BY_TEXT
from notifications.models import Message
from notifications.services import rendering
from outreach.actors import SYSTEM
from outreach.services import surveys as requests
from scheduling.models import Rsvp, SurveyVisit
from scheduling.services import rsvps, surveys
from tests.factories.events import tomorrow
from tests.factories.every_message import owe_everything
from tests.factories.people import make_pair, make_request
from tests.factories.places import BeatFactory
from tests.factories.seats import make_seated, sign_up

pytestmark = pytest.mark.django_db
LINK = re.compile(re.escape(settings.BASE_URL) + r"(/[^\s\"'<>&]*)")
# What reading a page may note: that a browser came, never what it wants.
OURS = ("outreach", "scheduling", "notifications")


def links() -> set[str]:
    """Every address in every mail and text of every kind, and in their headers."""
    found: set[str] = set()
    for message in Message.objects.all():
        letter = rendering.render(message)
        texts = [letter.text, letter.html, *letter.headers.values()]
        if message.kind in BY_TEXT:
            texts.append(rendering.render_text(message))
        for text in texts:
            found |= {path.rstrip(".,)") for path in LINK.findall(text)}
    return found


def everything() -> dict[str, list]:
    """All rows of all our tables."""
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values())
        for app in OURS
        for model in apps.get_app_config(app).get_models()
        if model._meta.managed
    }


def test_every_link_of_every_message_may_be_followed_twice_and_nothing_changes(client):
    owe_everything()
    addresses = links()
    assert any("/own/" in one for one in addresses)
    assert any("/leave/" in one for one in addresses)
    assert any("/confirm/" in one for one in addresses)
    answers = {client.get(one).status_code for one in addresses}  # links of links are made
    before = everything()

    for _ in range(2):
        answers |= {client.get(one).status_code for one in addresses}
        answers |= {client.head(one).status_code for one in addresses}

    assert everything() == before
    assert answers <= {200, 303}


def test_control_a_press_changes_something(client):
    owe_everything()
    before = everything()

    for address in links():
        if "/leave/" in address:
            client.post(address)

    assert everything() != before


def test_person_says_yes_to_the_visit_and_a_moved_visit_asks_anew(client):
    beat = BeatFactory()
    pair = make_pair(beat)
    asked = make_request(beat)
    surveys.book_visit(asked.pk, starts_at=tomorrow(10), staff=pair, by=SYSTEM)
    own = f"/own/{requests.own_link(asked)}/"
    assert "Yes, this time suits me" in client.get(own).content.decode()

    for _ in range(2):
        assert client.post(f"{own}coming/").status_code == 302
    assert SurveyVisit.objects.get().is_confirmed
    assert "this time suits you" in client.get(own).content.decode()

    surveys.book_visit(asked.pk, starts_at=tomorrow(14), staff=pair, by=SYSTEM)
    assert not SurveyVisit.objects.get().is_confirmed


def test_household_says_that_it_comes_and_changes_its_language(client):
    rsvp = sign_up(make_seated(4), "Ana", 2)
    own = f"/rsvp/{rsvps.own_link(rsvp)}/"

    client.post(f"{own}coming/")
    client.post(f"{own}language/", {"language": "es"})
    client.post(f"{own}language/", {"language": "klingon"})

    rsvp = Rsvp.objects.get()
    assert rsvp.is_confirmed
    assert rsvp.contact.language == "es"
