"""A passkey, in a real browser with an authenticator of its own."""

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Browser, Page, expect

from tests.pages.conftest import PASSWORD

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def page(browser: Browser):
    context = browser.new_context(locale="en")
    context.set_default_timeout(15_000)
    shown = context.new_page()
    device = context.new_cdp_session(shown)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    yield shown
    context.close()


def press(page: Page, name: str) -> None:
    """A button that a script listens to: once the page has loaded."""
    button = page.get_by_role("button", name=name)
    button.wait_for()
    page.wait_for_load_state()
    button.click()


def test_passkey_is_added_and_signs_in(page: Page, city, live_server, sign_in):
    sign_in(page)
    page.goto(f"{live_server.url}/accounts/2fa/webauthn/add/")
    page.fill("[name=password]", PASSWORD)
    page.locator("main form button").first.click()
    press(page, "Add it")
    expect(page.locator("h1")).to_have_text("Recovery codes")
    assert Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN).count() == 1

    page.goto(f"{live_server.url}/accounts/logout/")
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{live_server.url}/accounts/login/?next=/staff/week/")
    page.fill("[name=login]", "maya")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("h1")).to_have_text("Your second factor")
    press(page, "Use a passkey")

    expect(page.locator("h1")).to_contain_text("Week of")
