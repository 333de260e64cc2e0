"""Promise 28: axe finds nothing on any page, in both languages, wide and narrow, light and dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from notifications.models import Destruction, Erasure
from notifications.services.retention import exporting, holds
from outreach.models import Contact, StaffMember
from outreach.services import firsts
from tests.factories.people import ContactFactory
from tests.pages.conftest import PASSWORD

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

PUBLIC = [
    "/", "/beats/", "/beats/{beat}/", "/events/", "/events/?program=academy", "/events/{event}/",
    "/beats/{beat}/{month}/", "/embed/", "/embed/beats/{beat}/", "/embed/beats/{beat}/?lang=es",
    "/embed/about/", "/events/{cancelled}/", "/find-my-beat/", "/team/", "/privacy/",
    "/genuine/", "/accessibility/", "/subscribe/",
    "/subscribe/thanks/",
    "/subscribe/confirm/{confirm}/", "/preferences/{preferences}/", "/leave/{preferences}/",
    "/surveys/request/", "/requests/new/", "/asked/{asked_token}/", "/own/{own}/",
    "/own/{open}/", "/accounts/login/",
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
]  # fmt: skip
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


def test_department_has_no_barrier_for_the_sergeant(page, city, live_server, sign_in):
    sign_in(page, "ruth")
    faults = visit(page, f"{live_server.url}/staff/department/")

    assert page.locator("main dl").count() > 1
    assert not faults, "\n".join(faults)


def test_people_have_no_barrier_for_the_administrator(page, city, live_server, sign_in):
    sign_in(page, "ida")
    faults = [
        fault
        for path in ("people/", "people/new/", "people/{person}/", "people/{person}/leave/")
        for fault in visit(page, f"{live_server.url}/staff/{path}".format(**city))
    ]
    faults += send_empty(page, f"{live_server.url}/staff/people/new/")
    page.goto(f"{live_server.url}/accounts/2fa/totp/activate/")
    page.fill("[name=password]", PASSWORD)
    page.locator("main form button").first.click()
    faults += faults_of(page)
    faults += visit(page, f"{live_server.url}/accounts/2fa/webauthn/add/")

    assert not faults, "\n".join(faults)


def test_records_have_no_barrier_for_the_sergeant(page, city, live_server, sign_in):
    """The schedule, holds, erasing and requests for records, and their errors."""
    staff = StaffMember.objects.get(user__username="ruth")
    contact = Contact.objects.get(uid=city["reader"])
    hold = holds.hold_person(contact, reason="Claim 26-1", by=staff)
    export = exporting.of_person(contact, number="PRR 26-1", by=staff)
    other = ContactFactory(name="Ines Ojeda")
    done = Erasure.objects.create(reference="E26", staff=staff, language="en")
    listed = Destruction.objects.create(made_by=staff)
    listed.counts.create(record_class="surveys", months=24, listed=3, held=1)
    sign_in(page, "ruth")
    faults = [
        fault
        for path in (
            "/staff/retention/", "/staff/retention/holds/new/", "/staff/retention/person/",
            f"/staff/retention/holds/{hold.uid}/lift/", f"/staff/retention/lists/{listed.uid}/",
            f"/staff/retention/people/{contact.uid}/erase/",
            f"/staff/retention/people/{other.uid}/erase/",
            f"/staff/retention/erasures/{done.uid}/", "/staff/records/",
            f"/staff/records/{export.uid}/",
        )
        for fault in visit(page, live_server.url + path)
    ]  # fmt: skip
    for path in ("/staff/retention/holds/new/", "/staff/records/"):
        faults += send_empty(page, live_server.url + path)

    assert not faults, "\n".join(faults)


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
