"""What the text gateway says became of a text. A status moves forward only."""

from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from notifications.channels import OutcomeUnknown, TemporaryFailure, text
from notifications.enums import Channel, MessageStatus, SuppressionKind
from notifications.models import Message
from notifications.services import rendering, stops

UNDERWAY = (MessageStatus.SENDING, MessageStatus.UNKNOWN)
# A late word may come after the row went back to the queue.
BEFORE_THE_END = (*UNDERWAY, MessageStatus.QUEUED, MessageStatus.ACCEPTED)


@transaction.atomic
def receive(uid: UUID, provider_id: str, status: str, code: int = 0) -> None:
    """One callback: in any order, repeated, or of a text nobody knows."""
    message = Message.objects.filter(uid=uid, channel=Channel.TEXT).select_for_update().first()
    if message is None:
        return
    if message.provider_id and message.provider_id != provider_id:
        return  # an earlier try of the same text; the later one counts
    if status in ("delivered", "read"):
        _forward(message, BEFORE_THE_END, MessageStatus.DELIVERED, provider_id)
    elif status in ("undelivered", "failed"):
        _forward(message, BEFORE_THE_END, MessageStatus.FAILED, provider_id, f"code {code}")
        if code in text.DEAD:
            kind = SuppressionKind.INVALID
            stops.suppress(str(message.contact.phone), kind, reason=f"gateway code {code}")
        elif code in text.STOPPED:
            stops.stop(str(message.contact.phone), reason="said stop to the provider")
    elif status in ("accepted", "queued", "sending", "sent"):
        _forward(message, (*UNDERWAY, MessageStatus.QUEUED), MessageStatus.ACCEPTED, provider_id)


def look_up(gateway: text.TextGateway) -> int:
    """Ask the gateway about texts of which nobody knows whether they went; those it never saw
    go back to the queue. Returns how many were settled."""
    settled = 0
    # While the lease of the last try lasts, the gateway may still be at it.
    rested = Q(leased_until=None) | Q(leased_until__lt=Now())
    unsure = Message.objects.filter(rested, status=MessageStatus.UNKNOWN, channel=Channel.TEXT)
    for message in unsure.select_related("contact")[:100]:
        body = rendering.render_text(message)
        try:
            found = gateway.find(body, to=str(message.contact.phone), since=message.created_at)
        except (TemporaryFailure, OutcomeUnknown):
            return settled  # it is sick; ask again at the next round
        taken = set(
            Message.objects.filter(provider_id__in=found).values_list("provider_id", flat=True)
        )
        own = next((sid for sid in found if sid not in taken), "")
        if own:
            _forward(message, (MessageStatus.UNKNOWN,), MessageStatus.ACCEPTED, own)
        else:
            Message.objects.filter(pk=message.pk, status=MessageStatus.UNKNOWN).update(
                status=MessageStatus.QUEUED, lease=None, due_at=timezone.now()
            )
        settled += 1
    return settled


def _forward(
    message: Message,
    before: tuple[str, ...],
    status: MessageStatus,
    provider_id: str,
    detail: str = "",
) -> None:
    Message.objects.filter(pk=message.pk, status__in=before).update(
        status=status,
        provider_id=provider_id,
        detail=detail,
        settled_at=message.settled_at or timezone.now(),
    )
