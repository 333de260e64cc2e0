"""What would go out, by a made-up clock: the real statements in a transaction that is undone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from notifications.enums import Channel
from notifications.models import Digest, Gate, Message, ReminderRun
from notifications.services import digests, gates, planning

STEP = timedelta(minutes=15)  # planning looks this far ahead


@dataclass(frozen=True)
class Rehearsed:
    goes_at: datetime
    kind: str
    rule: str
    channel: str
    contact_id: int
    event_uid: UUID | str
    starts_at: datetime


def rehearse(begin: datetime, end: datetime) -> Iterator[Rehearsed]:
    """Each reminder and weekly message due in [begin, end), in the order they would go.

    As people, subscriptions and events stand now. Texts due at night stand at the morning.
    """
    with transaction.atomic():
        try:
            yield from _as_due(begin, end)
        finally:
            transaction.set_rollback(True)


def _as_due(begin: datetime, end: datetime) -> Iterator[Rehearsed]:
    _stand_apart()
    now = begin
    while now < end:
        planning.plan_reminders(now)
        digests.plan(now)
        now += STEP
    found = Message.objects.filter(due_at__gte=begin, due_at__lt=end).exclude(
        event=None, digest=None
    )
    known = found.select_related("event", "rule").order_by("due_at", "contact", "pk")
    yield from sorted((_shown(one) for one in known), key=lambda one: one.goes_at)


def _stand_apart() -> None:
    """Empty tables of this connection stand before the real ones, which nobody locks or sees."""
    with connection.cursor() as cursor:
        for model in (Message, ReminderRun, Digest, Gate):
            table = model._meta.db_table
            cursor.execute(
                f"CREATE TEMP TABLE {table} (LIKE public.{table} INCLUDING ALL) ON COMMIT DROP"
            )


def _shown(message: Message) -> Rehearsed:
    goes_at = message.due_at
    if message.channel == Channel.TEXT:
        goes_at = gates.quiet_until(goes_at) or goes_at
    return Rehearsed(
        goes_at=goes_at,
        kind=message.kind,
        rule=message.rule.name if message.rule else "weekly",
        channel=message.channel,
        contact_id=message.contact_id,
        event_uid=message.event.uid if message.event else "",
        starts_at=message.event_starts_at or message.due_at,
    )
