"""One person's wish to be forgotten: what may go goes, what must stay is locked away."""

import json
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Max, QuerySet
from django.utils import timezone, translation

from notifications.enums import JobState, MessageStatus
from notifications.models import Erasure, ErasureCount, Message, SubscriptionLink
from notifications.services import stops, subscriptions
from notifications.services.retention import holds, mentions, repeating
from notifications.services.retention.due import Look
from notifications.services.retention.kinds import BY_CLASS, KINDS, Kind
from outreach.actors import Actor
from outreach.enums import RecordClass, RequestStatus, SurveyStatus
from outreach.models import (
    Contact,
    EventRequest,
    EventRequestLink,
    StaffMember,
    SurveyLink,
    SurveyRequest,
)
from outreach.services import requests as asking
from outreach.services import surveys as outreach_surveys
from outreach.services.surveys import REFERENCE_ALPHABET
from scheduling.enums import RsvpResponse
from scheduling.models import Rsvp, RsvpLink
from scheduling.services import bookings, publishing, requests, rsvps, surveys


class Held(Exception):
    """A legal hold keeps everything of this person."""


@dataclass(frozen=True)
class Prospect:
    """What would become of one class of a person's records."""

    record_class: RecordClass
    goes: int
    stays: int
    kept_until: date | None


def prospects(contacts: Sequence[Contact]) -> list[Prospect]:
    look = Look()
    found = [
        Prospect(
            kind.record_class,
            _going(kind, look, contacts).count(),
            *_staying(kind, look, contacts),
        )
        for kind in KINDS
        if kind.persons
    ]
    last = max((one.kept_until for one in found if one.kept_until), default=None)
    # A name stays with the last thing that needs it.
    found[-1] = replace(found[-1], kept_until=last)
    return [one for one in found if one.goes or one.stays]


def standing(contacts: Sequence[Contact]) -> int:
    """Visits, requests and seats to come that are given back first."""
    return sum(
        len(_open_surveys(one)) + len(_open_requests(one)) + len(_coming_seats(one))
        for one in contacts
    )


@transaction.atomic
def begin(contacts: Sequence[Contact], *, by: StaffMember, covered: Sequence[str] = ()) -> Erasure:
    """To be carried out by go_on(). covered: keys of mentions, dotted at once. Raises Held."""
    if holds.on(contacts):
        raise Held
    erasure = Erasure.objects.create(
        reference="".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(8)),
        staff=by,
        language=translation.get_language() or settings.LANGUAGE_CODE,
        covered=mentions.cover(map(mentions.known, contacts), covered),
    )
    erasure.contacts.set(contacts)
    return erasure


def go_on() -> None:
    """Carry out what is begun, and again what a restore undid. Ended in the middle, the next call
    does what is left.
    """
    repeating.begin_again()
    for erasure in Erasure.objects.filter(state=JobState.RUNNING).order_by("pk"):
        # Somebody is booking the same people right now: the next round goes on.
        with suppress(bookings.DoubleBooked):
            _erase(erasure)


def _erase(erasure: Erasure) -> None:
    repeating.note(erasure)
    left = erasure.contacts.filter(restricted_at=None).order_by("pk")
    for contact in list(left):
        _destroy(contact, erasure)
        _let_go(contact, Actor(staff=erasure.staff))
        _lock_away(contact, erasure)
    publishing.forget_earlier()
    Erasure.objects.filter(pk=erasure.pk, state=JobState.RUNNING).update(
        state=JobState.DONE,
        ended_at=timezone.now(),
        # Made today before this, kept so many days, thinned out in the night after.
        backups_until=timezone.localdate() + timedelta(days=settings.BACKUP_KEPT_DAYS + 1),
    )


def _let_go(contact: Contact, by: Actor) -> None:
    """What is to come is given back, as if the person did it themselves."""
    for survey in _open_surveys(contact):
        with suppress(outreach_surveys.NotOpen):
            surveys.withdraw(survey.pk, by=by)
    for wish in _open_requests(contact):
        with suppress(asking.NotOpen):
            requests.withdraw(wish.pk, by=by)
    for seat in _coming_seats(contact):
        with suppress(rsvps.SignUpClosed):
            rsvps.give_back(seat.pk, by=by)


@transaction.atomic
def _destroy(contact: Contact, erasure: Erasure) -> None:
    """What has had its time, all of it or nothing."""
    look = Look()
    for kind in KINDS:
        if kind.persons and kind.record_class != RecordClass.CONTACTS:
            going = list(_going(kind, look, [contact]).values_list("pk", flat=True))
            kind.destroy(going)
            _count(erasure, kind.record_class, erased=len(going))


@transaction.atomic
def _lock_away(contact: Contact, erasure: Erasure) -> None:
    """What is left, if anything; else the contact goes too."""
    locked = Contact.objects.select_for_update().filter(pk=contact.pk, restricted_at=None).first()
    if locked is None:
        return  # another worker was quicker
    subscriptions.leave(locked)
    for address in {locked.email.lower(), str(locked.phone or "")} - {""}:
        stops.seal(address)
    _close_links(locked)
    for found in prospects([locked]):
        _count(erasure, found.record_class, restricted=found.stays, until=found.kept_until)
    contacts = BY_CLASS[RecordClass.CONTACTS]
    if _going(contacts, Look(), [locked]).exists():
        contacts.destroy([locked.pk])
        _count(erasure, contacts.record_class, erased=1)
    else:
        restrict(locked)


def restrict(contact: Contact) -> None:
    """Sealed under the key of the file: in the database and its dumps nobody reads who it was."""
    known = {"name": contact.name, "email": contact.email, "phone": str(contact.phone or "")}
    contact.seal("kept", json.dumps(known))
    contact.name, contact.email, contact.phone = "", "", ""
    contact.restricted_at = timezone.now()
    contact.save(update_fields=["kept_sealed", "name", "email", "phone", "restricted_at"])
    written = Message.objects.filter(contact=contact)
    written.exclude(detail="").update(detail="")  # a mail server may have named the mailbox
    waiting = written.filter(status__in=[MessageStatus.QUEUED, MessageStatus.SENDING])
    waiting.update(status=MessageStatus.SUPPRESSED, settled_at=timezone.now(), lease=None)


def who(contact: Contact) -> dict[str, str]:
    """Name, mailbox and number of somebody restricted; the caller writes down who looked."""
    opened = contact.unseal("kept")
    return dict(json.loads(opened)) if opened else {}


def _going(kind: Kind, look: Look, contacts: Sequence[Contact]) -> QuerySet[Any]:
    return look.due(kind).filter(pk__in=kind.about(kind.persons, [one.pk for one in contacts]))


def _staying(kind: Kind, look: Look, contacts: Sequence[Contact]) -> tuple[int, date | None]:
    """How many may not go yet, and when the last of them may."""
    own = kind.every().filter(pk__in=kind.about(kind.persons, [one.pk for one in contacts]))
    stays = own.exclude(pk__in=_going(kind, look, contacts).values("pk"))
    found = stays.aggregate(number=Count("pk", distinct=True), latest=Max("last_act"))
    months = relativedelta(months=look.schedule[kind.record_class])
    until = timezone.localdate((found["latest"] or look.now) + months)
    return found["number"], until if found["number"] else None


def _count(
    erasure: Erasure,
    record_class: RecordClass,
    *,
    erased: int = 0,
    restricted: int = 0,
    until: date | None = None,
) -> None:
    """Several contacts of one person add up."""
    if not (erased or restricted):
        return
    row, _ = ErasureCount.objects.get_or_create(erasure=erasure, record_class=record_class)
    row.erased, row.restricted = F("erased") + erased, F("restricted") + restricted
    row.kept_until = max(filter(None, [row.kept_until, until]), default=None)
    row.save()


def _close_links(contact: Contact) -> None:
    """No link of theirs opens anything any more."""
    now = timezone.now()
    SurveyLink.objects.filter(request__contact=contact).update(revoked_at=now)
    EventRequestLink.objects.filter(request__contact=contact).update(revoked_at=now)
    RsvpLink.objects.filter(rsvp__contact=contact).update(revoked_at=now)
    SubscriptionLink.objects.filter(contact=contact).update(revoked_at=now)


def _open_surveys(contact: Contact) -> QuerySet[SurveyRequest]:
    """Not those whose time is over, however they were left."""
    waiting = [SurveyStatus.RECEIVED, SurveyStatus.SCHEDULED]
    over = Look().due(BY_CLASS[RecordClass.SURVEYS]).filter(contact=contact)
    found = contact.survey_requests.filter(status__in=waiting)
    return found.exclude(pk__in=over.values("pk")).order_by("pk")


def _open_requests(contact: Contact) -> list[EventRequest]:
    waiting = contact.event_requests.exclude(
        status__in=[RequestStatus.DECLINED, RequestStatus.WITHDRAWN]
    )
    over = Look().due(BY_CLASS[RecordClass.EVENT_REQUESTS]).filter(contact=contact)
    waiting = waiting.exclude(pk__in=over.values("pk"))
    return [one for one in waiting.order_by("pk") if requests.can_withdraw(one)]


def _coming_seats(contact: Contact) -> QuerySet[Rsvp]:
    coming = contact.rsvps.filter(event__starts_at__gt=timezone.now(), event__seating__isnull=False)
    return coming.exclude(response=RsvpResponse.DECLINED).order_by("pk")
