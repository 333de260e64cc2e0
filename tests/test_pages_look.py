"""What every page owes its reader: contrast, little weight, no lost field, a time in one press."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone

from config.errors import server_error
from outreach.forms.survey import StaffSurveyRequestForm
from outreach.models import Beat
from scheduling.forms.events import EventChangeForm
from scheduling.models import Event
from tests.factories.people import make_pair
from tests.factories.places import BeatFactory

STATIC = settings.BASE_DIR / "config" / "static"
TEXT = ["ink", "ink-soft", "link"]
GROUNDS = ["paper", "card", "sunk", "amber-soft", "green-soft", "red-soft"]
STATES = [("green", "green-soft"), ("red", "red-soft"), ("red", "card"), ("action-ink", "action")]


def colors(scheme: str) -> dict[str, str]:
    text = (STATIC / "tokens.css").read_text().split("@media print")[0]
    light, dark = text.split("@media (prefers-color-scheme: dark)")
    found = dict(re.findall(r"--([\w-]+): (#\w{6});", light))
    return found | dict(re.findall(r"--([\w-]+): (#\w{6});", dark)) if scheme == "dark" else found


def luminance(color: str) -> float:
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted([luminance(one), luminance(other)])
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_a_contrast_of_seven_to_one_on_every_ground(scheme):
    found = colors(scheme)

    pairs = [(text, ground) for text in TEXT for ground in GROUNDS] + STATES

    weak = {pair: contrast(found[pair[0]], found[pair[1]]) for pair in pairs}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 7} == {}


def test_colors_stand_among_the_tokens_only():
    """White is the paper of QR codes, in either scheme."""
    css = (STATIC / "site.css").read_text()

    assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b", css)) <= {"#ffffff"}


def test_styles_weigh_less_than_30_kilobytes():
    assert sum(path.stat().st_size for path in STATIC.glob("*.css")) < 30_000


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("template", "make"),
    [
        ("scheduling/_event_fields.html", lambda: EventChangeForm(beats=[], is_city_allowed=True)),
        ("outreach/_survey_fields.html", StaffSurveyRequestForm),
    ],
    ids=["event", "survey"],
)
def test_no_field_is_lost_where_a_form_is_shown_in_parts(template, make):
    form = make()
    for field in form.fields.values():
        if hasattr(field, "choices") and not list(field.choices):
            field.choices = [("one", "One")]

    page = render_to_string(template, {"form": form})

    assert {name for name in form.fields if f'name="{name}"' not in page} == set()


@pytest.fixture
def beat(db) -> Beat:
    return BeatFactory(code="b1")


def test_a_free_time_of_the_clash_box_takes_one_press(client, beat):
    pair = make_pair(beat)
    client.force_login(pair[0].user)
    day = timezone.localdate() + timedelta(days=3)
    while day.weekday() > 3:  # working days, so that free times are near
        day += timedelta(days=1)
    typed = {
        "key": "0f3a4c52-8d0b-4a3e-9a55-0c1d4a7e9b11", "program": "community", "beat": "b1",
        "summary": "Coffee", "day": f"{day:%m/%d/%Y}", "starts": "10 a.m.", "ends": "11 a.m.",
        "staff": [one.pk for one in pair], "status": "confirmed",
    }  # fmt: skip
    client.post("/staff/events/new/", typed | {"key": "5d5b0b0e-0d54-4d3c-8f9e-1d1c3f0f2a22"})

    page = client.post("/staff/events/new/", typed).content.decode()
    box = page.split('id="clash-title"')[1].split("<h1>")[0]
    form = box.split("<form")[1]
    pressed: dict[str, list[str]] = {}
    for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form):
        pressed.setdefault(name, []).append(value)
    client.post("/staff/events/new/", pressed)

    first, second = Event.objects.order_by("pk")
    assert second.summary == "Coffee"
    assert second.starts_at != first.starts_at
    assert second.ends_at - second.starts_at == timedelta(hours=1)
    assert second.bookings.active().count() == 2


def test_the_map_is_drawn_in_spanish_as_in_english(client, beat):
    page = client.get("/", headers={"Accept-Language": "es"}).content.decode()

    (x,) = re.findall(r'<circle class="beat-map__plate" cx="([^"]*)"', page)
    assert float(x) > 0


def test_the_page_of_a_broken_server_asks_nothing_of_the_database():
    page = server_error(RequestFactory().get("/")).content.decode()

    assert 'lang="es"' in page
    assert settings.DEPARTMENT["phone"] in page
    assert "911" in page
