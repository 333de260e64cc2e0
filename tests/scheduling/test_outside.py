"""Outside calendars: only busy spans come in, and a hostile file brings one plain message."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from scheduling import localtime, outside
from scheduling.enums import TimeOffKind
from scheduling.models import TimeOff
from scheduling.services import hours
from scheduling.spans import Span
from tests.factories.people import StaffMemberFactory
from tests.factories.series import coming

DAY = f"{coming(1):%Y%m%d}"
HOUR = f"DTSTART:{DAY}T100000\r\nDTEND:{DAY}T110000"


def calendar(*events: str) -> bytes:
    bodies = "".join(
        f"BEGIN:VEVENT\r\nUID:{n}\r\nDTSTAMP:20260101T000000Z\r\n{body}\r\nEND:VEVENT\r\n"
        for n, body in enumerate(events)
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{bodies}END:VCALENDAR\r\n".encode()


def busy(data: bytes) -> list[str]:
    now = timezone.now()
    window = Span(now, now + timedelta(days=hours.OUTSIDE_DAYS))
    found = outside.busy(data, zone=localtime.zone(), window=window)
    return [
        f"{timezone.localtime(one.starts_at):%Y%m%d %H:%M}-{timezone.localtime(one.ends_at):%H:%M}"
        for one in found
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (HOUR, ["10:00-11:00"]),
        (HOUR.replace(":2", ";TZID=America/New_York:2"), ["07:00-08:00"]),
        (HOUR.replace(":2", ";TZID=Pacific Standard Time:2"), ["10:00-11:00"]),
        (f"DTSTART;VALUE=DATE:{DAY}", ["00:00-00:00"]),
        (HOUR + "\r\nTRANSP:TRANSPARENT", []),
        (HOUR + "\r\nSTATUS:CANCELLED", []),
        ("DTSTART:20200101T100000\r\nDTEND:20200101T110000", []),
    ],
    ids=["floating", "zone", "windows", "day", "transparent", "cancelled", "past"],
)
def test_busy_spans_are_read(body, expected):
    found = busy(calendar(body))

    assert [span.partition(" ")[2] for span in found] == expected


def test_rules_are_followed_to_the_end_of_the_window_and_spans_merged():
    daily = "DTSTART:20200101T100000\r\nDTEND:20200101T110000\r\nRRULE:FREQ=DAILY"
    beside = "DTSTART:20200101T110000\r\nDTEND:20200101T120000\r\nRRULE:FREQ=DAILY"

    found = busy(calendar(daily, beside))

    assert hours.OUTSIDE_DAYS - 1 <= len(found) <= hours.OUTSIDE_DAYS + 1
    assert {span.partition(" ")[2] for span in found[1:-1]} == {"10:00-12:00"}


HOSTILE = {
    "empty": (b"", "cannot read"),
    "page": (b"<html><script>alert(1)</script>", "cannot read"),
    "binary": (bytes(range(256)) * 100, "cannot read"),
    "binary-inside": (b"BEGIN:VCALENDAR\r\n" + bytes(range(256)), "cannot read"),
    "never-closed": (b"BEGIN:VCALENDAR\r\n", "cannot read"),
    "nested": (b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 5000, "cannot read"),
    "no-start": (calendar("SUMMARY:x"), "cannot read"),
    "bad-rule": (calendar(HOUR + "\r\nRRULE:FREQ=SOMETIMES"), "cannot read"),
    "overflow": (calendar(f"DTSTART:{DAY}T100000\r\nDURATION:P9999999999999D"), "cannot read"),
    "huge": (calendar(f"DTSTART:{DAY}T100000\r\nDURATION:P99999D"), "longer than a year"),
    "every-second": (calendar(HOUR + "\r\nRRULE:FREQ=SECONDLY"), "more often than we can"),
    "zone": (calendar(HOUR.replace(":2", ";TZID=Mars/Olympus:2")), "not know: Mars/Olympus"),
    "many-events": (calendar(*[HOUR] * 5001), "too many events"),
    "big": (b"BEGIN:VCALENDAR\r\n" + b"x" * 1_000_001, "1 MB is the most"),
    "endless-minutes": (
        calendar(
            f"DTSTART:{DAY}T000000\r\nDURATION:PT1S\r\nRRULE:FREQ=DAILY;"
            f"BYHOUR={','.join(map(str, range(24)))};BYMINUTE={','.join(map(str, range(60)))}"
        ),
        "more often than we can",
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_calendar_brings_one_message_and_what_was_known_stays(client, name):
    data, words = HOSTILE[name]
    staff = StaffMemberFactory()
    client.force_login(staff.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = reverse("bring_in", args=[staff.pk])
    good = SimpleUploadedFile("good.ics", calendar(HOUR))
    assert client.post(page, {"key": uuid4(), "file": good}).status_code == 302

    answer = client.post(page, {"key": uuid4(), "file": SimpleUploadedFile("x.ics", data)})

    text = answer.content.decode()
    assert (answer.status_code, words in text) == (200, True)
    assert text.count('class="errorlist"') <= 2  # at the field, and perhaps in the summary
    assert TimeOff.objects.filter(staff=staff, kind=TimeOffKind.OUTSIDE).count() == 1


@pytest.mark.django_db
def test_new_file_replaces_the_old_and_leave_stays():
    staff = StaffMemberFactory()
    hours.bring_in(staff, calendar(HOUR))
    begin = timezone.now() + timedelta(days=90)
    span = Span(begin, begin + timedelta(hours=1))
    hours.take_leave(staff, kind=TimeOffKind.COURT, span=span)

    hours.bring_in(staff, calendar())

    assert list(TimeOff.objects.values_list("kind", flat=True)) == ["court"]


def test_nothing_but_spans_is_kept():
    assert {field.name for field in TimeOff._meta.get_fields() if field.concrete} == {
        "id", "uid", "staff", "kind", "starts_at", "ends_at",
    }  # fmt: skip


def test_ten_thousand_lines_are_read():
    lines = [HOUR + "\r\nSUMMARY:x\r\nLOCATION:y"] * 1_300

    data = calendar(*lines)

    assert data.count(b"\r\n") > 10_000
    assert len(busy(data)) == 1
