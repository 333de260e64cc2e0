"""What the patrol takes along, and what is left to do after an event, in a real browser."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from outreach.actors import SYSTEM
from outreach.models import Beat, StaffMember
from scheduling import wording
from scheduling.enums import Outcome
from scheduling.models import Event
from scheduling.services import door, events
from tests.factories.events import local, make_plan
from tests.pages.clicks import Clicks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def full_evening(city) -> Event:
    """The day of the survey visit with five meetings, each with much to say."""
    visit = Event.objects.get(uid=city["visit"])
    day = timezone.localdate(visit.starts_at)
    for hour in range(16, 21):
        starts_at = local(day.year, day.month, day.day, hour, 10)
        plan = make_plan(
            summary=f"Porch talk {hour}", description="Bring a chair and a neighbor. " * 20,
            location="In the yard behind the library", starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=35), beat=Beat.objects.get(code=city["beat"]),
        )  # fmt: skip
        events.create(plan, by=SYSTEM)
    return visit


def test_patrol_sheet_prints_on_one_page_and_names_no_survey_visit(
    page, city, live_server, sign_in, full_evening
):
    day, beat = timezone.localdate(full_evening.starts_at), city["beat"]
    request = full_evening.survey_visit.request
    hours = wording.hours(full_evening.starts_at, full_evening.ends_at)

    for username in ("maya", "ruth"):
        page.context.clear_cookies()
        sign_in(page, username)
        page.goto(f"{live_server.url}/staff/patrol/?date={day}&beat={beat}")
        page.emulate_media(media="print")
        words = page.locator("body").inner_text()
        paper = page.pdf(format="Letter")
        page.emulate_media(media="screen")

        assert len(re.findall(rb"/Type\s*/Page[^s]", paper)) == 1
        assert words.count("Porch talk") == 5
        secrets = (full_evening.title, "Appointment", request.reference, hours)
        assert [secret for secret in secrets if secret in words] == []
        assert f"{full_evening.uid}" not in page.content()


@pytest.fixture
def unclosed(city) -> Event:
    """The last one that waits for the coordinator's word."""
    maya = StaffMember.objects.get(user__username="maya")
    day = timezone.localdate() - timedelta(days=1)
    starts_at = local(day.year, day.month, day.day, 6)  # nothing else is so early
    plan = make_plan(summary="Porch talk", starts_at=starts_at, beat=Beat.objects.get(code="b1"))
    event = events.create(plan, by=SYSTEM)
    event.bookings.create(staff=maya, starts_at=event.starts_at, ends_at=event.ends_at)
    return event


@pytest.mark.parametrize(
    ("at_the_door", "typed", "most"), [(0, "9", 4), (14, "", 2)], ids=["typed", "counted"]
)
def test_event_is_closed_out_from_the_day_screen_in_four_clicks_and_keys(
    page, city, sign_in, unclosed, at_the_door, typed, most
):
    if at_the_door:
        maya = StaffMember.objects.get(user__username="maya")
        door.walk_in(unclosed, heads=at_the_door, by=maya)
    sign_in(page)
    hand = Clicks()

    waiting = page.locator("section[aria-labelledby=unclosed]")
    hand.on(waiting.get_by_role("link", name="Porch talk"))
    if typed:
        people = page.get_by_label("How many people came?")
        hand.on(people)
        hand.keys(people, typed)
    hand.on(page.get_by_role("button", name="Close it out"))
    expect(page.locator("main")).to_contain_text("Closed out. Thank you.")

    assert hand.count <= most
    unclosed.refresh_from_db()
    assert unclosed.close_out.outcome == Outcome.HELD
    assert unclosed.close_out.head_count == (at_the_door or 9)
