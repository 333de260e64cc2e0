"""The month in numbers, and the patrol's sheet."""

import csv
import io
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from outreach import spreadsheets
from outreach.actors import SYSTEM
from outreach.enums import AccommodationKind, Disclosure, Program, Role, VenueKind
from scheduling import numbers, patrol
from scheduling.enums import AccommodationState, Classification, EventStatus, Outcome
from scheduling.models import Accommodation, CloseOut, Event
from scheduling.services import events, surveys
from tests.factories.events import EventFactory, local, make_plan, tomorrow
from tests.factories.people import StaffMemberFactory, make_pair, make_request
from tests.factories.places import BeatFactory, VenueFactory
from tests.factories.seats import make_seated, sign_up

pytestmark = pytest.mark.django_db


def held(beat, starts_at, people: int = 10, minutes: int | None = 60, **wishes):
    """An event and how it went."""
    outcome = wishes.pop("outcome", Outcome.HELD)
    event = EventFactory(beat=beat, starts_at=starts_at, **wishes)
    head_count = people if outcome == Outcome.HELD else None
    CloseOut.objects.create(event=event, outcome=outcome, head_count=head_count, minutes=minutes)


@pytest.fixture
def beats():
    return BeatFactory(code="b1", name="Harbor"), BeatFactory(code="b2", name="=Hill")


@pytest.fixture
def past(beats):
    harbor, hill = beats
    held(harbor, local(2026, 3, 2, 19), 10)
    held(harbor, local(2026, 3, 31, 23), 5, None, program=Program.COMMUNITY)  # April in UTC
    held(harbor, local(2026, 3, 9, 19), outcome=Outcome.RECALLED)
    held(hill, local(2026, 3, 5, 19), 7)
    held(None, local(2026, 4, 1, 0), 100, 180)
    held(hill, local(2025, 12, 31, 23), 50)
    held(
        hill, local(2026, 3, 6, 10), 2, 120,
        program=Program.SECURITY_SURVEY, classification=Classification.CONFIDENTIAL,
    )  # fmt: skip
    EventFactory(beat=harbor, starts_at=local(2026, 3, 4, 19))  # not closed out


def figures(year: int, month: int | None = None) -> dict[tuple[str, str], tuple[int, ...]]:
    table = numbers.by_month_and_beat(numbers.cells(year, month))
    return {
        (f"{first:%Y-%m}", beat.code if beat else "city"): (
            row.events, row.people, row.minutes, row.surveys,
        )
        for (first, beat), row in table.items()
    }  # fmt: skip


def test_figures_count_what_was_held_by_local_month_and_beat(past):
    assert figures(2026) == {
        ("2026-03", "b1"): (2, 15, 60, 0),
        ("2026-03", "b2"): (1, 7, 60, 1),
        ("2026-04", "city"): (1, 100, 180, 0),
    }
    assert figures(2026, 4) == {("2026-04", "city"): (1, 100, 180, 0)}
    assert figures(2025, 12) == {("2025-12", "b2"): (1, 50, 60, 0)}
    assert figures(2024) == {}


def test_figures_by_program_leave_surveys_to_their_own_column(past):
    found = numbers.cells(2026)

    assert {program: row.events for program, row in numbers.by_program(found).items()} == {
        Program.NEIGHBORHOOD_WATCH: 3, Program.COMMUNITY: 1,
    }  # fmt: skip
    assert numbers.total(found) == numbers.Figures(events=4, people=122, minutes=300, surveys=1)


def test_figures_ask_two_queries_however_many_there_are(past, beats):
    with CaptureQueriesContext(connection) as few:
        numbers.cells(2026)
    for month, program in enumerate((Program.ACADEMY, Program.COMMUNITY), start=5):
        held(BeatFactory(), local(2026, month, 1, 19), program=program)
    with CaptureQueriesContext(connection) as many:
        numbers.cells(2026)

    assert len(few) == len(many) == 2


def test_spreadsheet_has_every_figure_and_runs_no_formula(client, past):
    staff = StaffMemberFactory(role=Role.ADMINISTRATOR)
    client.force_login(staff.user, backend="allauth.account.auth_backends.AuthenticationBackend")

    answer = client.get(reverse("numbers_csv"), {"year": 2026, "month": 3})

    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8"))))
    assert answer["Content-Disposition"] == 'attachment; filename="numbers-2026-03.csv"'
    assert rows[0] == [
        "Month", "Beat", "Program", "Events held", "People", "Minutes", "Surveys done",
    ]  # fmt: skip
    assert rows[1:] == [
        ["2026-03", "Harbor", "Community events", "1", "5", "0", "0"],
        ["2026-03", "Harbor", "Neighborhood Watch", "1", "10", "60", "0"],
        ["2026-03", "'=Hill", "Neighborhood Watch", "1", "7", "60", "0"],
        ["2026-03", "'=Hill", "Security surveys", "0", "0", "0", "1"],
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_cell_that_would_run_is_text(start):
    assert spreadsheets.defused(f"{start}1+1") == f"'{start}1+1"
    assert spreadsheets.defused("1=1") == "1=1"


@pytest.mark.parametrize(
    "query", ["?year=", "?year=x", "?year=99999999999", "?year=2026&month=13", "?month=\x00"]
)
@pytest.mark.parametrize("name", ["staff_numbers", "numbers_csv"])
def test_odd_periods_show_this_year(client, query, name):
    staff = StaffMemberFactory()
    client.force_login(staff.user, backend="allauth.account.auth_backends.AuthenticationBackend")

    assert client.get(reverse(name) + query).status_code == 200


# --- The patrol sheet ---------------------------------------------------------------------------


@pytest.fixture
def beat():
    return BeatFactory(code="b1", name="Harbor")


@pytest.fixture
def pair(beat):
    cpc, nro = make_pair(beat)
    cpc.phone = "+14155550150"
    cpc.save()
    return cpc, nro


def test_sheet_never_shows_a_survey_visit(client, beat, pair):
    request = make_request(beat, name="Marker-Robin", address="77 Marker St")
    surveys.book_visit(request.pk, starts_at=tomorrow(17), staff=pair, by=SYSTEM)
    visit = Event.objects.get()
    secret = EventFactory(
        beat=beat, summary="Marker-Secret", classification=Classification.CONFIDENTIAL
    )
    meeting = EventFactory(beat=beat, summary="Open meeting")
    day = timezone.localdate(meeting.starts_at)

    for staff in (*pair, StaffMemberFactory(role=Role.SERGEANT)):
        client.force_login(
            staff.user, backend="allauth.account.auth_backends.AuthenticationBackend"
        )
        page = client.get(reverse("patrol_sheet"), {"date": f"{day}", "beat": "b1"})
        text = page.content.decode()
        sheet = page.context["sheet"]

        assert [stop.event for stop in (*sheet.evening, *sheet.earlier)] == [meeting]
        assert "Open meeting" in text
        assert not [
            marker
            for marker in ("Marker", "Appointment", request.reference, str(visit.uid), "5–7 p.m.",
                           str(secret.uid))
            if marker in text
        ]  # fmt: skip


def test_sheet_puts_the_evening_first_and_tells_what_patrol_needs(beat, pair):
    hall = VenueFactory(name="Main Library", address="100 Main St")
    evening = make_seated(30, beat=beat, staff=pair, venue=hall, location="Room 2")
    sign_up(evening, "Ana", 4)
    sign_up(evening, "Ben", 3)
    for kind, state in (("asl", AccommodationState.CONFIRMED), ("cart", AccommodationState.ASKED)):
        Accommodation.objects.create(event=evening, kind=kind, state=state)
    morning = EventFactory(beat=beat, starts_at=tomorrow(9))
    of_city = EventFactory(starts_at=tomorrow(15))
    EventFactory(beat=BeatFactory())
    EventFactory(beat=beat, starts_at=tomorrow() + timedelta(days=1))
    EventFactory(beat=beat, status=EventStatus.TENTATIVE)
    EventFactory(beat=beat, status=EventStatus.CANCELLED)

    sheet = patrol.sheet(pair[0], beat=beat, day=timezone.localdate(evening.starts_at))

    assert [stop.event for stop in sheet.evening] == [of_city, evening]
    assert [stop.event for stop in sheet.earlier] == [morning]
    stop = sheet.evening[1]
    assert stop.place == "Main Library, 100 Main St, Room 2"
    assert stop.people == list(pair)
    assert stop.expected == 7
    assert [need.kind for need in stop.event.arranged] == [AccommodationKind.ASL]


def test_sheet_names_the_block_of_a_home_only(beat, pair):
    home = VenueFactory(
        name="The Itos’ living room", kind=VenueKind.HOME, disclosure=Disclosure.BLOCK,
        address="", block="1200 block of Oak St", beat=beat,
    )  # fmt: skip
    event = events.create(make_plan(beat=beat, venue=home), by=SYSTEM)

    sheet = patrol.sheet(pair[0], beat=beat, day=timezone.localdate(event.starts_at))

    assert sheet.evening[0].place == "1200 block of Oak St"


def test_sheet_asks_as_much_for_three_events_as_for_one(beat, pair):
    day = timezone.localdate(tomorrow())
    counts = []
    for capacity in (1, 2, 3):
        make_seated(capacity, beat=beat, starts_at=tomorrow(15 + capacity))
        with CaptureQueriesContext(connection) as asked:
            patrol.sheet(pair[0], beat=beat, day=day)
        counts.append(len(asked))

    assert all(one == other for one, other in pairwise(counts))


@pytest.mark.parametrize("query", ["?date=x", "?date=0001-01-01", "?date=9999-12-31", "?beat=\x00"])
def test_odd_evenings_show_today(client, beat, pair, query):
    client.force_login(pair[0].user, backend="allauth.account.auth_backends.AuthenticationBackend")

    answer = client.get(reverse("patrol_sheet") + query)

    assert answer.status_code == 200
    assert answer.context["day"] == timezone.localdate()
