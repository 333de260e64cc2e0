"""The sending room: what comes, waits and went, and what one person was told and why."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from notifications import sending
from notifications.enums import Channel, Lane, MessageStatus
from notifications.models import AddressLook, Gate, Heartbeat, Message
from notifications.services import gates, planning, resending, subscriptions
from outreach.actors import SYSTEM
from outreach.enums import LinkPurpose, Role, SafeChannel
from scheduling.services import events, surveys
from tests.factories.events import EventFactory, make_plan, tomorrow
from tests.factories.messages import SubscriptionFactory, claim_all, due_reminders
from tests.factories.people import ContactFactory, StaffMemberFactory, make_pair, make_request
from tests.factories.places import BeatFactory
from tests.second_factor import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def beat():
    return BeatFactory(code="b1")


@pytest.fixture
def cpc(beat, client):
    coordinator, _ = make_pair(beat)
    sign_in(client, coordinator)
    return coordinator


def reader(beat, **columns):
    contact = ContactFactory(name="Robin Reyes", email="robin@example.org", phone="+14155550123")
    return SubscriptionFactory(contact=contact, beat=beat, **columns).contact


def test_room_says_what_comes_and_to_about_how_many(beat):
    for _ in range(3):
        SubscriptionFactory(beat=beat)
    SubscriptionFactory(beat=None, channel=Channel.TEXT)
    SubscriptionFactory(beat=beat, lead_minutes=[120])
    SubscriptionFactory(beat=beat, pace="weekly")
    SubscriptionFactory(beat=beat, programs=["academy"])
    event = EventFactory(beat=beat, starts_at=timezone.now() + timedelta(days=3))

    found = {one.lead_minutes: (one.by_email, one.by_text) for one in sending.coming()}

    assert found == {1440: (3, 1), 120: (4, 1)}
    assert {one.event for one in sending.coming()} == {event}


def test_room_shows_what_waits_and_why_and_what_went(client, beat, cpc):
    waits, went, failed = due_reminders(EventFactory(beat=beat), 3)
    Message.objects.filter(pk=waits.pk).update(detail="the mail server said 451")
    Message.objects.filter(pk=went.pk).update(
        status=MessageStatus.ACCEPTED, settled_at=timezone.now()
    )
    Message.objects.filter(pk=failed.pk).update(
        status=MessageStatus.FAILED, settled_at=timezone.now(), detail="the mail server said 550"
    )

    page = client.get(reverse("sending_room")).content.decode()

    assert "the mail server said 451" in page
    assert "the mail server said 550" in page
    assert failed.contact.email not in page


def test_person_stops_a_mistake_and_opens_again(client, cpc):
    due_reminders(EventFactory(), 1)

    client.post(reverse("pause_sending"), {"what": "all", "reason": "Wrong hall"})
    assert claim_all() == []
    page = client.get(reverse("sending_room")).content.decode()
    assert "Wrong hall" in page
    assert cpc.name in page
    client.post(reverse("resume_sending"), {"what": "all"})

    assert len(claim_all()) == 1


@pytest.mark.parametrize("what", ["nonsense", ""])
def test_nonsense_holds_nothing_back(client, cpc, what):
    answer = client.post(reverse("pause_sending"), {"what": what, "reason": "x"})

    assert answer.status_code == 200
    assert not Gate.objects.exists()


def test_operator_holds_a_lane_back_and_lets_it_go():
    due_reminders(EventFactory(), 1)
    Message.objects.update(lane=Lane.REMINDERS)

    call_command("pause_sending", "reminders")
    assert claim_all() == []
    call_command("resume_sending", "reminders")
    assert len(claim_all()) == 1


def test_operator_is_told_what_is_still_held_back(capsys):
    call_command("pause_sending", "campaign", "--reason", "the mail server is away")
    call_command("pause_sending")
    capsys.readouterr()

    call_command("resume_sending")

    assert capsys.readouterr().out.splitlines() == [
        "all: open again",
        "campaign: still held back (the mail server is away)",
    ]


def test_silent_worker_is_shown(client, cpc):
    now = timezone.now()
    for name in ("planner", "personal", "campaign"):
        Heartbeat.objects.create(name=name, seen_at=now)
    assert "has not been seen" not in client.get(reverse("sending_room")).content.decode()

    Heartbeat.objects.filter(name="personal").update(seen_at=now - timedelta(minutes=3))

    assert "has not been seen" in client.get(reverse("sending_room")).content.decode()


@pytest.mark.parametrize("words", ["reyes", "ROBIN@example.org", "0123", "(415) 555-0123"])
def test_person_is_found_by_name_mailbox_or_number(client, beat, cpc, words):
    reader(beat)

    page = client.post(reverse("find_reader"), {"who": words}).content.decode()

    assert "Robin Reyes" in page
    assert "r···@e···.org" in page
    assert "robin@example.org" not in page.replace(f'value="{words}"', "")


def test_person_of_another_beat_is_not_found(client, cpc):
    contact = reader(BeatFactory())

    page = client.post(reverse("find_reader"), {"who": "Reyes"}).content.decode()

    assert "Robin" not in page
    assert client.get(reverse("reader", args=[contact.uid])).status_code == 404


def test_excluded_employee_does_not_find_who_excluded_them(client, beat, cpc):
    request = make_request(beat)
    request.excluded_staff = cpc
    request.save()

    assert client.get(reverse("reader", args=[request.contact.uid])).status_code == 404


def test_reader_page_says_why_they_got_it(client, beat, cpc):
    contact = reader(beat, wording_version="2026-11", asked_on_page="subscribe")
    starts_at = timezone.now() + timedelta(hours=20)
    events.create(make_plan(beat=beat, starts_at=starts_at), by=SYSTEM)
    planning.plan()

    page = client.get(reverse("reader", args=[contact.uid])).content.decode()

    assert "They subscribed on" in page
    assert "wording 2026-11, page “subscribe”" in page
    assert "Reminder: 1 day before." in page
    assert "robin@example.org" not in page


def test_address_is_shown_when_asked_and_the_look_is_written_down(client, beat, cpc):
    contact = reader(beat)

    answer = client.post(reverse("reveal_reader", args=[contact.uid]))

    assert "robin@example.org" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    look = AddressLook.objects.get()
    assert (look.staff, look.contact, look.is_export) == (cpc, contact, False)
    sergeant = StaffMemberFactory(role=Role.SERGEANT)
    sign_in(client, sergeant)
    assert cpc.name in client.get(reverse("reader", args=[contact.uid])).content.decode()


def test_export_holds_everything_told_and_is_written_down(client, beat, cpc):
    contact = reader(beat)
    events.create(
        make_plan(beat=beat, starts_at=timezone.now() + timedelta(hours=20), summary="=1+1"),
        by=SYSTEM,
    )
    planning.plan()

    answer = client.post(reverse("export_reader", args=[contact.uid]))

    lines = answer.content.decode().splitlines()
    assert lines[0] == "due,kind,channel,status,settled,about,why"
    assert ",'=1+1," in lines[1]
    assert AddressLook.objects.get().is_export


def test_message_goes_again_as_a_mail_of_its_own(client, beat, cpc):
    contact = reader(beat)
    (message,) = due_reminders(EventFactory(beat=beat), 1)
    Message.objects.update(
        contact=contact, status=MessageStatus.BOUNCED, settled_at=timezone.now(), attempts=5
    )

    client.post(reverse("send_again", args=[message.uid]))

    again = Message.objects.get()
    assert (again.status, again.attempts) == (MessageStatus.QUEUED, 0)
    assert again.uid != message.uid
    assert [one.pk for one in claim_all()] == [message.pk]


@pytest.mark.parametrize("status", ["queued", "sending", "withdrawn", "suppressed", "unknown"])
def test_what_waits_or_was_stopped_does_not_go_again(status):
    (message,) = due_reminders(EventFactory(), 1)
    Message.objects.update(status=status)

    with pytest.raises(resending.NotAgain):
        resending.send_again(message)


def test_stop_wins_over_sending_again():
    (message,) = due_reminders(EventFactory(), 1)
    Message.objects.update(status=MessageStatus.ACCEPTED, settled_at=timezone.now())
    subscriptions.leave(message.contact)

    resending.send_again(message)

    assert claim_all() == []
    assert Message.objects.get().status == MessageStatus.WITHDRAWN


def test_every_kind_has_a_sample_in_every_language(client, cpc):
    page = client.get(reverse("message_templates")).content.decode()
    assert "Recordatorio" in page

    for language in ("en", "es"):
        answer = client.get(reverse("message_sample", args=["reminder", language]))
        assert answer.status_code == 200
    one = client.get(reverse("message_template", args=["reminder"])).content.decode()
    assert "ALTO termina los mensajes" in one
    assert "about grade" in one


def test_preferences_save_programs_pace_times_and_bulletins(client, beat):
    contact = reader(beat)
    token = subscriptions.link_token(contact, LinkPurpose.PREFERENCES)
    address = reverse("preferences", args=[token])
    page = client.get(address).content.decode()
    assert "Before each event" in page
    assert 'value="b1" id="id_beats_0" checked' in page

    client.post(
        address,
        {"beats": ["b1", "city"], "programs": ["academy"], "pace": "weekly", "language": "es",
         "lead_minutes": ["120"], "wants_bulletins": "on"},
    )  # fmt: skip

    standing = subscriptions.standing(contact)
    assert {(one.beat, one.purpose) for one in standing} == {
        (beat, "reminders"), (None, "reminders"), (beat, "bulletins"), (None, "bulletins"),
    }  # fmt: skip
    assert {(tuple(one.programs), one.pace, tuple(one.lead_minutes)) for one in standing} == {
        (("academy",), "weekly", (120,))
    }
    assert {one.asked_on_page for one in standing} == {"test", "subscribe", "preferences"} - {
        "subscribe"
    }
    assert gates.closed() == []


def test_call_list_masks_numbers_until_it_is_printed(client, beat, cpc):
    request = make_request(beat, safe_channel=SafeChannel.CALL_ONLY, reach="+14155550123")
    surveys.book_visit(request.pk, starts_at=tomorrow(10), staff=(cpc,), by=SYSTEM)
    planning.plan()

    page = client.get(reverse("call_list")).content.decode()
    assert "···0123" in page
    assert "+14155550123" not in page
    printed = client.post(reverse("print_calls")).content.decode()

    assert "+14155550123" in printed
    assert AddressLook.objects.get().contact == request.contact
    call = Message.objects.get(channel=Channel.CALL)
    client.post(reverse("record_call", args=[call.uid]), {"outcome": "Told", "from": "list"})
    assert "No calls to make." in client.get(reverse("call_list")).content.decode()


def test_beat_sent_twice_is_kept_once(client, beat):
    contact = SubscriptionFactory(beat=None).contact
    token = subscriptions.link_token(contact, LinkPurpose.PREFERENCES)

    answer = client.post(
        reverse("preferences", args=[token]), {"beats": ["b1", "b1"], "language": "en"}
    )

    assert answer.status_code == 200
    assert [one.beat for one in subscriptions.standing(contact)] == [beat]
