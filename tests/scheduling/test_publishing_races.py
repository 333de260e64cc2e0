"""What may happen between two steps of a publisher, and must not lose or show anything."""

import threading
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from outreach.enums import Disclosure
from outreach.models import Venue
from scheduling import feeds, published
from scheduling.feeds import Feed
from scheduling.models import Event, FeedMark, Publication
from scheduling.services import own_feeds, publishing, windows
from tests.factories.events import EventFactory, tomorrow
from tests.factories.people import StaffMemberFactory
from tests.factories.places import BeatFactory, VenueFactory

KEY = "feeds/all.ics"


@contextmanager
def beside(act):
    """Somebody else does this on a line of their own; waited for at the end."""

    def run() -> None:
        try:
            act()
        finally:
            connections.close_all()

    other = threading.Thread(target=run)
    other.start()
    other.join(1)  # as far as it comes before it has to wait for us
    try:
        yield
    finally:
        other.join(30)


def race(monkeypatch) -> bytes:
    """A publisher has read its window; before it writes, a new event comes and is asked for."""
    EventFactory(summary="older")
    publishing.publish()
    Event.objects.update(summary="middle")
    read, rivals = windows.read, []

    def rival() -> None:
        EventFactory(summary="newest", starts_at=tomorrow(9))
        publishing.show(Feed())

    def slow(link=None):
        found = read(link)
        if not rivals and connection.in_atomic_block:
            rivals.append(beside(rival))
            rivals[0].__enter__()
        return found

    monkeypatch.setattr(windows, "read", slow)
    publishing.publish()
    rivals[0].__exit__(None, None, None)
    publishing.publish()
    assert not FeedMark.objects.exists()
    return published.read(KEY).body


@pytest.mark.django_db(transaction=True)
def test_change_that_comes_while_a_publisher_writes_is_published(monkeypatch):
    assert b"SUMMARY:newest" in race(monkeypatch)


@pytest.mark.django_db(transaction=True)
def test_without_marking_what_is_stale_already_the_change_is_lost(monkeypatch):
    def careless(keys) -> None:
        rows = Publication.objects.filter(path__in=keys, stale_since=None)
        rows.update(stale_since=timezone.now())

    monkeypatch.setattr(publishing, "_mark_stale", careless)

    assert b"SUMMARY:newest" not in race(monkeypatch)


@pytest.mark.django_db(transaction=True)
def test_address_taken_back_while_a_round_runs_is_not_published_again():
    staff = StaffMemberFactory()
    link = own_feeds.renew(staff)
    publishing.publish()
    wanted = {feed.key: feed for feed in feeds.every()}  # a round that began before
    key = Feed(link=link).key
    own_feeds.revoke(staff)

    publishing.keep_list(wanted)
    publishing.publish_some([wanted[key]])

    assert published.read(key) is None
    with pytest.raises(publishing.NotPublished):
        publishing.show(wanted[key])


@pytest.mark.django_db
def test_place_that_is_hidden_now_is_hidden_in_past_and_cancelled_events():
    venue = VenueFactory(address="9 Secret St")
    past = EventFactory(venue=venue, starts_at=tomorrow() - timedelta(days=3))
    EventFactory(venue=venue, status="cancelled")
    publishing.publish()
    assert published.read(KEY).body.count(b"9 Secret St") == 2

    Venue.objects.update(disclosure=Disclosure.HIDDEN)
    publishing.publish()

    assert published.read(KEY).body.count(b"9 Secret St") == 0
    past.refresh_from_db()
    assert past.sequence == 0


@pytest.mark.django_db(transaction=True)
def test_event_held_by_somebody_keeps_only_its_own_news_waiting():
    venue = VenueFactory(name="Before")
    event = EventFactory(venue=venue)
    publishing.publish()
    go, ready = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Event.objects.select_for_update().get(pk=event.pk)
            ready.set()
            go.wait(30)

    with beside(hold):
        ready.wait(10)
        Venue.objects.update(name="After")
        EventFactory(summary="other")
        publishing.publish()
        assert b"SUMMARY:other" in published.read(KEY).body
        go.set()
    publishing.publish()
    assert b"After" in published.read(KEY).body


@pytest.mark.django_db
def test_beat_to_come_has_no_calendar_yet(client):
    BeatFactory(code="soon", starts_on=timezone.localdate() + timedelta(days=30))

    assert client.get("/feeds/beats/soon.ics").status_code == 404
    assert not Publication.objects.filter(path="feeds/beats/soon.ics").exists()


@pytest.mark.django_db
def test_reader_finds_one_whole_version_while_it_is_switched(monkeypatch):
    EventFactory(summary="a")
    publishing.publish()
    real = published._head

    def switched(folder):
        head = real(folder)
        monkeypatch.setattr(published, "_head", real)
        Event.objects.update(summary="b")
        publishing.publish()
        return head

    monkeypatch.setattr(published, "_head", switched)

    assert published.read(KEY) is not None


@pytest.mark.django_db
def test_nothing_is_left_of_a_feed_that_is_taken_away(settings):
    publishing.publish()
    versions = settings.FEEDS_ROOT / "versions"
    (settings.FEEDS_ROOT / "live" / KEY).unlink()
    published.remove(KEY)
    assert not (versions / "feeds.all.ics").exists()

    (versions / "feeds.stray.ics").mkdir()
    publishing.heal()

    assert not (versions / "feeds.stray.ics").exists()
