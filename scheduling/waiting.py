"""How long calendars wait before they look again, and how many cannot have looked. Pure.

A kind of client counts as having looked when the longest wait it is known for is over: nobody can
make Google or Outlook look sooner.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from scheduling.fetches import OTHER

ASK = _("as its owner set it; our calendars ask for an hour")


@dataclass(frozen=True)
class Family:
    """A kind of client as fetches are counted, the hours it may wait, and how we know."""

    code: str
    name: str | Promise
    hours: int
    source: str | Promise


FAMILIES = (
    Family("google", "Google", 24, _("every 4 to 24 hours; nobody can make it look sooner")),
    Family("outlook", "Outlook", 24, _("every 3 to 24 hours; nobody can make it look sooner")),
    Family("apple", "Apple", 1, ASK),
    Family("thunderbird", "Thunderbird", 1, ASK),
    Family("android", "Android", 24, _("as its owner set it; up to once a day")),
    Family(OTHER, _("Other kinds"), 24, _("not known; we assume once a day")),
)
HOURS = {family.code: family.hours for family in FAMILIES}
SLOWEST = timedelta(hours=max(HOURS.values()))


@dataclass(frozen=True)
class Share:
    """Of all calendars that follow, those that cannot have looked again yet."""

    unseen: int
    total: int
    is_counted: bool = True

    @property
    def is_most(self) -> bool:
        return self.unseen * 2 > self.total

    @property
    def is_all(self) -> bool:
        return self.unseen == self.total

    @property
    def tenths(self) -> int:
        """Of ten calendars, rounded up: rather too many are told than too few."""
        return -(-self.unseen * 10 // self.total)


def share(published: Mapping[str, int], waiting: Mapping[str, int], age: timedelta) -> Share:
    """From the fetches by client of feeds that show the change for so long, and of those that do
    not show it at all. Nothing counted: everybody may be of the slowest."""
    shown, hidden = _calendars(published), _calendars(waiting)
    total = sum(shown.values()) + sum(hidden.values())
    if not total:
        return Share(int(age < SLOWEST), 1, is_counted=False)
    late = sum(n for code, n in shown.items() if age < timedelta(hours=HOURS[code]))
    return Share(late + sum(hidden.values()), total)


def _calendars(fetches: Mapping[str, int]) -> dict[str, int]:
    """Who looks every hour fetches 24 times as often as who looks once a day, and is one calendar
    all the same."""
    return {code: times * HOURS[code] for code, times in fetches.items() if code in HOURS}
