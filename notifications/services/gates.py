"""What holds messages back: closed lanes and channels, resting servers, rates, quiet hours."""

from datetime import datetime, time, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import F, Q
from django.utils import timezone

from notifications.enums import Channel, Lane, MessageKind, MessageStatus
from notifications.models import Gate, Message, SickDomain
from outreach.models import StaffMember
from scheduling.localtime import instant

ALL = "all"
MINUTE = timedelta(minutes=1)
LONGEST_REST = timedelta(minutes=10)
# Consecutive failures of a domain before it is left alone, and for how long.
SICK_FROM = 3
SICK_FOR = timedelta(minutes=5)

# Claimed mail of a domain that is left alone: back to the queue, its try not counted.
DEFER_SICK = """
    UPDATE notifications_message AS message
    SET status = 'queued', lease = NULL, attempts = attempts - 1, due_at = sick.open_until,
        detail = 'the mail server of this address has trouble'
    FROM outreach_contact AS contact, notifications_sickdomain AS sick
    WHERE message.lease = %(lease)s AND message.status = 'sending'
      AND contact.id = message.contact_id
      AND sick.domain = split_part(lower(contact.email), '@', 2)
      AND sick.open_until > statement_timestamp()
      AND sick.open_until <= statement_timestamp() + interval '10 minutes'
"""


def close(name: str, *, reason: str, by: StaffMember | None = None) -> None:
    """Hold everything, a lane or a channel until somebody opens it again."""
    now = timezone.now()
    Gate.objects.update_or_create(
        name=name, defaults={"closed_at": now, "closed_by": by, "reason": reason[:200]}
    )


def hold_masses(reason: str) -> None:
    """Reminders and campaigns wait for a person; what is personal still goes."""
    for lane in (Lane.REMINDERS, Lane.CAMPAIGN):
        if not Gate.objects.filter(name=lane, closed_at__isnull=False).exists():
            close(lane, reason=reason)


def open_again(name: str) -> None:
    Gate.objects.filter(name=name).update(closed_at=None, closed_by=None, reason="")


def rest(channel: str, seconds: int) -> None:
    """A server that cannot be reached is not asked again for every message."""
    until = timezone.now() + timedelta(seconds=seconds)
    # Not the lock of a rate's row for longer than this one statement.
    Gate.objects.update_or_create(name=channel, defaults={"resting_until": until})


def closed() -> list[Gate]:
    now = timezone.now()
    found = Gate.objects.filter(Q(closed_at__isnull=False) | _resting(now))
    return list(found.select_related("closed_by").order_by("name"))


def _resting(now: datetime) -> Q:
    """No rest is longer than ten minutes: one that is was noted while a clock was ahead."""
    return Q(resting_until__gt=now, resting_until__lte=now + LONGEST_REST)


def allowance(lane: str, channel: str, wanted: int) -> int:
    """How many may be claimed now. Call in the transaction that claims: the rate's row is
    locked, so that workers side by side keep one limit together."""
    now = timezone.now()
    held = Q(closed_at__isnull=False) | _resting(now)
    if Gate.objects.filter(held, name__in=(ALL, lane, channel)).exists():
        return 0
    most = settings.SENDING_RATES.get(channel, 0)
    if not most:
        return wanted
    Gate.objects.get_or_create(name=channel)
    gate = Gate.objects.select_for_update().get(name=channel)
    began = gate.minute_began_at
    if began is None or not now - MINUTE < began <= now:  # a clock may have been ahead
        gate.minute_began_at, gate.claimed_in_minute = now, 0
        gate.save(update_fields=["minute_began_at", "claimed_in_minute"])
    return max(0, min(wanted, most - gate.claimed_in_minute))


def count(channel: str, claimed: int) -> None:
    if claimed and settings.SENDING_RATES.get(channel):
        Gate.objects.filter(name=channel).update(claimed_in_minute=F("claimed_in_minute") + claimed)


def quiet_until(at: datetime) -> datetime | None:
    """When texts may go again, if they may not now: by the department's clock."""
    begin, end = settings.TEXT_HOURS
    local = timezone.localtime(at)
    if begin <= local.hour < end:
        return None
    day = local.date() + timedelta(days=1 if local.hour >= end else 0)
    return instant(day, time(begin))


def keep_quiet(at: datetime | None = None) -> int:
    """Texts due in the quiet hours wait for the morning. A confirmation answers somebody who
    asked a moment ago, so it goes."""
    at = at or timezone.now()
    until = quiet_until(at)
    if until is None:
        return 0
    due = Message.objects.filter(
        channel=Channel.TEXT, status=MessageStatus.QUEUED, due_at__lte=at
    ).exclude(kind=MessageKind.CONFIRM)
    return due.update(due_at=until, detail="texts wait for the morning")


def defer_sick(lease: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute(DEFER_SICK, {"lease": lease})


def domain_failed(address: str) -> None:
    """Another failure of this domain in a row; the third leaves it alone for a while."""
    domain = address.lower().rpartition("@")[2]
    sick, _ = SickDomain.objects.get_or_create(domain=domain)
    SickDomain.objects.filter(pk=domain).update(failures=F("failures") + 1)
    sick.refresh_from_db()
    if sick.failures >= SICK_FROM:
        sick.open_until = timezone.now() + SICK_FOR
        sick.save(update_fields=["open_until", "updated_at"])


def sick_domains() -> set[str]:
    return set(SickDomain.objects.values_list("pk", flat=True))


def answered(message: Message, sick: set[str]) -> None:
    """A domain that took mail is well again."""
    domain = message.contact.email.lower().rpartition("@")[2]
    if message.channel == Channel.EMAIL and domain in sick:
        SickDomain.objects.filter(pk=domain).delete()
