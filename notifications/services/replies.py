"""Answers to our invitations (METHOD:REPLY), matched by UID and ATTENDEE, and shown to staff."""

from email import message_from_bytes, policy
from email.message import EmailMessage

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from notifications.enums import ReplyOutcome
from notifications.models import InvitationReply, ReplyCount
from outreach.models import Contact
from scheduling.invitations import NotAReply, Reply, parse_reply
from scheduling.models import Event

MOST_BYTES = 300_000  # of one mail


def receive(raw: bytes) -> bool:
    """One mail; whether it was a reply to an invitation of ours. Others are counted, if they say
    they are one, and left without a trace."""
    parts = _calendars(raw[:MOST_BYTES])
    if not parts:
        return False
    outcome = _outcome(parts[0])
    _count(outcome)
    return outcome == ReplyOutcome.TAKEN


@transaction.atomic
def _outcome(data: bytes) -> ReplyOutcome:
    try:
        reply = parse_reply(data)
    except NotAReply:
        return ReplyOutcome.UNREADABLE
    event = Event.objects.filter(uid=reply.uid).select_for_update(no_key=True).first()
    contact = _invited(event, reply.attendee) if event else None
    if event is None or contact is None or reply.sequence > event.sequence:
        return ReplyOutcome.FOREIGN  # nobody answers a version that never was
    if reply.sequence < event.sequence:
        return ReplyOutcome.OLDER
    return _keep(event, contact, reply)


def _keep(event: Event, contact: Contact, reply: Reply) -> ReplyOutcome:
    known = InvitationReply.objects.filter(event=event, contact=contact).first()
    if known and (known.sequence, known.stamped_at) > (reply.sequence, reply.stamped_at):
        return ReplyOutcome.OLDER
    InvitationReply.objects.update_or_create(
        event=event,
        contact=contact,
        defaults={
            "answer": reply.answer,
            "sequence": reply.sequence,
            "stamped_at": reply.stamped_at,
        },
    )
    return ReplyOutcome.TAKEN


def _invited(event: Event, email: str) -> Contact | None:
    """Who was sent an invitation to it: asked for one, and has something to do with the event."""
    own = (
        Q(rsvps__event=event, rsvps__wants_invitation=True)
        | Q(survey_requests__visits__event=event, survey_requests__wants_invitation=True)
        | Q(event_requests__events__event=event, event_requests__wants_invitation=True)
    )
    return Contact.objects.filter(own, email__iexact=email).order_by("pk").first()


def _calendars(raw: bytes) -> list[bytes]:
    """The calendar parts that say they are a reply."""
    try:
        mail = message_from_bytes(raw, policy=policy.default)
        return [
            bytes(part.get_payload(decode=True) or b"") for part in mail.walk() if _is_reply(part)
        ]
    except (ValueError, LookupError, AttributeError, TypeError):
        return []


def _is_reply(part: EmailMessage) -> bool:
    method = str(part.get_param("method", "")).upper()
    return bool(part.get_content_type() == "text/calendar" and method == "REPLY")


def _count(outcome: ReplyOutcome) -> None:
    row, _ = ReplyCount.objects.get_or_create(on=timezone.localdate(), outcome=outcome)
    ReplyCount.objects.filter(pk=row.pk).update(times=F("times") + 1)
