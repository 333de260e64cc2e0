"""Calendars from outside become events: looked at first, each once, nothing lost in silence."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from outreach.enums import Program
from scheduling import import_page, incoming, localtime
from scheduling.enums import Classification, EventStatus, ImportState, RevisionKind
from scheduling.models import CalendarImport, Event, ImportedEvent
from scheduling.services import events, imports, surveys
from scheduling.services.verdicts import Choice, State, counts
from scheduling.spans import Span
from tests.factories.calendars import UTC, calendar, zoned
from tests.factories.events import make_plan, tomorrow
from tests.factories.people import StaffMemberFactory, make_pair, make_request
from tests.factories.places import BeatFactory, VenueFactory
from tests.factories.series import coming

pytestmark = pytest.mark.django_db
WATCH = Program.NEIGHBORHOOD_WATCH


def choose(**wishes) -> Choice:
    told = {"program": WATCH, "beat": None, "classification": Classification.PUBLIC, "staff": ()}
    return Choice(**(told | wishes))


def staged(data: bytes, **wishes) -> CalendarImport:
    return imports.stage(choose(**wishes), data, file_name="old.ics", by=None)


def brought(data: bytes, **wishes) -> CalendarImport:
    own = staged(data, **wishes)
    imports.start(own)
    imports.bring_in(own.pk)
    own.refresh_from_db()
    return own


def states(own: CalendarImport) -> dict[str, int]:
    return {str(state): number for state, number in counts(import_page.verdicts(own)).items()}


def timed(**parts: str) -> str:
    day = parts.pop("day", f"{coming(1):%Y%m%d}")
    told = {"UID": "one", "SUMMARY": "Meeting", "DTSTART": f"{day}T190000", "DURATION": "PT1H"}
    return "\r\n".join(f"{name}:{value}" for name, value in (told | parts).items())


def test_an_entry_becomes_an_event_with_its_journal():
    beat, library, cpc = BeatFactory(), VenueFactory(name="Main Library"), StaffMemberFactory()
    words = {"LOCATION": "main  LIBRARY", "DESCRIPTION": "<p>Bring <b>tea</b> &amp; cups</p>"}

    own = imports.stage(choose(beat=beat), calendar(timed(**words)), file_name="old.ics", by=cpc)
    imports.start(own)
    imports.bring_in(own.pk)

    event = Event.objects.get()
    assert (event.summary, event.description) == ("Meeting", "Bring tea & cups")
    assert (event.venue, event.location, event.beat) == (library, "", beat)
    assert (event.classification, event.status) == ("public", "confirmed")
    assert timezone.localtime(event.starts_at).hour == 19
    assert event.ends_at - event.starts_at == timedelta(hours=1)
    assert event.uid != event.imported.source_uid
    assert [(row.kind, row.staff) for row in event.revisions.all()] == [(RevisionKind.CREATED, cpc)]
    assert event.bookings.get().venue == library


def test_the_counts_add_up_to_the_entries_of_the_file():
    past = {"DTSTART": "20200101T100000"}
    beyond = {"DTSTART": "21500101T100000"}
    data = calendar(
        timed(UID="new"),
        timed(UID="new", SEQUENCE="-1"),
        timed(UID="moved", DTSTART=f"{coming(1):%Y%m%d}T190000", RRULE="FREQ=DAILY;COUNT=1"),
        timed(UID="moved", **{"RECURRENCE-ID": f"{coming(1):%Y%m%d}T190000", "SEQUENCE": "1"}),
        timed(UID="moved", **{"RECURRENCE-ID": f"{coming(1):%Y%m%d}T190000", "SEQUENCE": "2"}),
        timed(UID="past", **past),
        timed(UID="beyond", **beyond),
        timed(UID="cancelled", STATUS="CANCELLED"),
        timed(UID="long", DURATION="P2D"),
        timed(UID="night", DURATION="PT10H"),
        timed(UID="backwards", DURATION="-PT1H"),
        timed(UID="broken", RRULE="FREQ=SOMETIMES"),
        "UID:nowhen\r\nSUMMARY:Some day",
        timed(UID="weekly", DTSTART="20200107T190000", RRULE="FREQ=YEARLY"),
    )

    own = staged(data)

    found = import_page.verdicts(own)
    assert own.found == len(found) == sum(counts(found).values()) == 16
    said = {(one.entry.uid, str(one.entry.left or "")) for one in found}
    assert said == {
        ("new", ""),
        ("new", "twice"),
        ("moved", ""),
        ("moved", "twice"),
        ("past", "past"),
        ("beyond", "beyond"),
        ("cancelled", "cancelled"),
        ("long", "over-a-day"),
        ("night", "overnight"),
        ("backwards", "ends-first"),
        ("broken", "unreadable"),
        ("nowhen", "no-start"),
        ("weekly", "past-dates"),
        ("weekly", ""),
        ("weekly", "beyond-dates"),
    }
    assert all(one.reasons for one in found if one.state == State.LEFT)


def test_the_same_file_twice_brings_nothing_new():
    data = calendar(timed(UID="a"), timed(UID="b", RRULE="FREQ=WEEKLY;COUNT=3"))
    brought(data)
    assert Event.objects.count() == 4

    again = brought(data)

    assert Event.objects.count() == 4
    assert states(again) == {"here": 4}


def test_without_lookup_and_constraint_the_same_file_would_double(monkeypatch):
    """The control: it is these two that keep the file from coming twice."""
    data = calendar(timed())
    brought(data)
    monkeypatch.setattr(imports.Known, "of", lambda known, entry: None)
    brought(data)
    assert Event.objects.count() == 1  # the constraint alone

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE scheduling_importedevent DROP CONSTRAINT imported_event_once")
    brought(data)

    assert Event.objects.count() == 2


def test_what_changed_in_the_file_since_is_said_and_ours_stays():
    brought(calendar(timed(UID="a"), timed(UID="b"), timed(UID="c"), timed(UID="d")))
    day = f"{coming(2):%Y%m%d}"

    own = staged(
        calendar(
            timed(UID="a", SEQUENCE="3"),
            timed(UID="b", day=day),
            timed(UID="c", STATUS="CANCELLED"),
            timed(UID="d"),
        )
    )

    found = {one.entry.uid: one for one in import_page.verdicts(own)}
    assert {uid: str(one.state) for uid, one in found.items()} == {
        "a": "changed", "b": "changed", "c": "changed", "d": "here",
    }  # fmt: skip
    assert all(one.event for one in found.values())
    assert Event.objects.filter(starts_at__date=coming(1)).count() == 4


def test_a_single_event_that_became_a_series_does_not_come_twice():
    brought(calendar(timed()))

    again = brought(calendar(timed(RRULE="FREQ=WEEKLY;COUNT=3")))

    assert Event.objects.count() == 3
    assert ImportedEvent.objects.filter(recurrence_id="").count() == 1
    assert states(again) == {"here": 1, "brought": 2}


def test_what_came_out_of_our_own_calendar_is_ours():
    event = events.create(make_plan(), by=imports.Actor())

    own = staged(calendar(timed(UID=str(event.uid))))

    assert states(own) == {"here": 1}


def test_a_survey_visit_never_comes_in_this_way():
    """Out of a coordinator's own calendar, where it stands under its own UID."""
    beat = BeatFactory()
    pair = make_pair(beat)
    visit = surveys.book_visit(
        make_request(beat).pk, starts_at=tomorrow(10), staff=pair, by=imports.Actor()
    )

    own = brought(calendar(timed(UID=str(visit.uid), SUMMARY="Appointment")))

    assert list(Event.objects.all()) == [visit]
    (one,) = import_page.verdicts(own)
    assert (one.state, one.event) == (State.LEFT, None)
    assert one.reasons == ("It is an appointment kept here already.",)


def test_a_series_over_both_clock_changes_with_moved_cancelled_and_added_dates():
    """Compared in UTC: seven in the evening is another instant in summer."""
    year = timezone.localdate().year + 1
    march, november = changes_of(year)
    first = march - timedelta(days=6)  # a Monday
    stamp = lambda day, hour: f"{day:%Y%m%d}T{hour}0000"  # noqa: E731
    week = timedelta(days=7)
    main = (
        "UID:s\r\nSUMMARY:Watch\r\nDURATION:PT90M\r\nRRULE:FREQ=WEEKLY;COUNT=4\r\n"
        + zoned("DTSTART", stamp(first, 19))
        + "\r\n"
        + zoned("EXDATE", stamp(first + 3 * week, 19))
        + "\r\n"
        + zoned("RDATE", stamp(november, 19))
    )
    moved = (
        "UID:s\r\nSUMMARY:Moved\r\nDURATION:PT1H\r\n"
        + zoned("DTSTART", stamp(first + week, 20))
        + "\r\n"
        + zoned("RECURRENCE-ID", stamp(first + week, 19))
    )
    cancelled = (
        f"UID:s\r\nSTATUS:CANCELLED\r\n{zoned('DTSTART', stamp(first + 2 * week, 19))}\r\n"
        f"{zoned('RECURRENCE-ID', stamp(first + 2 * week, 19))}"
    )

    own = brought(calendar(main, moved, cancelled))

    at = lambda day, hour: datetime(day.year, day.month, day.day, hour, tzinfo=UTC)  # noqa: E731
    day = timedelta(days=1)
    found = Event.objects.order_by("starts_at").values_list("summary", "starts_at", "ends_at")
    assert list(found) == [
        ("Watch", at(first + day, 3), at(first + day, 4) + timedelta(minutes=30)),  # winter
        ("Moved", at(first + week + day, 3), at(first + week + day, 4)),  # 8 p.m. in summer
        ("Watch", at(november + day, 3), at(november + day, 4) + timedelta(minutes=30)),
    ]
    assert states(own) == {"left": 1, "brought": 3}
    assert list(ImportedEvent.objects.order_by("pk").values_list("recurrence_id", flat=True)) == [
        f"{first + day:%Y%m%d}T030000Z",
        f"{first + week + day:%Y%m%d}T020000Z",  # the name it had before it moved
        f"{november + day:%Y%m%d}T030000Z",
    ]


def test_a_date_in_the_spring_gap_is_left_out_and_the_doubled_hour_is_the_first():
    march, november = changes_of(timezone.localdate().year + 1)
    own = brought(
        calendar(
            timed(UID="gap", DTSTART=f"{march:%Y%m%d}T023000"),
            timed(UID="double", DTSTART=f"{november:%Y%m%d}T013000"),
        )
    )

    found = {one.entry.uid: one for one in import_page.verdicts(own)}
    assert found["gap"].reasons == ("The clocks jump over this time on that day.",)
    assert Event.objects.get().starts_at == datetime(
        november.year, november.month, november.day, 8, 30, tzinfo=UTC
    )


def changes_of(year: int) -> tuple:
    """The Sundays on which the department's clocks change."""
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    noon = {day: localtime.midnight(day) + timedelta(hours=12) for day in days}
    offset = {day: timezone.localtime(at).utcoffset() for day, at in noon.items()}
    changed = [day for day in days[1:] if offset[day] != offset[day - timedelta(days=1)]]
    return changed[0], changed[1]


@pytest.mark.parametrize(
    ("parts", "minutes", "note"),
    [
        ({"DURATION": "PT0S"}, 90, "Says no end"),
        ({"STATUS": "TENTATIVE"}, 60, "Tentative in the file"),
        ({"CLASS": "CONFIDENTIAL"}, 60, "for staff only"),
        ({"SUMMARY": ""}, 60, "called as the program"),
        ({"SUMMARY": "x" * 300}, 60, "title was too long"),
        ({"DESCRIPTION": "x" * 9000}, 60, "description was too long"),
    ],
    ids=["no-length", "tentative", "private", "no-title", "long-title", "long-text"],
)
def test_what_was_done_to_an_entry_is_said(parts, minutes, note):
    own = staged(calendar(timed(**parts)))
    (one,) = import_page.verdicts(own)
    assert any(note in words for words in one.notes)

    imports.start(own)
    imports.bring_in(own.pk)

    event = Event.objects.get()
    assert event.ends_at - event.starts_at == timedelta(minutes=minutes)
    is_plain = not parts.keys() & {"STATUS", "CLASS"}
    is_open = (event.status, event.classification) == (
        EventStatus.CONFIRMED, Classification.PUBLIC,
    )  # fmt: skip
    assert is_open == is_plain


def test_all_day_is_midnight_to_midnight_also_when_the_clocks_change():
    _march, november = changes_of(timezone.localdate().year + 1)
    body = f"UID:d\r\nSUMMARY:Fair\r\nDTSTART;VALUE=DATE:{november:%Y%m%d}"

    brought(calendar(body))

    event = Event.objects.get()
    assert event.starts_at == localtime.midnight(november)
    assert event.ends_at == localtime.midnight(november + timedelta(days=1))
    assert event.ends_at - event.starts_at == timedelta(hours=25)


def test_a_clash_is_listed_with_who_and_when_and_does_not_come_in(no_margins):
    beat = BeatFactory()
    cpc, _nro = make_pair(beat)
    start = localtime.midnight(coming(1)) + timedelta(hours=19)
    events.create(make_plan(staff=(cpc,), starts_at=start), by=imports.Actor())
    data = calendar(
        timed(UID="a"),
        timed(UID="b", DTSTART=f"{coming(1):%Y%m%d}T210000"),
        timed(UID="c", DTSTART=f"{coming(1):%Y%m%d}T213000"),  # in the way of the one before
    )

    own = staged(data, beat=beat, staff=(cpc,))

    found = {one.entry.uid: one for one in import_page.verdicts(own)}
    assert {uid: str(one.state) for uid, one in found.items()} == {
        "a": "clash", "b": "new", "c": "clash",
    }  # fmt: skip
    assert cpc.name in found["a"].reasons[0]
    assert "7–8 p.m." in found["a"].reasons[0]
    imports.start(own)
    imports.bring_in(own.pk)
    own.refresh_from_db()
    assert states(own) == {"brought": 1, "refused": 2}
    refused = [one for one in import_page.verdicts(own) if one.state == State.REFUSED]
    assert all(cpc.name in one.reasons[0] for one in refused)


def test_a_clash_that_arose_meanwhile_is_said(no_margins):
    cpc = make_pair(BeatFactory())[0]
    own = staged(calendar(timed()), staff=(cpc,))
    assert states(own) == {"new": 1}
    start = localtime.midnight(coming(1)) + timedelta(hours=19)
    events.create(make_plan(staff=(cpc,), starts_at=start), by=imports.Actor())

    imports.start(own)
    imports.bring_in(own.pk)

    own.refresh_from_db()
    assert (own.state, states(own)) == (ImportState.DONE, {"refused": 1})
    assert Event.objects.count() == 1


def test_killed_in_the_middle_and_taken_up_again_each_comes_once(monkeypatch):
    data = calendar(timed(RRULE="FREQ=DAILY;COUNT=6"))
    own = staged(data)
    imports.start(own)
    create, made = imports._make, []

    def dies_after_three(*args):
        if len(made) == 3:
            raise KeyboardInterrupt
        made.append(1)
        create(*args)

    monkeypatch.setattr(imports, "_make", dies_after_three)
    with pytest.raises(KeyboardInterrupt):
        imports.go_on(60)
    own.refresh_from_db()
    assert (own.settled, Event.objects.count()) == (3, 3)
    monkeypatch.undo()

    imports.go_on(60)

    own.refresh_from_db()
    assert (own.state, own.settled, Event.objects.count()) == (ImportState.DONE, 6, 6)
    assert states(own) == {"brought": 6}


def test_an_upload_is_forgotten_after_a_day_and_its_events_stay():
    done, waiting, running = brought(calendar(timed())), staged(calendar(timed())), None
    running = staged(calendar(timed(UID="other")))
    imports.start(running)
    yesterday = timezone.now() - timedelta(days=1, minutes=1)
    CalendarImport.objects.update(created_at=yesterday)
    fresh = staged(calendar(timed()))

    imports.forget()

    kept = set(CalendarImport.objects.values_list("pk", flat=True))
    assert kept == {running.pk, fresh.pk}
    assert not kept & {done.pk, waiting.pk}
    assert ImportedEvent.objects.get().calendar_import is None


def test_nothing_of_guests_and_alarms_is_kept():
    body = (
        timed(ATTENDEE="mailto:guest@example.org", ORGANIZER="mailto:boss@example.org")
        + "\r\nBEGIN:VALARM\r\nACTION:EMAIL\r\nDESCRIPTION:secret\r\nTRIGGER:-PT5M\r\nEND:VALARM"
    )

    own = staged(calendar(body))

    assert not any(word in own.data for word in ("guest@", "boss@", "secret"))


def test_two_calendars_in_one_file_are_read():
    own = staged(calendar(timed(UID="a")) + calendar(timed(UID="b")))

    assert states(own) == {"new": 2}


def test_looking_asks_the_same_for_one_entry_as_for_two_hundred(django_assert_max_num_queries):
    cpc = make_pair(BeatFactory())[0]
    own = staged(calendar(timed(RRULE="FREQ=DAILY;COUNT=200")), staff=(cpc,))

    with django_assert_max_num_queries(20):
        import_page.verdicts(own)


def test_reading_is_exact_about_what_is_kept():
    window = Span(timezone.now(), timezone.now() + timedelta(days=700))
    kept = incoming.entries(calendar(timed()), zone=localtime.zone(), window=window)

    (entry,) = incoming.unpack(kept)

    assert (entry.uid, entry.recurrence_id, entry.left) == ("one", "", None)
    assert [str(note) for note in entry.notes] == ["floating"]
