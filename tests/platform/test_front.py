"""The front server as configured: calendars from the shared folder, the rest from the web."""

import gzip
import http.client
import json
import time
from contextlib import closing
from email.utils import formatdate
from urllib.parse import urlsplit

import pytest

from outreach.actors import SYSTEM
from scheduling import fetches as kinds
from scheduling import published
from scheduling.services import events, fetches, publishing
from tests.factories.events import EventFactory, make_plan
from tests.factories.places import BeatFactory
from tests.front import CONF, front
from tests.processes import free_port

pytestmark = pytest.mark.django_db
ALL = "/feeds/all.ics"


@pytest.fixture
def calendar(settings, tmp_path):
    """No web process stands behind: whatever it answers, it answers alone."""
    BeatFactory(code="b1")
    EventFactory()
    publishing.publish()
    with front(tmp_path, settings.FEEDS_ROOT, free_port()) as address:
        yield address


def ask(site: str, path: str = ALL, method: str = "GET", **headers: str):
    with closing(http.client.HTTPConnection(urlsplit(site).netloc, timeout=30)) as line:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        line.request(method, path, headers=sent)
        response = line.getresponse()
        response.body = response.read()
        return response


def test_calendar_is_served_from_the_folder_as_clients_need(calendar):
    answer = ask(calendar)

    assert answer.status == 200
    assert answer.body == published.read("feeds/all.ics").body
    told = {name.lower(): value for name, value in answer.getheaders()}
    assert told["content-type"] == "text/calendar; charset=utf-8"
    assert told["content-disposition"] == 'inline; filename="all.ics"'
    assert told["cache-control"] == "public, max-age=300, stale-if-error=86400"
    assert told["access-control-allow-origin"] == "*"
    assert told["vary"] == "Accept-Encoding"
    assert "set-cookie" not in told
    assert "content-encoding" not in told


def test_names_of_files_are_those_of_the_web_process(calendar):
    keys = {key for key in published.every() if key.startswith("feeds/")}

    assert len(keys) > 20
    for key in keys:
        named = ask(calendar, f"/{key}").getheader("Content-Disposition")
        assert named == f'inline; filename="{published.read(key).head.filename}"', key


def test_unchanged_is_a_304_and_a_change_a_200(calendar):
    whole = ask(calendar)
    tag, date = whole.getheader("ETag"), whole.getheader("Last-Modified")
    for value in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        assert ask(calendar, If_None_Match=value).status == 304
    assert ask(calendar, If_Modified_Since=date).status == 304
    later = formatdate(time.time() + 60, usegmt=True)
    assert ask(calendar, If_Modified_Since=later).status == 304
    assert ask(calendar, If_None_Match='"x"', If_Modified_Since=date).status == 200
    assert ask(calendar, method="HEAD").body == b""

    events.create(make_plan(), by=SYSTEM)
    publishing.publish()
    time.sleep(1.2)  # an open file is asked for again after a second

    assert ask(calendar, If_None_Match=tag).status == 200
    assert ask(calendar, If_Modified_Since=date).status == 200


def test_packed_twin_is_served_to_who_takes_it(calendar):
    plain, packed = ask(calendar), ask(calendar, Accept_Encoding="deflate, gzip")

    assert packed.getheader("Content-Encoding") == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert packed.getheader("ETag") != plain.getheader("ETag")
    for refusal in ("gzip;q=0", "gzip;q=0.0, br", "identity"):
        assert ask(calendar, Accept_Encoding=refusal).body == plain.body


def test_language_by_parameter_reads_the_same_bytes(calendar):
    spanish = ask(calendar, "/feeds/es/beats/b1.ics").body

    assert ask(calendar, "/feeds/beats/b1.ics?lang=es").body == spanish
    assert ask(calendar, "/feeds/beats/b1.ics?lang=xx").body != spanish


def test_other_verbs_are_refused(calendar):
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "PROPFIND", "FROB"):
        assert ask(calendar, method=method).status == 405, method


def test_everything_else_is_asked_of_the_web(calendar):
    """Nobody is there: the page of the front server says so, and never an empty calendar."""
    published.remove("feeds/es/all.ics")
    for path in ("/", "/feeds/es/all.ics", "/feeds/own/x.ics", "/feeds/../lock", "/feeds/none.ics"):
        answer = ask(calendar, path)
        assert (answer.status, b"BEGIN" in answer.body) == (503, False), path
        assert "Back in a moment" in answer.body.decode()
        assert "Volvemos enseguida" in answer.body.decode()
        assert answer.getheader("Retry-After") == "10"
    assert ask(calendar, "/feeds/all.ics/../../../lock").status in (400, 503)


def test_programs_hear_so_in_json(calendar):
    answer = ask(calendar, "/api/v1/events/")

    assert (answer.status, answer.getheader("Content-Type")) == (503, "application/json")
    assert json.loads(answer.body)["detail"].startswith("Back in a moment")
    assert answer.getheader("Retry-After") == "10"


def test_fetches_are_counted_without_an_address(calendar):
    tag = ask(calendar, User_Agent="Google-Calendar-Importer").getheader("ETag")
    ask(calendar, User_Agent="Google-Calendar-Importer", If_None_Match=tag)
    ask(calendar, "/feeds/all.ics?lang=es", User_Agent="somebody's own")
    ask(calendar, "/feeds/none.ics")
    counted, deadline = 0, time.monotonic() + 15
    while counted < 3 and time.monotonic() < deadline:  # lines are written every few seconds
        time.sleep(0.5)
        counted += fetches.count()

    assert counted == 3
    counted = fetches.FeedFetches.objects.get(client="google")
    assert (counted.path, counted.whole, counted.unchanged) == ("feeds/all.ics", 1, 1)
    assert fetches.FeedFetches.objects.get(client="other").path == "feeds/es/all.ics"
    text = "".join(file.read_text() for file in fetches.folder().iterdir())
    assert "127.0.0.1" not in text
    assert "somebody" not in text


def test_both_servers_know_the_same_clients():
    said = CONF.read_text(encoding="utf-8")

    for client, mark in kinds.CLIENTS:
        assert any(line.split() == [f"~*{mark}", f"{client};"] for line in said.splitlines()), mark
