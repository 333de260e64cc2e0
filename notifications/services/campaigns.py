"""Campaigns: written, proposed, released by a second person when large, sent, paused, stopped."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone

from notifications.enums import CampaignStatus, Channel, Lane, MessageKind, MessageStatus
from notifications.models import Campaign, CampaignText, Message
from notifications.services.statements import CLOCK
from outreach.models import Contact, StaffMember

USEFUL = timedelta(days=3)
OPEN = (CampaignStatus.DRAFT, CampaignStatus.PROPOSED)
UNDERWAY = (CampaignStatus.SCHEDULED, CampaignStatus.SENDING, CampaignStatus.PAUSED)
WAITING = (MessageStatus.QUEUED, MessageStatus.SENDING, MessageStatus.UNKNOWN)

# Who agreed to bulletins of this beat and program, one row for each mailbox and number.
READERS = """
    SELECT DISTINCT ON (subscription.channel,
                        CASE subscription.channel WHEN 'email' THEN lower(reader.email)
                                                  ELSE reader.phone END)
           reader.id AS contact_id, subscription.channel
    FROM notifications_campaign AS campaign
    JOIN notifications_subscription AS subscription
      ON subscription.confirmed_at IS NOT NULL AND subscription.ended_at IS NULL
     AND subscription.purpose = 'bulletins' AND subscription.channel = ANY (campaign.channels)
     AND (campaign.beat_id IS NULL OR subscription.beat_id IS NULL
          OR subscription.beat_id = campaign.beat_id)
     AND (campaign.programs = '{}' OR subscription.programs = '{}'
          OR subscription.programs && campaign.programs)
    JOIN outreach_contact AS reader ON reader.id = subscription.contact_id
    WHERE campaign.id = %(campaign)s
"""

COUNT_READERS = f"SELECT channel, count(*) FROM ({READERS}) AS found GROUP BY channel"

MESSAGES = f"""
    INSERT INTO notifications_message
        (uid, contact_id, campaign_id, kind, channel, lane, status, due_at, expires_at)
    SELECT gen_random_uuid(), found.contact_id, %(campaign)s, 'campaign', found.channel,
           'campaign', 'queued', {CLOCK}, {CLOCK} + %(useful)s
    FROM ({READERS}) AS found
    ON CONFLICT DO NOTHING
"""


class WrongStatus(Exception):
    """The campaign is past this step, or not there yet."""


class NeedsASecondPerson(Exception):
    """Who proposed a large campaign does not release it."""


@dataclass(frozen=True)
class Words:
    """What a campaign says in one language."""

    subject: str
    body: str
    sms: str = ""


@transaction.atomic
def write(campaign: Campaign, words: dict[str, Words]) -> Campaign:
    """Save a draft with its words by language; WrongStatus once it is proposed."""
    if campaign.pk:
        _locked(campaign, CampaignStatus.DRAFT)
    campaign.save()
    for language, said in words.items():
        columns = {"subject": said.subject, "body": said.body, "sms": said.sms}
        CampaignText.objects.update_or_create(
            campaign=campaign, language=language, defaults=columns
        )
    return campaign


def audience(campaign: Campaign) -> dict[str, int]:
    """How many people it would reach now, by channel."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT_READERS, {"campaign": campaign.pk})
        return dict(cursor.fetchall())


def is_large(campaign: Campaign) -> bool:
    return sum(audience(campaign).values()) > settings.CAMPAIGN_SECOND_PERSON_FROM


@transaction.atomic
def propose(campaign: Campaign, *, by: StaffMember) -> Campaign:
    """The writer is done. A small campaign is released at once; a large one waits."""
    chosen = _locked(campaign, CampaignStatus.DRAFT)
    chosen.proposed_by, chosen.status = by, CampaignStatus.PROPOSED
    chosen.save(update_fields=["proposed_by", "status", "updated_at"])
    return chosen if is_large(chosen) else _release(chosen, by=by)


@transaction.atomic
def release(campaign: Campaign, *, by: StaffMember, seen: str | None = None) -> Campaign:
    """A second person read it and lets it go. Raises NeedsASecondPerson, or WrongStatus when it
    is not the version() they saw."""
    chosen = _locked(campaign, CampaignStatus.PROPOSED)
    if seen is not None and seen != version(chosen):
        raise WrongStatus(chosen.status)
    if by in (chosen.proposed_by, chosen.made_by) and is_large(chosen):
        raise NeedsASecondPerson
    return _release(chosen, by=by)


def version(campaign: Campaign) -> str:
    """What a reader has before them; any change makes it another."""
    return campaign.updated_at.isoformat()


@transaction.atomic
def take_back(campaign: Campaign) -> Campaign:
    """To the draft again, while nothing has gone out."""
    chosen = _locked(campaign, CampaignStatus.PROPOSED, CampaignStatus.SCHEDULED)
    chosen.status, chosen.released_by, chosen.proposed_by = CampaignStatus.DRAFT, None, None
    chosen.save(update_fields=["status", "released_by", "proposed_by", "updated_at"])
    return chosen


def pause(campaign: Campaign) -> None:
    """Nothing more is claimed after this commit; what a worker holds already still goes."""
    _move(campaign, {CampaignStatus.SENDING}, CampaignStatus.PAUSED)


def resume(campaign: Campaign) -> None:
    _move(campaign, {CampaignStatus.PAUSED}, CampaignStatus.SENDING)


@transaction.atomic
def cancel(campaign: Campaign) -> None:
    """Stopped for good; who was not written to yet is not."""
    chosen = _locked(campaign, *OPEN, *UNDERWAY)
    chosen.status, chosen.ended_at = CampaignStatus.CANCELLED, timezone.now()
    chosen.save(update_fields=["status", "ended_at", "updated_at"])
    chosen.messages.filter(status=MessageStatus.QUEUED).update(
        status=MessageStatus.WITHDRAWN, settled_at=timezone.now()
    )


def plan(now: datetime | None = None) -> int:
    """Make the messages of campaigns whose hour has come; note those that are through."""
    at = now or timezone.now()
    due = Campaign.objects.filter(status=CampaignStatus.SCHEDULED, starts_at__lte=at)
    made = sum(_start(campaign, at) for campaign in due)
    _withdraw_cancelled(at)
    _note_ended(at)
    return made


def progress(campaign: Campaign) -> dict[str, int]:
    """Its messages by status; tests are not counted."""
    own = campaign.messages.filter(kind=MessageKind.CAMPAIGN)
    counted = own.order_by().values_list("status").annotate(number=Count("pk"))
    return dict(counted)


def named(by_status: dict[str, int]) -> list[tuple[str, int]]:
    """The same in words, in the order of a message's life."""
    known = [(status, by_status.get(status, 0)) for status in MessageStatus]
    return [(str(status.label), number) for status, number in known if number]


@transaction.atomic
def send_test(campaign: Campaign, address: str, languages: Iterable[str]) -> None:
    """The real thing, in each language, to one of our own addresses: a mailbox or a number."""
    column, channel = ("email", Channel.EMAIL) if "@" in address else ("phone", Channel.TEXT)
    contact = Contact.objects.filter(**{column: address}).order_by("pk").first()
    contact = contact or Contact.objects.create(**{column: address})
    now = timezone.now()
    Message.objects.bulk_create(
        Message(
            contact=contact,
            campaign=campaign,
            kind=MessageKind.CAMPAIGN_TEST,
            channel=channel,
            lane=Lane.PERSONAL,
            language=language,
            due_at=now,
            expires_at=now + USEFUL,
        )
        for language in languages
    )


def _release(campaign: Campaign, *, by: StaffMember) -> Campaign:
    campaign.released_by, campaign.status = by, CampaignStatus.SCHEDULED
    campaign.starts_at = campaign.starts_at or timezone.now()
    campaign.save(update_fields=["released_by", "status", "starts_at", "updated_at"])
    return campaign


@transaction.atomic
def _start(campaign: Campaign, at: datetime) -> int:
    chosen = Campaign.objects.select_for_update(skip_locked=True).filter(pk=campaign.pk).first()
    if chosen is None or chosen.status != CampaignStatus.SCHEDULED:
        return 0
    chosen.status, chosen.planned_at = CampaignStatus.SENDING, at
    chosen.save(update_fields=["status", "planned_at", "updated_at"])
    values: dict[str, Any] = {"campaign": chosen.pk, "useful": USEFUL, "now": None}
    with connection.cursor() as cursor:
        cursor.execute(MESSAGES, values)
        return cursor.rowcount


def _withdraw_cancelled(at: datetime) -> None:
    """What a worker held at the cancellation and gave back untried."""
    Message.objects.filter(
        campaign__status=CampaignStatus.CANCELLED,
        kind=MessageKind.CAMPAIGN,
        status=MessageStatus.QUEUED,
    ).update(status=MessageStatus.WITHDRAWN, settled_at=at)


def _note_ended(at: datetime) -> None:
    for campaign in Campaign.objects.filter(status=CampaignStatus.SENDING, planned_at__lt=at):
        if not campaign.messages.filter(status__in=WAITING).exists():
            _move(campaign, {CampaignStatus.SENDING}, CampaignStatus.DONE, ended_at=at)


def _move(campaign: Campaign, before: set[str], status: str, **columns: object) -> None:
    columns |= {"status": status, "updated_at": timezone.now()}
    Campaign.objects.filter(pk=campaign.pk, status__in=before).update(**columns)


def _locked(campaign: Campaign, *allowed: str) -> Campaign:
    chosen = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if chosen.status not in allowed:
        raise WrongStatus(chosen.status)
    return chosen
