"""The monthly flyer: a tagged PDF, the same bytes from the same records, and data stays data."""

import json
import re
from datetime import date, timedelta
from io import BytesIO

import pikepdf
import pytest
import segno
import time_machine
from pikepdf import Name

from outreach.actors import SYSTEM
from outreach.enums import Disclosure, VenueKind
from scheduling import flyer, months, qr
from scheduling.enums import Classification, EventStatus
from scheduling.services import events
from tests.factories.events import EventFactory, local, make_plan
from tests.factories.places import BeatFactory, VenueFactory
from tests.hostile import HOSTILE

pytestmark = pytest.mark.django_db
NOVEMBER = months.Month(2026, 11)
START = local(2026, 11, 3, 19)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-10-20T12:00:00-07:00", tick=False) as machine:
        yield machine


@pytest.fixture
def beat(db):
    return BeatFactory(code="b1", name="Harbor", letter="A")


def fetch(client, language="en", **headers):
    return client.get(f"/beats/b1/2026-11/flyer-{language}.pdf", headers=headers)


def told(beat, language="en") -> dict:
    return json.loads(flyer.facts(beat, NOVEMBER, months.events(beat, NOVEMBER), language))


def elements(node) -> list:
    """The structure tree, each element before what is in it."""
    found = [node] if "/S" in node else []
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and ("/S" in kid or "/K" in kid):
            found += elements(kid)
    return found


@pytest.mark.parametrize(
    ("language", "month", "path"),
    [("en", "November 2026", "beats/b1.ics"), ("es", "2026", "es/beats/b1.ics")],
)
def test_flyer_is_tagged_for_readers_who_listen(client, beat, language, month, path):
    EventFactory(beat=beat, starts_at=START, venue=VenueFactory())

    response = fetch(client, language)

    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'inline; filename="b1-2026-11-{language}.pdf"'
    with pikepdf.open(BytesIO(response.content)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang).partition("-")[0] == language
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        with pdf.open_metadata() as about:
            assert about["pdfuaid:part"] == "1"
            assert about["dc:title"].startswith("Harbor, ")
            assert about["dc:title"].endswith(month)
        tree = elements(pdf.Root.StructTreeRoot)
        kinds = [str(element.S) for element in tree]
        assert kinds.count("/H1") == 1
        assert kinds.count("/H2") == 2  # the day, and how to follow
        (figure,) = [element for element in tree if str(element.S) == "/Figure"]
        assert str(figure.Alt).endswith(f"http://127.0.0.1:8000/feeds/{path}")


@pytest.mark.parametrize(("language", "path"), [("en", "beats/b1.ics"), ("es", "es/beats/b1.ics")])
def test_qr_code_is_the_address_of_the_feed_in_its_language(beat, language, path):
    address = f"http://127.0.0.1:8000/feeds/{path}"

    drawn = told(beat, language)["qr"]

    assert qr.code(address).path in drawn
    modules = {tuple(map(int, xy)) for xy in re.findall(r"M(\d+) (\d+)h1", drawn)}
    wanted = segno.make(address, error="m", micro=False).matrix_iter(border=qr.BORDER)
    assert modules == {(x, y) for y, row in enumerate(wanted) for x, dark in enumerate(row) if dark}
    assert told(beat, language)["address"] == address


def test_same_records_are_the_same_bytes_and_a_304(client, beat, clock):
    event = EventFactory(beat=beat, starts_at=START)
    first = fetch(client)
    clock.shift(timedelta(hours=5))
    flyer.pdf.cache_clear()
    second = fetch(client, **{"Accept-Language": "es", "Cookie": "language=es; sessionid=stale"})

    assert first.content == second.content
    assert first["ETag"] == second["ETag"]
    assert second["Vary"] == "Accept-Encoding"
    assert not second.cookies
    flyer.pdf.cache_clear()
    again = fetch(client, **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert flyer.pdf.cache_info().misses == 0  # nothing was drawn for it
    head = client.head("/beats/b1/2026-11/flyer-en.pdf")
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", first["ETag"])

    events.cancel(event.pk, by=SYSTEM, reason="storm")
    assert fetch(client, **{"If-None-Match": first["ETag"]}).status_code == 200


def test_flyer_was_made_when_its_newest_record_changed(client, beat, clock):
    EventFactory(beat=beat, starts_at=START)
    clock.shift(timedelta(days=3))

    with pikepdf.open(BytesIO(fetch(client).content)) as pdf:
        assert str(pdf.docinfo[Name.CreationDate]).startswith("D:20261020190000")


def test_flyer_says_what_is_planned_and_what_is_cancelled(beat):
    venue = VenueFactory(name="Main Library", address="100 Main St")
    event = events.create(make_plan(starts_at=START, beat=beat, venue=venue), by=SYSTEM)
    events.cancel(event.pk, by=SYSTEM, reason="storm")

    facts = told(beat)

    assert facts["month"] == "November 2026"
    assert facts["area"] == "Beat A"
    assert facts["days"] == [
        {
            "name": "Tuesday, November 3",
            "events": [
                {
                    "when": "7–8 p.m.",
                    "title": "Watch meeting",
                    "where": "Main Library, 100 Main St",
                    "cancelled": "Cancelled.",
                    "unchanged": False,
                }
            ],
        }
    ]
    assert [number for _, number in facts["foot"]] == [
        "911", "(555) 010-0100", "711", "(555) 010-0140",
    ]  # fmt: skip
    assert facts["subscribe"] == "http://127.0.0.1:8000/subscribe/?beat=b1"


def test_spanish_flyer_has_the_words_of_the_event_in_spanish(beat):
    event = EventFactory(beat=beat, starts_at=START)
    event.texts.create(language="es", summary="Reunión")

    facts = told(beat, "es")

    assert facts["days"][0]["events"][0]["title"] == "Reunión"
    assert "noviembre" in facts["days"][0]["name"]


def test_what_is_not_public_is_not_on_it(beat):
    for kind in (Classification.PRIVATE, Classification.CONFIDENTIAL):
        EventFactory(beat=beat, starts_at=START, classification=kind)
    EventFactory(beat=beat, starts_at=START, status=EventStatus.TENTATIVE)
    home = VenueFactory(
        kind=VenueKind.HOME, disclosure=Disclosure.BLOCK, address="", name="At Robin's",
        block="1200 block of Oak St",
    )  # fmt: skip
    EventFactory(beat=beat, starts_at=START, venue=home, summary="At home")

    (day,) = told(beat)["days"]

    assert [(event["title"], event["where"]) for event in day["events"]] == [
        ("At home", "1200 block of Oak St")
    ]
    assert "Robin" not in json.dumps(told(beat))


def test_flyer_knows_its_beats_months_and_languages(client, beat):
    BeatFactory(code="b9", ends_on=date(2026, 10, 1))

    assert client.get("/beats/b9/2026-11/flyer-en.pdf").status_code == 410
    for path in ("none/2026-11/flyer-en", "b1/2026-07/flyer-en", "b1/2026-11/flyer-tlh"):
        assert client.get(f"/beats/{path}.pdf").status_code == 404
    assert client.post("/beats/b1/2026-11/flyer-en.pdf").status_code == 405


def test_empty_month_says_so(client, beat):
    assert told(beat)["empty"] == "No events are planned in this month yet."
    assert fetch(client).content.startswith(b"%PDF-")


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_change_nothing_in_its_structure(client, beat, words):
    event = EventFactory(beat=beat, starts_at=START, summary="a", location="b")
    with pikepdf.open(BytesIO(fetch(client).content)) as pdf:
        quiet = [str(element.S) for element in elements(pdf.Root.StructTreeRoot)]

    type(event).objects.update(summary=words[:120], location=words)
    type(beat).objects.update(name=words[:80])

    with pikepdf.open(BytesIO(fetch(client).content)) as pdf:
        assert [str(element.S) for element in elements(pdf.Root.StructTreeRoot)] == quiet
        assert len(pdf.pages) == 1


@pytest.mark.parametrize(
    ("given", "drawn"),
    [
        ("Reunión: ¿qué hago? – “sí” €5 ½", "Reunión: ¿qué hago? – “sí” €5 ½"),
        ("Встреча Łódź Việt", "Встреча Łódź Việt"),
        ("漢字 meeting 😀", "□ meeting □"),
        ("n\u0303o\u200b\u202e a\r\n\tb\x00", "ño a b"),
        ("#panic() $x$ *b* @ref", "#panic() $x$ *b* @ref"),
    ],
    ids=["spanish", "other_letters", "no_glyph", "hidden", "markup"],
)
def test_what_the_font_lacks_becomes_a_plain_sign(given, drawn):
    assert flyer.drawable(given) == drawn


def test_every_letter_we_let_through_can_be_drawn(beat):
    letters = [chr(code) for code in range(0x20, 0x2600) if flyer.DRAWN.match(chr(code))]
    facts = told(beat) | {"empty": " ".join(letters), "more": "□"}
    facts["days"] = [{"name": " ".join(letters), "events": []}]  # in bold

    assert flyer.pdf(json.dumps(facts)).startswith(b"%PDF-")


def test_crowded_month_is_cut_and_says_so(client, beat, settings):
    EventFactory.create_batch(flyer.MOST + 3, beat=beat, starts_at=START)

    facts = told(beat)

    assert facts["more"] == "And 3 more: see the page of the beat."
    with pikepdf.open(BytesIO(fetch(client).content)) as pdf:
        assert len(pdf.pages) > 1


def test_color_that_is_none_draws_gray():
    odd = BeatFactory.build(color='"/><x')

    assert flyer._emblem(odd).count(flyer.PLAIN_COLOR) == 3
