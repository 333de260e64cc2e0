"""Taking what is due: leased in one statement, then looked at once more."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from notifications.enums import Channel, MessageKind, MessageStatus
from notifications.models import Message, SubscriptionLink, Suppression
from notifications.services import gates, rendering, stops, subscriptions
from notifications.services.statements import AUDIENCE
from outreach.enums import LinkPurpose

CLAIM = """
    UPDATE notifications_message
    SET status = 'sending', lease = %(lease)s, leased_until = statement_timestamp() + %(length)s,
        attempts = attempts + 1
    WHERE id IN (
        SELECT id FROM notifications_message
        WHERE status = 'queued' AND lane = %(lane)s AND channel = %(channel)s
          AND due_at <= statement_timestamp()
          AND (campaign_id IS NULL OR lane = 'personal' OR campaign_id IN (
              SELECT id FROM notifications_campaign WHERE status = 'sending'))
        ORDER BY due_at, id LIMIT %(size)s FOR UPDATE SKIP LOCKED)
"""

# A stop or a bounce of the mailbox or number. Who asks again after a stop by mail gets the
# question whether they mean it; a number that stopped lifts it by a text of its own.
IS_STOPPED = """
    contact.restricted_at IS NOT NULL OR EXISTS (SELECT 1 FROM notifications_suppression AS stop
            WHERE lower(stop.address) = lower(
                  CASE message.channel WHEN 'text' THEN contact.phone ELSE contact.email END)
              AND NOT (message.kind = 'confirm' AND message.channel = 'email'
                       AND (stop.kind = 'stop'
                            OR stop.created_at < statement_timestamp() - interval '30 days')))
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
               ({IS_STOPPED}) AS is_stopped,
               message.kind IN ('reminder', 'move', 'cancellation')
                   AND NOT seat.is_held AND NOT EXISTS (
                   SELECT 1 FROM scheduling_event AS event
                   LEFT JOIN scheduling_revision AS revision ON revision.id = message.revision_id
                   {AUDIENCE}
                   WHERE event.id = COALESCE(message.event_id, revision.event_id)
                     AND subscription.contact_id = message.contact_id
                     AND subscription.channel = message.channel)
               OR message.kind IN ('campaign', 'digest') AND NOT EXISTS (
                   SELECT 1 FROM notifications_subscription AS subscription
                   WHERE subscription.contact_id = message.contact_id
                     AND subscription.channel = message.channel
                     AND subscription.confirmed_at IS NOT NULL AND subscription.ended_at IS NULL
                     AND CASE message.kind WHEN 'campaign' THEN subscription.purpose = 'bulletins'
                                           ELSE subscription.pace = 'weekly' END) AS is_unasked,
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


def claim(lane: str, channel: str = Channel.EMAIL, *, size: int) -> list[Message]:
    """Up to size messages that are due and still wanted, leased to the caller; none is left
    when the list is empty."""
    while True:
        lease = uuid4()
        if not _claim(lane, channel, lease, size):
            return []
        _run(DROP_UNWANTED, {"lease": lease})
        _drop_erased(lease)
        if channel == Channel.EMAIL:
            gates.defer_sick(lease)
        _make_links(lease)
        if wanted := list(_with_subjects(lease)):
            return wanted


def _drop_erased(lease: UUID) -> None:
    """Stops of which only a keyed hash is left. Who asks again by mail is asked back."""
    leased = Message.objects.filter(lease=lease, status=MessageStatus.SENDING)
    asking = Q(kind=MessageKind.CONFIRM, channel=Channel.EMAIL)
    forms = {
        one.pk: set(stops.sealed_forms(stops.address_of(one.contact, one.channel)))
        for one in leased.exclude(asking).select_related("contact")
    }
    known = Suppression.objects.filter(address__in=set().union(*forms.values()))
    stopped = set(known.values_list("address", flat=True))
    unwanted = [pk for pk, own in forms.items() if own & stopped]
    leased.filter(pk__in=unwanted).update(status=MessageStatus.SUPPRESSED, settled_at=Now())


@transaction.atomic
def _claim(lane: str, channel: str, lease: UUID, size: int) -> int:
    """Lease what is due, as many as gates and rates let through; committed before any call out."""
    allowed = gates.allowance(lane, channel, size)
    if not allowed:
        return 0
    values = {"lane": lane, "channel": channel, "lease": lease, "size": allowed}
    claimed = _run(CLAIM, values | {"length": lease_length()})
    gates.count(channel, claimed)
    return claimed


def lease_length() -> timedelta:
    return timedelta(seconds=settings.MESSAGE_LEASE_SECONDS)


def _run(statement: str, values: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


def _make_links(lease: UUID) -> None:
    """Every mail to a subscriber ends with the own page; one statement for those without one."""
    known = SubscriptionLink.objects.filter(purpose=LinkPurpose.PREFERENCES)
    bare = Message.objects.filter(
        lease=lease, status=MessageStatus.SENDING, kind__in=rendering.FOR_SUBSCRIBERS
    ).exclude(contact__in=known.values("contact"))
    if contacts := set(bare.values_list("contact", flat=True)):
        subscriptions.make_links(contacts)


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
            "campaign",
            "digest",
        )
        .prefetch_related(
            "campaign__texts",
            "contact__subscription_links",
            "event__texts",
            "revision__event__texts",
        )
        .order_by("due_at", "pk")
    )
