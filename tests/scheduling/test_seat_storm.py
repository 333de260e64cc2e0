"""Promise 3: capacity is never oversold, and the line is in the order of commits.

The control counts without the lock. At full size 500 clients want 25 seats.
"""

import os
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction
from django.db.models import Sum

from scheduling import seats
from scheduling.enums import RevisionKind, RsvpResponse
from scheduling.models import Revision, Rsvp
from scheduling.services import rsvps
from tests.factories.people import ContactFactory
from tests.factories.seats import make_seated

pytestmark = pytest.mark.django_db(transaction=True)
IS_FULL = bool(os.environ.get("BEATBOOK_FULL"))
CLIENTS = 500 if IS_FULL else 40
AT_ONCE = 40 if IS_FULL else 12
SEATS = 25
OPEN = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND xact_start IS NOT NULL"
)


def storm(act) -> tuple[list[object], int]:
    """act(number) for every client, the first ones from a barrier; the most transactions open."""
    barrier, most = threading.Barrier(AT_ONCE), [0]

    def run(number: int) -> object:
        if number < AT_ONCE:
            with transaction.atomic(), connection.cursor() as cursor:
                barrier.wait(30)
                cursor.execute(OPEN)
                most[0] = max(most[0], cursor.fetchone()[0])
                barrier.wait(30)
        return act(number)

    def leave(_number: int) -> None:
        connections.close_all()
        barrier.wait(30)  # so that each thread closes its own

    with ThreadPoolExecutor(AT_ONCE) as pool:
        try:
            return list(pool.map(run, range(CLIENTS))), most[0]
        finally:
            list(pool.map(leave, range(AT_ONCE)))


def wish(number: int) -> rsvps.Wish:
    return rsvps.Wish(name=f"Home {number}", email=f"h{number}@example.org", seats=1 + number % 4)


def test_storm_fills_the_seats_in_the_order_of_commits_and_never_more():
    event = make_seated(SEATS)

    answers, most_open = storm(lambda number: rsvps.sign_up(event.pk, wish=wish(number)))

    rows = list(Rsvp.objects.order_by("line"))
    taken = sum(row.seats for row in rows if row.response == RsvpResponse.ACCEPTED)
    print(f"{CLIENTS} clients, {most_open} transactions open, {taken} of {SEATS} seats taken")
    assert most_open >= 8, "the storm did not storm"
    assert len(answers) == len(rows) == CLIENTS
    assert [row.line for row in rows] == list(range(1, CLIENTS + 1))
    assert taken <= SEATS
    # Rows are numbered by the database as they are written: under the lock that is the line.
    assert [row.pk for row in rows] == sorted(row.pk for row in rows)
    # Strictly in line: from the first that did not fit on, everybody waits.
    first_waiting = next(row for row in rows if row.response == RsvpResponse.WAITLISTED)
    assert taken + first_waiting.seats > SEATS
    assert {row.response for row in rows if row.line > first_waiting.line} == {
        RsvpResponse.WAITLISTED
    }


def test_storm_of_changes_keeps_sums_and_line():
    """Half of those inside leave, everybody else wants another number, all at once."""
    event = make_seated(SEATS)
    known = [rsvps.sign_up(event.pk, wish=wish(number)) for number in range(CLIENTS)]

    def change(number: int) -> str:
        rsvp = known[number]
        try:
            if number % 3 == 0:
                rsvps.give_back(rsvp.pk, by=rsvps.SYSTEM)
            else:
                rsvps.change_seats(rsvp.pk, 1 + (number + 1) % 4, by=rsvps.SYSTEM)
        except rsvps.NotEnoughSeats:
            return "refused"
        return "done"

    _, most_open = storm(change)

    assert most_open >= 8, "the storm did not storm"
    seating = seats.of(event)
    assert seating is not None
    tally = seats.tally(seating)
    rows = Rsvp.objects.order_by("line")
    accepted = rows.filter(response=RsvpResponse.ACCEPTED)
    head = rows.filter(response=RsvpResponse.WAITLISTED).first()
    assert tally.taken == accepted.aggregate(all=Sum("seats"))["all"] <= SEATS
    assert head is None or tally.taken + head.seats > SEATS
    # Each who came up has exactly one row in the journal that says so.
    promoted = list(
        Revision.objects.filter(kind=RevisionKind.PROMOTED).values_list("rsvp", flat=True)
    )
    waited = {one.pk for one in known if one.response == RsvpResponse.WAITLISTED}
    assert len(promoted) == len(set(promoted))
    assert waited & set(accepted.values_list("pk", flat=True)) <= set(promoted) <= waited


def test_control_without_the_lock_the_storm_oversells():
    event = make_seated(SEATS)
    contacts = [ContactFactory() for _ in range(CLIENTS)]
    counted = threading.Barrier(AT_ONCE)

    def careless(number: int) -> None:
        taken = seats.tally(seats.of(event)).taken
        if number < AT_ONCE:
            counted.wait(30)  # all have counted before the first writes
        if taken + 4 <= SEATS:
            Rsvp.objects.create(
                event=event, contact=contacts[number], seats=4, line=number + 1,
                response=RsvpResponse.ACCEPTED,
            )  # fmt: skip

    storm(careless)

    assert seats.tally(seats.of(event)).taken > SEATS
