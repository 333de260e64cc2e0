"""What the sending room shows: what comes, what waits and why, what went. Reads only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Max, Min, Q, QuerySet, Sum
from django.utils import timezone

from notifications.enums import Channel, MessageKind, MessageStatus, ReplyOutcome
from notifications.models import Message, ReplyCount, SickDomain
from notifications.services import gates, pulse
from notifications.services.statements import AUDIENCE
from outreach.models import Contact
from scheduling.models import Event

AHEAD = BACK = timedelta(days=7)
SILENT_AFTER = timedelta(minutes=2)
WAITING = (MessageStatus.QUEUED, MessageStatus.SENDING, MessageStatus.UNKNOWN)

# Readers are counted by what they chose, then matched with events: a city has few choices and
# many readers. Who chose two beats of one event is counted twice, so the figure is “about”.
COMING = f"""
    WITH readers AS (
        SELECT beat_id, programs, pace, lead_minutes, channel, purpose,
               min(confirmed_at) AS confirmed_at, NULL::timestamptz AS ended_at, count(*) AS number
        FROM notifications_subscription
        WHERE confirmed_at IS NOT NULL AND ended_at IS NULL
        GROUP BY beat_id, programs, pace, lead_minutes, channel, purpose
    )
    SELECT event.id, rule.lead_minutes,
           event.starts_at - rule.lead_minutes * interval '1 minute' AS due_at,
           sum(subscription.number) FILTER (WHERE subscription.channel = 'email') AS by_email,
           sum(subscription.number) FILTER (WHERE subscription.channel = 'text') AS by_text
    FROM scheduling_event AS event
    CROSS JOIN notifications_reminderrule AS rule
    {AUDIENCE.replace("notifications_subscription", "readers")}
    WHERE rule.is_active AND event.status = 'confirmed' AND event.classification = 'public'
      AND subscription.pace = 'each'
      AND (subscription.lead_minutes = '{{}}'
           OR rule.lead_minutes = ANY (subscription.lead_minutes))
      AND event.starts_at - rule.lead_minutes * interval '1 minute'
          BETWEEN statement_timestamp() AND statement_timestamp() + %(ahead)s
    GROUP BY event.id, rule.lead_minutes
    ORDER BY due_at, event.id LIMIT %(most)s
"""


@dataclass(frozen=True)
class Coming:
    """Reminders of one event that fall due at one moment, and about how many read them."""

    event: Event
    lead_minutes: int
    due_at: datetime
    by_email: int
    by_text: int


def coming(most: int = 100) -> list[Coming]:
    """Reminders of the next seven days, the earliest first."""
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"ahead": AHEAD, "most": most}
        cursor.execute(COMING, values)
        rows = cursor.fetchall()
    known = Event.objects.select_related("beat", "venue").prefetch_related("texts")
    events = known.in_bulk([row[0] for row in rows])
    return [
        Coming(events[pk], lead, due_at, int(mails or 0), int(texts or 0))
        for pk, lead, due_at, mails, texts in rows
    ]


def waiting() -> list[dict[str, Any]]:
    """What is due or late, by kind, channel and reason."""
    found = Message.objects.filter(
        status__in=WAITING, due_at__lte=timezone.now() + timedelta(hours=1)
    )
    groups = (
        found.order_by()
        .values("kind", "channel", "status", "detail")
        .annotate(number=Count("pk"), oldest=Min("due_at"))
    )
    return [_named(group) for group in groups.order_by("oldest")[:50]]


def went() -> list[dict[str, Any]]:
    """What was settled in the last seven days, by kind, channel and status."""
    found = Message.objects.filter(settled_at__gt=timezone.now() - BACK)
    groups = (
        found.order_by()
        .values("kind", "channel", "status")
        .annotate(number=Count("pk"), latest=Max("settled_at"))
    )
    return [_named(group) for group in groups.order_by("kind", "channel", "status")]


def failed(of: QuerySet[Contact], most: int = 50) -> list[Message]:
    """What did not reach one of these contacts in two weeks, the latest first."""
    since = timezone.now() - timedelta(days=14)
    trouble = (MessageStatus.FAILED, MessageStatus.BOUNCED, MessageStatus.UNKNOWN)
    found = Message.objects.filter(
        Q(status__in=trouble) | Q(status=MessageStatus.EXPIRED, channel=Channel.CALL),
        Q(settled_at__gt=since) | Q(status=MessageStatus.UNKNOWN),
        contact__in=of.values("pk"),
    )
    return list(found.select_related("contact").order_by("-due_at")[:most])


def troubles() -> dict[str, Any]:
    """What holds messages back now."""
    return {
        "closed": gates.closed(),
        "silent": pulse.silent(SILENT_AFTER),
        "sick": SickDomain.objects.filter(open_until__gt=timezone.now()).count(),
    }


def told(contact: Contact) -> list[Message]:
    """Everything written or said to one person, the latest first."""
    return list(
        contact.messages.select_related(
            "event", "rule", "revision__event", "milestone", "subscription__beat", "campaign",
            "digest",
        ).order_by("-due_at", "-pk")[:200]
    )  # fmt: skip


def _named(group: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **group,
        "kind": MessageKind(group["kind"]).label,
        "channel": Channel(group["channel"]).label,
        "status_name": MessageStatus(group["status"]).label,
    }


def search(of: QuerySet[Contact], words: str, most: int = 20) -> list[Contact]:
    """By name, mailbox or the end of a number."""
    digits = "".join(letter for letter in words if letter.isdigit())
    wanted = Q(name__icontains=words) | Q(email__iexact=words)
    if len(digits) >= 4:
        wanted |= Q(phone__endswith=digits)
    return list(of.filter(wanted).order_by("name", "pk")[:most])


def replies() -> dict[str, int]:
    """How many answers of calendars came in a week, by what became of them."""
    lately = ReplyCount.objects.filter(on__gt=timezone.localdate() - BACK)
    counted = lately.order_by().values_list("outcome").annotate(Sum("times"))
    return {str(ReplyOutcome(outcome).label): times for outcome, times in counted}
