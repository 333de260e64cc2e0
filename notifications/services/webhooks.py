"""Telling other systems that an event changed: planned with the messages, tried for days."""

import base64
import json
import secrets
import time
from datetime import timedelta
from time import monotonic
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from rest_framework.utils.encoders import JSONEncoder

from notifications.channels import PermanentFailure, TemporaryFailure, webhook
from notifications.enums import DeliveryStatus
from notifications.models import Webhook, WebhookDelivery
from outreach.models import StaffMember
from scheduling import selectors
from scheduling.api.reading import EventOut
from scheduling.models import Event

# Seconds after the first, second, … failed try; after the last it is settled as failed.
RETRY_AFTER = [30, 5 * 60, 30 * 60, 2 * 3600, 6 * 3600, 12 * 3600, 24 * 3600, 24 * 3600]
LEASE = timedelta(seconds=60)
BATCH = 20
KEPT = timedelta(days=30)

# Public events; and those of which the address was told before they ceased to be.
DELIVERIES = """
    INSERT INTO notifications_webhookdelivery
        (uid, webhook_id, revision_id, event_id, status, due_at)
    SELECT gen_random_uuid(), webhook.id, revision.id, event.id, 'queued', statement_timestamp()
    FROM scheduling_revision AS revision
    JOIN scheduling_event AS event ON event.id = revision.event_id
    CROSS JOIN notifications_webhook AS webhook
    WHERE revision.id = ANY(%(unread)s)
      AND revision.kind IN ('created', 'edited', 'moved', 'cancelled')
      AND webhook.ended_at IS NULL
      AND ((event.classification = 'public' AND event.status <> 'tentative')
           OR EXISTS (SELECT FROM notifications_webhookdelivery AS earlier
                      WHERE earlier.webhook_id = webhook.id AND earlier.event_id = event.id))
    ORDER BY revision.id  -- called in this order, as far as the other side answers
    ON CONFLICT DO NOTHING
"""
CLAIM = """
    UPDATE notifications_webhookdelivery
    SET leased_until = statement_timestamp() + %(lease)s, attempts = attempts + 1
    WHERE id IN (
        SELECT id FROM notifications_webhookdelivery
        WHERE status = 'queued' AND due_at <= statement_timestamp()
          AND (leased_until IS NULL OR leased_until < statement_timestamp())
        ORDER BY due_at, id LIMIT %(batch)s FOR UPDATE SKIP LOCKED)
    RETURNING id
"""


@transaction.atomic
def create(address: str, *, by: StaffMember) -> tuple[Webhook, str]:
    """The address and its secret, shown this once. Raises webhook.Refused.

    Again for the same address: the same row with a new secret.
    """
    webhook.check(address)
    secret = webhook.PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()
    made = Webhook.objects.select_for_update().filter(address=address).first()
    made = made or Webhook(address=address, made_by=by)
    made.seal("secret", secret)
    made.ended_at = None
    made.save()
    return made, secret


def with_troubles() -> QuerySet[Webhook]:
    """Each with how many calls wait, and what the latest that failed said."""
    troubled = WebhookDelivery.objects.filter(webhook=OuterRef("pk")).exclude(detail="")
    latest = Subquery(troubled.order_by("-pk").values("detail")[:1])
    waits = Q(deliveries__status=DeliveryStatus.QUEUED)
    return Webhook.objects.annotate(
        waiting=Count("deliveries", filter=waits), last_trouble=Coalesce(latest, Value(""))
    ).order_by("created_at", "pk")


def deliver(seconds: float) -> int:
    """Call what is due for so long; returns how many were delivered."""
    until, delivered = monotonic() + seconds, 0
    with webhook.Caller() as caller:
        while monotonic() < until and (batch := _claim()):
            for delivery in batch:
                # One that was not reached in time is anyone's again when its lease ends.
                if monotonic() < until:
                    delivered += _call(caller, delivery)
    return delivered


def forget() -> None:
    WebhookDelivery.objects.filter(settled_at__lt=timezone.now() - KEPT).delete()


def _claim() -> list[WebhookDelivery]:
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"lease": LEASE, "batch": BATCH}
        cursor.execute(CLAIM, values)
        ids = [row[0] for row in cursor.fetchall()]
    chosen = WebhookDelivery.objects.filter(pk__in=ids).order_by("due_at", "pk")
    return list(chosen.select_related("webhook", "revision"))


def _call(caller: webhook.Caller, delivery: WebhookDelivery) -> bool:
    body = payload(delivery)
    now, uid = int(time.time()), str(delivery.uid)
    secret = delivery.webhook.unseal("secret")
    headers = {
        "webhook-id": uid,
        "webhook-timestamp": str(now),
        "webhook-signature": webhook.signature(secret, uid=uid, timestamp=now, body=body),
    }
    try:
        caller.post(delivery.webhook.address, body, headers)
    except PermanentFailure as failure:
        Webhook.objects.filter(pk=delivery.webhook_id).update(ended_at=Now())
        waiting = delivery.webhook.deliveries.filter(status=DeliveryStatus.QUEUED)
        waiting.update(status=DeliveryStatus.FAILED, settled_at=Now(), detail=str(failure))
        return False
    except (TemporaryFailure, webhook.Refused) as failure:
        _postpone(delivery, str(failure))
        return False
    _mine(delivery, status=DeliveryStatus.DELIVERED, settled_at=Now(), detail="")
    return True


def payload(delivery: WebhookDelivery) -> bytes:
    """The event as it is public now; of one that is not any more, its uid alone."""
    event = selectors.public_events().filter(pk=delivery.event_id).first()
    if event:
        kind, data = f"event.{delivery.revision.kind}", dict(EventOut(event).data)
    else:
        uid = Event.objects.values_list("uid", flat=True).get(pk=delivery.event_id)
        kind, data = "event.withdrawn", {"uid": uid}
    told = {"type": kind, "timestamp": delivery.revision.created_at, "data": data}
    return json.dumps(told, cls=JSONEncoder, ensure_ascii=False).encode()


def _postpone(delivery: WebhookDelivery, reason: str) -> None:
    if delivery.attempts > len(RETRY_AFTER):
        _mine(delivery, status=DeliveryStatus.FAILED, settled_at=Now(), detail=reason[:100])
        return
    wait = timedelta(seconds=RETRY_AFTER[delivery.attempts - 1])
    _mine(delivery, due_at=timezone.now() + wait, detail=reason[:100])


def _mine(delivery: WebhookDelivery, **columns: object) -> None:
    held = WebhookDelivery.objects.filter(
        pk=delivery.pk, attempts=delivery.attempts, status=DeliveryStatus.QUEUED
    )
    held.update(leased_until=None, **columns)
