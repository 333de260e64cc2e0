"""The same look and the same outcome from the command line; and two workers at one import."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from outreach.actors import SYSTEM
from scheduling import localtime
from scheduling.enums import ImportState
from scheduling.models import CalendarImport, Event, ImportedEvent
from scheduling.services import events, imports
from tests.factories.calendars import calendar, make_import
from tests.factories.events import make_plan
from tests.factories.people import make_pair
from tests.factories.places import BeatFactory
from tests.factories.series import coming

DAY = f"{coming(1):%Y%m%d}"
HOUR = "SUMMARY:Walk\r\nDURATION:PT1H"
WEEKLY = f"UID:w\r\n{HOUR}\r\nDTSTART:{DAY}T190000\r\nRRULE:FREQ=WEEKLY;COUNT=3"
NEVER = "UID:n\r\nSUMMARY:Some day"


@pytest.fixture
def beat(db):
    return BeatFactory(code="b1")


def run(tmp_path, data: bytes, *further: str) -> list[str]:
    file, said = tmp_path / "old.ics", StringIO()
    file.write_bytes(data)
    told = ["--beat", "b1", "--program", "community", *further]
    call_command("import_ics", str(file), *told, stdout=said)
    return said.getvalue().splitlines()


def test_look_changes_nothing(tmp_path, beat):
    lines = run(tmp_path, calendar(WEEKLY, NEVER))

    assert [line.rpartition(" | ")[2] for line in lines[:4]] == [
        "New: Names no time zone: taken as our local time.",
        "New: Names no time zone: taken as our local time.",
        "New: Names no time zone: taken as our local time.",
        "Left out: It says no start.",
    ]
    assert lines[4:] == [
        "4 entries: 3 are new; 1 is left out",
        "Nothing was brought in; --commit does it.",
    ]
    assert not Event.objects.exists()
    assert not CalendarImport.objects.exists()


def test_commit_brings_in_once_with_the_people_named(tmp_path, beat):
    cpc, nro = make_pair(beat)
    people = ["--staff", cpc.user.username, nro.user.username]

    lines = run(tmp_path, calendar(WEEKLY), *people, "--commit")
    again = run(tmp_path, calendar(WEEKLY), *people, "--commit")

    assert lines[-1] == "3 entries: 3 were brought in"
    assert again[-1] == "0 entries"
    assert "3 entries: 3 are already here" in again
    assert Event.objects.count() == ImportedEvent.objects.count() == 3
    event = Event.objects.first()
    assert (event.beat, event.program, event.classification) == (beat, "community", "public")
    assert set(event.bookings.values_list("staff", flat=True)) == {cpc.pk, nro.pk}
    assert event.revisions.get().staff is None
    assert not CalendarImport.objects.exists()


def test_commit_says_what_did_not_come_in(tmp_path, beat, no_margins):
    cpc, _nro = make_pair(beat)
    evening = localtime.midnight(coming(1)) + timedelta(hours=19)
    events.create(make_plan(staff=(cpc,), starts_at=evening), by=SYSTEM)

    lines = run(tmp_path, calendar(WEEKLY), "--staff", cpc.user.username, "--commit")

    assert lines[-1] == "3 entries: 2 were brought in; 1 did not come in"
    assert any("Did not come in" in line and cpc.name in line for line in lines)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"nonsense", "cannot read this file as a calendar"),
        (b"BEGIN:VCALENDAR\r\n" + b"x" * 1_000_000, "too big"),
        (calendar(), "no event in this calendar"),
    ],
    ids=["nonsense", "big", "empty"],
)
def test_bad_file_is_refused_in_one_line(tmp_path, beat, data, words):
    with pytest.raises(CommandError) as refusal:
        run(tmp_path, data)

    assert words in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert refusal.value.returncode == 1


@pytest.mark.parametrize(
    ("further", "words"),
    [
        (["--beat", "b9"], "no beat in effect has the code b9"),
        (["--staff", "nobody"], "nobody who can be booked has the username nobody"),
        (["--program", "security-survey"], "invalid choice"),
    ],
    ids=["beat", "staff", "survey"],
)
def test_what_is_named_must_be_there(tmp_path, beat, further, words):
    with pytest.raises(CommandError, match=words):
        run(tmp_path, calendar(WEEKLY), *further)


def test_missing_file_is_said(beat):
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_ics", "/nowhere.ics", "--beat", "city", "--program", "community")


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_two_imports_of_one_file_bring_each_event_once():
    beat = BeatFactory(code="b1")
    cpc, _nro = make_pair(beat)
    daily = f"UID:d\r\n{HOUR}\r\nDTSTART:{DAY}T070000\r\nRRULE:FREQ=DAILY;COUNT=15"
    both = [make_import(cpc, beat, daily) for _ in range(2)]
    for own in both:
        imports.start(own)

    def work(_number: int) -> None:
        try:
            imports.go_on(60)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    imports.go_on(60)  # what a worker left because another was at it

    assert Event.objects.count() == ImportedEvent.objects.count() == 16
    states = CalendarImport.objects.values_list("state", "settled")
    assert list(states) == [(ImportState.DONE, 16)] * 2
