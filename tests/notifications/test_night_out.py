"""Promise 16: National Night Out. A whole city is written to while coordinators book."""

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest
from django.test import Client
from django.utils import timezone
from knox.models import get_token_model

from notifications.enums import Channel, MessageKind, MessageStatus, Purpose
from notifications.models import Message, Subscription
from notifications.services import campaigns
from outreach.models import Contact
from scheduling.models import Event
from tests import mail_sink, processes
from tests.factories.events import tomorrow
from tests.factories.messages import make_campaign
from tests.factories.people import make_pair
from tests.factories.places import BeatFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
FULL = bool(os.environ.get("BEATBOOK_FULL"))
READERS, CLIENTS, SIGN_UPS = (100_000, 50, 40) if FULL else (600, 6, 4)


def city(count: int) -> None:
    contacts = Contact.objects.bulk_create(
        Contact(email=f"reader{n}@example{n % 50}.org") for n in range(count)
    )
    Subscription.objects.bulk_create(
        Subscription(
            contact=one,
            channel=Channel.EMAIL,
            purpose=Purpose.BULLETINS,
            confirmed_at=timezone.now(),
        )
        for one in contacts
    )


@contextmanager
def ended(ends: threading.Event):
    """Whatever happens, the others stop booking."""
    try:
        yield
    finally:
        ends.set()


def gone(kind: str = MessageKind.CAMPAIGN) -> int:
    return Message.objects.filter(kind=kind, status=MessageStatus.ACCEPTED).count()


def book(address: str, token: str, number: int, ends: threading.Event) -> list[int]:
    """One coordinator's day at the API, until the campaign is paused."""
    answers = []
    with httpx.Client(base_url=address, timeout=60) as line:
        while not ends.is_set():
            start = tomorrow(8) + timedelta(days=number, hours=len(answers) % 12)
            body = {
                "program": "community", "beat": None, "summary": "Booked", "staff": [],
                "starts_at": start.isoformat(), "venue": None, "classification": "public",
                "ends_at": (start + timedelta(minutes=30)).isoformat(),
            }  # fmt: skip
            headers = {"Authorization": f"Token {token}", "Idempotency-Key": str(uuid4())}
            answers.append(line.post("/api/v1/events/", json=body, headers=headers).status_code)
    return answers


def test_city_is_written_to_while_others_book_and_a_pause_holds(tmp_path, settings):
    settings.CAMPAIGN_SECOND_PERSON_FROM = READERS * 2
    city(READERS)
    staff, _ = make_pair(BeatFactory(code="b1"))
    token = get_token_model().objects.create(user=staff.user)[1]
    ends = threading.Event()
    (tmp_path / "mails").mkdir()
    with (
        mail_sink.running(tmp_path / "mails") as sink,
        processes.lane_worker(sink, "personal,default"),
        processes.lane_worker(sink, "campaign"),
        processes.ticker(sink),
        processes.web(4) as address,
        ThreadPoolExecutor(CLIENTS) as pool,
        ended(ends),
    ):
        campaign = make_campaign(staff)
        campaigns.propose(campaign, by=staff)
        until(lambda: gone() > 20)
        booking = [pool.submit(book, address, token, n, ends) for n in range(CLIENTS)]
        waits = [wait_for_confirmation(n) for n in range(SIGN_UPS)]

        campaign.refresh_from_db()
        campaigns.pause(campaign)
        time.sleep(5)
        held = gone()
        time.sleep(3)
        ends.set()
        answers = [code for one in booking for code in one.result()]

        assert gone() == held, "mails went out more than five seconds after the pause"
        still = Message.objects.filter(kind=MessageKind.CAMPAIGN, status=MessageStatus.QUEUED)
        assert still.exists(), "the campaign was over before it was paused"
    longest = sorted(waits)[int(len(waits) * 0.95) - 1]
    print(f"{len(answers)} bookings, {held} of {READERS} mails, confirmations p95 {longest:.1f} s")
    assert set(answers) <= {201, 409, 429}
    assert Event.objects.count() == answers.count(201)
    assert longest < 10


def wait_for_confirmation(number: int) -> float:
    email, begun = f"new{number}@example.net", time.monotonic()
    own = f"10.0.0.{number}"  # one address may sign up so many an hour
    answer = Client(REMOTE_ADDR=own).post("/subscribe/", {"email": email, "beat": "city"})
    assert answer.status_code == 302
    confirm = Message.objects.filter(contact__email=email, status=MessageStatus.ACCEPTED)
    until(confirm.exists)
    return time.monotonic() - begun


def until(is_true, seconds: int = 60) -> None:
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline
        time.sleep(0.05)
