"""Handing messages over and settling their rows. What a worker holds is its own only while its
lease lasts; whatever dies in between, the row tells what to do."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, F, QuerySet
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from notifications.channels import PermanentFailure, TemporaryFailure, email, text
from notifications.channels.deadline import within
from notifications.enums import Channel, MessageKind, MessageStatus, SuppressionKind
from notifications.models import Message
from notifications.services import gates, rendering, stops
from notifications.services.claiming import lease_length

# Seconds after the first, second, … failed attempt.
RETRY_AFTER = [30, 5 * 60, 30 * 60, 2 * 3600]
REST_SECONDS = 30  # a server that cannot be reached is left alone


@dataclass
class Ways:
    """The connections of one worker's round, opened when first needed."""

    mailer: email.Mailer
    gateway: text.TextGateway
    sick: set[str] = field(default_factory=set)  # domains with failures, read once a batch


@contextmanager
def ways() -> Iterator[Ways]:
    with email.Mailer() as mailer, text.TextGateway() as gateway:
        yield Ways(mailer, gateway)


def renew(message: Message) -> bool:
    """Begin the lease anew before the network call; False when another took the row, or when
    the person said stop or was erased since it was claimed."""
    stopped = stops.rows_of(stops.address_of(message.contact, message.channel))
    mine = _held(message).filter(contact__restricted_at=None)
    if message.kind != MessageKind.CONFIRM:
        mine = mine.exclude(Exists(stopped))
    return bool(mine.update(leased_until=Now() + lease_length()))


def hand_over(message: Message, ways: Ways) -> None:
    """Give the message to its channel and settle the row. Raises the channel's failures."""
    if message.channel == Channel.TEXT:
        callback = settings.BASE_URL + reverse("text_status", args=[message.uid])
        said, number = rendering.render_text(message), str(message.contact.phone)
        with within(settings.HAND_OVER_SECONDS):
            provider_id = ways.gateway.send(said, to=number, callback=callback)
        settle(message, MessageStatus.ACCEPTED, provider_id=provider_id)
    else:
        letter = rendering.render(message)
        with within(settings.HAND_OVER_SECONDS):
            ways.mailer.send(letter, to=message.contact.email)
        settle(message, MessageStatus.ACCEPTED)


def failed_for_good(message: Message, failure: PermanentFailure) -> None:
    """Settled; an address that takes nothing at all is not tried again for anything."""
    settle(message, MessageStatus.FAILED, str(failure))
    address = stops.address_of(message.contact, message.channel)
    if failure.has_stopped:
        stops.stop(address, reason="said stop to the provider")
    elif failure.is_dead:
        is_text = message.channel == Channel.TEXT
        kind = SuppressionKind.INVALID if is_text else SuppressionKind.BOUNCE
        stops.suppress(address, kind, reason=str(failure))


def failed_for_now(message: Message, failure: TemporaryFailure) -> None:
    """Tried again later. A server in trouble counts against no message; a domain in trouble is
    left alone, so that mail to others goes on."""
    if failure.is_ours:
        gates.rest(message.channel, failure.rest_seconds or REST_SECONDS)
        postpone(message, str(failure), is_counted=False)
        return
    if message.channel == Channel.EMAIL:
        gates.domain_failed(message.contact.email)
    postpone(message, str(failure))


def postpone(message: Message, reason: str, *, is_counted: bool = True) -> None:
    """Try again after a while; attempts and due_at on the row own the retry."""
    wait = RETRY_AFTER[min(message.attempts, len(RETRY_AFTER)) - 1] if is_counted else REST_SECONDS
    _mine(
        message,
        status=MessageStatus.QUEUED,
        due_at=timezone.now() + timedelta(seconds=wait),
        detail=reason[:200],
        lease=None,
        attempts=message.attempts if is_counted else message.attempts - 1,
    )


def settle(
    message: Message, status: MessageStatus, detail: str = "", *, provider_id: str = ""
) -> None:
    now = timezone.now()
    _mine(message, status=status, detail=detail[:200], settled_at=now, provider_id=provider_id)


def lost_sight_of(message: Message, reason: str) -> None:
    """A text that may have gone out: nothing is sent again before the gateway was asked."""
    _mine(message, status=MessageStatus.UNKNOWN, detail=reason[:200])


def give_back(batch: list[Message]) -> None:
    """What was claimed and not tried is anyone's again, at once and with its tries untouched."""
    Message.objects.filter(status=MessageStatus.SENDING, lease=batch[0].lease).update(
        status=MessageStatus.QUEUED, lease=None, attempts=F("attempts") - 1
    )


def requeue() -> int:
    """Leases that ran out: mail goes again under the same Message-ID, so a duplicate shows; of a
    text it is unknown whether it went."""
    gone = Message.objects.filter(status=MessageStatus.SENDING, leased_until__lt=Now())
    detail = "the worker was gone before it said whether this went out"
    texts = gone.filter(channel=Channel.TEXT)
    unsure = texts.update(status=MessageStatus.UNKNOWN, lease=None, detail=detail)
    mails = gone.exclude(channel=Channel.TEXT)
    again = mails.update(status=MessageStatus.QUEUED, lease=None, due_at=Now(), detail=detail)
    return unsure + again


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
    return bool(_held(message).update(**columns))


def _held(message: Message) -> QuerySet[Message]:
    return Message.objects.filter(pk=message.pk, status=MessageStatus.SENDING, lease=message.lease)
