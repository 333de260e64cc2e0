"""The browser of the tests is real: it lays out text, and so has fonts."""

from playwright.sync_api import Page


def test_browser_shows_text(page: Page) -> None:
    page.set_content("<!doctype html><title>A</title><p style='font-size:40px'>Beat 3</p>")

    shown = page.locator("p")

    assert shown.inner_text() == "Beat 3"
    assert page.evaluate("document.querySelector('p').firstChild.length") == 6
    assert (
        page.evaluate(
            "(() => { const r = document.createRange(); r.selectNodeContents("
            "document.querySelector('p')); return r.getBoundingClientRect().width })()"
        )
        > 60
    )
