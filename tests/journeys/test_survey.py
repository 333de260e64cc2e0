"""A resident asks for a survey, gets a visit, cancels it by link; neutral words all the way."""

from datetime import UTC, datetime
from uuid import uuid4

import icalendar
import pytest
from django.db import connection
from django.utils import timezone

from outreach.actors import SYSTEM
from outreach.encryption import CannotOpen
from outreach.enums import SurveyStatus
from outreach.models import Contact, SurveyRequest
from scheduling.models import Booking, Event
from scheduling.services import surveys as visits
from tests.factories.events import tomorrow
from tests.factories.people import make_request
from tests.journeys.conftest import link_in, text_of

pytestmark = pytest.mark.django_db
MARKER = "77 Zanzibar Terrace"


def asked(**other) -> dict:
    return {
        "key": str(uuid4()),
        "name": "Robin",
        "safe_channel": "email",
        "reach": "robin@example.org",
        "property_type": "house",
        "address": "",
        "beat": "b1",
        "wants_invitation": "on",
    } | other


def test_ask_get_a_visit_and_cancel_it(client, beat, pair, post_office, signed_in):
    answer = client.post("/surveys/request/", asked())
    request = SurveyRequest.objects.get()
    assert request.reference in answer.content.decode()
    assert (request.beat, request.status) == (beat, SurveyStatus.RECEIVED)
    (received,) = post_office.deliver()
    assert received["Subject"] == "We have your request"

    staff = signed_in(pair[0])
    page = staff.get("/staff/surveys/").content.decode()
    assert request.reference in page
    detail = f"/staff/surveys/{request.uid}/"
    form = staff.get(detail).context["form"]
    start = form.fields["starts_at"].choices[0][0]
    booked = staff.post(detail, {"starts_at": start, "staff": [p.pk for p in pair]}, follow=True)
    assert "The visit is booked" in booked.content.decode()
    event = Event.objects.get()
    assert event.starts_at == datetime.fromisoformat(start)
    assert Booking.objects.active().count() == 2

    (mail,) = post_office.deliver()
    assert mail["Subject"] == "Your appointment with the city"
    words = mail.as_string().lower()
    for telling in ("survey", "security", "police", "crime"):
        assert telling not in words
    assert "city of harbor bay" in str(mail["From"]).lower()
    assert_invitation(mail, event, "REQUEST")

    staff.logout()
    own = link_in(mail, "own")
    for _ in range(2):
        assert client.get(own).status_code == 200
        client.head(own)
    assert Event.objects.get().status == "confirmed"
    assert client.get(own)["Referrer-Policy"] == "no-referrer"
    client.post(f"{own}cancel/")
    client.post(f"{own}cancel/")  # a double click

    request.refresh_from_db()
    assert request.status == SurveyStatus.RECEIVED
    assert Booking.objects.active().count() == 0
    assert Event.objects.get().sequence == 1
    (cancelled,) = post_office.deliver()
    assert cancelled["Subject"] == "Your appointment with the city is cancelled"
    event.refresh_from_db()
    assert_invitation(cancelled, event, "CANCEL")


def assert_invitation(mail, event, method):
    """calendar.md: the shape of the mail, and one ORGANIZER, ATTENDEE and UID in it."""
    assert mail.get_content_type() == "multipart/mixed"
    alternative, attachment = mail.get_payload()
    kinds = [part.get_content_type() for part in alternative.get_payload()]
    assert kinds == ["text/plain", "text/html", "text/calendar"]
    inline = alternative.get_payload()[2]
    assert inline.get_param("method") == method
    assert inline.get_content_charset() == "utf-8"
    assert attachment.get_content_type() == "application/ics"
    assert attachment.get_filename() == "invite.ics"
    calendar = icalendar.Calendar.from_ical(attachment.get_content())
    entry = calendar.events[0]
    assert calendar["METHOD"] == method
    assert entry["UID"] == str(event.uid)
    assert entry["SEQUENCE"] == event.sequence
    assert entry.start.astimezone(UTC) == event.starts_at
    assert entry["STATUS"] == ("CANCELLED" if method == "CANCEL" else "CONFIRMED")
    assert str(entry["ORGANIZER"]).removeprefix("mailto:") in str(mail["From"])
    assert entry["ATTENDEE"] == "mailto:robin@example.org"
    assert "LOCATION" not in entry


def test_withdraw_by_link_ends_visit_and_request(client, beat, pair, post_office, signed_in):
    request = make_request(beat)
    (mail,) = post_office.deliver()
    own = link_in(mail, "own")

    client.post(f"{own}withdraw/")
    client.post(f"{own}withdraw/")

    request.refresh_from_db()
    assert request.status == SurveyStatus.WITHDRAWN
    (closed,) = post_office.deliver()
    assert closed["Subject"] == "Your request is withdrawn"


def test_withdrawing_a_booked_visit_promises_no_other_time(client, beat, pair, post_office):
    request = make_request(beat)
    visits.book_visit(request.pk, starts_at=tomorrow(10), staff=pair, by=SYSTEM)
    (booked,) = [m for m in post_office.deliver() if "Your appointment" in m["Subject"]]

    client.post(f"{link_in(booked, 'own')}withdraw/", {"sure": "yes"})

    told = {mail["Subject"]: text_of(mail) for mail in post_office.deliver()}
    assert set(told) == {
        "Your request is withdrawn", "Your appointment with the city is cancelled",
    }  # fmt: skip
    assert "open again" not in "".join(told.values())


def test_second_click_is_the_same_request(client, beat):
    form = asked()
    first = client.post("/surveys/request/", form)
    second = client.post("/surveys/request/", form)

    request = SurveyRequest.objects.get()
    assert request.reference in first.content.decode()
    assert request.reference in second.content.decode()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": ""}, "This field is required"),
        ({"reach": "robin"}, "Write an e-mail address like"),
        ({"safe_channel": "call-only", "reach": "12"}, "Write a phone number"),
        ({"beat": ""}, "Give an address, or choose your beat"),
        ({"name": "Rob\u202ein"}, "hidden characters"),
        ({"name": "a\x00b"}, "Null characters"),
        ({"notes": "x" * 2000}, "at most 1000"),
        ({"property_type": "castle"}, "Select a valid choice"),
    ],
)
def test_wrong_answer_is_named_and_what_was_typed_is_kept(client, beat, wrong, words):
    answer = client.post("/surveys/request/", asked(**wrong))

    page = answer.content.decode()
    assert answer.status_code == 200
    assert words in page
    assert "robin" in page or "12" in page
    assert not SurveyRequest.objects.exists()
    assert not Contact.objects.exists()


def test_no_beat_goes_to_the_sergeant(client, beat, pair, sergeant, signed_in):
    client.post("/surveys/request/", asked(beat="none"))
    reference = SurveyRequest.objects.get().reference

    assert reference not in signed_in(pair[0]).get("/staff/surveys/").content.decode()
    assert reference in signed_in(sergeant).get("/staff/surveys/").content.decode()


def test_address_is_sealed_shown_only_when_asked_and_that_is_written_down(
    client, beat, pair, signed_in
):
    client.post("/surveys/request/", asked(address=MARKER, notes="second floor"))
    request = SurveyRequest.objects.get()

    with connection.cursor() as cursor:
        cursor.execute("SELECT outreach_surveyrequest::text FROM outreach_surveyrequest")
        stored = cursor.fetchone()[0]
    assert MARKER not in stored
    assert MARKER.encode().hex() not in stored
    staff = signed_in(pair[0])
    assert MARKER not in staff.get(f"/staff/surveys/{request.uid}/").content.decode()
    assert MARKER in staff.post(f"/staff/surveys/{request.uid}/reveal/").content.decode()
    assert [look.staff for look in request.reveals.all()] == [pair[0], pair[0]]


def test_sealed_address_does_not_open_in_another_row(beat):
    one, two = make_request(beat), make_request(beat)
    two.address_sealed = one.address_sealed

    assert one.unseal("address") == "1214 Alder St"
    with pytest.raises(CannotOpen):
        two.unseal("address")


def test_who_wants_no_invitation_gets_none(client, beat, pair, post_office, signed_in):
    client.post("/surveys/request/", {**asked(), "wants_invitation": ""})
    request = SurveyRequest.objects.get()
    staff = signed_in(pair[0])
    detail = f"/staff/surveys/{request.uid}/"
    start = staff.get(detail).context["form"].fields["starts_at"].choices[0][0]
    staff.post(detail, {"starts_at": start, "staff": [pair[0].pk]})

    (mail,) = [m for m in post_office.deliver() if "appointment" in m["Subject"]]

    assert mail.get_content_type() == "multipart/alternative"
    assert "BEGIN:VCALENDAR" not in mail.as_string()
    assert "appointment" in text_of(mail)


def test_taken_time_is_refused_with_the_name_and_other_times(beat, pair, signed_in):
    one, two = make_request(beat), make_request(beat)
    staff = signed_in(pair[0])
    start = (
        staff.get(f"/staff/surveys/{one.uid}/").context["form"].fields["starts_at"].choices[0][0]
    )
    choice = {"starts_at": start, "staff": [pair[0].pk]}
    other = staff.get(f"/staff/surveys/{two.uid}/")  # opened before the other was booked
    assert other.status_code == 200
    staff.post(f"/staff/surveys/{one.uid}/", choice)
    day, clock = _typed(start)

    refused = staff.post(
        f"/staff/surveys/{two.uid}/", {"day": day, "starts": clock, "staff": [pair[0].pk]}
    )

    assert refused.status_code == 409
    page = refused.content.decode()
    assert pair[0].name in page
    assert "All of them are free at" in page
    two.refresh_from_db()
    assert two.status == SurveyStatus.RECEIVED


def _typed(start: str) -> tuple[str, str]:
    local = timezone.localtime(datetime.fromisoformat(start))
    return local.strftime("%m/%d/%Y"), local.strftime("%I:%M %p")


def test_marker_of_a_survey_is_in_no_public_answer(client, beat, pair, signed_in, post_office):
    request = make_request(beat, name="Xanthippe Marker", address=MARKER, notes="Marker notes")
    staff = signed_in(pair[0])
    detail = f"/staff/surveys/{request.uid}/"
    start = staff.get(detail).context["form"].fields["starts_at"].choices[0][0]
    staff.post(detail, {"starts_at": start, "staff": [pair[0].pk]})
    mails = post_office.deliver()
    staff.logout()

    event = Event.objects.get()
    pages = [
        "/",
        "/events/",
        "/beats/",
        "/beats/b1/",
        "/team/",
        "/feeds/all.ics",
        "/feeds/beats/b1.ics",
        "/api/v1/events/",
        "/api/v1/beats/",
        "/api/v1/venues/",
    ]
    for path in pages:
        body = client.get(path).content.decode()
        assert "Marker" not in body
        assert "Zanzibar" not in body
        assert str(event.uid) not in body
        assert request.reference not in body
    assert all("Zanzibar" not in mail.as_string() for mail in mails)
