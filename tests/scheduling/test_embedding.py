"""The small page in a frame of another site."""

import re
from datetime import date, timedelta
from html import unescape
from html.parser import HTMLParser

import pytest
import time_machine

from outreach.actors import SYSTEM
from outreach.enums import Disclosure, VenueKind
from scheduling.enums import Classification, EventStatus
from scheduling.services import events
from tests.factories.events import EventFactory, local, make_plan
from tests.factories.people import make_pair
from tests.factories.places import BeatFactory, VenueFactory
from tests.hostile import HOSTILE

pytestmark = pytest.mark.django_db
START = local(2026, 10, 30, 19)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-10-20T12:00:00-07:00", tick=False) as machine:
        yield machine


def titles(client, path="/embed/") -> list[str]:
    page = client.get(path).content.decode()
    return re.findall(r'target="_top">(.*?)</a></p>\s*(?:<p class="row__where|</li>)', page)


def directives(response) -> dict[str, str]:
    parts = response["Content-Security-Policy"].split("; ")
    return {part.partition(" ")[0]: part.partition(" ")[2] for part in parts}


@pytest.mark.parametrize("path", ["/embed/", "/embed/beats/b1/", "/embed/beats/b1/?lang=es"])
def test_page_may_be_framed_runs_nothing_and_sets_no_cookie(client, path):
    EventFactory(starts_at=START, beat=BeatFactory(code="b1"))

    response = client.get(path, headers={"Cookie": "sessionid=stale; language=es"})

    policy = directives(response)
    assert policy["frame-ancestors"] == "*"
    assert policy["default-src"] == policy["form-action"] == policy["base-uri"] == "'none'"
    assert policy["style-src"] == "'self'"
    assert "script-src" not in policy
    assert "X-Frame-Options" not in response
    assert not response.cookies
    assert "Set-Cookie" not in response
    assert response["Vary"] == "Accept-Encoding"
    page = response.content.decode()
    assert "<script" not in page
    assert "<form" not in page
    assert " style=" not in page


def test_other_pages_stay_out_of_frames(client):
    response = client.get("/embed/about/")

    assert response["X-Frame-Options"] == "DENY"
    assert directives(response)["frame-ancestors"] == "'none'"


def test_only_the_sites_named_may_frame_it(client, settings):
    settings.EMBED_ON = ["https://www.example.gov", "https://library.example.gov"]

    policy = directives(client.get("/embed/"))

    assert policy["frame-ancestors"] == (
        "'self' https://www.example.gov https://library.example.gov"
    )


def test_page_is_the_same_for_everyone_and_a_304(client):
    beat = BeatFactory(code="b1")
    EventFactory(starts_at=START, beat=beat)
    first = client.get("/embed/")
    client.force_login(
        make_pair(beat)[0].user, backend="allauth.account.auth_backends.AuthenticationBackend"
    )

    second = client.get("/embed/", headers={"Accept-Language": "es"})

    assert first.content == second.content
    assert not second.cookies
    again = client.get("/embed/", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "X-Frame-Options" not in again
    assert directives(again)["frame-ancestors"] == "*"


def test_language_is_the_one_asked_for(client):
    event = EventFactory(starts_at=START)
    event.texts.create(language="es", summary="Reunión")

    page = client.get("/embed/?lang=es").content.decode()

    assert '<html lang="es">' in page
    assert "Reunión" in page
    assert '<html lang="en">' in client.get("/embed/?lang=tlh").content.decode()


def test_next_eight_events_are_shown_and_open_in_the_whole_window(client):
    beat = BeatFactory(code="b1")
    for day in range(10):
        EventFactory(beat=beat, starts_at=START + timedelta(days=day), summary=f"Talk {day}")
    EventFactory(starts_at=local(2026, 10, 19, 19), summary="Past")

    assert titles(client, "/embed/beats/b1/") == [f"Talk {day}" for day in range(8)]
    links = re.findall(r"<a [^>]*>", client.get("/embed/beats/b1/").content.decode())
    assert all('target="_top"' in link or 'href="?lang=' in link for link in links)
    assert "http://127.0.0.1:8000/events/" in " ".join(links)


def test_cancelled_event_says_so_and_what_is_not_public_is_missing(client):
    event = events.create(make_plan(starts_at=START), by=SYSTEM)
    events.cancel(event.pk, by=SYSTEM, reason="storm")
    EventFactory(starts_at=START, classification=Classification.PRIVATE, summary="Private")
    EventFactory(starts_at=START, status=EventStatus.TENTATIVE, summary="Tentative")
    home = VenueFactory(
        kind=VenueKind.HOME, disclosure=Disclosure.BLOCK, address="", name="At Robin's",
        block="1200 block of Oak St",
    )  # fmt: skip
    EventFactory(starts_at=START, venue=home, summary="At home")

    page = client.get("/embed/").content.decode()

    assert titles(client) == ["Watch meeting", "At home"]
    assert '<strong class="cancelled">Cancelled</strong>' in page
    assert "1200 block of Oak St" in page
    assert not any(word in page for word in ("Robin", "Private", "Tentative"))


def test_retired_beat_is_gone_and_an_unknown_one_not_found(client):
    BeatFactory(code="b9", ends_on=date(2026, 10, 1))

    assert client.get("/embed/beats/b9/").status_code == 410
    assert client.get("/embed/beats/none/").status_code == 404


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_change_no_tag(client, words):
    event = EventFactory(starts_at=START, summary="a", location="b")
    tags = re.findall(r"</?\w+", client.get("/embed/").content.decode())

    type(event).objects.update(summary=words[:120], location=words)

    assert re.findall(r"</?\w+", client.get("/embed/").content.decode()) == tags


class Frame(HTMLParser):
    """The attributes of the one tag of a line."""

    def __init__(self, line: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict]] = []
        self.feed(line)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize(("language", "query"), [("en", ""), ("es", "?lang=es")])
def test_page_about_it_has_a_line_for_each_beat(client, language, query):
    BeatFactory(code="b1", name='The "Pier" <b>')

    page = client.get("/embed/about/", headers={"Accept-Language": language}).content.decode()
    city, beat = (
        Frame(unescape(code)).found for code in re.findall(r"<code [^>]*>(.*?)</code>", page)
    )

    assert [tag for tag, _ in (*city, *beat)] == ["iframe", "iframe"]
    assert city[0][1]["src"] == f"http://127.0.0.1:8000/embed/{query}"
    assert beat[0][1]["src"] == f"http://127.0.0.1:8000/embed/beats/b1/{query}"
    assert beat[0][1]["title"].endswith('The "Pier" <b>')


def test_page_about_it_states_the_terms_and_is_found(client, settings):
    BeatFactory(code="b1")
    settings.REUSE_TERMS = "Take what you like."

    assert "Take what you like." in client.get("/embed/about/").content.decode()
    for path in ("/beats/b1/", "/subscribe/", "/events/"):
        assert 'href="/embed/about/"' in client.get(path).content.decode()
