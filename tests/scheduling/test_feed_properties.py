"""Whatever happens to events, calendars show what they should, and nothing private."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from knox.models import get_token_model

from outreach.actors import SYSTEM
from outreach.enums import AccommodationKind, Disclosure, VenueKind
from scheduling import feeds, ical, published, selectors
from scheduling.enums import Classification, EventStatus, Outcome
from scheduling.models import Booking, Event, EventText, FeedEntry, FeedMark, WatchMeeting
from scheduling.months import this_month
from scheduling.services import (
    accommodations,
    closing,
    events,
    own_feeds,
    publishing,
    requests,
    rsvps,
    surveys,
    windows,
)
from tests.factories.events import EventFactory, make_plan, tomorrow
from tests.factories.people import ContactFactory, make_event_request, make_pair, make_request
from tests.factories.places import BeatFactory, VenueFactory, make_group
from tests.factories.seats import sign_up

pytestmark = pytest.mark.django_db
FEW = settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
LANGUAGES = ("en", "es")
STAMPS = re.compile(r"(?:DTSTAMP|LAST-MODIFIED|SEQUENCE):[^\r]*\r\n")
PROGRAMS = ["neighborhood-watch", "community", "presentations"]
OPEN = [Classification.PUBLIC, Classification.PRIVATE, Classification.CONFIDENTIAL]


@pytest.fixture
def town():
    """What a change may choose from: an index into each."""
    beats = [BeatFactory(code="one"), BeatFactory(code="two")]
    groups = [make_group(beat, f"group-{beat.code}") for beat in beats]
    pair = make_pair(beats[0])
    return {
        "beat": [*beats, None],
        "also_beats": [(), (beats[0],), (beats[1],)],
        "group": [None, *groups],
        "venue": [None, VenueFactory(), VenueFactory(longitude=None)],
        "staff": [(), pair[:1], pair],
        "program": PROGRAMS,
        "classification": OPEN,
        "summary": ["Watch", "Talk; one, two", "a\\b"],
        "description": ["", "Bring\na chair", "Bring,\n\na chair"],
        "location": ["", "Room 1", "Behind it"],
        "texts": [{}, {"es": ("Charla", "")}, {"es": ("Charla", "Silla")}],
        "starts_at": [tomorrow(), tomorrow(20), tomorrow() + timedelta(days=9)],
    }


FIELDS = ["beat", "also_beats", "group", "venue", "staff", "program", "classification", "summary",
          "description", "location", "texts", "starts_at"]  # fmt: skip
wishes = st.dictionaries(st.sampled_from(FIELDS), st.integers(0, 2), max_size=4)


def chosen(town, wish: dict[str, int]) -> dict[str, object]:
    told = {name: town[name][index] for name, index in wish.items()}
    if "starts_at" in told:
        told["ends_at"] = told["starts_at"] + timedelta(hours=1)
    return told


def as_a_form_has_it(plan: events.Plan) -> events.Plan:
    """No beat twice, and none beside the whole city."""
    others = tuple(beat for beat in plan.also_beats if plan.beat and beat != plan.beat)
    return replace(plan, also_beats=others)


def shown(event: Event) -> tuple[list[str], set[str]]:
    """What a subscriber can see of an event: its text in each language, and in which calendars."""
    fresh = selectors.public_events().filter(pk=event.pk).first()
    if fresh is None:
        return [], set()
    texts = [STAMPS.sub("", ical.entry(fresh, language)) for language in LANGUAGES]
    # Not those of groups: whose meeting it is changes nothing for who reads the event.
    english = (
        feed for feed in feeds.every() if feed.language == "en" and not feed.link and not feed.group
    )
    found = {feed.key for feed in english if feed.events().filter(pk=event.pk).exists()}
    return texts, found


@FEW
@given(first=wishes, steps=st.lists(wishes, min_size=1, max_size=3), ends=st.booleans())
def test_sequence_rises_exactly_when_a_subscriber_sees_a_change(town, first, steps, ends):
    Event.objects.all().delete()
    plan = as_a_form_has_it(make_plan(**{"starts_at": tomorrow()} | chosen(town, first)))
    event = events.create(plan, by=SYSTEM)
    acts = [lambda wish=wish: _change(event, chosen(town, wish)) for wish in steps]
    if ends:
        acts.append(lambda: events.cancel(event.pk, by=SYSTEM, reason="x"))
    for act in acts:
        before, sequence = shown(event), Event.objects.get(pk=event.pk).sequence
        act()
        after, raised = shown(event), Event.objects.get(pk=event.pk).sequence - sequence
        if before != ([], set()) or after != ([], set()):
            assert raised == (1 if before != after else 0), (before, after)


def _change(event: Event, told: dict[str, object]) -> None:
    plan = events.plan_of(Event.objects.get(pk=event.pk))
    events.change(event.pk, as_a_form_has_it(replace(plan, **told)), by=SYSTEM)


ACTS = ["make", "columns", "beats", "group", "words", "delete", "staff", "publish"]
acts = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, 5), st.integers(0, 2), st.integers(0, 2)),
    min_size=1,
    max_size=12,
)


def act_on(town, act: str, which: int, one: int, other: int) -> None:
    """Something happens to one of the events, by whichever way."""
    event = Event.objects.order_by("pk")[which : which + 1].first()
    if act == "publish":
        publishing.publish()
    elif act == "make" or event is None:
        EventFactory(beat=town["beat"][one], program=PROGRAMS[other], starts_at=DAYS[which])
    elif act == "delete":
        event.delete()
    elif act == "columns":
        status, mine = list(EventStatus)[one], Event.objects.filter(pk=event.pk)
        change = {"beat": town["beat"][other], "program": PROGRAMS[one], "summary": str(other)}
        each = [{"status": status}, {"classification": OPEN[one]}, change]
        mine.update(**each[which % 3])
    elif act == "beats":
        event.also_beats.set(town["also_beats"][one])
    elif act == "group":
        WatchMeeting.objects.filter(event=event).delete()
        if group := town["group"][one]:
            WatchMeeting.objects.create(event=event, group=group)
    elif act == "words":
        EventText.objects.update_or_create(
            event=event, language="es", defaults={"summary": f"Charla {one}"}
        )
    elif act == "staff":
        _claim(event, town["staff"][2][other % 2])


DAYS = [tomorrow() + timedelta(days=days, hours=hours)
        for days, hours in ((0, 0), (-70, 0), (500, 0), (-1, 0), (3, 0), (4, 2))]  # fmt: skip


def _claim(event: Event, person) -> None:
    Booking.objects.filter(staff=person).delete()
    Booking.objects.create(
        event=event, staff=person, starts_at=event.starts_at, ends_at=event.ends_at
    )


def uids(body: bytes) -> list[str]:
    return re.findall(r"\r\nUID:([^\r]+)", body.decode())


@FEW
@given(what=acts)
def test_published_bytes_hold_exactly_the_events_of_each_feed(town, what):
    Event.objects.all().delete()
    if not feeds.open_links().exists():
        own_feeds.renew(town["staff"][2][0])
    for act in what:
        act_on(town, *act)
    publishing.publish()

    every = list(feeds.every())
    kept = {feed.key: published.read(feed.key).body for feed in every}
    for feed in every:
        if feed.language == "en":
            wanted = [str(uid) for uid in feed.events().values_list("uid", flat=True)]
            other = kept.get(feed.in_language("es").key, kept[feed.key])
            assert uids(kept[feed.key]) == uids(other) == wanted, feed.key
    # And word for word what somebody would write who had never published anything.
    FeedEntry.objects.all().delete()
    for some in ([feed for feed in every if not feed.link], [every[-1]]):
        publishing._fill(some)
        window = windows.read(some[0].link)
        for feed in some:
            assert window.body(feed)[0] == kept[feed.key], feed.key
    assert not FeedMark.objects.exists()


MARK = "Zzmarkzz"
MARKED = {"name": f"{MARK} Reyes", "email": f"{MARK.lower()}@example.org"}


@pytest.fixture
def marked(settings):
    """Something private wherever there is room for it; returns a caller of another beat."""
    beat = BeatFactory(code="b1")
    pair = make_pair(beat)
    for person in pair:
        person.user.email = MARKED["email"]  # the work e-mail beside it is for everybody
        person.user.save()
    own_feeds.renew(pair[0])
    asked = make_request(
        beat, name=MARKED["name"], reach=MARKED["email"], address=f"7 {MARK} St", notes=MARK
    )
    surveys.book_visit(asked.pk, starts_at=tomorrow(10), staff=pair, by=SYSTEM)
    home = VenueFactory(
        name=f"{MARK} living room", kind=VenueKind.HOME, disclosure=Disclosure.BLOCK, address=""
    )
    home.block = "1200 block of Oak St"
    home.seal("address", f"9 {MARK} Ave")
    home.save()
    mark_requests(beat, pair)
    mark_event(beat, home, pair[0])
    return pair


def mark_requests(beat, pair) -> None:
    """One that waits, one whose event is public: what was told stays with those who answer."""
    told = {**MARKED, "topic": f"Topic {MARK}", "organization": MARK, "audience": MARK,
            "place": f"8 {MARK} Rd", "notes": MARK}  # fmt: skip
    make_event_request(beat, **told)
    wish = make_event_request(beat, **told)
    start = tomorrow(12) + timedelta(days=2)
    approval = requests.Approval("Public talk", start, 60, (pair[1],), location="Library")
    event = requests.approve(wish.pk, approval, by=pair[1])
    Event.objects.filter(pk=event.pk).update(classification=Classification.PUBLIC)


def mark_event(beat, home, cpc) -> None:
    """An event that anyone may read, with all that hangs on it; and two that nobody may."""
    event = events.create(make_plan(beat=beat, venue=home), by=SYSTEM)
    moved = replace(events.plan_of(event), summary="Open house")
    events.change(event.pk, moved, by=SYSTEM, reason=f"{MARK} asked")
    rsvps.set_seats(event.pk, capacity=9, most_a_household=4, closes_at=None)
    sign_up(event, MARK, 2)
    need = accommodations.Need(AccommodationKind.INTERPRETER, language="es")
    accommodations.ask(event, [need], contact=ContactFactory(**MARKED))
    past = EventFactory(beat=beat, starts_at=timezone.now() - timedelta(days=1))
    said = (closing.Said(f"{MARK} alley", block=MARK, promise=MARK),)
    closing.close(past.pk, report=closing.Report(Outcome.HELD, 9, 60, ("en",), said), by=cpc)
    closing.answer(past.heard.get().pk, words=MARK)
    called_off = events.create(make_plan(beat=beat, starts_at=tomorrow(15)), by=SYSTEM)
    events.cancel(called_off.pk, by=SYSTEM, reason=f"{MARK} is ill")
    hidden = {"summary": MARK, "description": MARK, "location": MARK, "beat": beat}
    for kind in (Classification.PRIVATE, Classification.CONFIDENTIAL):
        EventFactory(classification=kind, **hidden)
    EventFactory(status=EventStatus.TENTATIVE, **hidden)


def ways_out() -> list[str]:
    month, uids = this_month(), Event.objects.values_list("uid", flat=True)
    found = ["/", "/events/", "/beats/", "/beats/b1/", f"/beats/b1/{month}/", "/events.csv",
             "/beats/b1/events.csv", "/events.atom", "/events.es.atom", "/beats/b1/events.atom",
             "/beats/b1/events.es.atom", "/embed/", "/embed/beats/b1/", "/embed/about/",
             "/api/v1/events/", "/api/v1/beats/", "/api/v1/venues/"]  # fmt: skip
    following = (timezone.localdate() + timedelta(days=3)).strftime("%Y-%m")
    found.append(f"/beats/b1/{following}/")
    for uid in uids:
        found += [f"/events/{uid}/", f"/events/{uid}.ics", f"/api/v1/events/{uid}/"]
    found += [feed.path for feed in feeds.every() if not feed.link]
    return found


def test_nothing_private_leaves_by_any_way_out(marked, client):
    publishing.publish()
    answers = {path: client.get(path) for path in ways_out()}

    assert sum(answer.status_code == 200 for answer in answers.values()) > 40
    leaks = [path for path, answer in answers.items() if MARK.lower() in text_of(answer)]
    assert leaks == []
    on_disk = [key for key in published.every() if not key.startswith("own/")]
    assert len(on_disk) > 20
    assert [key for key in on_disk if MARK.lower().encode() in lowered(key)] == []
    assert any(b"Open house" in published.read(key).body for key in on_disk)


def test_own_calendar_says_nothing_of_whom_a_survey_is_for(marked):
    publishing.publish()
    (key,) = [key for key in published.every() if key.startswith("own/")]

    assert b"summary:appointment" in lowered(key)
    assert MARK.lower().encode() not in lowered(key)


def test_refusal_with_free_times_tells_nothing_of_the_survey_in_the_way(marked):
    BeatFactory(code="b2")
    other, _ = make_pair(BeatFactory(code="b3"))
    _, token = get_token_model().objects.create(user=other.user)
    start = tomorrow(10)
    wish = {"program": "community", "beat": "b3", "summary": "x", "starts_at": start.isoformat(),
            "ends_at": (start + timedelta(hours=1)).isoformat(),
            "staff": [marked[0].user.username]}  # fmt: skip
    told = {"Authorization": f"Token {token}", "Idempotency-Key": "k1"}

    answer = Client().post("/api/v1/events/", wish, content_type="application/json", headers=told)

    assert answer.status_code == 409, answer.content
    assert answer.json()["free_times"]
    for word in (MARK.lower(), "survey", "oak st"):
        assert word not in text_of(answer)


def lowered(key: str) -> bytes:
    return published.read(key).body.replace(b"\r\n ", b"").lower()


def text_of(answer) -> str:
    headers = "\n".join(f"{name}: {value}" for name, value in answer.items())
    return (headers + answer.content.decode().replace("\r\n ", "")).lower()
