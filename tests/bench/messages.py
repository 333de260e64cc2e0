"""What telling a city costs beside bare SQL and bare SMTP, and who waits meanwhile."""

import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from notifications import tasks
from notifications.channels.email import Mailer
from notifications.enums import CAMPAIGN_LANES, Channel, MessageKind, MessageStatus, Purpose
from notifications.models import Message, Subscription
from notifications.services import campaigns, planning, rendering
from outreach.actors import SYSTEM
from outreach.models import Contact
from scheduling.services import events
from tests import mail_sink, processes
from tests.factories.events import EventFactory, make_plan
from tests.factories.messages import make_campaign
from tests.factories.people import make_pair
from tests.factories.places import BeatFactory

RECIPIENTS, MAILS = 100_000, 20_000
PLANNING_AT_MOST = 3.0  # times a bare INSERT … SELECT of as many rows
DRAINING_AT_LEAST = 0.6  # of a bare loop's mails a second
WAIT_AT_MOST = 2.0  # times the idle wait, while a campaign drains
MEMORY_GROWTH = 20  # MB over the second half of a drain
SIGN_UPS = 10

BARE = """
    INSERT INTO notifications_message
        (uid, contact_id, event_id, rule_id, event_starts_at, kind, channel, lane, status,
         due_at, expires_at)
    SELECT gen_random_uuid(), contact_id, %(event)s, %(rule)s, %(starts)s, 'reminder', channel,
           'reminders', 'queued', statement_timestamp(), statement_timestamp() + interval '1 day'
    FROM notifications_subscription
"""


def run() -> bool:
    """Prints three tables; False when a promised ratio is missed."""
    kept = [plan_for_a_city(), drain_beside_a_bare_loop(), waits_beside_a_campaign()]
    return all(kept)


def plan_for_a_city() -> bool:
    """Reminders of one event, and a campaign, each to 100,000 readers."""
    people(RECIPIENTS)
    print(f"\nPlanning for {RECIPIENTS:,} readers, against bare rows")
    starts_at = timezone.now() + timedelta(hours=20)
    event = EventFactory(starts_at=starts_at, beat=None)
    bare = fastest(lambda: insert_bare(event))
    ours = fastest(lambda: replan(planning.plan_reminders))
    staff, _ = make_pair(BeatFactory())
    Subscription.objects.update(purpose=Purpose.BULLETINS)
    reminders = show("reminders", ours, bare)

    def one_campaign() -> None:
        campaigns.propose(make_campaign(staff), by=staff)
        campaigns.plan()

    settings.CAMPAIGN_SECOND_PERSON_FROM = RECIPIENTS * 2
    campaign = show("campaign", fastest(lambda: replan(one_campaign)), bare)
    forget()
    return reminders <= PLANNING_AT_MOST and campaign <= PLANNING_AT_MOST


def drain_beside_a_bare_loop() -> bool:
    """The same mails, rendered and sent over one connection: by a worker's loop, and bare."""
    people(MAILS, purpose=Purpose.BULLETINS)
    staff, _ = make_pair(BeatFactory())
    settings.CAMPAIGN_SECOND_PERSON_FROM = MAILS * 2
    campaigns.propose(make_campaign(staff), by=staff)
    campaigns.plan()
    with sink() as _running:
        sample = list(Message.objects.filter(status=MessageStatus.QUEUED)[:2000])
        bare_rate = len(sample) / timed(lambda: send_bare([one.pk for one in sample]))
        half, memory = Message.objects.count() // 2, []
        begun = time.perf_counter()
        while Message.objects.filter(status=MessageStatus.QUEUED).exists():
            tasks.drain(CAMPAIGN_LANES)
            if Message.objects.filter(status=MessageStatus.ACCEPTED).count() > half:
                memory.append(megabytes())
        rate = MAILS / (time.perf_counter() - begun)
    ratio = rate / bare_rate
    growth = memory[-1] - memory[0]
    print(f"\nDraining {MAILS:,} mails over one connection")
    print(f"  bare loop {bare_rate:7.0f} a second\n  worker    {rate:7.0f} a second")
    print(f"  ratio     {ratio:7.2f}   (at least {DRAINING_AT_LEAST})")
    print(f"  memory of the second half grew by {growth:.1f} MB (at most {MEMORY_GROWTH})")
    forget()
    return ratio >= DRAINING_AT_LEAST and growth <= MEMORY_GROWTH


def waits_beside_a_campaign() -> bool:
    """From the commit of a sign-up to its mail, by real workers: idle, then during a campaign."""
    people(MAILS, purpose=Purpose.BULLETINS)
    beat = BeatFactory(code="wait")
    staff, _ = make_pair(beat)
    with (
        sink() as running,
        processes.lane_worker(running, "personal,default"),
        processes.lane_worker(running, "campaign"),
        processes.ticker(running),
    ):
        idle = [wait_of_sign_up(number) for number in range(SIGN_UPS)]
        cancelled = wait_of_cancellation(beat)
        campaigns.propose(make_campaign(staff), by=staff)
        until(lambda: accepted(MessageKind.CAMPAIGN) > 50)
        busy = [wait_of_sign_up(100 + number) for number in range(SIGN_UPS)]
        still = Message.objects.filter(
            kind=MessageKind.CAMPAIGN, status=MessageStatus.QUEUED
        ).exists()
    ratio = statistics.median(busy) / statistics.median(idle)
    print("\nFrom commit to handed over, by real workers")
    print(f"  sign-up, idle        {statistics.median(idle):6.2f} s (about 5 s at most)")
    print(f"  cancellation, idle   {cancelled:6.2f} s (about 15 s at most)")
    print(f"  sign-up, campaign    {statistics.median(busy):6.2f} s, longest {max(busy):.2f} s")
    print(f"  ratio                {ratio:6.2f}   (at most {WAIT_AT_MOST})")
    print(f"  the campaign still ran at the end: {'yes' if still else 'no'}")
    forget()
    return ratio <= WAIT_AT_MOST and still


def people(count: int, purpose: str = Purpose.REMINDERS) -> None:
    now = timezone.now()
    contacts = Contact.objects.bulk_create(
        (Contact(email=f"reader{n}@example{n % 50}.org", language="en") for n in range(count)),
        batch_size=5000,
    )
    Subscription.objects.bulk_create(
        (
            Subscription(
                contact=one, channel=Channel.EMAIL, purpose=purpose, confirmed_at=now,
                wording_version="bench", asked_on_page="bench",
            )
            for one in contacts
        ),
        batch_size=5000,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def insert_bare(event) -> float:
    values = {"event": event.pk, "rule": first_rule(), "starts": event.starts_at}

    def insert() -> None:
        with connection.cursor() as cursor:
            cursor.execute(BARE, values)

    spent = timed(insert)
    Message.objects.all().delete()
    return spent


def first_rule() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM notifications_reminderrule ORDER BY lead_minutes LIMIT 1")
        return cursor.fetchone()[0]


def replan(act: Callable[[], object]) -> float:
    spent = timed(act)
    assert Message.objects.count() == RECIPIENTS, Message.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE notifications_message, notifications_reminderrun")
    return spent


def send_bare(keys: list[int]) -> None:
    """Render and send, no queue: what the mails themselves cost."""
    with Mailer() as mailer:
        for at in range(0, len(keys), 50):
            found = Message.objects.filter(pk__in=keys[at : at + 50]).select_related(
                "contact", "campaign"
            )
            for message in found.prefetch_related("campaign__texts", "contact__subscription_links"):
                mailer.send(rendering.render(message), to=message.contact.email)


def wait_of_sign_up(number: int) -> float:
    begun = time.perf_counter()
    answer = Client().post("/subscribe/", {"email": f"new{number}@example.net", "beat": "city"})
    assert answer.status_code == 302
    until(lambda: accepted(MessageKind.CONFIRM, f"new{number}@example.net") == 1)
    return time.perf_counter() - begun


def wait_of_cancellation(beat) -> float:
    contact = Contact.objects.create(email="beat@example.net")
    Subscription.objects.create(
        contact=contact, beat=beat, channel=Channel.EMAIL, confirmed_at=timezone.now()
    )
    event = events.create(
        make_plan(beat=beat, starts_at=timezone.now() + timedelta(days=20)), by=SYSTEM
    )
    time.sleep(4)  # the planner has read of it
    begun = time.perf_counter()
    events.cancel(event.pk, by=SYSTEM, reason="storm")
    until(lambda: accepted(MessageKind.CANCELLATION) == 1)
    return time.perf_counter() - begun


def accepted(kind: str, email: str = "") -> int:
    found = Message.objects.filter(kind=kind, status=MessageStatus.ACCEPTED)
    return found.filter(contact__email=email).count() if email else found.count()


def until(is_true: Callable[[], bool], seconds: int = 120) -> None:
    deadline = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.02)


@contextmanager
def sink():
    with tempfile.TemporaryDirectory() as folder, mail_sink.running(Path(folder)) as running:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        yield running


def timed(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def fastest(act: Callable[[], float], times: int = 3) -> float:
    return min(act() for _ in range(times))


def show(name: str, ours: float, bare: float) -> float:
    ratio = ours / bare
    print(f"  {name:<10} {ours:6.2f} s, bare {bare:5.2f} s, ratio {ratio:5.2f} "
          f"(at most {PLANNING_AT_MOST})")  # fmt: skip
    return ratio


def megabytes() -> float:
    """The most this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def forget() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE notifications_message, notifications_campaign, notifications_subscription, "
            "notifications_reminderrun, outreach_contact CASCADE"
        )
