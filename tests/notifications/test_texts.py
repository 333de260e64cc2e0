"""Promise 13: a sick text gateway is not our outage; and what texts may say, and when."""

from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from notifications import tasks
from notifications.channels import text
from notifications.enums import Channel, Lane, MessageKind, MessageStatus, SuppressionKind
from notifications.models import Gate, Message, Subscription, Suppression
from notifications.services import delivery, gates, receipts, stops, subscriptions
from outreach.models import Contact
from tests import text_gateway
from tests.factories.events import EventFactory
from tests.factories.messages import claim_all, default_rules

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 24, 12, tzinfo=ZoneInfo("America/Los_Angeles"))
GOOD = "+14155550100"


@pytest.fixture
def gateway(settings, monkeypatch):
    monkeypatch.setattr(gates, "quiet_until", lambda at: None)  # these tests run at any hour
    with text_gateway.running() as running:
        settings.TEXT_URL = running.url
        yield running


def reminder(number: str, **columns) -> Message:
    default_rules()
    event = EventFactory(starts_at=timezone.now() + timedelta(hours=20))
    contact = Contact.objects.create(phone=number)
    Subscription.objects.create(
        contact=contact, channel=Channel.TEXT, confirmed_at=timezone.now(), asked_on_page="test"
    )
    rule = tasks.Message._meta.get_field("rule").related_model.objects.get(lead_minutes=1440)
    return Message.objects.create(
        contact=contact,
        event=event,
        rule=rule,
        event_starts_at=event.starts_at,
        kind=MessageKind.REMINDER,
        channel=Channel.TEXT,
        lane=Lane.REMINDERS,
        due_at=timezone.now(),
        expires_at=event.starts_at,
        **columns,
    )


def status_of(message: Message) -> str:
    message.refresh_from_db()
    return message.status


def call_back(client, message, status, *, code="", sid=None, key=None):
    address = reverse("text_status", args=[message.uid])
    message.refresh_from_db()
    posted = {"MessageSid": sid or message.provider_id, "MessageStatus": status}
    posted |= {"ErrorCode": code} if code else {}
    signed = key or text_gateway.signature("https://beatbook.test" + address, posted)
    return client.post(address, posted, headers={"X-Twilio-Signature": signed}).status_code


@pytest.fixture
def named(settings):
    settings.BASE_URL = "https://beatbook.test"


def test_text_is_handed_over_and_delivered(client, gateway, named):
    message = reminder(GOOD)

    tasks.drain([Lane.REMINDERS])

    (sent,) = gateway.texts()
    assert sent["to"] == GOOD
    assert sent["body"].startswith("Community Affairs Unit: Reminder: ")
    assert "(555) 010-0140" in sent["body"]
    assert sent["body"].endswith("STOP ends texts.")
    assert status_of(message) == MessageStatus.ACCEPTED
    assert call_back(client, message, "delivered") == 204
    assert status_of(message) == MessageStatus.DELIVERED


@pytest.mark.parametrize("ending", ["0500", "0408"], ids=["500 after accept", "line went dead"])
def test_text_that_may_have_gone_is_looked_up_before_any_resend(gateway, ending):
    message = reminder(f"+1415555{ending}")

    tasks.drain([Lane.REMINDERS])
    assert status_of(message) == MessageStatus.UNKNOWN
    tasks.drain([Lane.REMINDERS])
    tasks.requeue()
    assert gateway.calls() == [f"POST {ending}"]  # it may still be at it
    Message.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    tasks.requeue()

    assert status_of(message) == MessageStatus.ACCEPTED
    assert message.provider_id == gateway.texts()[0]["sid"]
    assert gateway.calls() == [f"POST {ending}", f"GET {ending}"]


def test_text_the_gateway_never_saw_goes_after_the_look(gateway):
    message = reminder(GOOD, status=MessageStatus.UNKNOWN)

    tasks.requeue()
    tasks.drain([Lane.REMINDERS])

    assert gateway.calls() == ["GET 0100", "POST 0100"]
    assert status_of(message) == MessageStatus.ACCEPTED


def test_control_without_the_look_the_person_gets_it_twice(gateway):
    message = reminder("+14155550500")
    tasks.drain([Lane.REMINDERS])

    Message.objects.filter(pk=message.pk).update(status=MessageStatus.QUEUED)
    tasks.drain([Lane.REMINDERS])

    assert len(gateway.texts()) == 2


def test_worker_that_dies_leaves_a_text_unknown_and_a_mail_queued(gateway):
    message = reminder(GOOD, status=MessageStatus.SENDING, lease=uuid4())
    Message.objects.update(leased_until=timezone.now() - timedelta(seconds=1))

    delivery.requeue()

    assert status_of(message) == MessageStatus.UNKNOWN


def test_gateway_that_asks_to_wait_is_left_alone_and_no_try_is_lost(gateway):
    busy, other = reminder("+14155550429"), reminder(GOOD)
    Message.objects.filter(pk=other.pk).update(due_at=timezone.now() + timedelta(seconds=1))

    tasks.drain([Lane.REMINDERS])
    tasks.drain([Lane.REMINDERS])

    assert gateway.calls() == ["POST 0429"]
    rest = Gate.objects.get(name=Channel.TEXT).resting_until - timezone.now()
    assert timedelta(seconds=1) < rest < timedelta(seconds=8)
    assert (status_of(busy), busy.attempts) == (MessageStatus.QUEUED, 0)
    assert status_of(other) == MessageStatus.QUEUED


@pytest.mark.parametrize(
    ("ending", "kind"), [("0614", SuppressionKind.INVALID), ("0610", SuppressionKind.STOP)]
)
def test_number_that_takes_no_texts_is_not_tried_for_anything_again(gateway, ending, kind):
    number = f"+1415555{ending}"
    first = reminder(number)
    tasks.drain([Lane.REMINDERS])
    assert status_of(first) == MessageStatus.FAILED
    assert Suppression.objects.get().kind == kind

    second = reminder(number)
    tasks.drain([Lane.REMINDERS])

    assert status_of(second) == MessageStatus.SUPPRESSED
    assert gateway.calls() == [f"POST {ending}"]


def test_callbacks_move_a_status_forward_only(client, gateway, named):
    message = reminder(GOOD)
    tasks.drain([Lane.REMINDERS])

    for status in ("delivered", "sent", "queued", "failed", "delivered", "undelivered"):
        assert call_back(client, message, status) == 204

    assert status_of(message) == MessageStatus.DELIVERED


def test_callback_before_our_own_note_counts(client, gateway, named):
    message = reminder(GOOD, status=MessageStatus.SENDING, lease=uuid4())

    call_back(client, message, "delivered", sid="SM1")
    delivery.settle(message, MessageStatus.ACCEPTED, provider_id="SM1")

    assert status_of(message) == MessageStatus.DELIVERED


@pytest.mark.parametrize("key", ["", "bm9uc2Vuc2U=", "é"])
def test_unsigned_callback_is_refused_and_changes_nothing(client, gateway, named, key):
    message = reminder(GOOD)
    tasks.drain([Lane.REMINDERS])

    assert call_back(client, message, "failed", key=key or " ") == 403
    assert status_of(message) == MessageStatus.ACCEPTED


def test_callback_about_nothing_or_nonsense_is_taken_quietly(client, gateway, named):
    message = reminder(GOOD)
    tasks.drain([Lane.REMINDERS])

    assert call_back(client, message, "no-such-status", code="9" * 50) == 204
    assert call_back(client, message, "failed", sid="SM-of-another") == 204
    message.uid = uuid4()
    receipts.receive(message.uid, "SM9", "delivered")

    assert Message.objects.get().status == MessageStatus.ACCEPTED


@pytest.mark.parametrize(
    ("hour", "waits_until"), [(7, 8), (8, None), (20, None), (21, 8), (2, 8)], ids=str
)
def test_texts_keep_the_quiet_hours_of_the_department(hour, waits_until):
    at = NOON.replace(hour=hour)

    until = gates.quiet_until(at)

    assert (until.astimezone(at.tzinfo).hour if until else None) == waits_until
    if until:
        assert timedelta() < until - at <= timedelta(hours=11)


@pytest.mark.parametrize("day", [(2026, 3, 8), (2026, 11, 1)], ids=["spring", "autumn"])
def test_quiet_hours_end_at_eight_on_the_days_the_clocks_change(day):
    night = datetime(*day, 1, 30, tzinfo=ZoneInfo("America/Los_Angeles"))

    until = gates.quiet_until(night)

    assert until.astimezone(night.tzinfo).hour == 8


def test_text_due_at_night_waits_but_a_confirmation_answers_at_once(gateway, monkeypatch):
    morning = timezone.now() + timedelta(hours=3)
    monkeypatch.setattr(gates, "quiet_until", lambda at: morning)
    waits = reminder(GOOD)
    subscriptions.sign_up("+14155550101", subscriptions.Wish([None]), language="en")

    tasks.drain(list(Lane))

    (sent,) = gateway.texts()
    assert "reply YES" in sent["body"]
    waits.refresh_from_db()
    assert (waits.status, waits.due_at) == (MessageStatus.QUEUED, morning)


def test_rate_of_the_provider_is_kept_by_all_workers_together(gateway, settings):
    settings.SENDING_RATES = {"text": 2}
    for number in range(4):
        reminder(f"+1415555011{number}")

    tasks.drain([Lane.REMINDERS])
    tasks.drain([Lane.REMINDERS])

    assert len(gateway.texts()) == 2
    Gate.objects.update(minute_began_at=timezone.now() - timedelta(seconds=61))
    tasks.drain([Lane.REMINDERS])
    assert len(gateway.texts()) == 4


def test_without_a_gateway_texts_wait_and_mail_goes(settings):
    settings.TEXT_URL = ""
    message = reminder(GOOD)

    tasks.drain(list(Lane))

    assert not text.is_on()
    assert status_of(message) == MessageStatus.QUEUED
    assert claim_all() == []


def test_stop_between_claim_and_sending_is_seen(gateway):
    """A batch takes seconds; who says stop meanwhile gets nothing more."""
    reminder(GOOD)
    from notifications.services import claiming

    (claimed,) = claiming.claim(Lane.REMINDERS, Channel.TEXT, size=10)
    stops.stop(GOOD, reason="test")

    assert not delivery.renew(claimed)
    assert gateway.calls() == []


def test_text_that_falls_due_while_a_drain_runs_waits_for_the_morning_too(gateway, monkeypatch):
    """The hour is looked at before each claim of texts, not once a drain."""
    morning = timezone.now() + timedelta(hours=3)
    hours = iter([None, morning, morning, morning])
    first, second = reminder(GOOD), reminder("+14155550101")
    Message.objects.filter(pk=second.pk).update(lane=Lane.CAMPAIGN)
    monkeypatch.setattr(gates, "quiet_until", lambda at: next(hours, morning))

    tasks.drain([Lane.REMINDERS, Lane.CAMPAIGN])

    assert status_of(first) == MessageStatus.ACCEPTED
    assert status_of(second) == MessageStatus.QUEUED
