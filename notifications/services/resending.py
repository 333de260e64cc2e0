"""Sending something once more, because somebody asks for it."""

from datetime import timedelta
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from notifications.enums import Channel, Lane, MessageStatus
from notifications.models import Message

AGAIN = (
    MessageStatus.ACCEPTED,
    MessageStatus.DELIVERED,
    MessageStatus.FAILED,
    MessageStatus.BOUNCED,
    MessageStatus.EXPIRED,
)
USEFUL = timedelta(hours=6)


class NotAgain(Exception):
    """It waits already, was stopped, or speaks of what is over."""


@transaction.atomic
def send_again(message: Message) -> None:
    """Queue it once more, as a new mail of its own. All is looked at again before it goes: a stop,
    consent, the event. Raises NotAgain."""
    chosen = Message.objects.select_for_update().get(pk=message.pk)
    event = chosen.about_event
    now = timezone.now()
    is_over = event is not None and event.ends_at <= now
    if chosen.status not in AGAIN or chosen.channel == Channel.CALL or is_over:
        raise NotAgain
    chosen.uid = uuid4()  # else the mail program takes it for the one it has
    chosen.status, chosen.lane = MessageStatus.QUEUED, Lane.PERSONAL
    chosen.created_at = chosen.due_at = now
    chosen.attempts = 0
    chosen.expires_at = max(chosen.expires_at, now + USEFUL)
    chosen.settled_at = chosen.lease = None
    chosen.provider_id, chosen.detail = "", "sent again on request"
    chosen.save()
