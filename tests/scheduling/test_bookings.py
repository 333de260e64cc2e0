"""Nobody and no venue in two places."""

from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from outreach.actors import SYSTEM
from scheduling.enums import BookingStatus, EventStatus, RevisionKind
from scheduling.models import Booking, Event
from scheduling.services import events
from scheduling.services.bookings import DoubleBooked, EventCancelled, book
from tests.factories.events import EventFactory, make_plan, tomorrow
from tests.factories.people import StaffMemberFactory
from tests.factories.places import VenueFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_margins")]


@pytest.mark.parametrize(
    ("minutes_apart", "refused"), [(59, True), (60, False)], ids=["overlap", "back_to_back"]
)
@pytest.mark.parametrize("kind", ["staff", "venues"])
def test_book_refuses_overlap_but_not_back_to_back(kind, minutes_apart, refused):
    wanted = {kind: [StaffMemberFactory() if kind == "staff" else VenueFactory()]}
    meeting = EventFactory()
    rival = EventFactory(starts_at=meeting.starts_at + timedelta(minutes=minutes_apart))
    book(meeting.pk, **wanted)

    with pytest.raises(DoubleBooked) if refused else nullcontext():
        book(rival.pk, **wanted)

    assert wanted[kind][0].bookings.active().count() == (1 if refused else 2)


def test_refusal_names_the_clash_and_three_free_times_in_working_hours(settings):
    nro = StaffMemberFactory(name="June")
    meeting = EventFactory()
    book(meeting.pk, staff=[nro])

    with pytest.raises(DoubleBooked) as refusal:
        events.create(make_plan(staff=(nro,)), by=SYSTEM)

    assert [clash.who for clash in refusal.value.clashes] == ["June"]
    assert refusal.value.clashes[0].span == meeting.span
    assert len(refusal.value.free_times) == 3
    for start in refusal.value.free_times:
        local = timezone.localtime(start)
        assert local.weekday() in settings.WORKING_DAYS
        assert 8 <= local.hour < 21
        again = events.create(
            make_plan(staff=(nro,), starts_at=start, ends_at=start + timedelta(hours=1)), by=SYSTEM
        )
        events.cancel(again.pk, by=SYSTEM, reason="")


def test_refused_event_leaves_nothing():
    nro = StaffMemberFactory()
    book(EventFactory().pk, staff=[nro])

    with pytest.raises(DoubleBooked):
        events.create(make_plan(staff=(nro,)), by=SYSTEM)

    assert Event.objects.count() == 1


def test_one_taken_person_refuses_all_claims():
    free, taken = StaffMemberFactory(), StaffMemberFactory()
    book(EventFactory().pk, staff=[taken])

    with pytest.raises(DoubleBooked):
        book(EventFactory().pk, staff=[free, taken], venues=[VenueFactory()])

    assert free.bookings.count() == 0
    assert Booking.objects.filter(venue__isnull=False).count() == 0


def test_expired_hold_gives_way_and_a_living_one_does_not():
    nro = StaffMemberFactory()
    held = book(EventFactory().pk, staff=[nro])[0]
    Booking.objects.filter(pk=held.pk).update(
        status=BookingStatus.HELD, expires_at=timezone.now() + timedelta(minutes=5)
    )
    rival = EventFactory()
    with pytest.raises(DoubleBooked):
        book(rival.pk, staff=[nro])

    Booking.objects.filter(pk=held.pk).update(expires_at=timezone.now() - timedelta(minutes=5))
    book(rival.pk, staff=[nro])

    assert nro.bookings.active().get().event == rival


def test_constraint_stands_beneath_the_lock():
    nro, meeting = StaffMemberFactory(), EventFactory()
    times = {"starts_at": meeting.starts_at, "ends_at": meeting.ends_at}
    Booking.objects.create(event=meeting, staff=nro, **times)

    with pytest.raises(IntegrityError, match="booking_staff_never_in_two_places"):
        Booking.objects.create(event=EventFactory(), staff=nro, **times)


def test_move_takes_the_claims_along_and_raises_sequence_once():
    nro, venue = StaffMemberFactory(), VenueFactory()
    event = events.create(make_plan(staff=(nro,), venue=venue), by=SYSTEM)
    later = tomorrow(15)

    plan = make_plan(
        staff=(nro,), venue=venue, starts_at=later, ends_at=later + timedelta(hours=2), summary="B"
    )
    moved = events.change(event.pk, plan, by=SYSTEM, reason="hall closed")

    assert moved.sequence == 1
    assert {b.starts_at for b in event.bookings.active()} == {later}
    assert event.bookings.active().count() == 2
    last = event.revisions.last()
    assert (last.kind, last.note) == (RevisionKind.MOVED, "hall closed")
    assert last.previous_starts_at == event.starts_at


def test_change_to_the_same_writes_nothing():
    nro = StaffMemberFactory()
    plan = make_plan(staff=(nro,), texts={"es": ("Reunión", "")})
    event = events.create(plan, by=SYSTEM)
    stamp = Event.objects.get().updated_at

    events.change(event.pk, plan, by=SYSTEM)

    again = Event.objects.get()
    assert (again.sequence, again.updated_at) == (0, stamp)
    assert event.revisions.count() == 1


def test_other_people_are_no_change_a_subscriber_sees():
    event = events.create(make_plan(staff=(StaffMemberFactory(),)), by=SYSTEM)
    other = StaffMemberFactory()

    events.change(event.pk, make_plan(staff=(other,), starts_at=event.starts_at), by=SYSTEM)

    assert Event.objects.get().sequence == 0
    assert event.bookings.active().get().staff == other
    assert event.revisions.last().kind == RevisionKind.STAFFED


def test_cancel_frees_the_claims_once_and_for_good():
    nro = StaffMemberFactory()
    event = events.create(make_plan(staff=(nro,)), by=SYSTEM)

    events.cancel(event.pk, by=SYSTEM, reason="storm")
    events.cancel(event.pk, by=SYSTEM, reason="again")

    assert nro.bookings.active().count() == 0
    assert Event.objects.get().sequence == 1
    assert event.revisions.filter(kind=RevisionKind.CANCELLED).count() == 1
    with pytest.raises(EventCancelled):
        events.change(event.pk, make_plan(), by=SYSTEM)


def test_confirmed_event_is_not_taken_back_in_silence():
    event = events.create(make_plan(), by=SYSTEM)

    with pytest.raises(events.AlreadyConfirmed):
        events.change(event.pk, make_plan(status=EventStatus.TENTATIVE), by=SYSTEM)

    event.refresh_from_db()
    assert (event.status, event.sequence) == (EventStatus.CONFIRMED, 0)
