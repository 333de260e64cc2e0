"""Mail that came back, matched by our own Message-ID."""

from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from notifications.channels.email import NO_SUCH_MAILBOX
from notifications.enums import Channel, MessageStatus, SuppressionKind
from notifications.models import Message
from notifications.services import stops

MOST_BYTES = 200_000  # of one mail; a report of delivery is small


@dataclass(frozen=True)
class Report:
    """What a delivery status notification (RFC 3464) says of one of our mails."""

    message: UUID
    is_final: bool  # failed, not delayed
    status: str  # as 5.1.1


def receive(raw: bytes) -> bool:
    """One mail. What is no report of ours is left without a trace."""
    report = parse(raw[:MOST_BYTES])
    return report is not None and report.is_final and _came_back(report)


def parse(raw: bytes) -> Report | None:
    """None for mail that is no report, names no mail of ours, or is malformed."""
    try:
        mail = message_from_bytes(raw, policy=policy.default)
        status = next((p for p in mail.walk() if _is(p, "message/delivery-status")), None)
        if status is None:
            return None
        said = {
            name.lower(): str(value)
            for block in status.iter_parts()
            for name, value in block.items()
        }
        own = next((found for part in mail.walk() if (found := _own_id(part))), None)
    except (ValueError, LookupError, AttributeError, TypeError):
        return None
    if own is None:
        return None
    code = said.get("status", "").split(" ")[0]
    is_final = said.get("action", "").strip().lower() == "failed" and code.startswith("5")
    return Report(own, is_final, code[:12])


@transaction.atomic
def _came_back(report: Report) -> bool:
    sent = Message.objects.filter(
        uid=report.message,
        channel=Channel.EMAIL,
        status__in=(MessageStatus.ACCEPTED, MessageStatus.DELIVERED),
    )
    message = sent.select_for_update(of=("self",)).select_related("contact").first()
    if message is None:
        return False
    message.status, message.settled_at = MessageStatus.BOUNCED, timezone.now()
    message.detail = f"came back with {report.status}"
    message.save(update_fields=["status", "settled_at", "detail"])
    if report.status in NO_SUCH_MAILBOX:
        reason = f"came back with {report.status}"
        stops.suppress(message.contact.email, SuppressionKind.BOUNCE, reason=reason)
    return True


def _is(part: EmailMessage, kind: str) -> bool:
    return bool(part.get_content_type() == kind)


def _own_id(part: EmailMessage) -> UUID | None:
    """Our message's uid, from the returned mail or its headers. Nobody can guess one."""
    if _is(part, "text/rfc822-headers"):
        returned = message_from_bytes(part.get_content().encode(), policy=policy.default)
    elif _is(part, "message/rfc822"):
        returned = part.get_content()
    else:
        return None
    name, _, host = str(returned.get("Message-ID", "")).strip(" <>").partition("@")
    if host != urlsplit(settings.BASE_URL).hostname:
        return None
    return UUID(name)
