"""Who will be told, and what waits for a person. Reads only."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils import timezone

from notifications.enums import Channel, MessageStatus
from notifications.models import InvitationReply, Message, ReminderRule
from notifications.services import stops
from notifications.services.statements import AUDIENCE, HOLDERS, HOLDERS_CHANNEL
from outreach.access import event_request_queue, served_beats, survey_queue
from outreach.enums import SafeChannel
from outreach.models import Beat, Contact, StaffMember
from scheduling.models import Event, Revision, Rsvp
from scheduling.records import own_events

# One person is one address, subscribed or with seats; who has none is one contact.
COUNT_AUDIENCE = f"""
    SELECT channel, count(DISTINCT who) FROM (
        SELECT subscription.channel,
               COALESCE(NULLIF(lower(reader.email), ''), reader.id::text) AS who
        FROM scheduling_event AS event {AUDIENCE}
        JOIN outreach_contact AS reader ON reader.id = subscription.contact_id
        WHERE event.id = %(event)s AND event.classification = 'public'
        UNION ALL
        SELECT {HOLDERS_CHANNEL}, COALESCE(NULLIF(lower(holder.email), ''), holder.id::text)
        FROM scheduling_event AS event {HOLDERS}
        WHERE event.id = %(event)s
    ) AS heard GROUP BY channel
"""


@dataclass(frozen=True)
class Audience:
    """How many people a change of an event would be told to, by channel."""

    by_email: int = 0
    by_call: int = 0
    by_text: int = 0

    @property
    def total(self) -> int:
        return self.by_email + self.by_call + self.by_text


def audience(event: Event) -> Audience:
    visit = getattr(event, "survey_visit", None)
    if visit is not None:
        is_email = visit.request.safe_channel == SafeChannel.EMAIL
        return Audience(by_email=int(is_email), by_call=int(not is_email))
    with connection.cursor() as cursor:
        cursor.execute(COUNT_AUDIENCE, {"event": event.pk})
        counted = dict(cursor.fetchall())
    return Audience(
        counted.get(Channel.EMAIL, 0), counted.get(Channel.CALL, 0), counted.get(Channel.TEXT, 0)
    )


def calls_to_make(staff: StaffMember) -> QuerySet[Message]:
    """What people who can only be called have not been told yet, for those who may see them."""
    asked = Q(contact__in=survey_queue(staff).values("contact")) | Q(
        milestone__event_request__in=event_request_queue(staff)
    )
    managed = own_events(staff).filter(Q(beat=None) | Q(beat__in=served_beats(staff)))
    seated = Q(contact__in=Rsvp.objects.values("contact"), revision__event__in=managed.values("pk"))
    return (
        Message.objects.filter(
            asked | seated,
            channel=Channel.CALL,
            status=MessageStatus.QUEUED,
            due_at__lte=timezone.now(),
            expires_at__gt=timezone.now(),
        )
        .select_related(
            "contact",
            "event__survey_visit__request",
            "revision__event__survey_visit__request",
            "revision__rsvp",
            "milestone__survey_request",
            "milestone__event_request",
        )
        .order_by("expires_at", "pk")
    )


def language_of(number: str, body: str) -> str:
    """In which to answer a text: the subscriber's, else the one it was written in."""
    known = Contact.objects.filter(phone=number, subscriptions__channel=Channel.TEXT)
    language = known.order_by("-pk").values_list("language", flat=True).first()
    return language or ("es" if stops.is_spanish(body) else settings.LANGUAGE_CODE)


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


@dataclass(frozen=True)
class Told:
    """Who hears of events that are brought in: nobody at once, by reminders later."""

    audience: Audience
    public: int  # of the new ones, those that readers of the beat are reminded of
    soon: int  # of these, those whose first reminder is due already
    days: int  # before an event the first reminder goes out


# No event stands for it yet; its program and beat say who follows.
COUNT_FOLLOWERS = f"""
    SELECT channel, count(DISTINCT COALESCE(NULLIF(lower(reader.email), ''), reader.id::text))
    FROM (SELECT 0 AS id, %(program)s::text AS program, %(beat)s::bigint AS beat_id) AS event
    {AUDIENCE}
    JOIN outreach_contact AS reader ON reader.id = subscription.contact_id
    GROUP BY channel
"""


def told_of_import(program: str, beat: Beat | None, starts: Sequence[datetime]) -> Told:
    """Planning makes no message of a new event; the reminders of public ones come by themselves."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT_FOLLOWERS, {"program": program, "beat": beat.pk if beat else None})
        counted = dict(cursor.fetchall())
    by_channel = (counted.get(one, 0) for one in (Channel.EMAIL, Channel.CALL, Channel.TEXT))
    longest = ReminderRule.objects.filter(is_active=True).aggregate(most=Max("lead_minutes"))
    lead = timedelta(minutes=longest["most"] or 0)
    edge = timezone.now() + lead
    return Told(Audience(*by_channel), len(starts), sum(at <= edge for at in starts), lead.days)


def calendar_replies(event: Event) -> QuerySet[InvitationReply]:
    """What the calendars of those we invited answered."""
    return InvitationReply.objects.filter(event=event).select_related("contact").order_by("pk")


@dataclass(frozen=True)
class Heard:
    """How many messages about a change were handed over, and since when."""

    by_email: int = 0
    by_text: int = 0
    since: datetime | None = None


def heard_of(acts: Sequence[Sequence[Revision]]) -> list[Heard]:
    """Of each act, which may be a whole series of dates: one message tells of all of them."""
    handed = (MessageStatus.ACCEPTED, MessageStatus.DELIVERED)
    found = Message.objects.filter(
        revision__in=[one.pk for act in acts for one in act],
        channel__in=(Channel.EMAIL, Channel.TEXT),
        status__in=handed,
    )
    groups = found.order_by().values_list("revision", "channel")
    number: Counter[tuple[int, str]] = Counter()
    since: dict[int, datetime] = {}
    for revision, channel, count, first in groups.annotate(Count("pk"), Min("settled_at")):
        number[revision, channel] = count
        if first:
            since[revision] = min(first, since.get(revision, first))
    return [
        Heard(
            by_email=sum(number[one.pk, Channel.EMAIL] for one in act),
            by_text=sum(number[one.pk, Channel.TEXT] for one in act),
            since=min((since[one.pk] for one in act if one.pk in since), default=None),
        )
        for act in acts
    ]
