"""Rung by the ticker and by commits; run late, twice or beside itself, nothing goes out twice."""

import logging
from time import monotonic

from celery import Task, shared_task
from django.db import transaction
from kombu.exceptions import OperationalError

from notifications.channels import PermanentFailure, TemporaryFailure
from notifications.channels.email import Mailer
from notifications.enums import Lane, MessageStatus
from notifications.models import Message
from notifications.services import delivery, planning, subscriptions

log = logging.getLogger(__name__)
DRAIN_SECONDS = 20


@shared_task
def plan() -> None:
    """Take the unread journal; then see that what is due leaves."""
    if planning.plan():
        ring(drain_personal)


@shared_task
def drain_personal() -> None:
    drain(Lane.PERSONAL)


@shared_task
def drain_campaign() -> None:
    drain(Lane.CAMPAIGN)


@shared_task
def requeue() -> None:
    delivery.requeue()
    delivery.expire()


@shared_task
def forget() -> None:
    subscriptions.forget_unconfirmed()


def drain(lane: str) -> None:
    """Send what is due in one lane for at most 20 s."""
    until = monotonic() + DRAIN_SECONDS
    with Mailer() as mailer:
        while monotonic() < until and (batch := delivery.claim(lane, size=50)):
            try:
                for message in batch:
                    # False: the lease ran out and another took the row.
                    if monotonic() < until and delivery.renew(message):
                        send(message, mailer)
            finally:
                delivery.give_back(batch)


def send(message: Message, mailer: Mailer) -> None:
    """Hand one message over and settle its row, whatever happens."""
    try:
        delivery.hand_over(message, mailer)
    except TemporaryFailure as failure:
        delivery.postpone(message, str(failure))
    except PermanentFailure as failure:
        delivery.settle(message, MessageStatus.FAILED, str(failure))
    except Exception as mistake:
        # Ours, as in a template: this one waits its turn again and holds nobody up.
        delivery.postpone(message, f"our mistake: {type(mistake).__name__}")
        raise


def ring(task: Task) -> None:
    """Wake a task after the commit. Without a broker the next tick does as well."""
    transaction.on_commit(lambda: _ring_now(task))


def _ring_now(task: Task) -> None:
    try:
        task.apply_async(retry=False)
    except OperationalError:
        log.warning("the broker did not answer; the ticker will make up for it")
