"""Promise: whoever reads Spanish meets no English, on any page and in any mail."""

import re
from collections.abc import Iterator
from datetime import datetime, time
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from notifications.enums import BY_TEXT, MessageKind
from notifications.models import Message
from notifications.services import planning, rendering
from outreach import addresses
from outreach.actors import SYSTEM
from outreach.enums import SafeChannel
from outreach.models import Venue
from scheduling import wording
from scheduling.forms.fields import ClockField
from scheduling.services import surveys
from tests.factories.events import local, tomorrow
from tests.factories.every_message import owe_everything
from tests.factories.people import (
    make_pair,
    make_request,
)
from tests.factories.places import BeatFactory, StreetFactory, StreetSegmentFactory, square
from tests.permissions import TABLE
from tests.spanish import CATALOGS, PIECES, english_in, messages, said


def test_catalogs_are_whole():
    assert len(CATALOGS) == 4
    assert all(translated for _, translated in messages())
    assert len(PIECES) > 200


@pytest.mark.parametrize("text", ["Ask for a security survey", "Nov 23 of this year", "Tuesday"])
def test_english_is_recognized(text):
    assert english_in(f"Hola {text} hola")


def get_pages(client, world, wanted: str) -> Iterator[tuple[str, str]]:
    """Every page of the table, and the forms that come back with their errors."""
    for name, arguments, method in sorted(TABLE, key=lambda row: row[2]):
        if method == wanted and "api" not in name:
            address = reverse(name, args=world["arguments"][arguments])
            way = client.post if method == "POST" else client.get
            # Something is sent, so that forms come back with what they miss; and the language too,
            # for a page that is the same for everyone reads it in its address alone.
            sent = {"nothing": "x", "lang": "es"}
            answer = way(address, sent, headers={"Accept-Language": "es-US,es;q=0.9"})
            page = answer.content.decode() if answer["Content-Type"].startswith("text/html") else ""
            if page:
                assert '<html lang="es"' in page or "<html" not in page, address
                yield f"{method} {address}", said(page)


@pytest.mark.parametrize("role", ["anonymous", "cpc", "sergeant", "planner", "administrator"])
def test_every_page_speaks_spanish(client, world, role):
    if role != "anonymous":
        client.force_login(
            world[role].user, backend="allauth.account.auth_backends.AuthenticationBackend"
        )

    # Reading first: a POST may change what the next would see.
    found = [*get_pages(client, world, "GET"), *get_pages(client, world, "POST")]
    wrong = [f"{place}: {english}" for place, text in found if (english := english_in(text))]

    assert len(found) > 15
    assert not wrong, "\n".join(wrong)


def test_form_that_waited_too_long_is_refused_in_spanish():
    answer = Client(enforce_csrf_checks=True).post("/subscribe/", headers={"Accept-Language": "es"})

    text = said(answer.content.decode())
    assert answer.status_code == 403
    assert "Su formulario esperó demasiado" in text
    assert not english_in(text)


def lay_alder_street() -> None:
    BeatFactory(boundary=square(-124.2, 41.0))
    StreetSegmentFactory(street=StreetFactory(name="Alder St"))


def test_answers_and_refusals_speak_spanish(client, world):
    """What pages say after a person did something."""
    client.force_login(
        world["sergeant"].user, backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    lay_alder_street()
    day = tomorrow().strftime("%m/%d/%Y")
    event = {
        "program": "community",
        "summary": "Reunión",
        "beat": "b1",
        "status": "confirmed",
        "day": day,
        "starts": "10 a. m.",
        "ends": "11 a. m.",
        "staff": [world["cpc"].pk],
        "key": "3d1b1d0c-0c3e-4c5c-9a41-d2f0a2b0f001",
    }
    repeated = event | {
        "key": "3d1b1d0c-0c3e-4c5c-9a41-d2f0a2b0f003",
        "repeats": "by-weekday",
        "every": "2",
        "places": ["1", "3"],
        "weekdays": ["1", "3"],
        "ends_how": "after",
        "times": "8",
        "skips_closures": "on",
    }
    survey = {
        "key": "3d1b1d0c-0c3e-4c5c-9a41-d2f0a2b0f002",
        "name": "Robin",
        "safe_channel": "email",
        "reach": "robin",
        "property_type": "house",
        "beat": "b1",
    }
    deeds = [
        ("find_beat", {"address": "110 Alder St"}, 200),
        ("find_beat", {"address": "5000 Alder St"}, 200),
        ("find_beat", {"address": "Nada"}, 200),
        ("lookup", {"address": "111 Alder St, Eureka"}, 200),
        ("add_event", event, 409),
        ("add_event", event | {"starts": "8 p. m.", "ends": "7 p. m."}, 200),
        ("add_event", event | {"starts": "8 p. m.", "ends": "9:30 p. m."}, 302),
        ("add_series", repeated | {"preview": "1"}, 200),
        ("add_series", repeated | {"repeats": "by-day", "month_day": "31"}, 200),
        ("add_series", repeated | {"repeats": "by-day", "month_day": "15", "book": "1"}, 302),
        ("add_series", repeated | {"repeats": "daily", "ends_how": "after", "times": "501"}, 200),
        ("staff_week", None, 200),
        ("request_survey", survey, 200),
        ("request_survey", survey | {"reach": "robin@example.org"}, 200),
        ("subscribe", {"email": "eva@example.org", "beat": "b1"}, 302),
        ("add_subscription", {"email": "ana@example.org", "beat": "city"}, 302),
        ("staff_day", None, 200),
    ]
    wrong = []
    for name, entry, status in deeds:
        way = client.get if entry is None else client.post
        answer = way(reverse(name), entry, headers={"Accept-Language": "es"})
        text = said(answer.content.decode())
        assert answer.status_code == status, f"{name} {entry}: {answer.status_code} {text}"
        wrong += [f"{name} {entry}: {english}" for english in english_in(text)]

    assert not wrong, "\n".join(wrong)


@pytest.mark.django_db
def test_every_kind_of_mail_speaks_spanish():
    owe_everything()

    letters = [(message.kind, rendering.render(message)) for message in Message.objects.all()]
    texts = [
        (kind, rendering.render_text(message))
        for kind in BY_TEXT
        for message in Message.objects.filter(kind=kind)
    ]
    assert {kind for kind, _ in texts} == set(BY_TEXT)
    wrong = [
        f"{kind}: {english}"
        for kind, letter in letters
        for text in (letter.subject, letter.text, said(letter.html))
        for english in english_in(text)
    ] + [f"{kind}: {english}" for kind, text in texts for english in english_in(text)]

    assert {kind for kind, _ in letters} == set(MessageKind.values)
    assert not wrong, "\n".join(wrong)
    invitations = [letter.calendar[1].decode() for _, letter in letters if letter.calendar]
    assert invitations
    assert all("SUMMARY:Cita con la ciudad" in invitation for invitation in invitations)


@pytest.mark.django_db
def test_mails_about_a_survey_stay_neutral_in_spanish():
    beat = BeatFactory()
    asked = make_request(beat, language="es", safe_channel=SafeChannel.EMAIL)
    surveys.book_visit(asked.pk, starts_at=tomorrow(10), staff=make_pair(beat), by=SYSTEM)
    planning.plan()

    for message in Message.objects.all():
        letter = rendering.render(message)
        own = letter.text.partition("\n--\n")[0] + letter.subject
        assert not re.search("inspecci|segur|polic|delito", own.replace("Nada es seguro", ""))


def test_dates_and_hours_read_well_in_spanish():
    year = timezone.localdate().year
    tuesday = next(
        day
        for day in range(12, 19)
        if datetime(year, 1, day).weekday() == 1  # noqa: DTZ001
    )
    with override("es"):
        evening = local(year, 1, tuesday, 19), local(year, 1, tuesday, 20, 30)
        assert wording.when(*evening) == f"mar {tuesday} de ene, 7–8:30 p.m."
        noon = local(year, 1, tuesday, 11), local(year, 1, tuesday, 13)
        assert wording.hours(*noon) == "11 a.m.–1 p.m."
        assert wording.day(local(2031, 11, 23)) == "dom 23 de nov de 2031"


@pytest.mark.parametrize("typed", ["7 p.m.", "7 p. m.", "7\u00a0p.\u00a0m.", "7 PM", "19:00"])
def test_hours_may_be_typed_as_in_spanish(typed):
    assert ClockField().clean(typed) == time(19)


@pytest.mark.parametrize(
    ("typed", "shape", "number", "streets"),
    [
        ("cuadra 1200 de Oak St", "block", 1200, ("Oak St",)),
        ("la esquina de Oak St y 5th St", "corner", None, ("Oak St", "5th St")),
        ("120 Oak St", "number", 120, ("Oak St",)),
    ],
)
def test_addresses_are_read_as_spanish_says_them(typed, shape, number, streets):
    reading = addresses.read(typed)

    assert (reading.shape.value, reading.number) == (shape, number)
    assert streets[0] in reading.streets
    assert streets[-1] in (reading.crossing or reading.streets)


def test_home_kept_by_staff_in_spanish_shows_its_block_to_everybody(client, world):
    lay_alder_street()
    client.force_login(
        world["cpc"].user, backend="allauth.account.auth_backends.AuthenticationBackend"
    )

    form = {"name": "La sala", "address": "110 Alder St"}
    client.post(reverse("add_home"), form, headers={"Accept-Language": "es"})

    home = Venue.objects.get(name="La sala")
    assert home.block == "100 block of Alder St"
    assert home.longitude is not None


def test_hours_that_are_none_are_refused():
    with pytest.raises(ValidationError):
        ClockField().clean("siete")


def test_no_template_fixes_the_order_of_a_date_people_read():
    for_machines = {"c", "Y-m-d", "m/d/Y"}
    fixed = re.compile(r"""\|(?:date|time):(["'])(.*?)\1""")
    wrong = [
        f"{file.name}: {shape}"
        for file in templates()
        for _, shape in fixed.findall(file.read_text())
        if shape not in for_machines
    ]

    assert not wrong


def templates() -> Iterator[Path]:
    for folder in sorted(settings.BASE_DIR.glob("*/templates")):
        yield from sorted(file for file in folder.rglob("*") if file.is_file())
