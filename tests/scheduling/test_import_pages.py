"""The pages of an import: whose they are, what they say, and what a hostile file does: nothing."""

from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import OperationalError

from notifications.models import Message
from notifications.services import planning
from outreach.enums import Role
from scheduling import localtime, tasks
from scheduling.models import CalendarImport, Event
from scheduling.services import events, imports
from tests.factories.calendars import calendar
from tests.factories.events import make_plan
from tests.factories.messages import SubscriptionFactory, default_rules
from tests.factories.people import StaffMemberFactory, make_pair
from tests.factories.places import BeatFactory
from tests.factories.series import coming

pytestmark = pytest.mark.django_db
DAY = f"{coming(1):%Y%m%d}"
HOUR = f"DTSTART:{DAY}T190000\r\nDTEND:{DAY}T200000\r\nSUMMARY:Meeting"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def beat(db):
    return BeatFactory(code="b1")


@pytest.fixture
def cpc(beat, client):
    cpc, _nro = make_pair(beat)
    client.force_login(cpc.user, backend=BACKEND)
    return cpc


def upload(client, data: bytes, **told):
    file = SimpleUploadedFile("old.ics", data)
    said = {"key": uuid4(), "program": "neighborhood-watch", "beat": "b1", "file": file}
    return client.post(reverse("add_import"), said | told)


def events_of(*bodies: str) -> bytes:
    return calendar(*[f"UID:{number}\r\n{body}" for number, body in enumerate(bodies)])


def text_of(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(unescape(answer.content.decode()).split())


def test_upload_look_bring_in_and_look_again(client, cpc, django_capture_on_commit_callbacks):
    daily = HOUR + "\r\nRRULE:FREQ=DAILY;COUNT=36"
    page = upload(client, events_of(HOUR.replace("1900", "0900"), daily)).url
    text = text_of(client, page)
    assert "37 entries in the file" in text
    assert "37 are new" in text
    assert "Bring in 37 events" in text
    assert Event.objects.count() == 0

    own = CalendarImport.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(reverse("start_import", args=[own.uid])).url == page
    text = text_of(client, page)
    assert "Waits for its turn" in text
    assert "0 of 37 are through" in text
    tasks.bring_in()

    text = text_of(client, page)
    assert "37 were brought in" in text
    assert Event.objects.count() == 37
    assert client.get(reverse("import_progress", args=[own.uid]))["HX-Refresh"] == "true"
    event = Event.objects.first()
    assert reverse("staff_event", args=[event.uid]) in text
    assert event.revisions.get().staff == cpc
    assert client.post(reverse("start_import", args=[own.uid])).status_code == 302
    tasks.bring_in()
    assert Event.objects.count() == 37


def test_without_a_broker_the_page_says_it_waits_and_the_ticker_takes_it_up(
    client, cpc, monkeypatch, django_capture_on_commit_callbacks
):
    def away(*args, **kwargs):
        raise OperationalError("away")

    monkeypatch.setattr(tasks.bring_in, "apply_async", away)
    page = upload(client, events_of(HOUR)).url
    own = CalendarImport.objects.get()

    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(reverse("start_import", args=[own.uid])).status_code == 302

    assert "Waits for its turn" in text_of(client, page)
    monkeypatch.undo()
    tasks.bring_in()
    assert "1 was brought in" in text_of(client, page)


def test_filter_and_pages_show_what_is_asked_for(client, cpc):
    daily = HOUR + "\r\nRRULE:FREQ=DAILY;COUNT=60"
    page = upload(client, events_of(daily, "SUMMARY:Some day")).url

    assert "Page 1 of 2" in text_of(client, page)
    left = text_of(client, f"{page}?show=left")
    assert "It says no start." in left
    assert left.count("<tr>") == 2  # the head and the one
    assert "Page 1 of 2" in text_of(client, f"{page}?show=nonsense")


def test_what_others_brought_is_not_there(client, cpc, beat):
    page = upload(client, events_of(HOUR)).url
    own = CalendarImport.objects.get()
    other = StaffMemberFactory(role=Role.SERGEANT)
    client.force_login(other.user, backend=BACKEND)

    assert client.get(page).status_code == 404
    assert client.get(reverse("import_progress", args=[own.uid])).status_code == 404
    for name in ("start_import", "throw_away_import"):
        assert client.post(reverse(name, args=[own.uid])).status_code == 404
    assert "old.ics" not in text_of(client, reverse("add_import"))


def test_a_beat_of_others_is_no_choice(client, cpc):
    BeatFactory(code="b2")

    answer = upload(client, events_of(HOUR), beat="b2")

    assert answer.status_code == 200
    assert not CalendarImport.objects.exists()


def test_surveys_never_come_in_this_way(client, cpc):
    answer = upload(client, events_of(HOUR), program="security-survey")

    assert answer.status_code == 200
    assert not CalendarImport.objects.exists()


def test_who_lost_the_beat_since_brings_nothing_in(client, cpc, beat):
    upload(client, events_of(HOUR))
    beat.posts.update(ends_on=coming(1) - timedelta(days=30))

    own = CalendarImport.objects.get()

    assert client.post(reverse("start_import", args=[own.uid])).status_code == 403
    assert CalendarImport.objects.get().state == "read"


def test_thrown_away_nothing_is_left(client, cpc):
    upload(client, events_of(HOUR))
    own = CalendarImport.objects.get()

    answer = client.post(reverse("throw_away_import", args=[own.uid]), follow=True)

    assert "Nothing of it came in" in answer.content.decode()
    assert not CalendarImport.objects.exists()


def test_usual_classification_of_the_program_holds_unless_chosen(client, cpc):
    upload(client, events_of(HOUR), program="presentations")
    upload(client, events_of(HOUR), program="presentations", classification="public")

    found = CalendarImport.objects.order_by("pk").values_list("classification", flat=True)
    assert list(found) == ["private", "public"]


def test_the_look_says_who_will_be_told_and_no_message_goes_out(client, cpc, beat):
    default_rules()
    SubscriptionFactory(beat=beat)
    SubscriptionFactory(beat=beat)
    SubscriptionFactory(beat=BeatFactory(code="b2"))
    near = f"{timezone.localdate() + timedelta(days=3):%Y%m%d}"
    far = f"{coming(1, weeks=4):%Y%m%d}"
    bodies = [HOUR.replace(DAY, far), HOUR.replace(DAY, far) + "\r\nCLASS:PRIVATE"]
    page = upload(client, events_of(*bodies)).url

    text = text_of(client, page)

    assert "No message goes out because events are brought in." in text
    assert "1 of them is public" in text
    assert "2 people follow this beat and program (2 by e-mail, 0 by text)" in text
    assert "goes out right away" not in text
    own = CalendarImport.objects.get()
    imports.start(own)
    imports.bring_in(own.pk)
    planning.plan()
    assert not Message.objects.exists()
    soon = upload(client, calendar("UID:soon\r\n" + HOUR.replace(DAY, near))).url
    assert "1 begins within 7 days, so its first reminder goes out right away" in text_of(
        client, soon
    )
    own = CalendarImport.objects.first()
    imports.start(own)
    imports.bring_in(own.pk)
    planning.plan()
    assert [message.kind for message in Message.objects.all()] == ["reminder", "reminder"]


def test_clash_names_who_from_when_until_when(client, cpc, no_margins):
    start = localtime.midnight(coming(1)) + timedelta(hours=19)
    events.create(make_plan(staff=(cpc,), starts_at=start), by=imports.Actor())

    page = upload(client, events_of(HOUR), staff=[cpc.pk]).url

    text = text_of(client, page)
    assert "1 clashes" in text
    assert f"{cpc.name} is taken" in text
    assert "7–8 p.m." in text
    assert reverse("start_import", args=[CalendarImport.objects.get().uid]) not in text


SMUGGLED = "SUMMARY:Hi\\nEND:VEVENT\\nBEGIN:VEVENT\\nUID:evil\r\n" + HOUR.replace(
    "\r\nSUMMARY:Meeting", ""
)
REFUSED = {
    "empty": (b"", "cannot read"),
    "no-events": (calendar(), "There is no event"),
    "page": (b"<html><script>alert(1)</script>", "cannot read"),
    "binary": (bytes(range(256)) * 100, "cannot read"),
    "binary-inside": (b"BEGIN:VCALENDAR\r\n" + bytes(range(256)), "cannot read"),
    "never-closed": (b"BEGIN:VCALENDAR\r\n", "cannot read"),
    "nested": (b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 5000, "cannot read"),
    "utf-16": (events_of(HOUR).decode().encode("utf-16"), "cannot read"),
    "every-second": (events_of(HOUR + "\r\nRRULE:FREQ=SECONDLY"), "more often than we can"),
    "zone": (events_of(HOUR.replace("START:", "START;TZID=Mars/X:")), "not know: Mars/X"),
    "zone-of-added": (
        events_of(HOUR + f"\r\nRDATE;TZID=Mars/Y:{DAY}T210000"),
        "not know: Mars/Y",
    ),
    "many-events": (events_of(*[f"DTSTART:{DAY}T100000"] * 5001), "too many events"),
    "many-dates": (
        events_of(*[HOUR + "\r\nRRULE:FREQ=DAILY"] * 9),
        "too many events",
    ),
    "hundred-thousand-lines": (b"BEGIN:VCALENDAR\r\n" + b"X:Y\r\n" * 100_000, "cannot read"),
    "big": (b"BEGIN:VCALENDAR\r\n" + b"x" * 1_000_001, "1 MB is the most"),
    "endless-minutes": (
        events_of(
            HOUR + f"\r\nRRULE:FREQ=DAILY;BYHOUR={','.join(map(str, range(24)))};"
            f"BYMINUTE={','.join(map(str, range(60)))}"
        ),
        "more often than we can",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_hostile_file_brings_one_message_at_the_field(client, cpc, name):
    data, words = REFUSED[name]

    answer = upload(client, data)

    text = answer.content.decode()
    assert (answer.status_code, words in text) == (200, True)
    assert text.count('class="errorlist"') == 1
    assert not CalendarImport.objects.exists()


TEXT = {
    "smuggled": (SMUGGLED, "Hi END:VEVENT BEGIN:VEVENT UID:evil"),
    "markup": (
        HOUR.replace("Meeting", "<script>alert(1)</script>"),
        "&lt;script&gt;alert(1)&lt;/script&gt;",
    ),
    "template": (HOUR.replace("Meeting", "{{ settings.SECRET_KEY }} {% now %}"), "{{ settings"),
    "nul": (HOUR.replace("Meeting", "Be\0fore"), "Before"),
    "control": (HOUR.replace("Meeting", "A\x07\x1b[31m\u202eB\u200bC"), "A[31mBC"),
    "huge-line": (HOUR.replace("Meeting", "x" * 500_000), "x" * 119 + "…"),
    "format": (HOUR.replace("Meeting", "100%s %(name)s {0}"), "100%s %(name)s {0}"),
}


@pytest.mark.parametrize("name", TEXT)
def test_hostile_words_stay_words(client, cpc, name):
    body, shown = TEXT[name]
    page = upload(client, events_of(body)).url

    text = client.get(page).content.decode()

    assert shown in text
    assert "1 entry in the file" in text
    own = CalendarImport.objects.get()
    imports.start(own)
    imports.bring_in(own.pk)
    assert Event.objects.count() == 1
    assert shown in client.get(page).content.decode()


def test_letters_of_an_old_file_are_read(client, cpc):
    data = events_of(HOUR.replace("Meeting", "Reunión en el café")).decode().encode("cp1252")

    page = upload(client, data).url

    assert "Reunión en el café" in text_of(client, page)


def test_strange_dates_and_ids_are_no_error(client, cpc):
    bodies = [f"DTSTART:00010101T000000Z\r\nSUMMARY:{n}" for n in range(3)] + [
        "DTSTART:99991231T235959",
        "DTSTART:nonsense",
        f"DTSTART:{DAY}T190000\r\nSEQUENCE:x",
    ]
    data = events_of(*bodies).replace(b"UID:5\r\n", b"UID:" + b"u" * 4000 + b"\r\n")

    text = text_of(client, upload(client, data).url)

    assert "6 entries in the file" in text
    assert "1 is new" in text
    own = CalendarImport.objects.get()
    imports.start(own)
    imports.bring_in(own.pk)
    assert Event.objects.get().imported.source_uid.startswith("sha256:")
