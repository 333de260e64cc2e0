"""A change leads to new bytes for exactly the feeds it touches, and nothing else does."""

import os
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.db.models import F
from django.utils import timezone

from outreach.actors import SYSTEM
from outreach.enums import Program
from outreach.models import Beat, Venue, WatchGroup
from scheduling import published
from scheduling.enums import Classification, EventStatus, Scope
from scheduling.feeds import Feed
from scheduling.models import Event, FeedMark, Publication, Revision, WatchMeeting
from scheduling.services import (
    batches,
    bookings,
    events,
    own_feeds,
    publishing,
    reshaping,
    surveys,
    windows,
)
from scheduling.services import series as series_service
from tests.factories.events import EventFactory, make_plan, tomorrow
from tests.factories.people import make_pair, make_request
from tests.factories.places import BeatFactory, VenueFactory
from tests.factories.series import make_wish

pytestmark = pytest.mark.django_db


@pytest.fixture
def beats():
    return BeatFactory(code="one"), BeatFactory(code="two")


def bytes_of(key: str = "feeds/all.ics") -> bytes:
    version = published.read(key)
    assert version is not None
    return version.body


def digests() -> dict[str, str]:
    return dict(Publication.objects.values_list("path", "digest"))


def changed_by(act) -> set[str]:
    """The feeds whose bytes on disk differ after an act."""
    while publishing.publish():
        pass
    before = {key: published.read(key).head.digest for key in digests()}
    act()
    publishing.publish()
    assert not Publication.objects.exclude(stale_since=None).exists()
    return {key for key in digests() if published.read(key).head.digest != before.get(key)}


def of_event(*beats: str, program: str = "neighborhood-watch") -> set[str]:
    """The feeds an event of these beats stands in, in both languages."""
    names = {"all", f"programs/{program}"}
    names |= {f"beats/{beat}" for beat in beats} | {f"beats/{beat}/{program}" for beat in beats}
    return {f"feeds/{language}{name}.ics" for name in names for language in ("", "es/")}


def test_every_feed_is_published_once_at_the_start(beats):
    WatchGroup.objects.create(code="oak", name="Oak St", beat=beats[0], starts_on="2026-01-01")
    changed = publishing.publish()

    assert changed == len(digests()) == 2 * (1 + 2 + 5 + 2 * 5 + 1)
    assert all(published.read(key) for key in digests())
    assert publishing.publish() == 0


def test_new_event_changes_its_own_feeds_and_no_others(beats):
    plan = make_plan(beat=beats[0])

    assert changed_by(lambda: events.create(plan, by=SYSTEM)) == of_event("one")


def test_event_that_moves_to_another_beat_leaves_the_first(beats):
    event = events.create(make_plan(beat=beats[0]), by=SYSTEM)
    plan = make_plan(beat=beats[1], program=Program.COMMUNITY, starts_at=event.starts_at)

    changed = changed_by(lambda: events.change(event.pk, plan, by=SYSTEM))

    assert changed == of_event("one") | of_event("two", program="community")
    assert str(event.uid).encode() not in bytes_of("feeds/beats/one.ics")


def test_shared_beat_that_is_taken_out_loses_the_event(beats):
    event = events.create(make_plan(beat=beats[0], also_beats=(beats[1],)), by=SYSTEM)
    plan = make_plan(beat=beats[0], starts_at=event.starts_at)

    changed = changed_by(lambda: events.change(event.pk, plan, by=SYSTEM))

    assert {"feeds/beats/two.ics", "feeds/beats/two/neighborhood-watch.ics"} <= changed
    assert str(event.uid).encode() not in bytes_of("feeds/beats/two.ics")


def test_event_of_the_whole_city_changes_every_beat(beats):
    changed = changed_by(lambda: events.create(make_plan(), by=SYSTEM))

    assert changed == of_event("one", "two")


def test_words_in_spanish_change_the_spanish_feeds_only(beats):
    event = events.create(make_plan(beat=beats[0]), by=SYSTEM)

    changed = changed_by(lambda: event.texts.create(language="es", summary="Reunión"))

    assert changed == {key for key in of_event("one") if "/es/" in key}
    assert "SUMMARY:Reunión".encode() in bytes_of("feeds/es/beats/one.ics")


WRITERS = {
    "cancel": lambda event: events.cancel(event.pk, by=SYSTEM, reason="storm"),
    "many cancelled": lambda event: batches.cancel([event.pk], by=SYSTEM, reason="storm"),
    "many updated": lambda event: Event.objects.update(
        summary="Other", sequence=F("sequence") + 1, updated_at=tomorrow()
    ),
    "sql by hand": lambda event: run("UPDATE scheduling_event SET summary = 'By hand'"),
    "deleted": lambda event: event.delete(),
    "made private": lambda event: Event.objects.update(classification=Classification.PRIVATE),
    "made tentative": lambda event: Event.objects.update(status=EventStatus.TENTATIVE),
}


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS.keys())
def test_whoever_writes_the_feeds_follow(beats, write):
    event = events.create(make_plan(beat=beats[0]), by=SYSTEM)

    assert changed_by(lambda: write(event)) == of_event("one")


def test_series_is_published_with_all_its_dates(beats):
    wish = make_wish(beat=beats[0])
    changed = changed_by(lambda: series_service.create(wish, by=SYSTEM))
    assert changed == of_event("one", program=wish.like.program)
    first = Event.objects.order_by("starts_at")[0]
    plan = events.plan_of(first)

    def rename():
        words = {"summary": "Another title"}
        renamed = events.Plan(**(vars(plan) | words))
        reshaping.change(first.pk, renamed, scope=Scope.ALL, by=SYSTEM)

    assert changed_by(rename) == of_event("one", program=wish.like.program)
    text = bytes_of("feeds/beats/one.ics")
    assert text.count(b"SUMMARY:Another title") == text.count(b"BEGIN:VEVENT") > 1


def test_what_nobody_can_see_changes_no_feed(beats):
    pair = make_pair(beats[0])
    event = events.create(make_plan(beat=beats[0], staff=tuple(pair)), by=SYSTEM)
    private = events.create(
        make_plan(beat=beats[0], classification=Classification.PRIVATE), by=SYSTEM
    )

    assert changed_by(lambda: bookings.book(event.pk, staff=pair[:1])) == set()
    assert changed_by(lambda: events.cancel(private.pk, by=SYSTEM, reason="x")) == set()
    event.refresh_from_db()
    assert event.sequence == 0


def test_survey_booked_and_cancelled_changes_the_own_calendars_only(beats):
    pair, request = make_pair(beats[0]), make_request(beats[0])
    own = {f"own/{own_feeds.renew(person).uid.hex}" for person in pair}

    def book():
        surveys.book_visit(request.pk, starts_at=tomorrow(10), staff=pair, by=SYSTEM)

    assert changed_by(book) == own
    assert changed_by(lambda: surveys.cancel_visit(request.pk, by=SYSTEM, reason="x")) == own


def test_group_has_a_feed_of_its_meetings(beats):
    group = WatchGroup.objects.create(
        code="oak", name="Oak St", beat=beats[0], starts_on="2026-01-01"
    )
    event = events.create(make_plan(beat=beats[0]), by=SYSTEM)
    own = {"feeds/groups/oak.ics", "feeds/es/groups/oak.ics"}

    assert changed_by(lambda: WatchMeeting.objects.create(event=event, group=group)) == own
    assert str(event.uid).encode() in bytes_of("feeds/groups/oak.ics")
    changed = changed_by(lambda: events.cancel(event.pk, by=SYSTEM, reason="x"))
    assert changed == of_event("one") | own


def test_venue_that_reads_otherwise_revises_its_coming_events(beats):
    venue = VenueFactory(name="Library")
    coming = events.create(make_plan(beat=beats[0], venue=venue), by=SYSTEM)
    past = EventFactory(venue=venue, starts_at=tomorrow() - timedelta(days=5))
    ended = EventFactory(venue=venue, status=EventStatus.CANCELLED)

    def rename():
        Venue.objects.update(name="Main Library")
        Venue.objects.update(address="601 Main St")

    assert of_event("one") <= changed_by(rename)
    assert b"Main Library" in bytes_of()
    sequences = {event.pk: event.sequence for event in Event.objects.all()}
    assert sequences == {coming.pk: 1, past.pk: 0, ended.pk: 0}
    assert Revision.objects.filter(event=coming, kind="edited", sequence=1).count() == 1
    assert changed_by(lambda: Venue.objects.update(is_active=False)) == set()


def test_beat_that_is_renamed_reads_so_in_its_feeds(beats):
    events.create(make_plan(beat=beats[0]), by=SYSTEM)

    changed = changed_by(lambda: Beat.objects.filter(code="one").update(name="Harbor"))

    assert of_event("one") <= changed
    assert not {key for key in changed if "two" in key}
    assert b"X-WR-CALNAME:Harbor: " in bytes_of("feeds/beats/one.ics")
    assert Event.objects.get().sequence == 1


def test_beat_that_retires_is_taken_away(beats, client):
    publishing.publish()
    Beat.objects.filter(code="two").update(starts_on="2020-01-01", ends_on="2021-01-01")
    publishing.publish()

    assert published.read("feeds/beats/two.ics") is None
    assert published.read("feeds/beats/one.ics") is not None
    assert client.get("/feeds/beats/two.ics").status_code == 410


def test_midnight_moves_every_window(beats, settings):
    publishing.publish()
    before = published.read("feeds/all.ics").head.serial
    Publication.objects.update(made_for="yesterday")

    publishing.publish()

    assert not Publication.objects.filter(made_for="yesterday").exists()
    assert published.read("feeds/all.ics").head.serial == before  # nothing happened: same bytes


def test_last_modified_rises_by_a_second_with_each_version():
    EventFactory()
    dates = []
    for title in ("a", "b", "c"):
        Event.objects.update(summary=title)
        publishing.publish()
        dates.append(published.read("feeds/all.ics").head.modified)

    assert dates[0] < dates[1] < dates[2]


def torn_body(folder):
    (folder / "feed.ics").write_bytes(b"BEGIN:VCALENDAR")


def torn_packed(folder):
    (folder / "feed.ics.gz").write_bytes(b"")


def torn_head(folder):
    (folder / "head.json").write_text("{")


def lost_body(folder):
    (folder / "feed.ics").unlink()


def lost_folder(folder):
    folder.rename(folder.with_name("elsewhere"))


@pytest.mark.parametrize("tear", [torn_body, torn_packed, torn_head, lost_body, lost_folder])
def test_lost_or_torn_file_heals_itself(settings, tear):
    EventFactory()
    publishing.publish()
    whole = bytes_of()
    tear((settings.FEEDS_ROOT / "live/feeds/all.ics").resolve())
    assert published.read("feeds/all.ics") is None

    assert publishing.heal() == 1
    publishing.publish()

    assert bytes_of() == whole
    assert publishing.heal() == 0


def test_lost_link_and_stray_link_heal(settings):
    publishing.publish()
    live = settings.FEEDS_ROOT / "live/feeds"
    (live / "beats").mkdir(exist_ok=True)
    os.symlink("all.ics", live / "beats/stray.ics")
    (live / "all.ics").unlink()

    assert publishing.heal() == 2
    publishing.publish()

    assert published.read("feeds/all.ics") is not None
    assert not (live / "beats/stray.ics").is_symlink()


def test_whoever_was_overtaken_cannot_leave_older_bytes():
    event, feed = EventFactory(summary="older"), Feed()
    publishing.publish()
    seen = published.serial(feed.key)
    slow = published.Draft(b"older bytes", "all.ics", 1)  # a worker that read and then hung
    Event.objects.filter(pk=event.pk).update(summary="newer")
    publishing.publish()

    with pytest.raises(published.Overtaken):
        published.write(feed.key, slow, seen=seen)
    assert b"SUMMARY:newer" in bytes_of()
    # Without the look at what it had seen, the older bytes would stand.
    published.write(feed.key, slow, seen=published.serial(feed.key))
    assert bytes_of() == b"older bytes"


def test_full_disk_leaves_what_was_published_and_is_made_good(settings, monkeypatch):
    event = EventFactory(summary="before")
    publishing.publish()
    before = bytes_of()
    Event.objects.filter(pk=event.pk).update(summary="after")

    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(published.Path, "write_bytes", full)
        assert publishing.publish() == 0
    assert bytes_of() == before
    publishing.publish()
    assert b"SUMMARY:after" in bytes_of()


def test_booking_that_is_refused_leaves_no_mark(beats):
    pair = make_pair(beats[0])
    events.create(make_plan(staff=pair), by=SYSTEM)
    publishing.publish()

    with pytest.raises(bookings.DoubleBooked):
        events.create(make_plan(staff=pair), by=SYSTEM)

    assert not FeedMark.objects.exists()


def test_text_of_events_is_rendered_once_and_forgotten_in_time(
    beats, django_assert_max_num_queries
):
    EventFactory.create_batch(30, beat=beats[0])
    publishing.publish()
    written = Event.objects.get(pk=Event.objects.first().pk).feed_entries.count()
    assert written == 2  # English and Spanish, for all its feeds

    with django_assert_max_num_queries(4):
        assert windows.read().body(Feed(beats[0]))[1] == 30
    with time_machine.travel(timezone.now() + timedelta(days=70)):
        assert publishing.forget() == 60
