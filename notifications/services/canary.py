"""A mail to ourselves every few minutes, through the same queue, worker and server as any other,
and read back from our mailbox: what neither a process list nor a log can tell."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from notifications.enums import Channel, MessageKind, MessageStatus
from notifications.models import Canary, Message
from outreach.models import Contact

KEPT = timedelta(days=2)
MOST_BYTES = 100_000  # of one mail


@dataclass(frozen=True)
class Flight:
    """The latest canary that made its way, and how long it took."""

    sent_at: datetime
    seconds: float


def is_on() -> bool:
    return bool(settings.CANARY_MAILBOX)


@transaction.atomic
def send() -> Canary | None:
    """One more, unless the latest is younger than CANARY_MINUTES; the old ones are forgotten."""
    now = timezone.now()
    every = timedelta(minutes=settings.CANARY_MINUTES)
    if not is_on() or Canary.objects.filter(sent_at__gt=now - every).exists():
        return None
    Canary.objects.filter(sent_at__lt=now - KEPT).delete()
    canary = Canary.objects.create()
    Message.objects.create(
        contact=_ourselves(), canary=canary, kind=MessageKind.CANARY, channel=Channel.EMAIL,
        due_at=now, expires_at=now + every,
    )  # fmt: skip
    return canary


def came_back(raw: bytes) -> bool:
    """Whether a mail in our mailbox is a canary of ours; then it has arrived."""
    uid = _own_id(raw[:MOST_BYTES])
    if uid is None:
        return False
    arrived = Canary.objects.filter(messages__uid=uid)
    arrived.filter(came_back_at=None).update(came_back_at=timezone.now())
    return arrived.exists()


def latest() -> Flight | None:
    """None when none ever arrived. Where nobody reads our mailbox, the server's word counts."""
    if _is_read():
        found = Canary.objects.exclude(came_back_at=None).values_list("sent_at", "came_back_at")
    else:
        handed_over = Canary.objects.filter(messages__status=MessageStatus.ACCEPTED)
        found = handed_over.values_list("sent_at", "messages__settled_at")
    for sent_at, arrived_at in found[:1]:
        if arrived_at:
            return Flight(sent_at, (arrived_at - sent_at).total_seconds())
    return None


def _is_read() -> bool:
    return any((settings.BOUNCE_MAILDIR, settings.BOUNCE_IMAP_URL,
                settings.REPLY_MAILDIR, settings.REPLY_IMAP_URL))  # fmt: skip


def _ourselves() -> Contact:
    ours = {"email": settings.CANARY_MAILBOX, "messages__kind": MessageKind.CANARY}
    known = Contact.objects.filter(**ours).order_by("pk").first()
    return known or Contact.objects.create(email=settings.CANARY_MAILBOX)


def _own_id(raw: bytes) -> UUID | None:
    try:
        mail = message_from_bytes(raw, policy=policy.default)
        name, _, host = str(mail.get("Message-ID", "")).strip(" <>").partition("@")
        return UUID(name) if host == urlsplit(settings.BASE_URL).hostname else None
    except (ValueError, LookupError, AttributeError, TypeError):
        return None  # whatever else people write
