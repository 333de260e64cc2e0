"""Every list page asks as much for three rows as for one."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from notifications.services import planning
from notifications.services.retention import exporting, holds
from outreach.actors import SYSTEM
from outreach.enums import Role, SafeChannel
from outreach.models import StaffMember
from scheduling.enums import Outcome
from scheduling.models import Event
from scheduling.services import closing, events, reshaping, series, surveys
from tests.factories.calendars import make_import
from tests.factories.events import EventFactory, make_plan, tomorrow
from tests.factories.people import StaffMemberFactory, make_event_request, make_pair, make_request
from tests.factories.places import BeatFactory, VenueFactory, make_group
from tests.factories.series import make_wish, weekly

pytestmark = pytest.mark.django_db
LISTS = [
    "home",
    "beats",
    "events",
    "team",
    "privacy",
    "genuine",
    "accessibility",
    "department",
    "people",
    "subscribe",
    "request_survey",
    "city_atom",
    "events_csv",
    "embed_city",
    "embed_about",
    "staff_day",
    "staff_week",
    "availability",
    "closures",
    "watch_groups",
    "own_calendar",
    "add_group",
    "recall",
    "find_time",
    "request_event",
    "event_requests",
    "add_event_request",
    "survey_queue",
    "sending_room",
    "feed_health",
    "call_list",
    "campaigns",
    "retention",
    "records_exports",
    "staff_heard",
    "staff_numbers",
    "numbers_csv",
    "patrol_sheet",
    "add_event",
    "add_series",
    "staff_series_list",
    "add_import",
    "lookup",
    "api-event-list",
    "api-event-request-list",
    "api-numbers",
    "api-beat-list",
    "api-venue-list",
]


def grow() -> None:
    """A beat with its pair, a public event with words in Spanish, one closed out, a waiting and a
    booked survey, a series and one that is over."""
    beat = BeatFactory()
    pair = make_pair(beat)
    venue = VenueFactory(beat=beat)
    group = make_group(beat, code=f"group-{beat.code}")
    plan = make_plan(
        beat=beat,
        venue=venue,
        staff=pair,
        texts={"es": ("Reunión", "")},
        starts_at=tomorrow() - timedelta(days=1),
        group=group,
    )
    events.create(plan, by=SYSTEM)
    make_request(beat)
    make_event_request(beat)
    called = make_request(beat, safe_channel=SafeChannel.CALL_ONLY, reach="+14155550123")
    surveys.book_visit(called.pk, starts_at=tomorrow(10), staff=pair[:1], by=SYSTEM)
    past = EventFactory(beat=beat, starts_at=tomorrow() - timedelta(days=2))
    said = (closing.Said("Dark alley"),)
    closing.close(past.pk, report=closing.Report(Outcome.HELD, 9, 60, ("en",), said), by=pair[0])
    _going_on, ended = (
        series.create(make_wish(weekly(day, count=2), beat=beat, staff=pair), by=SYSTEM)
        for day in (1, 2)
    )
    reshaping.end(ended.pk, since=None, by=SYSTEM, reason="over")
    sergeant = StaffMember.objects.get(role=Role.SERGEANT)
    make_import(sergeant, beat)
    holds.hold_event(Event.objects.earliest("pk"), reason="Claim", by=sergeant)
    exporting.of_event(Event.objects.earliest("pk"), number="PRR", by=sergeant)
    planning.plan()


# The day screen answers a dozen questions at once, each in one query; of records, each of twelve
# classes is counted twice.
MOST = {"staff_day": 24, "retention": 40}


@pytest.mark.parametrize("name", LISTS)
def test_list_page_asks_as_much_for_three_rows_as_for_one(client, name):
    sergeant = StaffMemberFactory(role=Role.SERGEANT)
    client.force_login(sergeant.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    grow()
    client.get(reverse(name))  # caches of the process fill

    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse(name)).status_code == 200
        counts.append(len(asked))
        grow()
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse(name))
    counts.append(len(asked))

    words = "\n".join(query["sql"][:200] for query in asked.captured_queries)
    assert counts[0] == counts[1] == counts[2], f"{counts}\n{words}"
    assert counts[0] <= MOST.get(name, 15)
