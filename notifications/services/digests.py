"""The events of one week in one message, for those who chose it."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from notifications.models import Digest
from notifications.services.statements import AUDIENCE, CLOCK
from outreach.models import Contact
from scheduling import selectors
from scheduling.localtime import instant
from scheduling.models import Event

# Useful for the first days of its week.
USEFUL = timedelta(days=2)

# One to each reader for whom something is on, whatever the number of their beats.
DIGESTS = f"""
    INSERT INTO notifications_message
        (uid, contact_id, digest_id, kind, channel, lane, status, due_at, expires_at, created_at)
    SELECT DISTINCT ON (subscription.contact_id, subscription.channel)
           gen_random_uuid(), subscription.contact_id, %(digest)s, 'digest',
           subscription.channel, 'reminders', 'queued', %(due_at)s, %(due_at)s + %(useful)s, {CLOCK}
    FROM scheduling_event AS event
    {AUDIENCE}
    WHERE event.classification = 'public' AND event.status = 'confirmed'
      AND event.starts_at >= %(due_at)s AND event.starts_at < %(until)s
      AND subscription.pace = 'weekly'
    ON CONFLICT DO NOTHING
"""

OF_READER = f"""
    SELECT event.id FROM scheduling_event AS event
    {AUDIENCE}
    WHERE subscription.contact_id = %(contact)s AND subscription.pace = 'weekly'
      AND event.classification = 'public' AND event.status = 'confirmed'
      AND event.starts_at >= %(begin)s AND event.starts_at < %(until)s
"""


@transaction.atomic
def plan(now: datetime | None = None) -> int:
    """The digest of this week, once, from its hour on and while it is of use."""
    at = now or timezone.now()
    monday = monday_of(at)
    due_at = due(monday)
    if not due_at <= at < due_at + USEFUL:
        return 0
    digest, is_new = Digest.objects.get_or_create(starts_on=monday, defaults={"planned_at": at})
    if not is_new:
        return 0
    values: dict[str, Any] = {
        "digest": digest.pk,
        "due_at": due_at,
        "until": due(monday + timedelta(days=7)),
        "useful": USEFUL,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(DIGESTS, values)
        return cursor.rowcount


def monday_of(at: datetime) -> date:
    today = timezone.localdate(at)
    return today - timedelta(days=(today.weekday() - settings.DIGEST_WEEKDAY) % 7)


def due(monday: date) -> datetime:
    """When the digest of a week goes out: the same local hour all year."""
    return instant(monday, time(settings.DIGEST_HOUR))


def events_for(contact: Contact, digest: Digest) -> list[Event]:
    """What is on in the week for one reader, the earliest first."""
    begin = due(digest.starts_on)
    with connection.cursor() as cursor:
        values: dict[str, Any] = {
            "contact": contact.pk,
            "begin": begin,
            "until": due(digest.starts_on + timedelta(days=7)),
        }
        cursor.execute(OF_READER, values)
        wanted = [row[0] for row in cursor.fetchall()]
    return list(selectors.public_events().filter(pk__in=wanted).order_by("starts_at", "pk"))
