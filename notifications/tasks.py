"""Rung by the ticker and by commits; run late, twice or beside itself, nothing goes out twice."""

import logging
from collections.abc import Sequence
from contextlib import suppress
from time import monotonic

from celery import Task, shared_task
from django.core.cache import cache
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from notifications.channels import OutcomeUnknown, PermanentFailure, TemporaryFailure, text
from notifications.enums import CAMPAIGN_LANES, PERSONAL_LANES, Channel
from notifications.models import Message
from notifications.services import (
    canary,
    claiming,
    delivery,
    gates,
    inbox,
    planning,
    pulse,
    receipts,
    subscriptions,
    webhooks,
)
from notifications.services.retention import erasing, exporting, holds, lists
from outreach.services import submissions

log = logging.getLogger(__name__)
DRAIN_SECONDS = 20
RECORDS_SECONDS = 4  # other tasks wait for the same worker; the next tick goes on
RUNG_SECONDS = 10  # a ring that was lost is forgotten by then
BATCH = 50


@shared_task
def plan() -> None:
    """Take the unread journal; then see that what is due leaves."""
    _begun(plan)
    pulse.watch_the_clock()
    made = planning.plan()
    pulse.beat("planner")
    if made:
        ring(drain_personal)
        ring(drain_campaign)


@shared_task
def drain_personal() -> None:
    _begun(drain_personal)
    drain(PERSONAL_LANES)
    pulse.beat("personal")


@shared_task
def drain_campaign() -> None:
    _begun(drain_campaign)
    drain(CAMPAIGN_LANES)
    pulse.beat("campaign")


@shared_task
def requeue() -> None:
    """Settle what hangs: leases that ran out, texts nobody is sure of, mail that came back."""
    delivery.requeue()
    delivery.expire()
    if text.is_on():
        with text.TextGateway() as gateway:
            receipts.look_up(gateway)


@shared_task
def read_mail() -> None:
    """What came back, and what calendars answered."""
    inbox.read()


@shared_task
def send_canary() -> None:
    if canary.send():
        ring(drain_personal)


@shared_task
def call_webhooks() -> None:
    webhooks.deliver(DRAIN_SECONDS)


@shared_task
def keep_records() -> None:
    """Destroy, erase and hand out what somebody released or asked for."""
    erasing.go_on()
    lists.go_on(RECORDS_SECONDS)
    exporting.go_on(RECORDS_SECONDS)


@shared_task
def forget() -> None:
    subscriptions.forget_unconfirmed(besides=holds.held_people())
    webhooks.forget()
    exporting.forget()
    submissions.forget()


def drain(lanes: Sequence[str]) -> None:
    """Send what is due for at most 20 s, always from the first lane that has anything."""
    until = monotonic() + DRAIN_SECONDS
    with delivery.ways() as ways:
        while monotonic() < until and (batch := _next(lanes)):
            ways.sick = gates.sick_domains()
            try:
                for message in batch:
                    # False: the lease ran out and another took the row.
                    if monotonic() < until and delivery.renew(message):
                        send(message, ways)
            finally:
                delivery.give_back(batch)


def _next(lanes: Sequence[str]) -> list[Message]:
    channels = [Channel.EMAIL, Channel.TEXT] if text.is_on() else [Channel.EMAIL]
    for lane in lanes:
        for channel in channels:
            if channel == Channel.TEXT:
                gates.keep_quiet()
            if batch := claiming.claim(lane, channel, size=BATCH):
                return batch
    return []


def send(message: Message, ways: delivery.Ways) -> None:
    """Hand one message over and settle its row, whatever happens."""
    try:
        delivery.hand_over(message, ways)
        gates.answered(message, ways.sick)
    except TemporaryFailure as failure:
        delivery.failed_for_now(message, failure)
    except PermanentFailure as failure:
        delivery.failed_for_good(message, failure)
    except OutcomeUnknown as failure:
        delivery.lost_sight_of(message, str(failure))
    except Exception as mistake:
        # Ours, as in a template: this one waits its turn again and holds nobody up.
        delivery.postpone(message, f"our mistake: {type(mistake).__name__}")
        raise


def ring(task: Task) -> None:
    """Wake a task after the commit. Without a broker the next tick does as well."""
    transaction.on_commit(lambda: _ring_now(task))


def _ring_now(task: Task) -> None:
    """Once is enough while a task waits for its worker: a busy day must not bury the rest."""
    try:
        if cache.add(_rung(task), 1, timeout=RUNG_SECONDS):
            task.apply_async(retry=False)
    except (OperationalError, RedisError):
        log.warning("the broker did not answer; the ticker will make up for it")


def _begun(task: Task) -> None:
    """From here on a ring counts again: what is committed later may not be seen by this round."""
    with suppress(RedisError):
        cache.delete(_rung(task))


def _rung(task: Task) -> str:
    return f"rung:{task.name}"
