"""Fixtures for tests in a real browser: `browser` for the run, `page` for one test."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.chromium import chromium, node

# Playwright's node, and Django's guard against loops: the synchronous Playwright runs one.
os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(node()))
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    options = ["--disable-dev-shm-usage"]  # it is tiny in many containers
    if os.geteuid() == 0:
        options.append("--no-sandbox")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=options)
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in a profile of its own: no cookies of another test."""
    context = browser.new_context(locale="en-US", timezone_id="America/Los_Angeles")
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()
