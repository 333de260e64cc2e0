"""Handing messages over. Rows are claimed with a lease; the claim is committed before the
network call, so whatever dies in between, the row tells what to do."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from notifications.channels import email
from notifications.enums import MessageStatus
from notifications.models import Message
from notifications.services import rendering
from notifications.services.statements import AUDIENCE

# Seconds after the first, second, … failed attempt.
RETRY_AFTER = [30, 5 * 60, 30 * 60, 2 * 3600]

CLAIM = """
    UPDATE notifications_message
    SET status = 'sending', lease = %(lease)s, leased_until = statement_timestamp() + %(length)s,
        attempts = attempts + 1
    WHERE id IN (
        SELECT id FROM notifications_message
        WHERE status = 'queued' AND lane = %(lane)s AND channel = 'email'
          AND due_at <= statement_timestamp()
        ORDER BY due_at, id LIMIT %(size)s FOR UPDATE SKIP LOCKED)
"""

# Looked at again at the last moment: whether it still helps, a stop, consent, the event itself,
# and the seats. Who has seats asked to hear of the event by taking them.
DROP_UNWANTED = f"""
    UPDATE notifications_message AS message
    SET settled_at = statement_timestamp(),
        status = CASE WHEN look.is_late THEN 'expired' WHEN look.is_stopped THEN 'suppressed'
                      ELSE 'withdrawn' END
    FROM (
        SELECT message.id,
               message.expires_at <= statement_timestamp() AS is_late,
               EXISTS (SELECT 1 FROM notifications_suppression AS stop
                       WHERE lower(stop.address) = lower(contact.email)) AS is_stopped,
               message.kind IN ('reminder', 'move', 'cancellation')
                   AND NOT seat.is_held AND NOT EXISTS (
                   SELECT 1 FROM scheduling_event AS event
                   LEFT JOIN scheduling_revision AS revision ON revision.id = message.revision_id
                   {AUDIENCE}
                   WHERE event.id = COALESCE(message.event_id, revision.event_id)
                     AND subscription.contact_id = message.contact_id) AS is_unasked,
               event.id IS NOT NULL AND (event.status <> 'confirmed'
                   OR event.starts_at <> message.event_starts_at
                   OR (message.kind = 'reminder' AND event.classification <> 'public'
                       AND NOT seat.is_held))
               OR message.kind IN ('move', 'visit-booked', 'visit-moved', 'visit-late',
                                   'rsvp-accepted', 'rsvp-waitlisted', 'rsvp-promoted')
                   AND changed.status <> 'confirmed'
               OR message.kind IN ('move', 'cancellation')
                   AND changed.classification <> 'public' AND NOT seat.is_held
               OR message.kind IN ('rsvp-accepted', 'rsvp-promoted')
                   AND told.response <> 'accepted'
               OR message.kind = 'rsvp-waitlisted'
                   AND told.response <> 'waitlisted' AS is_untrue
        FROM notifications_message AS message
        JOIN outreach_contact AS contact ON contact.id = message.contact_id
        LEFT JOIN scheduling_event AS event ON event.id = message.event_id
        LEFT JOIN scheduling_revision AS news ON news.id = message.revision_id
        LEFT JOIN scheduling_event AS changed ON changed.id = news.event_id
        LEFT JOIN scheduling_rsvp AS told ON told.id = news.rsvp_id
        CROSS JOIN LATERAL (
            SELECT EXISTS (
                SELECT 1 FROM scheduling_rsvp AS own
                WHERE own.contact_id = message.contact_id
                  AND own.event_id = COALESCE(message.event_id, news.event_id)
                  AND (own.response = 'accepted'
                       OR own.response = 'waitlisted' AND message.kind <> 'reminder')) AS is_held
        ) AS seat
        WHERE message.lease = %(lease)s
    ) AS look
    WHERE look.id = message.id
      AND (look.is_late OR look.is_stopped OR look.is_unasked OR look.is_untrue)
"""


def claim(lane: str, *, size: int) -> list[Message]:
    """Up to size messages that are due and still wanted, leased to the caller; none is left
    when the list is empty."""
    while True:
        lease = uuid4()
        claimed = _run(
            CLAIM, {"lane": lane, "lease": lease, "length": lease_length(), "size": size}
        )
        if not claimed:
            return []
        _run(DROP_UNWANTED, {"lease": lease})
        if wanted := list(_with_subjects(lease)):
            return wanted


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


def give_back(batch: list[Message]) -> None:
    """What was claimed and not tried is anyone's again, at once and with its tries untouched."""
    Message.objects.filter(status=MessageStatus.SENDING, lease=batch[0].lease).update(
        status=MessageStatus.QUEUED, lease=None, attempts=F("attempts") - 1
    )


def requeue() -> int:
    """Leases that ran out: mail goes again under the same Message-ID, so a duplicate shows."""
    return Message.objects.filter(status=MessageStatus.SENDING, leased_until__lt=Now()).update(
        status=MessageStatus.QUEUED,
        lease=None,
        due_at=Now(),
        detail="the worker was gone before it said whether this went out",
    )


def expire() -> int:
    """Settle what waits past its use: calls nobody made, and mail no worker came to in time."""
    return Message.objects.filter(status=MessageStatus.QUEUED, expires_at__lte=Now()).update(
        status=MessageStatus.EXPIRED, settled_at=Now()
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


def _run(statement: str, values: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


def _with_subjects(lease: UUID) -> QuerySet[Message]:
    return (
        Message.objects.filter(lease=lease, status=MessageStatus.SENDING)
        .select_related(
            "contact",
            "event__venue",
            "event__beat",
            "event__survey_visit__request",
            "event__seating",
            "milestone__event_request",
            "revision__rsvp",
            "revision__event__seating",
            "revision__event__venue",
            "revision__event__beat",
            "revision__event__survey_visit__request",
            "milestone__survey_request",
            "subscription__beat",
        )
        .order_by("due_at", "pk")
    )
