"""What people may want to know before they trust us: whole, true to the settings, easy to read."""

from html.parser import HTMLParser

import pytest
from django.test import override_settings
from django.utils.translation import override

from notifications import reading
from outreach import department
from outreach.models import Department
from outreach.retention_periods import PERIODS
from tests.permissions import ROLES, TABLE

pytestmark = pytest.mark.django_db
PAGES = ["/team/", "/privacy/", "/genuine/", "/accessibility/"]


class Main(HTMLParser):
    """The text of a page's own part, a sentence for each line of a list or table."""

    def __init__(self) -> None:
        super().__init__()
        self.depth, self.text = 0, ""

    def handle_starttag(self, tag, attrs):
        self.depth += tag == "main"

    def handle_endtag(self, tag):
        self.depth -= tag == "main"
        if tag in {"li", "p", "h1", "h2", "h3", "td", "th", "dt", "dd"}:
            self.text += "\n"

    def handle_data(self, data):
        if self.depth:
            self.text += data


def main_of(client, path: str, language: str = "en") -> str:
    reader = Main()
    reader.feed(client.get(path, headers={"Accept-Language": language}).text)
    return reader.text


@pytest.mark.parametrize("path", PAGES)
def test_every_page_leads_to_them_in_its_foot(client, path):
    foot = client.get("/").text.partition("<footer")[2]

    assert f'href="{path}"' in foot


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("path", PAGES)
def test_a_person_with_eight_years_of_school_can_read_them(client, path, language):
    found = reading.measure(main_of(client, path, language), language)

    assert found.words > 40
    assert found.is_easy, found


def test_hard_words_would_be_noticed(client):
    hard = "Notwithstanding administrative confidentiality considerations, personally identifiable "
    found = reading.measure(hard * 3, "en")

    assert not found.is_easy


@pytest.mark.parametrize("path", PAGES)
def test_each_says_whom_to_call(client, path, settings):
    page = main_of(client, path)

    assert settings.DEPARTMENT["phone"] in page
    assert "711" in page


def test_team_says_what_to_call_when(client):
    department.know(
        Department(
            emergency="112",
            non_emergency="(310) 458-8491",
            crime_report_url="https://city.example/report",
            postal_address="1 Main St",
        ),
        at=0,
    )

    page = client.get("/team/").text

    for words in ("tel:112", "(310) 458-8491", "https://city.example/report", "1 Main St", "711"):
        assert words in page


def test_privacy_tells_every_period(client, settings):
    settings.UNCONFIRMED_HOURS = 30

    page = main_of(client, "/privacy/")

    assert all(str(period.what) in page and str(period.who) in page for period in PERIODS)
    assert "30 hours" in page
    assert "2 years" in page


def test_privacy_carries_the_city_attorneys_words(client):
    department.know(Department(notice_en="Ask our clerk.", retention_en="Schedule B-7."), at=0)

    page = main_of(client, "/privacy/")

    assert "Ask our clerk." in page
    assert "Schedule B-7." in page


@override_settings(BASE_URL="https://outreach.cedarpoint.gov")
def test_genuine_names_the_sender_and_where_links_lead(client):
    department.know(Department(mailbox="outreach@cedarpoint.gov"), at=0)

    page = main_of(client, "/genuine/")

    assert "outreach@cedarpoint.gov" in page
    assert "after the @ is cedarpoint.gov" in page
    assert "https://outreach.cedarpoint.gov/" in page
    assert "leads to outreach.cedarpoint.gov." in page
    for never in ("Money", "password", "Social Security"):
        assert never in page


@pytest.mark.parametrize("url", ["", "https://AC0:token@texts.example/?from=%2B15550100199"])
def test_genuine_says_whether_we_send_texts(client, settings, url):
    settings.TEXT_URL = url

    page = main_of(client, "/genuine/")

    assert ("We send no texts" in page) == (not url)
    assert ("Answer STOP" in page) == bool(url)
    assert "token" not in page


def test_accessibility_names_its_aim_and_a_formal_way(client, settings):
    page = main_of(client, "/accessibility/")

    assert "WCAG 2.2, level AA" in page
    assert "ADA coordinator" in page
    assert str(settings.DEPARTMENT["postal_address"]) in page
    assert f"{settings.BUSINESS_DAYS_TO_ANSWER} business days" in page


@pytest.mark.parametrize("path", PAGES)
def test_hostile_names_are_text_there(client, path):
    evil = "<script>alert(1)</script>"
    department.know(Department(name=evil, unit=evil, city=evil, postal_address=evil), at=0)

    assert evil not in client.get(path).text
    with override("es"):
        assert department.current().name == evil


@pytest.mark.parametrize(
    ("page", "shown_by"),
    [
        ("/surveys/request/", "reveal_survey"),
        ("/requests/new/", "reveal_event_request"),
        ("/privacy/", "reveal_survey"),
    ],
)
def test_who_sees_it_names_everybody_who_may_open_it(client, page, shown_by):
    """What the table of permissions opens to the records clerk, no page may keep quiet about."""
    arguments = "request" if shown_by == "reveal_survey" else "asked"
    assert TABLE[shown_by, arguments, "POST"][ROLES.index("records_clerk")] == 200

    assert "their sergeant and the records clerk" in client.get(page).content.decode()
