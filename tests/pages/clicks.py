"""Counting what a hand does."""

from playwright.sync_api import Locator


class Clicks:
    """Counts each click and each key, and does it."""

    def __init__(self) -> None:
        self.count = 0

    def on(self, target: Locator) -> None:
        self.count += 1
        target.click()

    def keys(self, target: Locator, typed: str) -> None:
        self.count += len(typed)
        target.press_sequentially(typed)
