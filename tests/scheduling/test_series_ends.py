"""Many dates of a series cancelled at once: as fast for sixty as for three, by the rules of one."""

from datetime import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from outreach.actors import SYSTEM, Actor
from outreach.enums import RequestStatus
from outreach.models import EventRequest
from scheduling.enums import Classification, EventStatus, RevisionKind
from scheduling.models import Booking, Event, RequestedEvent
from scheduling.services import batches, events, reshaping, series
from tests.factories.events import local, make_plan
from tests.factories.people import make_event_request, make_pair
from tests.factories.places import BeatFactory
from tests.factories.series import make_wish, weekly
from tests.scheduling.test_series_changes import events_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_margins")]


@pytest.fixture(autouse=True)
def open_city(settings):
    settings.HOLIDAYS_OF, settings.CLOSED_FRIDAYS_FROM = ("", ""), ""


@pytest.fixture
def beat():
    return BeatFactory()


@pytest.fixture
def pair(beat):
    return make_pair(beat)


def test_all_dates_are_cancelled_in_as_many_queries_for_sixty_as_for_three(beat, pair):
    counts = []
    for count, hour in ((3, 8), (60, 14)):
        wish = make_wish(weekly(1, 3, count=count), beat=beat, staff=pair, starts=time(hour))
        own = series.create(wish, by=SYSTEM)
        with CaptureQueriesContext(connection) as asked:
            outcome = reshaping.end(own.pk, since=None, by=SYSTEM, reason="over")
        assert outcome.cancelled == count
        counts.append(len(asked))

    words = "\n".join(query["sql"][:150] for query in asked.captured_queries)
    assert counts[0] == counts[1], words
    assert counts[0] <= 25


def test_cancelled_dates_keep_every_rule_of_one(beat, pair):
    wish = make_wish(weekly(1, count=4), beat=beat, staff=pair)
    busy = local(*wish.first_on.timetuple()[:3], 19)
    events.create(make_plan(starts_at=busy, staff=pair[:1]), by=SYSTEM)
    own = series.create(wish, by=SYSTEM)

    reshaping.end(own.pk, since=None, by=Actor(staff=pair[0]), reason="moved away")

    waiting, *told = events_of(own)
    assert {event.sequence for event in (waiting, *told)} == {1}
    assert all(event.updated_at > event.created_at for event in told)
    assert (waiting.classification, {event.classification for event in told}) == (
        Classification.PRIVATE, {Classification.PUBLIC},
    )  # fmt: skip
    assert not Booking.objects.active().filter(event__occurrence__series=own).exists()
    rows = [event.revisions.get(kind=RevisionKind.CANCELLED) for event in (waiting, *told)]
    assert {(row.note, row.staff, row.sequence) for row in rows} == {("moved away", pair[0], 1)}
    assert len({row.created_at for row in rows}) == 1


def test_cancelling_many_answers_who_asked_for_one_of_them(beat, pair):
    asked = make_event_request(beat)
    event = events.create(make_plan(beat=beat), by=SYSTEM)
    other = events.create(make_plan(beat=beat), by=SYSTEM)
    RequestedEvent.objects.create(event=event, request=asked)
    EventRequest.objects.update(status=RequestStatus.APPROVED)

    batches.cancel([event.pk, other.pk], by=SYSTEM, reason="storm")

    asked.refresh_from_db()
    assert (asked.status, asked.answer) == (RequestStatus.DECLINED, "storm")
    assert Event.objects.filter(status=EventStatus.CANCELLED).count() == 2
