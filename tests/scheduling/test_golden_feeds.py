"""Calendars as they must come out, byte for byte: tests/feeds/*.ics.

After a change that is meant, `WRITE_FEEDS=1 script/test tests/scheduling/test_golden_feeds.py`
writes them anew; read the difference before it is committed.
"""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
import time_machine

from outreach.actors import SYSTEM
from outreach.enums import Disclosure, Program, VenueKind
from outreach.models import Beat
from scheduling import published
from scheduling.feeds import Feed
from scheduling.models import Event
from scheduling.services import events, publishing
from tests.factories.events import EventFactory, local, make_plan
from tests.factories.places import BeatFactory, VenueFactory

pytestmark = pytest.mark.django_db
FOLDER = Path(__file__).parents[1] / "feeds"
NOW = datetime(2026, 10, 20, 19, tzinfo=UTC)
HOSTILE = """a,b;c\\d \\n "q" <b>bold</b>
BEGIN:VEVENT
ATTENDEE:mailto:x@example.org
 folded: not by us
=1+1 \u202eltr\u202c"""


def meeting(number: int, starts_at: datetime, **wishes) -> Event:
    return EventFactory(
        uid=UUID(int=number),
        **(
            {
                "starts_at": starts_at,
                "summary": f"Meeting {number}",
                "created_at": NOW - timedelta(days=30),
                "updated_at": NOW - timedelta(days=30),
            }
            | wishes
        ),
    )


def clock_changes(beat: Beat) -> None:
    """Evenings around both nights, and the doubled hour itself."""
    doubled = [datetime(2026, 11, 1, hour, 30, tzinfo=UTC) for hour in (8, 9)]
    starts = [local(2026, 10, 31, 19), local(2026, 11, 1, 0), *doubled, local(2026, 11, 1, 19),
              local(2027, 3, 13, 19), local(2027, 3, 14, 3), local(2027, 3, 14, 19)]  # fmt: skip
    for number, starts_at in enumerate(starts, 1):
        meeting(number, starts_at, beat=beat)


def cancelled(beat: Beat) -> None:
    event = meeting(1, local(2026, 10, 22, 19), beat=beat)
    events.cancel(event.pk, by=SYSTEM, reason="storm")


def moved(beat: Beat) -> None:
    event = meeting(1, local(2026, 10, 22, 19), beat=beat)
    library = VenueFactory(
        name="Main Library", address="601 Main St", latitude=34.0, longitude=-118.5
    )
    plan = make_plan(
        starts_at=local(2026, 10, 23, 18, 30), beat=beat, venue=library, location="Room 2",
        summary=event.summary,
    )  # fmt: skip
    events.change(event.pk, plan, by=SYSTEM)


def all_day(beat: Beat) -> None:
    meeting(1, local(2027, 8, 3), ends_at=local(2027, 8, 4), program=Program.NATIONAL_NIGHT_OUT)
    # Two days, over the night that has 25 hours.
    meeting(2, local(2026, 10, 31), ends_at=local(2026, 11, 2), beat=beat)


def long_unicode(beat: Beat) -> None:
    words = "Reunión de vecinos: mañana, año, pingüino 🚲👮‍♀️ 東京都 ԲԱՐԵՎ שלום " * 12
    meeting(1, local(2026, 10, 22, 19), beat=beat, summary=words[:120].strip(), description=words)


def hostile(beat: Beat) -> None:
    home = VenueFactory(
        kind=VenueKind.HOME, disclosure=Disclosure.BLOCK, address="", name="At Robin's",
        block="1200 block; of Oak St,\\n",
    )  # fmt: skip
    meeting(
        1, local(2026, 10, 22, 19), beat=beat, summary="a;b,c \\n END:VCALENDAR", venue=home,
        description=HOSTILE, location='room "1", <i>left</i>',
    )  # fmt: skip


def empty(beat: Beat) -> None:
    """The beat has nothing; another one does."""
    meeting(1, local(2026, 10, 22, 19), beat=BeatFactory(code="b2"))


def two_thousand(beat: Beat) -> None:
    first = local(2026, 8, 22, 8).astimezone(UTC)
    Event.objects.bulk_create(
        Event(
            uid=UUID(int=number), program=Program.COMMUNITY, beat=beat, classification="public",
            summary=f"Meeting {number}", starts_at=first + timedelta(hours=5 * number),
            ends_at=first + timedelta(hours=5 * number + 1), created_at=NOW, updated_at=NOW,
        )
        for number in range(2000)
    )  # fmt: skip


def words_in_spanish(beat: Beat) -> None:
    event = meeting(1, local(2026, 10, 22, 19), beat=beat)
    event.texts.create(language="es", summary="Reunión", description="En la biblioteca.")
    meeting(2, local(2026, 10, 23, 19), beat=beat)
    events.cancel(event.pk, by=SYSTEM, reason="storm")


CASES: dict[str, Callable[[Beat], None]] = {
    case.__name__.replace("_", "-"): case
    for case in (clock_changes, cancelled, moved, all_day, long_unicode, hostile, empty,
                 two_thousand, words_in_spanish)
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_feed_comes_out_byte_for_byte(name, settings):
    settings.BASE_URL = "https://outreach.example"
    settings.FEED_DAYS_AHEAD = 500  # two thousand meetings reach far
    with time_machine.travel(NOW, tick=False):
        beat = BeatFactory(code="b1", name="Beat 1", color="#0072B2")
        CASES[name](beat)
        language = "es" if "spanish" in name else "en"
        feed = Feed(beat, language=language)
        publishing.publish()
    version = published.read(feed.key)
    assert version is not None

    file = FOLDER / f"{name}.ics"
    if os.environ.get("WRITE_FEEDS"):
        file.write_bytes(version.body)
    assert version.body == file.read_bytes()


def test_every_file_is_the_answer_of_a_case():
    assert {file.stem for file in FOLDER.glob("*.ics")} == set(CASES)
