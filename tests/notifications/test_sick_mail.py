"""Promise 12: a sick mail server is not our outage."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from notifications import tasks
from notifications.channels import PermanentFailure, TemporaryFailure
from notifications.channels.deadline import within
from notifications.enums import Channel, Lane, MessageStatus, SuppressionKind
from notifications.models import Gate, Message, SickDomain, Suppression
from notifications.services import delivery, gates
from tests import mail_sink
from tests.factories.events import EventFactory, tomorrow
from tests.factories.messages import due_reminders

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sink(tmp_path, settings):
    settings.EMAIL_TIMEOUT, settings.HAND_OVER_SECONDS = 1, 2
    with mail_sink.running(tmp_path) as running:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        yield running


def owe(*addresses: str) -> list[Message]:
    messages = due_reminders(EventFactory(starts_at=tomorrow() + timedelta(days=1)), len(addresses))
    for message, address in zip(messages, addresses, strict=True):
        message.contact.email = address
        message.contact.save()
    return messages


def go_again() -> None:
    """Time passes: what was postponed is due, and no server is left alone any more."""
    Message.objects.filter(status=MessageStatus.QUEUED).update(due_at=timezone.now())
    SickDomain.objects.update(open_until=timezone.now())
    Gate.objects.update(resting_until=None)


def states(messages) -> list[tuple[str, int]]:
    return [
        (one.status, one.attempts)
        for one in (Message.objects.get(pk=message.pk) for message in messages)
    ]


def test_each_trouble_is_handled_by_its_kind_and_the_healthy_are_not_held_up(sink):
    messages = owe(
        "421@a.example", "451@b.example", "550@c.example", "hang@d.example", "drop@e.example",
        "slow@f.example", "robin@g.example", "ana@h.example",
    )  # fmt: skip

    begun = time.monotonic()
    tasks.drain([Lane.PERSONAL])

    assert states(messages) == [
        ("queued", 1), ("queued", 1), ("failed", 1), ("queued", 1), ("queued", 1),
        ("queued", 1), ("accepted", 1), ("accepted", 1),
    ]  # fmt: skip
    assert time.monotonic() - begun < 15
    received = {mail["To"].addresses[0].domain for mail in sink.mails()}
    assert received == {"e.example", "g.example", "h.example"}


def test_mail_cut_off_before_the_answer_goes_again_under_the_same_message_id(sink):
    owe("drop@a.example")

    tasks.drain([Lane.PERSONAL])
    go_again()
    tasks.drain([Lane.PERSONAL])

    first, second = sink.message_ids()
    assert first == second


def test_4xx_is_tried_until_it_helps_nobody_any_more_and_5xx_never_again(sink):
    late, refused = owe("451@a.example", "550@b.example")

    for _ in range(6):
        tasks.drain([Lane.PERSONAL])
        go_again()

    assert states([late, refused]) == [("queued", 6), ("failed", 1)]
    Message.objects.update(created_at=timezone.now() - timedelta(days=1))
    Message.objects.filter(pk=late.pk).update(expires_at=timezone.now())
    tasks.drain([Lane.PERSONAL])
    assert states([late])[0][0] == "expired"


def test_waits_grow_from_half_a_minute_to_two_hours():
    (message,) = owe("451@a.example")
    waits = []
    for _ in range(6):
        tasks.drain([Lane.PERSONAL])
        message.refresh_from_db()
        waits.append(round((message.due_at - timezone.now()).total_seconds() / 30) * 30)
        go_again()

    assert waits == [30, 300, 1800, 7200, 7200, 7200]


def test_third_failure_in_a_row_leaves_the_domain_alone_and_others_go_on(sink):
    sick = owe(*[f"451{number}@sick.example" for number in range(6)])
    well = owe(*[f"robin{number}@well.example" for number in range(6)])

    tasks.drain([Lane.PERSONAL])

    tried = [attempts for _status, attempts in states(sick)]
    assert SickDomain.objects.get().failures >= gates.SICK_FROM
    assert {status for status, _ in states(well)} == {"accepted"}
    go_again()
    SickDomain.objects.update(open_until=timezone.now() + timedelta(minutes=5))
    tasks.drain([Lane.PERSONAL])
    assert [attempts for _status, attempts in states(sick)] == tried  # not asked again


def test_domain_that_answers_is_well_again(sink):
    SickDomain.objects.create(domain="a.example", failures=2)
    owe("robin@a.example")

    tasks.drain([Lane.PERSONAL])

    assert not SickDomain.objects.exists()


def test_control_without_the_circuit_each_hanging_mail_costs_its_timeout(sink, monkeypatch):
    monkeypatch.setattr(gates, "domain_failed", lambda address: None)
    messages = owe(*[f"hang{number}@sick.example" for number in range(5)])

    begun = time.monotonic()
    tasks.drain([Lane.PERSONAL])

    assert time.monotonic() - begun > 4.5
    assert {attempts for _status, attempts in states(messages)} == {1}


def test_server_that_is_gone_costs_no_message_a_try(settings):
    settings.EMAIL_PORT = 9
    messages = owe("robin@a.example", "ana@b.example")

    tasks.drain([Lane.PERSONAL])

    assert states(messages) == [("queued", 0), ("queued", 0)]
    assert Gate.objects.get(name=Channel.EMAIL).resting_until > timezone.now()


def test_mailbox_that_does_not_exist_is_not_written_to_again():
    (message,) = owe("robin@a.example")
    failure = PermanentFailure("the mail server said 550", is_dead=True)
    Message.objects.update(status=MessageStatus.SENDING)

    delivery.failed_for_good(message, failure)

    assert Suppression.objects.get().kind == SuppressionKind.BOUNCE


def test_slow_answers_end_in_time():
    begun = time.monotonic()
    with pytest.raises(TimeoutError), within(0.2):
        time.sleep(5)

    assert time.monotonic() - begun < 2


def test_failures_say_whose_they_are():
    assert TemporaryFailure("x").is_ours is False
    assert TemporaryFailure("x", is_ours=True).is_ours is True
