"""What becomes of a resident's request for a security survey."""

import secrets
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from outreach import links
from outreach.actors import Actor
from outreach.enums import (
    LinkPurpose,
    MilestoneKind,
    PropertyType,
    SafeChannel,
    Source,
    Sureness,
    SurveyStatus,
)
from outreach.geography import Place
from outreach.models import Beat, Contact, StaffMember, SurveyLink, SurveyRequest

LINK_DAYS = 400
# Letters and digits nobody confuses on the phone.
REFERENCE_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


class NotOpen(Exception):
    """The request is withdrawn or done."""


@dataclass(frozen=True)
class Ask:
    """What a resident told us. Only the first four are required, and one of address and beat."""

    name: str
    safe_channel: SafeChannel
    reach: str  # the e-mail address or phone number of that channel
    property_type: PropertyType
    beat: Beat | None = None
    placed: Sureness = Sureness.UNKNOWN
    middle: Place | None = field(default=None, repr=False)  # of the block
    address: str = field(default="", repr=False)
    notes: str = field(default="", repr=False)
    language: str = "en"
    wants_invitation: bool = False
    half_days: tuple[str, ...] = ()
    excluded_staff: StaffMember | None = None
    source: Source = Source.WEB


@transaction.atomic
def ask(wish: Ask, *, by: Actor | None = None) -> SurveyRequest:
    """Keep a request, seal its address, and tell the layer above."""
    by_email = wish.safe_channel == SafeChannel.EMAIL
    contact = Contact.objects.create(
        name=wish.name,
        email=wish.reach if by_email else "",
        phone="" if by_email else wish.reach,
        language=wish.language,
    )
    request = SurveyRequest(
        reference="".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(8)),
        contact=contact,
        beat=wish.beat,
        property_type=wish.property_type,
        safe_channel=wish.safe_channel,
        wants_invitation=wish.wants_invitation and by_email,
        placed=wish.placed,
        longitude=wish.middle.longitude if wish.middle else None,
        latitude=wish.middle.latitude if wish.middle else None,
        half_days=list(wish.half_days),
        excluded_staff=wish.excluded_staff,
        source=wish.source,
    )
    request.seal("address", wish.address)
    request.seal("notes", wish.notes)
    request.save()
    SurveyLink.objects.create(
        request=request,
        purpose=LinkPurpose.SURVEY,
        expires_at=timezone.now() + timedelta(days=LINK_DAYS),
    )
    request.milestones.create(
        kind=MilestoneKind.RECEIVED, **(by or Actor(contact=contact)).as_columns()
    )
    return request


def lock(request_id: int) -> SurveyRequest:
    return SurveyRequest.objects.select_for_update(of=("self",)).get(pk=request_id)


def mark_scheduled(request: SurveyRequest) -> None:
    """A visit was booked for it. The caller holds the row's lock."""
    if request.status != SurveyStatus.RECEIVED:
        raise NotOpen(request.status)
    _set_status(request, SurveyStatus.SCHEDULED)


def reopen(request: SurveyRequest) -> None:
    """Its visit fell through; back into the queue with its old place in line."""
    if request.status == SurveyStatus.SCHEDULED:
        _set_status(request, SurveyStatus.RECEIVED)


def mark_done(request: SurveyRequest) -> None:
    """Its visit was held. The caller holds the row's lock."""
    if request.status in {SurveyStatus.SCHEDULED, SurveyStatus.RECEIVED}:
        _set_status(request, SurveyStatus.DONE)


def mark_missed(request: SurveyRequest) -> None:
    """Its visit was not held, even if we first wrote that it was: it waits for another."""
    if request.status in {SurveyStatus.SCHEDULED, SurveyStatus.DONE}:
        _set_status(request, SurveyStatus.RECEIVED)


@transaction.atomic
def withdraw(request_id: int, *, by: Actor) -> SurveyRequest:
    """The resident no longer wants a visit. A booked one must be cancelled first."""
    request = lock(request_id)
    if request.status == SurveyStatus.WITHDRAWN:
        return request
    if request.status != SurveyStatus.RECEIVED:
        raise NotOpen(request.status)
    _set_status(request, SurveyStatus.WITHDRAWN)
    request.milestones.create(kind=MilestoneKind.WITHDRAWN, **by.as_columns())
    return request


def reveal(request: SurveyRequest, field_name: str, *, by: StaffMember) -> str:
    """Open a sealed field for a staff member and write down that it was opened."""
    request.reveals.create(staff=by, field=field_name)
    return request.unseal(field_name)


def own_link(request: SurveyRequest) -> str:
    """The token of the link that lets the resident see and cancel."""
    return links.token(request.links.get(purpose=LinkPurpose.SURVEY))


def _set_status(request: SurveyRequest, status: SurveyStatus) -> None:
    request.status = status
    request.save(update_fields=["status", "updated_at"])
