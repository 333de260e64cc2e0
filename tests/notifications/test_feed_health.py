"""The page that says how calendars are, and who has to be told of a change another way."""

import os
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from notifications import selectors
from notifications.enums import Channel, MessageStatus
from notifications.models import Message
from notifications.services import planning
from outreach.actors import SYSTEM
from scheduling import published
from scheduling.enums import Classification
from scheduling.feed_health import Health, fetches
from scheduling.models import FeedFetches, Publication, Revision
from scheduling.services import events, own_feeds, publishing, reshaping, series, surveys
from tests.factories.events import make_plan, moved, publish, tomorrow
from tests.factories.messages import SubscriptionFactory
from tests.factories.people import StaffMemberFactory, make_pair, make_request
from tests.factories.places import BeatFactory
from tests.factories.series import make_wish, weekly

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def beat():
    return BeatFactory(code="b1", name="North")


@pytest.fixture
def cpc(beat, client):
    coordinator, _ = make_pair(beat)
    client.force_login(coordinator.user, backend=BACKEND)
    return coordinator


def page_of(client) -> str:
    return client.get(reverse("feed_health")).content.decode()


def age(hours: int) -> None:
    Revision.objects.update(created_at=timezone.now() - timedelta(hours=hours))


def fetched(path: str, client: str, times: int, days_ago: int = 0, **columns) -> None:
    on = datetime.now(UTC).date() - timedelta(days=days_ago)
    given = {"whole": times} | columns
    FeedFetches.objects.create(on=on, path=path, client=client, **given)


def changed() -> list:
    return [one.event for one in Health().changes()]


# --- Which changes


def test_nothing_counted_yet_means_a_day_of_waiting(beat):
    event = moved(beat)

    age(23)
    (change,) = Health().changes()
    assert (change.event, change.share.is_counted) == (event, False)
    assert change.before == event.starts_at - timedelta(hours=2)
    age(24)
    assert changed() == []


def test_share_is_of_those_who_follow_the_calendars_that_show_it(beat):
    event = moved(beat)
    age(2)
    fetched("feeds/beats/b1.ics", "google", 3)
    fetched("feeds/es/beats/b1.ics", "apple", 24, unchanged=24, whole=0)
    fetched("feeds/beats/elsewhere.ics", "apple", 10_000)
    fetched("feeds/all.ics", "apple", 10_000, days_ago=14)

    (change,) = Health().changes()

    assert (change.event, change.share.tenths) == (event, 8)


def test_where_most_calendars_look_every_hour_nobody_else_need_be_told(beat):
    moved(beat)
    fetched("feeds/beats/b1.ics", "google", 1)
    fetched("feeds/all.ics", "apple", 48)

    assert len(changed()) == 1
    age(1)
    assert changed() == []


def test_cancelled_event_stands_there_until_its_day_is_past(beat):
    today = timezone.localtime().replace(hour=0, minute=30, second=0, microsecond=0)
    over = events.create(make_plan(beat=beat, starts_at=today), by=SYSTEM)
    before = events.create(make_plan(beat=beat, starts_at=today - timedelta(days=1)), by=SYSTEM)
    for event in (over, before):
        events.cancel(event.pk, by=SYSTEM, reason="Rain")
    publish()

    assert changed() == [over]


def test_event_moved_ahead_of_its_hour_is_missed_by_those_who_come_at_the_old_one(beat):
    event = events.create(make_plan(beat=beat, starts_at=tomorrow()), by=SYSTEM)
    earlier = tomorrow() - timedelta(days=2)
    events.change(event.pk, make_plan(beat=beat, starts_at=earlier), by=SYSTEM)
    publish()

    assert changed() == [event]


@pytest.mark.parametrize("hidden", [Classification.PRIVATE, Classification.CONFIDENTIAL])
def test_event_that_is_not_public_is_never_shown(beat, hidden):
    moved(beat, classification=hidden)

    assert changed() == []


def test_cancelled_survey_visit_is_never_shown(client, beat, cpc):
    request = make_request(beat)
    visit = surveys.book_visit(request.pk, starts_at=tomorrow(10), staff=(cpc,), by=SYSTEM)
    surveys.cancel_visit(request.pk, by=SYSTEM, reason="Ill")
    publish()

    assert changed() == []
    assert str(visit.uid) not in page_of(client)


def test_edit_that_moves_nothing_is_no_such_change(beat):
    event = events.create(make_plan(beat=beat), by=SYSTEM)
    events.change(event.pk, make_plan(beat=beat, summary="Another title"), by=SYSTEM)
    publish()

    assert changed() == []


def test_moved_twice_stands_once_with_the_start_most_calendars_show(beat):
    event = moved(beat)
    again = event.starts_at + timedelta(hours=1)
    events.change(event.pk, make_plan(beat=beat, starts_at=again), by=SYSTEM)
    publish()

    (change,) = Health().changes()

    assert change.before == tomorrow()


def test_whole_series_is_one_change(beat):
    made = series.create(make_wish(weekly(1, count=3), beat=beat), by=SYSTEM)
    reshaping.end(made.pk, since=None, by=SYSTEM, reason="Hall closed")
    SubscriptionFactory(beat=beat)
    planning.plan()
    Message.objects.update(status=MessageStatus.ACCEPTED, settled_at=timezone.now())
    publish()

    (change,) = Health().changes()
    (told,) = selectors.heard_of([change.act])

    assert (change.further, told.by_email) == (2, 1)


def test_change_that_is_not_published_is_hidden_even_from_the_quickest(beat):
    event = events.create(make_plan(beat=beat), by=SYSTEM)
    publish()
    fetched("feeds/beats/b1.ics", "apple", 24)
    events.cancel(event.pk, by=SYSTEM, reason="Rain")
    publishing.take_marks(list(publishing.feeds.every()))
    Publication.objects.update(published_at=timezone.now() - timedelta(hours=60))
    Publication.objects.exclude(stale_since=None).update(
        stale_since=timezone.now() - timedelta(hours=50)
    )
    age(49)

    (change,) = Health().changes()

    assert change.share.is_all


# --- The page


def test_page_says_what_changed_for_how_many_and_who_was_told(client, beat, cpc):
    for channel in (Channel.EMAIL, Channel.EMAIL, Channel.TEXT):
        SubscriptionFactory(beat=beat, channel=channel)
    event = moved(beat, summary="Porch lights")
    planning.plan()
    late = Message.objects.filter(channel=Channel.EMAIL, revision__isnull=False).first()
    Message.objects.exclude(pk=late.pk).update(
        status=MessageStatus.DELIVERED, settled_at=timezone.now()
    )
    fetched("feeds/beats/b1.ics", "google", 7)
    fetched("feeds/beats/b1.ics", "apple", 72)
    age(2)

    page = page_of(client)

    assert "Porch lights" in page
    assert "about 7 of 10 calendars" in page
    assert "1 by e-mail, 1 by text" in page
    assert f"{reverse('add_campaign')}?event={event.uid}" in page


def test_nobody_told_is_said_so(client, beat, cpc):
    moved(beat)

    assert "nobody by e-mail or text so far" in page_of(client)


def test_fetches_are_summed_over_days_languages_and_answers(client, beat, cpc):
    publish()
    fetched("feeds/beats/b1.ics", "google", 3, unchanged=4)
    fetched("feeds/es/beats/b1.ics", "google", 5, days_ago=6)
    fetched("feeds/beats/b1.ics", "google", 1_000, days_ago=7)
    fetched("feeds/beats/b1.ics", "apple", 2)
    fetched("own/123", "apple", 2_222)

    (line,) = (line for line in Health().lines() if line.name.startswith("North: Community police"))

    assert dict(zip(["google", "outlook", "apple"], line.fetches, strict=False)) == {
        "google": 12,
        "outlook": 0,
        "apple": 2,
    }
    assert line.total == 14
    assert fetches(8, timezone.now())["feeds/beats/b1.ics"] == Counter(google=1_007, apple=2)
    assert "2,222" not in page_of(client)
    assert "2222" not in page_of(client)


def test_own_calendars_are_a_number_and_nothing_else(client, beat, cpc):
    links = [own_feeds.renew(staff) for staff in (cpc, StaffMemberFactory())]
    publish()

    page = page_of(client)

    assert "2 own calendars of staff" in page
    assert "own/" not in page
    assert not [link for link in links if link.uid.hex in page or str(link.uid) in page]


def test_all_is_well_when_everything_is_published(client, beat, cpc):
    publish()

    page = page_of(client)

    assert f"all {Publication.objects.count()} calendars were up to date" in page
    assert "notice--warning" not in page


@pytest.mark.parametrize(("seconds", "is_wrong"), [(20, False), (40, True)])
def test_calendar_stale_for_more_than_half_a_minute_is_a_warning(
    client, beat, cpc, seconds, is_wrong
):
    publish()
    since = timezone.now() - timedelta(seconds=seconds)
    Publication.objects.filter(path="feeds/all.ics").update(stale_since=since)

    page = page_of(client)

    assert ("notice--warning" in page) == is_wrong
    assert ("Old since" in page) == is_wrong
    assert ("What to do:" in page) == is_wrong


@pytest.mark.parametrize(("seconds", "is_wrong"), [(30, False), (90, True)])
def test_publisher_that_does_not_run_is_a_warning(client, beat, cpc, settings, seconds, is_wrong):
    publish()
    then = time.time() - seconds
    os.utime(settings.FEEDS_ROOT / published.ROUND, (then, then))

    assert ("nothing was seen of the publisher" in page_of(client)) == is_wrong


def test_publisher_that_never_ran_is_a_warning(client, beat, cpc):
    assert "was never seen" in page_of(client)


def test_page_stays_light_with_sixty_calendars(client, cpc, beat):
    for number in range(10):
        BeatFactory(code=f"x{number}", name=f"Beat with a long name {number}")
    publish()
    every = [line.versions[0].feed.key for line in Health().lines()]
    for path in every:
        for family in ("google", "outlook", "apple", "thunderbird", "android", "other"):
            fetched(path, family, 12_345)

    assert len(every) >= 60
    assert len(client.get(reverse("feed_health")).content) < 100_000
