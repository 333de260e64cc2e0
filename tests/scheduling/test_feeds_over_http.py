"""Published calendars as clients meet them: real HTTP, before Django and without a database."""

import gzip
import http.client
import os
import re
import time
from contextlib import closing
from email.utils import formatdate
from urllib.parse import urlsplit

import pytest

from outreach.actors import SYSTEM
from scheduling import published
from scheduling.feeds import Feed
from scheduling.models import Publication
from scheduling.services import events, fetches, own_feeds, publishing
from tests.factories.events import EventFactory, make_plan
from tests.factories.people import make_pair
from tests.factories.places import BeatFactory
from tests.processes import environment as outer_world
from tests.processes import process, ticker, web

pytestmark = pytest.mark.django_db(transaction=True)
ALL = "/feeds/all.ics"


class Answer:
    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status, self.body = response.status, response.read()
        self.headers = {name.lower(): value for name, value in response.getheaders()}

    def __getitem__(self, name: str) -> str | None:
        return self.headers.get(name.lower())


@pytest.fixture
def site():
    with web(1) as address:
        yield address


def ask(site: str, path: str = ALL, method: str = "GET", **headers: str) -> Answer:
    with closing(http.client.HTTPConnection(urlsplit(site).netloc, timeout=30)) as line:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        line.request(method, path, headers=sent)
        return Answer(line.getresponse())


def unfolded(body: bytes) -> bytes:
    return body.replace(b"\r\n ", b"")


@pytest.fixture
def calendar(site):
    EventFactory(summary="Reunión 🚲")
    publishing.publish()
    return site


def test_feed_is_served_as_clients_need(calendar):
    answer = ask(calendar, Cookie="sessionid=stale")

    assert answer.status == 200
    assert answer.body == published.read("feeds/all.ics").body
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Content-Disposition"] == 'inline; filename="all.ics"'
    assert answer["Cache-Control"] == "public, max-age=300, stale-if-error=86400"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Vary"] == "Accept-Encoding"
    assert answer["Content-Length"] == str(len(answer.body))
    assert answer["Set-Cookie"] is None
    assert answer["Location"] is None


def test_same_bytes_whoever_asks(calendar):
    plain = ask(calendar)
    for agent in ("Google-Calendar-Importer", "iOS/18.1 dataaccessd/1.0", "curl/8", ""):
        for kind in ("*/*", "text/html", "text/calendar", "application/json;q=0"):
            other = ask(calendar, User_Agent=agent, Accept=kind, Accept_Language="es")
            assert (other.status, other.body, other["ETag"]) == (200, plain.body, plain["ETag"])


def test_head_has_the_headers_and_no_body(calendar):
    whole, head = ask(calendar), ask(calendar, method="HEAD")

    assert (head.status, head.body) == (200, b"")
    for name in ("ETag", "Last-Modified", "Content-Length", "Content-Type", "Cache-Control"):
        assert head[name] == whole[name]


ODD = ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND", "REPORT", "TRACE", "FROB"]


def test_other_verbs_are_refused(calendar):
    for method in ODD:
        for path in (ALL, "/feeds/beats/none.ics"):
            answer = ask(calendar, path, method=method)
            assert (answer.status, answer["Allow"]) == (405, "GET, HEAD"), method


def test_unchanged_is_a_304_by_tag_and_by_date(calendar):
    whole = ask(calendar)
    tag, date = whole["ETag"], whole["Last-Modified"]
    same = [tag, f"W/{tag}", f'"x", {tag}', f'"x",W/{tag}', "*"]

    for value in same:
        again = ask(calendar, If_None_Match=value)
        assert (again.status, again.body, again["ETag"]) == (304, b"", tag)
        assert again["Cache-Control"] == whole["Cache-Control"]
        assert again["Vary"] == "Accept-Encoding"
    assert ask(calendar, method="HEAD", If_None_Match=tag).status == 304
    assert ask(calendar, If_Modified_Since=date).status == 304
    later = formatdate(time.time() + 60, usegmt=True)
    assert ask(calendar, If_Modified_Since=later).status == 304
    # The tag wins over the date, and what is no date asks for nothing.
    assert ask(calendar, If_None_Match='"x"', If_Modified_Since=date).status == 200
    assert ask(calendar, If_None_Match=tag, If_Modified_Since="Thu, 01 Jan 1970").status == 304
    for nonsense in ("yesterday", "", "Thu, 99 Foo 2026 10:00:00 GMT", "0"):
        assert ask(calendar, If_Modified_Since=nonsense).status == 200


def test_change_makes_a_200_by_tag_and_by_date(calendar):
    before = ask(calendar)
    events.create(make_plan(), by=SYSTEM)
    publishing.publish()

    assert ask(calendar, If_None_Match=before["ETag"]).status == 200
    assert ask(calendar, If_Modified_Since=before["Last-Modified"]).status == 200


def test_gzip_has_a_tag_of_its_own(calendar):
    plain = ask(calendar, Accept_Encoding="identity")
    packed = ask(calendar, Accept_Encoding="br;q=0.5, gzip;q=0.8")

    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert packed["ETag"] != plain["ETag"]
    assert ask(calendar, Accept_Encoding="gzip", If_None_Match=packed["ETag"]).status == 304
    assert ask(calendar, Accept_Encoding="gzip", If_None_Match=plain["ETag"]).status == 200
    assert ask(calendar, Accept_Encoding="gzip;q=0").body == plain.body


WISHES = ["gzip;q=²", "gzip;q=.", "gzip;q=", "gzip;q=1e9", ";;,", "\xff", ","]


def test_odd_wishes_break_nothing(calendar):
    for wish in WISHES:
        assert ask(calendar, Accept_Encoding=wish).status == 200
        assert ask(calendar, If_None_Match=wish).status == 200


def test_language_has_an_address_and_a_parameter(calendar):
    spanish = ask(calendar, "/feeds/es/all.ics")

    assert spanish.status == 200
    assert re.search(rb"SOURCE;VALUE=URI:\S+/feeds/es/all\.ics", unfolded(spanish.body))
    assert ask(calendar, ALL + "?lang=es").body == spanish.body
    assert ask(calendar, ALL + "?lang=xx&utm=1").body == ask(calendar).body
    assert b"VCALENDAR" not in ask(calendar, "/feeds/en/all.ics").body


PATHS = ["/feeds/", "/feeds/../feeds/all.ics", "/feeds/%2e%2e/%2e%2e/lock", "/feeds/all.ics/",
         "/feeds/beats/" + "x" * 300 + ".ics", "/feeds/own/" + "0" * 72 + ".ics",
         "/feeds/own/x.ics", "/feeds/all.ics%00", "/feeds/ALL.ics", "/feeds/head.json"]  # fmt: skip


def test_odd_paths_show_no_calendar(calendar):
    whole = published.read("feeds/all.ics").body
    for path in PATHS:
        assert ask(calendar, path).body != whole, path


def test_own_calendar_is_private_and_ends_at_once(site):
    beat = BeatFactory()
    staff = make_pair(beat)[0]
    events.create(make_plan(beat=beat, staff=(staff,)), by=SYSTEM)
    link = own_feeds.renew(staff)
    path = Feed(link=link).path
    publishing.publish()

    answer = ask(site, path)
    assert (answer.status, answer.body.count(b"BEGIN:VEVENT")) == (200, 1)
    assert answer["Cache-Control"] == "private, max-age=300"
    assert answer["Access-Control-Allow-Origin"] is None
    forged = path[:-5] + ("0" if path[-5] != "0" else "1") + ".ics"
    assert b"VEVENT" not in ask(site, forged).body
    own_feeds.revoke(staff)
    assert ask(site, path).status == 410


def test_feeds_are_readable_while_the_database_is_down(monkeypatch):
    BeatFactory(code="b1")
    EventFactory()
    publishing.publish()
    whole = published.read("feeds/beats/b1.ics").body
    published.remove("feeds/all.ics")
    away = outer_world() | {"DATABASE_URL": "postgres://nobody@127.0.0.1:9/none"}
    monkeypatch.setattr("tests.processes.environment", lambda sink=None: away)
    with web(1) as site:
        published_one = ask(site, "/feeds/beats/b1.ics")
        lost = ask(site)

    assert (published_one.status, published_one.body) == (200, whole)
    # Never an empty calendar: clients would delete every event.
    assert (lost.status, lost.body, lost["Retry-After"]) == (503, b"", "60")


def test_torn_file_is_published_anew_for_who_finds_it(calendar, settings):
    whole = published.read("feeds/es/all.ics").body
    (settings.FEEDS_ROOT / "live/feeds/es/all.ics/feed.ics").write_bytes(b"BEGIN:VCALEN")

    answer = ask(calendar, "/feeds/es/all.ics")

    assert (answer.status, answer.body) == (200, whole)


def test_change_shows_in_its_feeds_within_seconds(site, tmp_path):
    """The real ticker and worker; a machine under test is slow, so ten times the promise."""
    publishing.publish()
    command = ["-m", "celery", "-A", "config", "worker", "-Q", "feeds", "-P", "solo"]
    took = []
    with process(command), ticker(None):
        for _ in range(3):
            event = events.create(make_plan(), by=SYSTEM)
            began = time.monotonic()
            while str(event.uid).encode() not in ask(site).body:
                assert time.monotonic() - began < 50
                time.sleep(0.05)
            took.append(time.monotonic() - began)
            events.cancel(event.pk, by=SYSTEM, reason="x")
    print(f"a change showed after {', '.join(f'{one:.1f}' for one in took)} s")


def test_publisher_killed_anywhere_leaves_whole_and_newest_feeds():
    """-9 at a random moment, eight times: every file stays whole, and the next round makes good."""
    BeatFactory(code="b1")
    event = EventFactory()
    publishing.publish()
    code = "import django; django.setup(); from scheduling.services import publishing\n"
    code += "while True: publishing.publish()"
    for attempt in range(8):
        with process(["-c", code]):
            for turn in range(30):
                events.change(
                    event.pk,
                    make_plan(starts_at=event.starts_at, summary=f"{attempt}-{turn}"),
                    by=SYSTEM,
                )
                time.sleep(0.1 if turn < 29 else 0.05 * attempt)
        for path in Publication.objects.exclude(digest="").values_list("path", flat=True):
            assert published.read(path) is not None, path
    while publishing.publish():
        pass

    assert b"SUMMARY:7-29" in published.read("feeds/all.ics").body
    assert b"SUMMARY:7-29" in published.read("feeds/es/beats/b1/neighborhood-watch.ics").body


def test_fetches_are_counted_by_kind_of_client_and_nothing_else(calendar, settings):
    agents = ["Google-Calendar-Importer", "iOS/18.1 (22B83) dataaccessd/1.0",
              "Microsoft.Exchange/16", "Mozilla Thunderbird", "curl/8 secret-person"]  # fmt: skip
    tag = ask(calendar)["ETag"]
    for agent in agents:
        ask(calendar, User_Agent=agent)
        ask(calendar, User_Agent=agent, If_None_Match=tag)
    time.sleep(5.5)
    ask(calendar, "/feeds/es/all.ics", User_Agent="x")  # what came together is written now and then

    files = list(fetches.folder().iterdir())
    text = "".join(file.read_text() for file in files)
    assert {len(line.split()) for line in text.splitlines()} == {4}
    assert "secret" not in text
    assert "127.0.0.1" not in text
    assert fetches.count() == sum(int(line.split()[3]) for line in text.splitlines())
    assert fetches.count() == 0  # once
    row = Publication.objects.model  # the table of feeds names the paths
    assert row.objects.filter(path="feeds/all.ics").exists()
    counted = fetches.FeedFetches.objects.get(path="feeds/all.ics", client="google")
    assert (counted.whole, counted.unchanged) == (1, 1)


def test_lines_that_are_no_counts_are_left_out(calendar):
    folder = fetches.folder()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "web.log").write_bytes(
        b"200 google feeds/all.ics 2\n200 google feeds/none.ics 2\n500 x y\n\xff\xfe\n"
        b"304 martian feeds/all.ics 1\n304 apple feeds/all.ics\n200 apple feeds/all.ics 9"
    )
    os.utime(folder)

    assert fetches.count() == 3


def test_a_long_file_of_fetches_is_emptied_once_it_is_counted(calendar):
    file = fetches.folder() / "front.log"
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = fetches.EMPTIED_FROM // 20
    text = b"200 google feeds/all.ics\n" * lines
    file.write_bytes(text + b"200 apple")
    assert fetches.count() == lines
    assert file.stat().st_size > len(text)  # the last line is half written

    with file.open("ab") as stream:
        stream.write(b" feeds/all.ics\n")
    assert (fetches.count(), file.stat().st_size) == (1, 0)
    file.write_bytes(b"304 apple feeds/all.ics\n")
    assert (fetches.count(), fetches.count()) == (1, 0)
