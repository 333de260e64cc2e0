"""How much a booking costs beside bare SQL, and whether a million bookings make it slower."""

import multiprocessing
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
from django.db import OperationalError, connection, connections
from django.test import Client
from django.utils import timezone

from outreach.actors import Actor
from outreach.models import Beat, StaffMember, Venue
from scheduling import finding, localtime, selectors
from scheduling.models import Booking
from scheduling.services import bookings, events
from scheduling.spans import Span
from scheduling.travel import Stop
from tests.factories.events import make_plan
from tests.factories.people import make_pair
from tests.factories.places import BeatFactory, VenueFactory

CLIENTS, ROUNDS = 100, 12
AT_MOST = 3.0  # times bare SQL, p95
GROWTH = 1.5  # times the same at the small size
SMALL, LARGE = 10_000, 1_000_000
SAMPLES = 15
PEOPLE = 8

BARE = """
    SELECT id FROM outreach_staffmember WHERE id = ANY(%(staff)s) ORDER BY id FOR NO KEY UPDATE;
    SELECT id FROM outreach_venue WHERE id = %(venue)s FOR NO KEY UPDATE;
"""
LOOK = """
    SELECT id FROM scheduling_booking
    WHERE (staff_id = ANY(%(staff)s) OR venue_id = %(venue)s) AND NOT (status = 'released')
      AND tstzrange(starts_at, ends_at) && tstzrange(%(first)s, %(last)s)
"""
EVENT = """
    INSERT INTO scheduling_event (uid, program, beat_id, venue_id, location, summary, description,
        starts_at, ends_at, status, classification, sequence)
    VALUES (%(uid)s, 'community', %(beat)s, %(venue)s, '', 'Bare', '', %(first)s, %(last)s,
        'confirmed', 'public', 0) RETURNING id
"""
CLAIM = """
    INSERT INTO scheduling_booking (event_id, staff_id, venue_id, starts_at, ends_at, status)
    SELECT %(event)s, id, NULL, %(first)s, %(last)s, 'confirmed' FROM unnest(%(staff)s) AS id
    UNION ALL SELECT %(event)s, NULL, %(venue)s, %(first)s, %(last)s, 'confirmed'
"""
NOTE = """
    INSERT INTO scheduling_revision (event_id, sequence, kind, note)
    VALUES (%(event)s, 0, 'created', '')
"""


def run() -> bool:
    """Prints two tables; False when a promised ratio is missed."""
    beat, pairs, halls = _city()
    ratio = _against_bare_sql(beat, pairs, halls)
    Booking.objects.all().delete()
    grown = _against_itself(beat, pairs[0], halls[0])
    return ratio <= AT_MOST and all(value <= GROWTH for value in grown.values())


def _city() -> tuple[Beat, list[tuple[StaffMember, StaffMember]], list[Venue]]:
    beats = [BeatFactory() for _ in range(PEOPLE // 2)]
    return beats[0], [make_pair(beat) for beat in beats], [VenueFactory() for _ in beats]


# --- A hundred clients ---------------------------------------------------------------------


def _against_bare_sql(beat: Beat, pairs: list, halls: list) -> float:
    """Every client books hours of its own for one of four pairs: they meet at the locks only."""
    ours = _storm(_book_ours, beat, pairs, halls, first_year=2030)
    bare = _storm(_book_bare, beat, pairs, halls, first_year=2040)
    ours_p95, bare_p95 = _p95(ours), _p95(bare)
    ratio = ours_p95 / bare_p95
    print(f"\nbooking, {CLIENTS} clients, {len(ours)} bookings each way")
    print(f"{'':<28}{'median':>10}{'p95':>10}")
    for name, times in (("bare lock, look, insert", bare), ("events.create", ours)):
        print(f"{name:<28}{statistics.median(times) * 1000:>7.0f} ms{_p95(times) * 1000:>7.0f} ms")
    print(f"p95 ratio {ratio:.2f} (at most {AT_MOST})")
    return ratio


def _storm(book: Callable, beat: Beat, pairs: list, halls: list, *, first_year: int) -> list[float]:
    connections.close_all()
    context = multiprocessing.get_context("fork")
    gate, told = context.Barrier(CLIENTS), context.Queue()
    crowd = [
        context.Process(
            target=_client, args=(book, number, gate, told, beat, pairs, halls, first_year)
        )
        for number in range(CLIENTS)
    ]
    for one in crowd:
        one.start()
    times = [seconds for _ in crowd for seconds in told.get(timeout=600)]
    for one in crowd:
        one.join()
    return times


def _client(book, number, gate, told, beat, pairs, halls, first_year) -> None:
    place = number % len(pairs)
    start = datetime(first_year, 1, 1, tzinfo=UTC) + timedelta(hours=24 * ROUNDS * number)
    times = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    gate.wait(300)
    for each in range(ROUNDS):
        at = start + timedelta(hours=24 * each)
        began = time.perf_counter()
        while True:
            try:
                book(beat, pairs[place], halls[place], at)
                break
            except (bookings.DoubleBooked, OperationalError):
                pass  # waited too long for the locks: asks again, and the clock runs on
        times.append(time.perf_counter() - began)
    told.put(times)
    connections.close_all()


def _book_ours(beat: Beat, pair: tuple, hall: Venue, at: datetime) -> None:
    plan = make_plan(
        beat=beat, staff=pair, venue=hall, starts_at=at, ends_at=at + timedelta(hours=1)
    )
    events.create(plan, by=Actor(staff=pair[0]))


def _book_bare(beat: Beat, pair: tuple, hall: Venue, at: datetime) -> None:
    connection.ensure_connection()
    line: psycopg.Connection = connection.connection
    told = {
        "uid": uuid4(), "beat": beat.pk, "venue": hall.pk, "staff": [one.pk for one in pair],
        "first": at, "last": at + timedelta(hours=1),
    }  # fmt: skip
    with line.transaction(), line.cursor() as cursor:
        cursor.execute(BARE, told)
        cursor.execute(LOOK, told)
        assert not cursor.fetchall()
        cursor.execute(EVENT, told)
        told["event"] = cursor.fetchone()[0]
        cursor.execute(CLAIM, told)
        cursor.execute(NOTE, told)


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


# --- A million bookings ----------------------------------------------------------------------


def _against_itself(beat: Beat, pair: tuple, hall: Venue) -> dict[str, float]:
    """The same questions with little and with much on record."""
    client = Client()
    client.force_login(pair[0].user, backend="allauth.account.auth_backends.AuthenticationBackend")
    asked = _questions(client, beat, pair, hall)
    _fill(SMALL)
    small = {name: _median(ask) for name, ask in asked.items()}
    _fill(LARGE)
    large = {name: _median(ask) for name, ask in asked.items()}
    print(f"\n{'median of ' + str(SAMPLES):<28}{SMALL:>12,}{LARGE:>12,}{'ratio':>8}")
    for name in asked:
        print(
            f"{name:<28}{small[name] * 1000:>9.1f} ms{large[name] * 1000:>9.1f} ms"
            f"{large[name] / small[name]:>8.2f}"
        )
    print(f"ratio at most {GROWTH}")
    return {name: large[name] / small[name] for name in asked}


def _questions(client: Client, beat: Beat, pair: tuple, hall: Venue) -> dict[str, Callable]:
    day = timezone.localdate() + timedelta(days=21)
    start = localtime.midnight(day) + timedelta(hours=10)
    search = finding.Search(
        program="community", minutes=60, not_before=timezone.now(), team=finding.Team.PAIR,
        beat=beat, venues=(hall,),
    )  # fmt: skip
    span = Span(start, start + timedelta(hours=1))
    return {
        "clash check": lambda: bookings.clashes(span, Stop(), staff=pair, venues=[hall]),
        "find a time": lambda: finding.offers(search),
        "week board": lambda: _page(client, "/staff/week/"),
        "day screen": lambda: _page(client, "/staff/"),
        "events of a week": lambda: list(selectors.in_days(selectors.public_events(), day, 7)),
    }


def _page(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200, f"{path}: {answer.status_code}"


def _median(ask: Callable) -> float:
    ask()
    times = []
    for _ in range(SAMPLES):
        began = time.perf_counter()
        ask()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def _fill(wanted: int) -> None:
    """As many bookings as wanted in all; around today there are as many in either size."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), COALESCE(max(booking.ends_at), now() - interval '90 days')"
            " FROM scheduling_booking AS booking"
            " JOIN scheduling_event AS event ON event.id = booking.event_id"
            " WHERE event.summary = 'Filler'"
        )
        have, last = cursor.fetchone()
        cursor.execute("SET session_replication_role = replica")  # no history of the filler
        cursor.execute("SELECT array_agg(id ORDER BY id) FROM outreach_staffmember")
        staff = cursor.fetchone()[0]
        count = max(wanted - have, 0) // len(staff)
        cursor.execute(FILL, {"staff": staff, "count": count, "last": last})
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("ANALYZE")


# A booking a person every six hours, from three months ago on and on.
FILL = """
    WITH made AS (
        INSERT INTO scheduling_event (uid, program, location, summary, description, starts_at,
            ends_at, status, classification, sequence)
        SELECT gen_random_uuid(), 'community', '', 'Filler', '', at, at + interval '1 hour',
               'confirmed', 'private', 0
        FROM (SELECT %(last)s::timestamptz + n * interval '6 hours' AS at
              FROM generate_series(1, %(count)s) AS n) AS times
        RETURNING id, starts_at, ends_at
    )
    INSERT INTO scheduling_booking (event_id, staff_id, starts_at, ends_at, status)
    SELECT made.id, who.id, made.starts_at, made.ends_at, 'confirmed'
    FROM made CROSS JOIN unnest(%(staff)s) AS who(id)
"""
