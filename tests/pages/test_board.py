"""The week board and booking by hand, in a real browser with scripts on."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Page, expect

from outreach.actors import SYSTEM
from outreach.models import Beat, StaffMember
from scheduling.models import Booking, Event
from scheduling.services import events
from tests.factories.events import local, make_plan
from tests.pages.clicks import Clicks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def maya(city) -> StaffMember:
    return StaffMember.objects.get(user__username="maya")


@pytest.fixture
def next_monday():
    today = timezone.localdate()
    return today + timedelta(days=14 - today.weekday())


def free_plan(maya, day, hour=9, **other):
    start = local(day.year, day.month, day.day, hour)
    beat = Beat.objects.get(code=other.pop("beat", "b1"))
    return make_plan(
        summary="Porch talk", starts_at=start, ends_at=start + timedelta(hours=1), staff=(maya,),
        beat=beat, **other,
    )  # fmt: skip


def board(page: Page, live_server, monday) -> None:
    page.goto(f"{live_server.url}/staff/week/?week={monday:%Y-%m-%d}")


def test_watch_meeting_is_booked_from_the_day_screen_in_four_clicks(
    page, city, live_server, sign_in
):
    sign_in(page)
    clicks = Clicks()
    before = set(Event.objects.values_list("pk", flat=True))

    clicks.on(page.locator(".button--primary", has_text="Watch meeting"))
    clicks.on(page.get_by_role("link", name=re.compile("^Book this")).first)
    expect(page.locator("#look")).to_contain_text("The time can be had")
    clicks.on(page.get_by_role("button", name="Book it"))
    expect(page.locator("main")).to_contain_text("Booked.")

    assert clicks.count <= 4
    booked = Event.objects.exclude(pk__in=before).get()
    assert booked.program == "neighborhood-watch"
    assert Booking.objects.active().filter(event=booked).count() == 2


def test_clash_is_shown_before_anything_is_sent(
    page, city, live_server, sign_in, maya, next_monday
):
    events.create(free_plan(maya, next_monday), by=SYSTEM)
    sign_in(page)
    page.goto(f"{live_server.url}/staff/events/new/?day={next_monday:%m/%d/%Y}")

    page.get_by_label("Starts").fill("9:30 am")
    page.get_by_label("Ends").fill("10:30 am")
    page.get_by_label("Ends").press("Tab")

    expect(page.locator("#look")).to_contain_text("This time cannot be had")
    expect(page.locator("#look .free-times button")).to_have_count(3)
    assert Event.objects.filter(summary="Porch talk").count() == 1


def test_board_follows_the_change_of_somebody_else_within_five_seconds(
    page, city, live_server, sign_in, maya, next_monday
):
    sign_in(page)
    board(page, live_server, next_monday)
    expect(page.locator("#board")).not_to_contain_text("Porch talk")

    event = events.create(free_plan(maya, next_monday), by=SYSTEM)
    expect(page.locator("#board")).to_contain_text("Porch talk", timeout=5_000)
    events.cancel(event.pk, by=SYSTEM, reason="")
    expect(page.locator("#board")).not_to_contain_text("Porch talk", timeout=5_000)


def test_dragging_shows_what_would_come_of_it_and_one_press_does_it(
    page, city, live_server, sign_in, maya, next_monday
):
    event = events.create(free_plan(maya, next_monday), by=SYSTEM)
    day = next_monday + timedelta(days=2)
    sign_in(page)
    board(page, live_server, next_monday)

    target = f'[data-day="{day:%Y-%m-%d}"][data-staff="{maya.pk}"]'
    page.locator(f'[data-event="{event.uid}"]').first.drag_to(page.locator(target))
    expect(page.locator("h1")).to_contain_text("Move: Porch talk")
    event.refresh_from_db()
    assert timezone.localdate(event.starts_at) == next_monday
    expect(page.locator("#look")).to_contain_text("The time can be had")
    page.get_by_role("button", name="Move it").click()
    expect(page.locator("main")).to_contain_text("Moved.")

    event.refresh_from_db()
    assert timezone.localtime(event.starts_at) == local(day.year, day.month, day.day, 9)


def test_lower_edge_makes_it_longer(page, city, live_server, sign_in, maya, next_monday):
    event = events.create(free_plan(maya, next_monday), by=SYSTEM)
    sign_in(page)
    board(page, live_server, next_monday)

    edge = page.locator(f'[data-event="{event.uid}"] .block__edge').first
    box = edge.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 3)
    page.mouse.down()
    page.mouse.move(box["x"] + 20, box["y"] + 3 + 28, steps=4)
    page.mouse.up()
    expect(page.locator("h1")).to_contain_text("Move: Porch talk")
    page.get_by_role("button", name="Move it").click()
    expect(page.locator("main")).to_contain_text("Moved.")

    event.refresh_from_db()
    assert event.ends_at - event.starts_at == timedelta(hours=2)


def test_everything_dragging_does_is_done_by_keyboard(
    page, city, live_server, sign_in, maya, next_monday
):
    event = events.create(free_plan(maya, next_monday), by=SYSTEM)
    sign_in(page)
    board(page, live_server, next_monday)

    page.locator(f'[data-event="{event.uid}"] .block__do a').first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Move: Porch talk")
    page.get_by_role("button", name="A day later").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#look")).to_contain_text("The time can be had")
    page.get_by_role("button", name="Move it").focus()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Moved.")

    event.refresh_from_db()
    assert timezone.localdate(event.starts_at) == next_monday + timedelta(days=1)


def test_board_prints_on_one_page(page, city, live_server, sign_in, next_monday, tmp_path):
    sign_in(page)
    board(page, live_server, next_monday)

    paper = page.pdf(format="Letter", landscape=True)

    assert len(re.findall(rb"/Type\s*/Page[^s]", paper)) == 1


def test_polling_keeps_no_idle_session_alive(client, city, maya):
    client.force_login(maya.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.get("/staff/week/")
    polling = {"HX-Request": "true", "X-Polling": "1"}
    before = Session.objects.get(pk=client.session.session_key).expire_date

    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        client.get("/staff/week/", headers=polling)
        polled = Session.objects.get(pk=client.session.session_key).expire_date
        client.get("/staff/week/")
        opened = Session.objects.get(pk=client.session.session_key).expire_date

    assert polled == before
    assert opened > before
