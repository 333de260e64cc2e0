"""Promise 1: rivals at the same instant. The control takes the lock and the look away."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction

from outreach.actors import SYSTEM
from scheduling.models import Booking, Event
from scheduling.services import events
from scheduling.services.bookings import DoubleBooked
from tests.factories.events import EventFactory, make_plan, tomorrow
from tests.factories.people import StaffMemberFactory
from tests.factories.places import VenueFactory

pytestmark = pytest.mark.django_db(transaction=True)
RIVALS, ROUNDS = 12, 5
OVERLAPS = """
    SELECT count(*) FROM scheduling_booking a JOIN scheduling_booking b ON a.id < b.id
       AND (a.staff_id = b.staff_id OR a.venue_id = b.venue_id)
       AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at
    WHERE a.status <> 'released' AND b.status <> 'released'
"""


def storm(act) -> tuple[list[object], int]:
    """Run act(number) in RIVALS threads from a barrier; answers and most open transactions."""
    barrier, most = threading.Barrier(RIVALS), [0]

    def run(number: int) -> object:
        try:
            with transaction.atomic():
                barrier.wait(20)
                with connection.cursor() as cursor:
                    cursor.execute(
                        "SELECT count(*) FROM pg_stat_activity"
                        " WHERE datname = current_database() AND xact_start IS NOT NULL"
                    )
                    most[0] = max(most[0], cursor.fetchone()[0])
                barrier.wait(20)
            return act(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(RIVALS) as pool:
        return list(pool.map(run, range(RIVALS))), most[0]


def overlaps() -> int:
    with connection.cursor() as cursor:
        cursor.execute(OVERLAPS)
        return cursor.fetchone()[0]


def test_storm_books_each_hour_once():
    people = [StaffMemberFactory() for _ in range(3)]
    hall = VenueFactory()

    def rival(number: int, base) -> str:
        starts_at = base + timedelta(minutes=20 * (number % 3))
        staff = (people[number % 3], people[(number + 1) % 3])[:: 1 if number % 2 else -1]
        plan = make_plan(
            staff=staff, venue=hall, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1)
        )
        try:
            events.create(plan, by=SYSTEM)
        except DoubleBooked as refusal:
            return "named" if refusal.clashes and len(refusal.free_times) == 3 else "unnamed"
        return "booked"

    answers: list[object] = []
    for each in range(ROUNDS):
        base = tomorrow(9) + timedelta(days=each)
        found, most_open = storm(lambda number, base=base: rival(number, base))
        answers += found
        assert most_open >= 8, "the storm did not storm"

    assert overlaps() == 0
    assert answers.count("booked") == ROUNDS == Event.objects.count()
    assert answers.count("named") == ROUNDS * (RIVALS - 1)


def test_control_without_lock_look_and_constraint_the_storm_double_books():
    nro, starts_at = StaffMemberFactory(), tomorrow(9)
    rivals = [EventFactory(starts_at=starts_at) for _ in range(RIVALS)]
    constraint = "booking_staff_never_in_two_places"
    wanted = next(c for c in Booking._meta.constraints if c.name == constraint)
    with connection.schema_editor() as editor:
        editor.remove_constraint(Booking, wanted)

    def careless(number: int) -> None:
        event = rivals[number]
        if not nro.bookings.active().filter(starts_at__lt=event.ends_at).exists():
            Booking.objects.create(
                event=event, staff=nro, starts_at=event.starts_at, ends_at=event.ends_at
            )

    try:
        storm(careless)
        assert overlaps() > 0
    finally:
        Booking.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Booking, wanted)
