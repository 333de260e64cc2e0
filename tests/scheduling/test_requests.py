"""People ask for an event, staff answer: promise 2, holds, notice, caps, and nobody home."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.db import connection, connections, transaction
from django.urls import reverse
from django.utils import timezone

from notifications.models import Message
from notifications.services import planning
from outreach import selectors as outreach_selectors
from outreach.actors import SYSTEM, Actor
from outreach.enums import Duty, Program, RequestStatus, Role
from outreach.models import EventRequest, Post
from outreach.services.requests import Ask, NotOpen, own_link
from scheduling import localtime, selectors
from scheduling.enums import BookingStatus, EventStatus
from scheduling.models import Booking, Event, ProgramPolicy, RequestedEvent
from scheduling.services import events, requests
from scheduling.services.bookings import DoubleBooked
from tests.factories.events import make_plan
from tests.factories.people import PostFactory, StaffMemberFactory, make_pair
from tests.factories.places import BeatFactory

PAIRS = 50 if os.environ.get("BEATBOOK_FULL") else 8
HOUR = timedelta(hours=1)
OPEN = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND xact_start IS NOT NULL"
)


def at(days: int = 21, hour: int = 10):
    """An hour of a working day some three weeks ahead."""
    day = timezone.localdate() + timedelta(days=days)
    while day.weekday() > 3:
        day += timedelta(days=1)
    return localtime.midnight(day) + timedelta(hours=hour)


def wish(beat, **other) -> Ask:
    told = {
        "program": Program.PRESENTATIONS, "topic": "Scams", "minutes": 60, "wished": (at(),),
        "name": "Robin", "email": "robin@example.org", "beat": beat,
    }  # fmt: skip
    return Ask(**(told | other))


def approval(pair, **other) -> requests.Approval:
    told = {"summary": "Safety talk", "starts_at": at(), "minutes": 60, "staff": tuple(pair)}
    return requests.Approval(**(told | other))


@pytest.fixture
def beat(db):
    return BeatFactory(code="b1")


@pytest.fixture
def pair(beat):
    return make_pair(beat)


def test_request_holds_its_first_time_and_the_hold_ends(beat, pair):
    asked = requests.ask(wish(beat))

    assert Event.objects.get().status == EventStatus.TENTATIVE
    assert set(Booking.objects.values_list("status", flat=True)) == {BookingStatus.HELD}
    with pytest.raises(DoubleBooked):
        events.create(make_plan(starts_at=at(), staff=pair[:1]), by=SYSTEM)
    until = requests.held_until(asked)
    assert until is not None
    with time_machine.travel(until + timedelta(minutes=1)):
        assert requests.held_until(asked) is None
        events.create(make_plan(starts_at=at(), ends_at=at() + HOUR, staff=pair[:1]), by=SYSTEM)


def test_held_time_that_is_moved_is_still_only_held(beat, pair):
    requests.ask(wish(beat))
    event = Event.objects.get()
    until = Booking.objects.first().expires_at

    plan = make_plan(beat=beat, staff=pair, starts_at=at(hour=14), status=EventStatus.TENTATIVE,
                     program=Program.PRESENTATIONS)  # fmt: skip
    events.change(event.pk, plan, by=SYSTEM)

    standing = Booking.objects.exclude(status=BookingStatus.RELEASED)
    assert {(one.status, one.expires_at) for one in standing} == {(BookingStatus.HELD, until)}


def test_approval_confirms_the_hold_and_tells_when_and_where(beat, pair):
    asked = requests.ask(wish(beat))

    event = requests.approve(asked.pk, approval(pair), by=pair[0])
    again = requests.approve(asked.pk, approval(pair), by=pair[0])

    asked.refresh_from_db()
    assert (asked.status, event.status, again.pk) == ("approved", "confirmed", event.pk)
    assert set(event.bookings.active().values_list("status", flat=True)) == {"confirmed"}
    planning.plan()
    assert set(Message.objects.values_list("kind", flat=True)) == {
        "request-received", "request-approved",
    }  # fmt: skip


def test_approval_that_clashes_leaves_it_pending_with_the_reason(beat, pair):
    ProgramPolicy.objects.update(hold_hours=0)
    asked = requests.ask(wish(beat))
    events.create(make_plan(starts_at=at(), ends_at=at() + HOUR, staff=pair[:1]), by=SYSTEM)

    with pytest.raises(DoubleBooked):
        requests.approve(asked.pk, approval(pair), by=pair[1])

    asked.refresh_from_db()
    assert asked.status == RequestStatus.RECEIVED
    assert pair[0].name in asked.decisions.get().reason
    assert Event.objects.count() == 1


def test_decline_frees_the_hold_and_says_why(beat, pair):
    asked = requests.ask(wish(beat))

    requests.decline(asked.pk, by=Actor(staff=pair[0]), reason="No room")

    asked.refresh_from_db()
    assert (asked.status, asked.answer) == ("declined", "No room")
    assert not Booking.objects.active().exists()
    with pytest.raises(NotOpen):
        requests.approve(asked.pk, approval(pair), by=pair[0])


def test_notice_and_caps_are_refused_at_the_wish(beat, pair):
    with pytest.raises(requests.NotOffered, match="0"):
        requests.ask(wish(beat, wished=(at(2),)))
    ProgramPolicy.objects.update(most_a_week=1)
    requests.ask(wish(beat))
    with pytest.raises(requests.NotOffered) as refusal:
        requests.ask(wish(beat, email="eva@example.org", wished=(at(hour=15),)))

    assert "That week is full" in refusal.value.words
    assert EventRequest.objects.count() == 1


def test_one_mailbox_holds_one_time_and_a_beat_a_few(beat, pair):
    ProgramPolicy.objects.update(most_holds=2, most_a_week=None)
    for number, email in enumerate(["a@example.org", "a@example.org", "b@example.org", "c@x.org"]):
        requests.ask(wish(beat, email=email, wished=(at(21 + 7 * number),)))

    held = RequestedEvent.objects.values_list("request__contact__email", flat=True)
    assert sorted(held) == ["a@example.org", "b@example.org"]


@pytest.mark.parametrize("vacant", [[], [Duty.CPC], [Duty.CPC, Duty.NRO]], ids=str)
def test_nobody_home_hands_over_to_the_backup_then_to_the_sergeant(beat, pair, vacant):
    backup, sergeant = StaffMemberFactory(), StaffMemberFactory(role=Role.SERGEANT)
    Post.objects.filter(duty__in=vacant).update(staff=None)
    asked = requests.ask(wish(beat))

    found = outreach_selectors.responsible(beat)
    assert set(found) == ({*pair[len(vacant) :]} or {sergeant})
    assert (asked in selectors.waiting_requests(sergeant)) == (len(vacant) == 2)
    Post.objects.filter(staff=None).update(backup=backup)
    assert (backup in outreach_selectors.responsible(beat)) == bool(vacant)


def test_request_that_waits_too_long_is_the_sergeants_too(beat, pair):
    sergeant = StaffMemberFactory(role=Role.SERGEANT)
    asked = requests.ask(wish(beat))
    assert asked not in selectors.waiting_requests(sergeant)

    EventRequest.objects.update(created_at=timezone.now() - timedelta(days=14))

    assert asked in selectors.waiting_requests(sergeant)
    assert asked in selectors.waiting_requests(pair[0])


def test_public_form_asks_once_and_the_link_withdraws(client, beat, pair):
    start = timezone.localtime(at())
    typed = {
        "key": "3d1b1d0c-0c3e-4c5c-9a41-d2f0a2b0f009", "program": "presentations",
        "topic": "Scams", "day": f"{start:%m/%d/%Y}", "starts": "10am", "beat": "b1",
        "name": "Robin", "reach": "robin@example.org",
    }  # fmt: skip

    for _ in range(2):
        page = client.post(reverse("request_event"), typed)
        assert "We have your request" in page.content.decode()
    asked = EventRequest.objects.get()
    address = reverse("withdraw_own_event_request", args=[own_link(asked)])
    assert client.get(reverse("own_event_request", args=[own_link(asked)])).status_code == 200
    client.post(address)

    asked.refresh_from_db()
    assert asked.status == RequestStatus.WITHDRAWN
    assert not Booking.objects.active().exists()


def test_wish_too_soon_is_said_beside_its_date(client, beat, pair):
    soon = timezone.localdate() + timedelta(days=2)
    typed = {
        "key": "3d1b1d0c-0c3e-4c5c-9a41-d2f0a2b0f009", "program": "presentations",
        "topic": "Scams", "day": f"{soon:%m/%d/%Y}", "starts": "10am", "beat": "b1",
        "name": "Robin", "reach": "robin@example.org",
    }  # fmt: skip

    page = client.post(reverse("request_event"), typed)

    assert list(page.context["form"].errors) == ["day"]
    assert not EventRequest.objects.exists()


def pending(pair) -> list[EventRequest]:
    """Two requests for the same pair that overlap and hold nothing."""
    beat = pair[0].posts.get().beat
    return [
        requests.ask(wish(beat, email=f"{n}{beat.pk}@example.org", wished=(at(hour=10),)))
        for n in range(2)
    ]


def all_at_once(acts) -> tuple[list[object], int]:
    """Run every act in a thread of its own from one barrier; answers, None for one refused, and
    the most transactions open at once."""
    barrier, most = threading.Barrier(len(acts)), [0]

    def one(act) -> object:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                barrier.wait(60)
                cursor.execute(OPEN)
                most[0] = max(most[0], cursor.fetchone()[0])
                barrier.wait(60)
            return act()
        except DoubleBooked:
            return None
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts)), most[0]


@pytest.fixture
def crowd(transactional_db):
    for program in (Program.PRESENTATIONS, Program.COMMUNITY):
        ProgramPolicy.objects.update_or_create(
            program=program, defaults={"hold_hours": 0, "notice_days": 0, "most_a_week": None}
        )
    return [make_pair(BeatFactory()) for _ in range(PAIRS)]


@pytest.mark.slow
def test_of_two_overlapping_approvals_one_wins_and_the_other_stays_pending(crowd):
    rivals = [pending(pair) for pair in crowd]
    acts = [
        partial(requests.approve, asked.pk, approval(pair), by=pair[0])
        for pair, both in zip(crowd, rivals, strict=True)
        for asked in both
    ]

    booked, most_open = all_at_once(acts)

    assert most_open >= 8, "the storm did not storm"
    for number, both in enumerate(rivals):
        found = sorted(EventRequest.objects.filter(pk__in=[one.pk for one in both]),
                       key=lambda one: one.status)  # fmt: skip
        assert sum(one is not None for one in booked[2 * number : 2 * number + 2]) == 1
        assert [one.status for one in found] == ["approved", "received"]
        assert found[1].decisions.get().reason
    assert Event.objects.filter(status=EventStatus.CONFIRMED).count() == PAIRS
    assert Booking.objects.active().count() == 2 * PAIRS


@pytest.mark.slow
def test_control_without_lock_look_and_constraint_both_win(crowd):
    wanted = next(
        c for c in Booking._meta.constraints if c.name == "booking_staff_never_in_two_places"
    )
    with connection.schema_editor() as editor:
        editor.remove_constraint(Booking, wanted)
    gate = threading.Barrier(2)

    def careless(asked, pair) -> Event:
        is_free = not Booking.objects.active().filter(staff=pair[0]).exists()
        gate.wait(20)  # both have looked before either writes
        assert is_free
        event = events.create(make_plan(starts_at=at(), ends_at=at() + HOUR), by=SYSTEM)
        Booking.objects.create(event=event, staff=pair[0], starts_at=at(), ends_at=at() + HOUR)
        return event

    try:
        won, _most = all_at_once([partial(careless, one, crowd[0]) for one in pending(crowd[0])])
        assert all(won)
        assert Booking.objects.active().filter(staff=crowd[0][0]).count() == 2
    finally:
        Booking.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Booking, wanted)


def test_post_factory_makes_a_backup_responsible_only_when_needed(beat):
    holder, backup = StaffMemberFactory(), StaffMemberFactory()
    PostFactory(beat=beat, staff=holder, backup=backup)

    assert outreach_selectors.responsible(beat) == [holder]
    holder.is_active = False
    holder.save()
    assert outreach_selectors.responsible(beat) == [backup]
