"""The main job by hand, in a real browser, with scripts off: everything works without them."""

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from notifications import tasks
from notifications.enums import Lane
from notifications.services import planning
from outreach.models import SurveyRequest
from scheduling.models import Event
from tests import mail_sink
from tests.journeys.conftest import link_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def page(browser: Browser):
    context = browser.new_context(locale="en-US", java_script_enabled=False)
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def post(tmp_path_factory, settings):
    """Delivers what is owed and returns the mails to one address, newest last."""
    with mail_sink.running(tmp_path_factory.mktemp("mails")) as sink:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port

        def deliver(to: str):
            planning.plan()
            tasks.drain(list(Lane))
            return [mail for mail in sink.mails() if to in str(mail["To"])]

        yield deliver


def test_resident_subscribes_and_is_reminded_of_what_a_coordinator_books(
    page, city, live_server, sign_in, post
):
    page.goto(f"{live_server.url}/subscribe/")
    page.get_by_label("Your e-mail address").fill("robin@example.org")
    page.get_by_label("Your beat").select_option("b1")
    page.get_by_role("button", name="Send me reminders").click()
    expect(page.locator("h1")).to_contain_text("Look into your mail")
    (mail,) = post("robin@example.org")
    page.goto(live_server.url + link_in(mail, "confirm"))
    page.get_by_role("button", name="Yes, that is what I want").click()
    expect(page.locator("main")).to_contain_text("You are subscribed")

    starts_at = timezone.localtime() + timedelta(hours=22)
    sign_in(page)
    page.goto(f"{live_server.url}/staff/events/new/")
    page.get_by_label("Title", exact=True).fill("Porch lights on Alder")
    page.get_by_label("Date", exact=False).first.fill(starts_at.strftime("%m/%d/%Y"))
    page.get_by_label("Starts").fill(starts_at.strftime("%I:00 %p"))
    page.get_by_label("Ends").fill(starts_at.strftime("%I:50 %p"))
    for box in page.get_by_role("group", name="Who goes").get_by_role("checkbox").all():
        box.uncheck()
    page.get_by_role("button", name=re.compile("Book")).last.click()
    expect(page.locator("h1")).to_contain_text("Porch lights on Alder")

    (reminder,) = [m for m in post("robin@example.org") if "Porch lights" in m["Subject"]]
    page.goto(live_server.url + link_in(reminder, "events/"))
    expect(page.locator("h1")).to_contain_text("Porch lights on Alder")
    feed = page.request.get(f"{live_server.url}/feeds/beats/b1.ics").text()
    assert "SUMMARY:Porch lights on Alder" in feed


def test_resident_asks_for_a_survey_gets_a_visit_and_cancels_it(
    page, city, live_server, sign_in, post
):
    page.goto(f"{live_server.url}/surveys/request/")
    page.get_by_label("A name to use").fill("Robin")
    page.get_by_label("E-mail", exact=True).check()
    page.get_by_label("Your e-mail address or phone number").fill("robin@example.org")
    page.get_by_label("House", exact=True).check()
    page.get_by_label("Or your beat").select_option("b1")
    page.get_by_label("Send me a calendar invitation").check()
    page.get_by_role("button", name="Send my request").click()
    expect(page.locator("h1")).to_contain_text("We have your request")
    own = SurveyRequest.objects.get(contact__email="robin@example.org")

    sign_in(page)
    page.goto(f"{live_server.url}/staff/surveys/{own.uid}/")
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Book the visit").click()
    expect(page.locator("main")).to_contain_text("The visit is booked")

    (mail,) = [m for m in post("robin@example.org") if "Your appointment" in m["Subject"]]
    assert [part.get_content_type() for part in mail.iter_attachments()] == ["application/ics"]
    page.goto(live_server.url + link_in(mail, "own"))
    page.get_by_role("button", name="Cancel this appointment").click()
    own.refresh_from_db()
    assert own.status == "received"
    assert Event.objects.get(survey_visit__request=own).status == "cancelled"


def test_picture_of_the_readme(browser, city, live_server, tmp_path):
    """The picture is of the pages as they are; UPDATE_PICTURE=1 keeps it in docs/."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(live_server.url)
    folder = Path(__file__).parents[2] / "docs" if os.environ.get("UPDATE_PICTURE") else tmp_path
    page.screenshot(path=folder / "home.png")
    context.close()

    assert (folder / "home.png").stat().st_size > 20_000
