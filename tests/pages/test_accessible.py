"""Promise 28: axe finds nothing on any page, in both languages, wide and narrow, light and dark."""

import re
from collections.abc import Iterator
from contextlib import suppress
from uuid import uuid4

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import Resolver404, resolve
from playwright.sync_api import Browser, Page

from notifications.models import Destruction, Erasure
from notifications.services.retention import exporting, holds
from outreach.models import Contact, StaffMember
from outreach.services import firsts
from tests.factories.events import EventFactory
from tests.factories.people import ContactFactory
from tests.pages.conftest import PASSWORD
from tests.permissions import TABLE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

PUBLIC = [
    "/", "/beats/", "/beats/{beat}/", "/events/", "/events/?program=academy", "/events/{event}/",
    "/beats/{beat}/{month}/", "/embed/", "/embed/beats/{beat}/", "/embed/beats/{beat}/?lang=es",
    "/embed/about/", "/events/{cancelled}/", "/find-my-beat/", "/team/", "/privacy/",
    "/genuine/", "/accessibility/", "/subscribe/",
    "/subscribe/thanks/",
    "/subscribe/confirm/{confirm}/", "/preferences/{preferences}/", "/leave/{preferences}/",
    "/surveys/request/", "/requests/new/", "/asked/{asked_token}/", "/own/{own}/",
    "/own/{open}/", "/accounts/login/", "/accounts/password/reset/", "/accounts/signup/",
    "/accounts/inactive/", "/password/{password}/",
    "/events/{seated}/", "/events/{seated}/seats/", "/events/{seated}/seats/thanks/",
    "/events/{seated}/needs/", "/rsvp/{rsvp}/",
    "/nowhere/",
]  # fmt: skip
STAFF = [
    "/staff/", "/staff/week/", "/staff/week/?view=list",
    "/staff/week/?view=month", "/staff/find/", "/staff/find/?program=community&team=together",
    "/staff/find/?program=community&team=named", "/staff/events/{event}/move/",
    "/staff/events/{event}/move/?minutes=300", "/staff/lookup/", "/staff/surveys/",
    "/staff/surveys/new/",
    "/staff/surveys/{request}/", "/staff/surveys/{scheduled}/",
    "/staff/surveys/{scheduled}/cancel-visit/", "/staff/events/new/", "/staff/events/{event}/",
    "/staff/events/{cancelled}/", "/staff/events/{visit}/", "/staff/events/{event}/change/",
    "/staff/events/{event}/cancel/", "/staff/subscriptions/new/", "/staff/series/new/",
    "/staff/series/", "/staff/series/{series}/", "/staff/import/", "/staff/import/{waiting}/",
    "/staff/import/{waiting}/?show=left", "/staff/import/{coming}/", "/staff/import/{through}/",
    "/staff/series/{series}/change/", "/staff/series/{series}/cancel/",
    "/staff/events/{occurrence}/", "/staff/events/{occurrence}/change/",
    "/staff/events/{occurrence}/cancel/",
    "/staff/events/{seated}/", "/staff/events/{seated}/seats/", "/staff/events/{seated}/seats/new/",
    "/staff/events/{seated}/seats/{rsvp_uid}/", "/staff/events/{seated}/door/",
    "/staff/events/{seated}/door/{rsvp_uid}/", "/staff/events/{seated}/sheet/",
    "/staff/events/{seated}/needs/", "/staff/events/{past}/", "/staff/events/{past}/close/",
    "/staff/events/{unclosed}/", "/staff/log/", "/staff/heard/", "/staff/heard/{heard}/",
    "/staff/numbers/", "/staff/patrol/", "/staff/requests/", "/staff/requests/new/",
    "/staff/requests/{asked}/", "/staff/requests/{asked}/decline/",
    "/staff/availability/", "/staff/availability/{person}/", "/staff/availability/{person}/hours/",
    "/staff/availability/{person}/leave/", "/staff/availability/{person}/swap/",
    "/staff/availability/{person}/calendar/", "/staff/closures/", "/staff/recall/",
    "/staff/groups/", "/staff/groups/new/", "/staff/groups/{group}/", "/staff/calendar/",
    "/staff/feeds/", "/staff/campaigns/new/?event={cancelled}",
    "/staff/sending/", "/staff/sending/person/", "/staff/sending/templates/",
    "/staff/sending/templates/reminder/", "/staff/readers/{reader}/", "/staff/calls/",
    "/staff/campaigns/", "/staff/campaigns/new/", "/staff/campaigns/{campaign}/",
    "/staff/campaigns/{campaign}/change/",
    "/staff/events/{event}/hand-over/", "/accounts/password/change/",
    "/accounts/logout/", "/accounts/2fa/", "/accounts/sessions/", "/accounts/2fa/webauthn/",
    "/accounts/reauthenticate/", "/staff/homes/new/", "/staff/second-factor/",
]  # fmt: skip
# Forms sent empty, and answers that stand on the page of their question.
ANSWERS = [
    "/find-my-beat/", "/subscribe/", "/surveys/request/", "/requests/new/",
    "/events/{seated}/seats/", "/events/{seated}/needs/",
]  # fmt: skip
STAFF_ANSWERS = [
    "/staff/events/new/", "/staff/surveys/new/", "/staff/series/new/", "/staff/requests/new/",
    "/staff/series/{series}/change/", "/staff/series/{series}/cancel/",
    "/staff/events/{occurrence}/cancel/", "/staff/events/{seated}/seats/new/",
    "/staff/events/{unclosed}/close/", "/staff/log/", "/staff/availability/{person}/hours/",
    "/staff/availability/{person}/leave/", "/staff/availability/{person}/calendar/",
    "/staff/recall/", "/staff/campaigns/new/", "/staff/sending/person/", "/staff/import/",
    "/accounts/password/change/", "/accounts/reauthenticate/", "/staff/homes/new/",
]  # fmt: skip
SERGEANT = ["/staff/department/", "/staff/closures/new/", "/staff/venues/{venue}/hours/"]
ADMINISTRATOR = [
    "/staff/people/", "/staff/people/new/", "/staff/people/{person}/",
    "/staff/people/{person}/leave/", "/staff/retention/periods/surveys/",
]  # fmt: skip
RECORDS = [
    "/staff/retention/", "/staff/retention/holds/new/", "/staff/retention/person/",
    "/staff/retention/holds/{hold}/lift/", "/staff/retention/lists/{listed}/",
    "/staff/retention/people/{reader}/erase/", "/staff/retention/people/{other}/erase/",
    "/staff/retention/erasures/{erasure}/", "/staff/records/", "/staff/records/{export}/",
]  # fmt: skip
# Answers that are no pages of ours: files, calendars, programs, parts of a page, mail as it is.
NO_PAGES = {
    "api_docs", "robots", "metrics", "livez", "readyz", "health", "message_sample",
    "campaign_mail", "campaign_progress", "import_progress", "list_references", "month_flyer",
}  # fmt: skip
FILES = re.compile(r"^api-|^api_schema$|_(?:feed|atom|csv|file)(?:_in)?$")
HEAVIEST = 100_000  # bytes, without pictures
LOOKS = [
    pytest.param(("en", 1280, "light"), id="en-wide-light"),
    pytest.param(("es", 320, "dark"), id="es-narrow-dark"),
]


@pytest.fixture(params=LOOKS)
def page(request, browser: Browser):
    language, width, scheme = request.param
    context = browser.new_context(
        locale=language, viewport={"width": width, "height": 800}, color_scheme=scheme
    )
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def faults_of(page: Page) -> list[str]:
    """What axe says, and whether the page must be pushed sideways to be read."""
    found = [
        f"{page.url} {fault['id']}: {node['html'][:120]}"
        for fault in Axe().run(page).response["violations"]
        for node in fault["nodes"]
    ]
    wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    return [*found, f"{page.url} scrolls sideways"] if wide else found


def visit(page: Page, address: str) -> list[str]:
    answer = page.goto(address)
    assert answer is not None
    weight = len(answer.body())
    faults = faults_of(page)
    return [*faults, f"{address} weighs {weight}"] if weight > HEAVIEST else faults


def send_empty(page: Page, address: str) -> list[str]:
    page.goto(address)
    page.locator("main form[method=post] button, main button[form].button--primary").last.click()
    page.wait_for_load_state()
    return faults_of(page)


def test_public_pages_have_no_barrier(page, city, live_server):
    faults = [f for path in PUBLIC for f in visit(page, live_server.url + path.format(**city))]
    for path in ANSWERS:
        faults += send_empty(page, live_server.url + path.format(**city))

    assert not faults, "\n".join(faults)


def test_staff_pages_have_no_barrier(page, city, live_server, sign_in):
    sign_in(page)
    faults = [f for path in STAFF for f in visit(page, live_server.url + path.format(**city))]
    for path in STAFF_ANSWERS:
        faults += send_empty(page, live_server.url + path.format(**city))

    assert not faults, "\n".join(faults)


def test_pages_of_the_sergeant_have_no_barrier(page, city, live_server, sign_in):
    sign_in(page, "ruth")
    faults = [f for path in SERGEANT for f in visit(page, live_server.url + path.format(**city))]
    faults += send_empty(page, f"{live_server.url}/staff/closures/new/")
    page.goto(f"{live_server.url}/staff/department/")

    assert page.locator("main dl").count() > 1
    assert not faults, "\n".join(faults)


def test_pages_of_the_administrator_have_no_barrier(page, city, live_server, sign_in):
    sign_in(page, "ida")
    faults = [
        f for path in ADMINISTRATOR for f in visit(page, live_server.url + path.format(**city))
    ]
    for path in ("/staff/people/new/", "/staff/retention/periods/surveys/"):
        faults += send_empty(page, live_server.url + path)

    assert not faults, "\n".join(faults)


def test_second_factor_has_no_barrier(page, city, live_server, sign_in):
    """Set up, looked at, taken away, and asked for at the door."""
    sign_in(page, "ida")
    page.goto(f"{live_server.url}/accounts/2fa/totp/activate/")
    page.fill("[name=password]", PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url("**/activate/")
    faults = faults_of(page)
    page.locator("main form button").first.click()
    page.wait_for_selector(".error-summary")
    faults += faults_of(page)
    ida = StaffMember.objects.get(user__username="ida").user
    TOTP.activate(ida, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(ida)
    for path in ("", "totp/deactivate/", "recovery-codes/", "recovery-codes/generate/",
                 "webauthn/add/", "reauthenticate/"):  # fmt: skip
        faults += visit(page, f"{live_server.url}/accounts/2fa/{path}")
    page.context.clear_cookies()
    page.goto(f"{live_server.url}/accounts/login/")
    page.fill("[name=login]", "ida")
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/authenticate/")
    faults += faults_of(page)
    page.locator("main form button").first.click()
    page.wait_for_selector(".error-summary")
    faults += faults_of(page)

    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("status", [400, 403, 429, 500, 503])
def test_pages_of_what_went_wrong_have_no_barrier(page, live_server, db, status):
    """As they are sent, with the styles of the site around them."""
    words = render_to_string(f"{status}.html", request=_asked())
    address = f"{live_server.url}/wrong/"
    page.route(
        address, lambda route: route.fulfill(status=status, content_type="text/html", body=words)
    )
    page.goto(address)

    faults = faults_of(page)

    assert page.locator("h1").count() == 1
    assert not faults, "\n".join(faults)


def _asked() -> HttpRequest:
    request = RequestFactory().get("/wrong/")
    request.user = AnonymousUser()
    return request


def test_records_have_no_barrier_for_the_sergeant(page, city, live_server, sign_in):
    """The schedule, holds, erasing and requests for records, and their errors."""
    staff = StaffMember.objects.get(user__username="ruth")
    contact = Contact.objects.get(uid=city["reader"])
    other = ContactFactory(name="Ines Ojeda")
    EventFactory(summary="Ines Ojeda y " + "familia" * 10)
    listed = Destruction.objects.create(made_by=staff)
    listed.counts.create(record_class="surveys", months=24, listed=3, held=1)
    made = {
        "hold": holds.hold_person(contact, reason="Claim 26-1", by=staff).uid,
        "listed": listed.uid,
        "other": other.uid,
        "erasure": Erasure.objects.create(reference="E26", staff=staff, language="en").uid,
        "export": exporting.of_person(contact, number="PRR 26-1", by=staff).uid,
    }
    sign_in(page, "ruth")
    faults = [
        fault
        for path in RECORDS
        for fault in visit(page, live_server.url + path.format(**city, **made))
    ]
    for path in ("/staff/retention/holds/new/", "/staff/records/"):
        faults += send_empty(page, live_server.url + path)

    assert not faults, "\n".join(faults)


def test_every_page_of_the_table_of_permissions_is_looked_at():
    paths = [*PUBLIC, *STAFF, *SERGEANT, *ADMINISTRATOR, *RECORDS]
    looked_at = {name for path in paths for name in _names(path)}

    pages = {
        name for (name, _, method), answers in TABLE.items() if method == "GET" and 200 in answers
    }
    assert sorted(one for one in pages - looked_at - NO_PAGES if not FILES.search(one)) == []


def _names(path: str) -> Iterator[str]:
    """What the address is called, whatever kind of argument it takes."""
    for argument in ("b1", str(uuid4()), "7", "2026-07"):
        with suppress(Resolver404):
            plain = re.sub(r"\{\w+\}", argument, path.split("?")[0])
            yield str(resolve(plain).url_name)


def test_empty_site_has_no_barrier(page, live_server, db):
    faults = [f for path in ("/", "/beats/", "/events/", "/team/", "/subscribe/",
                             "/surveys/request/")
              for f in visit(page, live_server.url + path)]  # fmt: skip

    assert not faults, "\n".join(faults)


def test_first_start_has_no_barrier(page, live_server, db):
    """The one link, its errors, and the department's page as its administrator sees it."""
    link = f"{live_server.url}/first/{firsts.issue()}/"
    faults = [*visit(page, link), *send_empty(page, link)]
    for field in ("password", "again"):
        page.fill(f"#id_{field}", "porch light on Elm at nine")
    page.fill("#id_name", "Ida Novak")
    page.fill("#id_username", "ida")
    page.click("main .button--primary")
    page.wait_for_url("**/staff/department/")
    faults += faults_of(page)
    page.fill("#id_phone", "nonsense")
    page.click("main .button--primary")
    page.wait_for_selector(".error-summary")
    faults += faults_of(page)

    assert not faults, "\n".join(faults)
