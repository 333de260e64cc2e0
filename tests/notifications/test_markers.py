"""No address, number or name in logs, task arguments or the broker."""

import logging
from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from redis import Redis

from notifications import tasks
from notifications.enums import BY_TEXT, Channel, Lane, MessageStatus
from notifications.models import Message
from notifications.services import gates, planning, receipts, samples, stops, subscriptions
from outreach.actors import SYSTEM
from scheduling.services import events
from tests import mail_sink, text_gateway
from tests.factories.events import EventFactory, make_plan, tomorrow
from tests.factories.messages import SubscriptionFactory, due_reminders
from tests.factories.people import ContactFactory

pytestmark = pytest.mark.django_db
MARKERS = ["Marker", "marker@", "marked.example", "4155550177", "5550177"]


@pytest.fixture
def outside(tmp_path, settings, monkeypatch):
    """Stand-ins of the outer world."""
    monkeypatch.setattr(gates, "quiet_until", lambda at: None)
    with mail_sink.running(tmp_path) as sink, text_gateway.running() as gateway:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        settings.TEXT_URL = gateway.url
        yield


def found_in(text: str) -> list[str]:
    return [marker for marker in MARKERS if marker in text]


def test_nothing_of_a_reader_reaches_the_log(outside, caplog, client):
    caplog.set_level(logging.DEBUG)
    for name in ("marker", "451marker", "550marker", "drop"):
        (message,) = due_reminders(EventFactory(starts_at=tomorrow() + timedelta(days=1)), 1)
        contact = message.contact
        contact.name, contact.email = "Marker Reyes", f"{name}@marked.example"
        contact.phone = "+14155550177"
        contact.save()
    reader = ContactFactory(name="Marker Text", phone="+14155550177", email="")
    SubscriptionFactory(contact=reader, channel=Channel.TEXT)
    (text,) = due_reminders(EventFactory(starts_at=tomorrow() + timedelta(days=1)), 1)
    Message.objects.filter(pk=text.pk).update(contact=reader, channel=Channel.TEXT)

    tasks.drain(list(Lane))
    Message.objects.filter(channel=Channel.TEXT).update(status=MessageStatus.UNKNOWN)
    tasks.requeue()
    receipts.receive(text.uid, "SM1", "failed", 30006)
    stops.receive("SM2", "+14155550177", stops.Word.STOP)
    client.post(reverse("subscribe"), {"email": "marker@marked.example", "beat": "city"})

    assert len(caplog.text) > 0
    ours = [r.getMessage() for r in caplog.records if not r.name.startswith(NOT_IN_SERVICE)]
    assert found_in("\n".join(ours)) == []


# Silenced by the settings of the service, and at DEBUG only.
NOT_IN_SERVICE = ("django.db", "httpx", "httpcore", "factory", "faker", "asyncio", "mail.log")


def test_loggers_that_name_addresses_are_silenced_in_service():
    assert settings.LOGGING["loggers"]["httpx"]["level"] == "WARNING"


def test_broker_holds_names_of_tasks_only(django_capture_on_commit_callbacks):
    broker = Redis.from_url(settings.REDIS_URL)
    SubscriptionFactory(contact=ContactFactory(name="Marker", email="marker@marked.example"))
    with django_capture_on_commit_callbacks(execute=True):
        event = events.create(make_plan(starts_at=tomorrow() + timedelta(days=3)), by=SYSTEM)
        subscriptions.sign_up("marker@marked.example", subscriptions.Wish([None]), language="en")
        tasks.ring(tasks.plan)
        tasks.ring(tasks.drain_personal)
    planning.plan()

    held = [
        str(broker.lrange(key, 0, -1)) for key in broker.keys("*") if broker.type(key) == b"list"
    ]
    assert event.pk
    assert any("notifications.tasks.plan" in one for one in held)
    assert found_in("\n".join(held)) == []


@pytest.mark.parametrize("kind", samples.KINDS)
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_message_ends_with_whom_to_call_and_how_to_check_it(kind, language):
    said = samples.sample(kind, language)
    phone, site = settings.DEPARTMENT["phone"], settings.BASE_URL

    for words in (said.text, said.html):
        assert phone in words
        assert "911" in words
        assert "711" in words
        assert site in words
        assert settings.DEPARTMENT["postal_address"] in words
    if kind in BY_TEXT:
        assert phone in said.sms
        assert "STOP" in said.sms or "ALTO" in said.sms or kind == "confirm"
