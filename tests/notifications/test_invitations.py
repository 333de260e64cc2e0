"""Invitations to own appointments, and what calendars answer."""

import email
import mailbox
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from uuid import uuid4

import icalendar
import pytest
from django.db.models import F
from django.urls import reverse

from notifications.channels.email import compose
from notifications.enums import ReplyOutcome
from notifications.models import InvitationReply, Message, ReplyCount
from notifications.services import inbox, planning, rendering, replies
from outreach.actors import SYSTEM
from scheduling.models import Event
from scheduling.services import events, rsvps, surveys
from scheduling.services import requests as event_requests
from scheduling.services.requests import Approval
from tests import imap_box
from tests.factories.events import tomorrow
from tests.factories.people import StaffMemberFactory, make_event_request, make_pair, make_request
from tests.factories.places import BeatFactory, VenueFactory
from tests.factories.seats import make_seated, sign_up

pytestmark = pytest.mark.django_db
STAMP = datetime(2026, 11, 25, 12, tzinfo=UTC)


def letters(kind: str) -> list[EmailMessage]:
    """Mails of a kind, as they go over the wire."""
    found = Message.objects.filter(kind=kind, channel="email").order_by("pk")
    return [
        email.message_from_bytes(
            compose(rendering.render(one), one.contact.email).as_bytes(), policy=policy.default
        )
        for one in found
    ]


def invitation(mail: EmailMessage) -> icalendar.Event | None:
    part = next((one for one in mail.walk() if one.get_content_type() == "text/calendar"), None)
    if part is None:
        return None
    body = part.get_payload(decode=True)
    calendar = icalendar.Calendar.from_ical(body)
    assert str(calendar["METHOD"]) == part.get_param("method")
    attached = next(one for one in mail.walk() if one.get_content_type() == "application/ics")
    assert attached.get_payload(decode=True).splitlines() == body.splitlines()
    (event,) = calendar.events
    event.method = str(calendar["METHOD"])
    return event


@pytest.fixture
def guest():
    """Seats at an event in a library, with the wish for an invitation."""
    event = make_seated(4, venue=VenueFactory(name="Library"), texts={"es": ("Reunión", "")})
    rsvp = sign_up(event, "Ana", 2, wants_invitation=True)
    planning.plan()
    return rsvp


def test_seats_come_with_an_invitation_for_who_wants_one(guest):
    (mail,) = letters("rsvp-accepted")
    shown = invitation(mail)

    kinds = [part.get_content_type() for part in mail.walk()]
    assert kinds == ["multipart/mixed", "multipart/alternative", "text/plain", "text/html",
                     "text/calendar", "application/ics"]  # fmt: skip
    assert (shown.method, shown["UID"], shown["SEQUENCE"]) == ("REQUEST", str(guest.event.uid), 0)
    attendee = shown["ATTENDEE"]
    assert str(attendee) == f"mailto:{guest.contact.email}"
    assert guest.contact.email in mail["To"]
    assert dict(attendee.params) == {
        "CN": "Ana", "CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT",
        "PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE",
    }  # fmt: skip
    organizer = str(shown["ORGANIZER"]).removeprefix("mailto:")
    assert organizer in mail["From"]
    assert mail["From"] == mail["Reply-To"]
    assert "Library" in shown["LOCATION"]
    assert str(shown["DESCRIPTION"]).count("/rsvp/") == 1


def test_who_asked_for_none_gets_none():
    sign_up(make_seated(4), "Ben", 1)
    planning.plan()

    assert invitation(letters("rsvp-accepted")[0]) is None


def test_in_line_there_is_nothing_to_come_to_yet():
    event = make_seated(2)
    sign_up(event, "Ana", 2)
    waiting = sign_up(event, "Ben", 1, wants_invitation=True)
    planning.plan()
    assert invitation(letters("rsvp-waitlisted")[0]) is None

    rsvps.give_back(event.rsvps.exclude(pk=waiting.pk).get().pk, by=SYSTEM)
    planning.plan()

    assert invitation(letters("rsvp-promoted")[0]).method == "REQUEST"


def test_move_updates_and_cancellation_ends_it(guest):
    plan = events.plan_of(guest.event)
    day = timedelta(days=1)
    later = {"starts_at": plan.starts_at + day, "ends_at": plan.ends_at + day}
    events.change(guest.event.pk, events.Plan(**(vars(plan) | later)), by=SYSTEM)
    planning.plan()
    moved = invitation(letters("move")[0])
    events.cancel(guest.event.pk, by=SYSTEM, reason="storm")
    planning.plan()
    ended = invitation(letters("cancellation")[0])

    assert (moved.method, moved["SEQUENCE"], moved.start) == ("REQUEST", 1, later["starts_at"])
    assert (ended.method, ended["SEQUENCE"], ended["STATUS"]) == ("CANCEL", 2, "CANCELLED")
    assert moved["UID"] == ended["UID"] == str(guest.event.uid)
    assert str(moved["ATTENDEE"]) == str(ended["ATTENDEE"])
    assert str(moved["ORGANIZER"]) == str(ended["ORGANIZER"])


def test_host_of_a_talk_is_invited_and_uninvited():
    pair = make_pair(BeatFactory())
    asked = make_event_request(pair[0].posts.get().beat, wants_invitation=True)
    approval = Approval("Safe homes", tomorrow(10) + timedelta(days=30), 60, pair)
    event = event_requests.approve(asked.pk, approval, by=pair[0])
    planning.plan()
    shown = invitation(letters("request-approved")[0])
    assert (shown.method, shown["UID"]) == ("REQUEST", str(event.uid))
    Message.objects.update(status="accepted", settled_at=STAMP)

    events.cancel(event.pk, by=SYSTEM, reason="storm")
    planning.plan()

    ended = invitation(letters("request-declined")[0])
    assert (ended.method, ended["SEQUENCE"]) == ("CANCEL", 1)


def test_request_declined_at_once_was_never_an_appointment():
    asked = make_event_request(BeatFactory(), wants_invitation=True)
    event_requests.decline(asked.pk, by=SYSTEM, reason="no room")
    planning.plan()

    assert invitation(letters("request-declined")[0]) is None


def test_survey_is_invited_to_in_neutral_words():
    beat = BeatFactory()
    pair, request = make_pair(beat), make_request(beat, wants_invitation=True)
    surveys.book_visit(request.pk, starts_at=tomorrow(10), staff=pair, by=SYSTEM)
    planning.plan()

    shown = invitation(letters("visit-booked")[0])

    assert str(shown["SUMMARY"]) == "Appointment with the city"
    assert "LOCATION" not in shown
    assert "Alder" not in shown.to_ical().decode()


# --- Answers ---------------------------------------------------------------------------------


def answer(rsvp, **changes) -> bytes:
    """What a calendar client sends back."""
    said = {
        "uid": rsvp.event.uid, "attendee": rsvp.contact.email, "partstat": "ACCEPTED",
        "sequence": rsvp.event.sequence, "stamp": STAMP, "method": "REPLY", "header": "REPLY",
        "organizer": "ORGANIZER:mailto:outreach@beatbook.example\r\n",
    } | changes  # fmt: skip
    body = (
        "BEGIN:VCALENDAR\r\nPRODID:-//client//\r\nVERSION:2.0\r\n"
        f"METHOD:{said['method']}\r\nBEGIN:VEVENT\r\nUID:{said['uid']}\r\n"
        f"DTSTAMP:{said['stamp']:%Y%m%dT%H%M%SZ}\r\nSEQUENCE:{said['sequence']}\r\n"
        f"{said['organizer']}ATTENDEE;PARTSTAT={said['partstat']}:mailto:{said['attendee']}\r\n"
        "DTSTART:20300101T100000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    mail = EmailMessage()
    mail["From"], mail["To"] = rsvp.contact.email, "outreach@beatbook.example"
    mail["Subject"] = "Accepted"
    mail.set_content("Ana has accepted")
    mail.add_alternative(body, subtype="calendar", params={"method": said["header"]})
    return mail.as_bytes()


def counted() -> dict[str, int]:
    return dict(ReplyCount.objects.values_list("outcome", "times"))


@pytest.mark.parametrize("said", ["ACCEPTED", "DECLINED", "TENTATIVE"])
def test_answer_is_kept_and_changes_nothing(guest, said):
    assert replies.receive(answer(guest, partstat=said))

    kept = InvitationReply.objects.get()
    assert (kept.contact, kept.answer, kept.sequence) == (guest.contact, said.lower(), 0)
    guest.refresh_from_db()
    assert (guest.response, guest.confirmed_for) == ("accepted", None)
    assert counted() == {ReplyOutcome.TAKEN: 1}


def test_answer_without_organizer_and_in_other_case_is_taken(guest):
    changes = {"organizer": "", "attendee": guest.contact.email.upper()}

    assert replies.receive(answer(guest, **changes))


def test_later_answer_wins_whatever_comes_first(guest):
    later = answer(guest, partstat="DECLINED", stamp=STAMP + timedelta(minutes=5))
    assert replies.receive(later)

    assert not replies.receive(answer(guest))

    assert InvitationReply.objects.get().answer == "declined"
    assert counted() == {ReplyOutcome.TAKEN: 1, ReplyOutcome.OLDER: 1}


def test_answer_to_an_earlier_version_is_ignored(guest):
    Event.objects.update(sequence=F("sequence") + 1)

    assert not replies.receive(answer(guest))
    assert counted() == {ReplyOutcome.OLDER: 1}


FOREIGN = {
    "another event": {"uid": uuid4()},
    "somebody we did not invite": {"attendee": "mallory@example.org"},
    "a version that never was": {"sequence": 7},
}
UNREADABLE = {
    "no uid of ours": {"uid": "x@example.org"},
    "no answer": {"partstat": "DELEGATED"},
    "another method inside": {"method": "REQUEST"},
    "a number that is none": {"sequence": "1e9"},
    "two events": {"organizer": "END:VEVENT\r\nBEGIN:VEVENT\r\n"},
    "no end": {"organizer": "END:VCALENDAR\r\n"},
    "an address of no mailbox": {"attendee": "x\r\nATTENDEE:mailto:y@example.org"},
}


@pytest.mark.parametrize("changes", FOREIGN.values(), ids=FOREIGN.keys())
def test_foreign_answer_is_ignored_and_counted(guest, changes):
    assert not replies.receive(answer(guest, **changes))
    assert not InvitationReply.objects.exists()
    assert counted() == {ReplyOutcome.FOREIGN: 1}


@pytest.mark.parametrize("changes", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_hostile_answer_is_ignored_and_counted(guest, changes):
    assert not replies.receive(answer(guest, **changes))
    assert not InvitationReply.objects.exists()
    assert counted() == {ReplyOutcome.UNREADABLE: 1}


def test_who_has_seats_but_no_invitation_answers_nothing(guest):
    guest.wants_invitation = False
    guest.save()

    assert not replies.receive(answer(guest))


@pytest.mark.parametrize(
    "raw", [b"", b"\xff\xfe", b"Subject: hello\n\nhi", b"Content-Type: text/calendar\n\nBEGIN:"]
)
def test_other_mail_is_left_alone(guest, raw):
    assert not replies.receive(raw)
    assert counted() == {}


def test_answers_are_read_from_a_folder_and_by_imap(guest, settings, tmp_path):
    settings.REPLY_MAILDIR = str(tmp_path / "replies")
    box = mailbox.Maildir(settings.REPLY_MAILDIR, create=True)
    box.add(answer(guest))
    assert (inbox.read(), inbox.read()) == (1, 0)

    later = answer(guest, partstat="DECLINED", stamp=STAMP + timedelta(hours=1))
    with imap_box.running([later]) as running:
        settings.REPLY_IMAP_URL = f"imap://box:secret@127.0.0.1:{running.port}/INBOX"
        assert (inbox.read(), inbox.read()) == (1, 0)
    assert InvitationReply.objects.get().answer == "declined"


def test_staff_see_the_answer_on_the_page_of_the_event(guest, client):
    replies.receive(answer(guest, partstat="DECLINED"))
    staff = StaffMemberFactory(role="sergeant")
    client.force_login(staff.user, backend="allauth.account.auth_backends.AuthenticationBackend")

    page = client.get(reverse("staff_event", args=[guest.event.uid])).content.decode()

    assert "Answers from calendars" in page
    assert "Not coming" in page
    room = client.get(reverse("sending_room")).content.decode()
    assert "Shown to staff: <strong>1</strong>" in room
