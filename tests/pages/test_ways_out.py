"""What only a browser can say of the ways out: what is blocked, framed, and how large on paper."""

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.conf import settings as configured
from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
LARGE = 18 * 96 / 72  # 18 pt in pixels
SMALLEST = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const box = element.getBoundingClientRect();
    const isSeen = box.width > 1 && box.bottom > 0 && element.checkVisibility()
      && !element.closest("svg, .skip-link");
    if (isSeen && walker.currentNode.data.trim()) {
      found.push([parseFloat(getComputedStyle(element).fontSize), walker.currentNode.data.trim()]);
    }
  }
  return found.sort((one, other) => one[0] - other[0])[0];
}"""


@pytest.fixture
def page(browser: Browser):
    context = browser.new_context(locale="en", viewport={"width": 1000, "height": 800})
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def complaints(page: Page) -> list[str]:
    """What the browser writes into its console while pages open."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text))
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def test_data_of_an_event_is_blocked_by_no_policy(page, city, live_server):
    said = complaints(page)
    page.goto(f"{live_server.url}/events/{city['seated']}/")

    read = page.evaluate(
        "JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').textContent)"
    )

    assert read["@type"] == "Event"
    assert read["maximumAttendeeCapacity"] == 4
    assert said == []


@pytest.fixture
def their_site(tmp_path):
    """A site of somebody else: another port is another origin to the browser."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield tmp_path, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_frame_shows_on_another_site_and_its_links_leave_it(page, city, live_server, their_site):
    said = complaints(page)
    folder, address = their_site
    lines = page.context.new_page()
    lines.goto(f"{live_server.url}/embed/about/")
    line = lines.locator(f"#embed-{city['beat']}").inner_text()
    lines.close()
    (folder / "page.html").write_text(f"<title>Theirs</title><link rel=icon href=data:,>{line}")
    page.goto(f"{address}/page.html")

    page.frame_locator("iframe").locator(".row__title a").first.click()
    page.wait_for_url("**/events/*/")

    assert said == []
    assert page.context.cookies() == []


def test_frame_looks_as_the_tokens_say_in_both_schemes(page, city, live_server):
    grounds = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.goto(f"{live_server.url}/embed/")
        grounds.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))

    assert grounds == ["rgb(255, 253, 249)", "rgb(22, 34, 56)"]


def test_month_prints_nothing_smaller_than_eighteen_points(page, city, live_server):
    said = complaints(page)
    page.emulate_media(media="print")
    page.goto(f"{live_server.url}/beats/{city['beat']}/{city['month']}/")

    size, words = page.evaluate(SMALLEST)

    assert size >= LARGE, words
    assert page.locator(".large-print__event").count() > 0
    assert page.locator("text=911").is_visible()
    assert configured.DEPARTMENT["non_emergency"] in page.content()
    assert said == []
