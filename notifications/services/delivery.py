"""Handing messages over. Rows are claimed with a lease; the claim is committed before the
network call, so whatever dies in between, the row tells what to do."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from notifications.channels import email
from notifications.enums import MessageStatus
from notifications.models import Message
from notifications.services import rendering

# Seconds after the first, second, … failed attempt.
RETRY_AFTER = [30, 5 * 60, 30 * 60, 2 * 3600]

EXPIRE = """
    UPDATE notifications_message SET status = 'expired', settled_at = statement_timestamp()
    WHERE status = 'queued' AND lane = %(lane)s AND expires_at <= statement_timestamp()
"""

# Looked at again at the last moment: consent, a stop, the event itself.
WITHDRAW = """
    UPDATE notifications_message AS message
    SET settled_at = statement_timestamp(),
        status = CASE WHEN wish.is_stopped THEN 'suppressed' ELSE 'withdrawn' END
    FROM (
        SELECT message.id,
               contact.email <> '' AND EXISTS (
                   SELECT 1 FROM notifications_suppression AS stop
                   WHERE lower(stop.address) = lower(contact.email)) AS is_stopped,
               message.kind = 'reminder' AND NOT EXISTS (
                   SELECT 1 FROM notifications_subscription AS subscription
                   WHERE subscription.contact_id = message.contact_id
                     AND subscription.confirmed_at IS NOT NULL
                     AND subscription.ended_at IS NULL) AS is_unwanted,
               event.id IS NOT NULL AND (event.status <> 'confirmed'
                   OR event.starts_at <> message.event_starts_at
                   OR (message.kind = 'reminder' AND event.classification <> 'public')) AS is_untrue
        FROM notifications_message AS message
        JOIN outreach_contact AS contact ON contact.id = message.contact_id
        LEFT JOIN scheduling_event AS event ON event.id = message.event_id
        WHERE message.status = 'queued' AND message.lane = %(lane)s
          AND message.due_at <= statement_timestamp()
    ) AS wish
    WHERE wish.id = message.id AND (wish.is_stopped OR wish.is_unwanted OR wish.is_untrue)
"""

CLAIM = """
    UPDATE notifications_message
    SET status = 'sending', lease = %(lease)s, leased_until = statement_timestamp() + %(length)s,
        attempts = attempts + 1
    WHERE id IN (
        SELECT id FROM notifications_message
        WHERE status = 'queued' AND lane = %(lane)s AND channel = 'email'
          AND due_at <= statement_timestamp()
        ORDER BY due_at, id LIMIT %(size)s FOR UPDATE SKIP LOCKED)
    RETURNING id
"""


def claim(lane: str, *, size: int) -> list[Message]:
    """Up to size messages that are due and still wanted, leased to the caller."""
    lease = uuid4()
    with connection.cursor() as cursor:
        cursor.execute(EXPIRE, {"lane": lane})
        cursor.execute(WITHDRAW, {"lane": lane})
        wanted: dict[str, Any] = {
            "lane": lane,
            "lease": lease,
            "length": lease_length(),
            "size": size,
        }
        cursor.execute(CLAIM, wanted)
        claimed = [row[0] for row in cursor.fetchall()]
    return list(_with_subjects(claimed))


def lease_length() -> timedelta:
    return timedelta(seconds=settings.MESSAGE_LEASE_SECONDS)


def renew(message: Message) -> bool:
    """Begin the lease anew before the network call; False when another took the row."""
    return _mine(message, leased_until=timezone.now() + lease_length())


def hand_over(message: Message, mailer: email.Mailer) -> None:
    """Give the message to the mail server and settle the row. Raises the two failures."""
    mailer.send(rendering.render(message), to=message.contact.email)
    settle(message, MessageStatus.ACCEPTED)


def postpone(message: Message, reason: str) -> None:
    """Try again after a while; attempts and due_at on the row own the retry."""
    wait = RETRY_AFTER[min(message.attempts, len(RETRY_AFTER)) - 1]
    _mine(
        message,
        status=MessageStatus.QUEUED,
        due_at=timezone.now() + timedelta(seconds=wait),
        detail=reason[:200],
        lease=None,
    )


def settle(message: Message, status: MessageStatus, detail: str = "") -> None:
    _mine(message, status=status, detail=detail[:200], settled_at=timezone.now())


def requeue() -> int:
    """Leases that ran out: mail goes again under the same Message-ID, so a duplicate shows."""
    return Message.objects.filter(status=MessageStatus.SENDING, leased_until__lt=Now()).update(
        status=MessageStatus.QUEUED,
        lease=None,
        due_at=Now(),
        detail="the worker was gone before it said whether this went out",
    )


def told_by_phone(message_id: int, *, outcome: str) -> None:
    """A staff member called; the outcome stands on the row."""
    Message.objects.filter(pk=message_id, status=MessageStatus.QUEUED).update(
        status=MessageStatus.ACCEPTED,
        detail=outcome[:200],
        settled_at=timezone.now(),
        attempts=F("attempts") + 1,
    )


def _mine(message: Message, **columns: object) -> bool:
    """Change the row only while the caller's lease holds."""
    return bool(
        Message.objects.filter(
            pk=message.pk, status=MessageStatus.SENDING, lease=message.lease
        ).update(**columns)
    )


def _with_subjects(ids: Sequence[int]) -> QuerySet[Message]:
    return (
        Message.objects.filter(pk__in=ids)
        .select_related(
            "contact",
            "event__venue",
            "event__beat",
            "event__survey_visit__request",
            "revision__event__venue",
            "revision__event__beat",
            "revision__event__survey_visit__request",
            "milestone__survey_request",
            "subscription__beat",
        )
        .order_by("due_at", "pk")
    )
