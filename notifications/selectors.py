"""Who will be told, and what waits for a person. Reads only."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from notifications.enums import Channel, MessageStatus
from notifications.models import Message
from notifications.services.planning import AUDIENCE
from outreach.access import survey_queue
from outreach.enums import SafeChannel
from outreach.models import StaffMember
from scheduling.enums import Classification
from scheduling.models import Event

COUNT_AUDIENCE = f"""
    SELECT subscription.channel, count(DISTINCT subscription.contact_id)
    FROM scheduling_event AS event {AUDIENCE}
    WHERE event.id = %s GROUP BY subscription.channel
"""


@dataclass(frozen=True)
class Audience:
    """How many people a change of an event would be told to, by channel."""

    by_email: int = 0
    by_call: int = 0

    @property
    def total(self) -> int:
        return self.by_email + self.by_call


def audience(event: Event) -> Audience:
    visit = getattr(event, "survey_visit", None)
    if visit is not None:
        is_email = visit.request.safe_channel == SafeChannel.EMAIL
        return Audience(by_email=int(is_email), by_call=int(not is_email))
    if event.classification != Classification.PUBLIC:
        return Audience()
    with connection.cursor() as cursor:
        cursor.execute(COUNT_AUDIENCE, [event.pk])
        counted = dict(cursor.fetchall())
    return Audience(counted.get(Channel.EMAIL, 0), counted.get(Channel.CALL, 0))


def calls_to_make(staff: StaffMember) -> QuerySet[Message]:
    """What people who can only be called have not been told yet, for those who may see them."""
    return (
        Message.objects.filter(
            channel=Channel.CALL,
            status=MessageStatus.QUEUED,
            due_at__lte=timezone.now(),
            expires_at__gt=timezone.now(),
            contact__survey_requests__in=survey_queue(staff),
        )
        .select_related(
            "contact",
            "event__survey_visit__request",
            "revision__event__survey_visit__request",
            "milestone__survey_request",
        )
        .order_by("expires_at", "pk")
    )


def troubled() -> QuerySet[Message]:
    """What failed in the last two weeks: refused mail, and calls nobody made in time."""
    lately = Message.objects.filter(settled_at__gt=timezone.now() - timedelta(days=14))
    return lately.filter(
        Q(status=MessageStatus.FAILED) | Q(status=MessageStatus.EXPIRED, channel=Channel.CALL)
    ).order_by("-settled_at")


def reminders_of_tomorrow() -> Counter[str]:
    """How many reminders of tomorrow's events went out, wait, or failed."""
    day = timezone.localdate() + timedelta(days=1)
    found = Message.objects.filter(event__starts_at__date=day).values_list("status", flat=True)
    return Counter(found)
