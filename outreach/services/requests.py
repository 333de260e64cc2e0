"""What becomes of a wish for an event: a meeting, a talk, a table at a fair."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from outreach import links
from outreach.actors import Actor
from outreach.enums import LinkPurpose, MilestoneKind, Program, RequestStatus, Source
from outreach.geography import Place
from outreach.models import (
    Beat,
    Contact,
    EventRequest,
    EventRequestLink,
    RequestDecision,
    StaffMember,
)
from outreach.services.surveys import LINK_DAYS, REFERENCE_ALPHABET

MILESTONE_OF = {
    RequestStatus.APPROVED: MilestoneKind.APPROVED,
    RequestStatus.DECLINED: MilestoneKind.DECLINED,
    RequestStatus.WITHDRAWN: MilestoneKind.WITHDRAWN,
}


class NotOpen(Exception):
    """The request is answered or withdrawn already."""


@dataclass(frozen=True)
class Ask:
    """What somebody told us. Exactly one of email and phone is given."""

    program: Program
    topic: str
    minutes: int
    wished: tuple[datetime, ...]
    name: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    organization: str = ""
    beat: Beat | None = None
    place: str = field(default="", repr=False)
    block: str = field(default="", repr=False)
    middle: Place | None = field(default=None, repr=False)  # of the block
    audience_size: int | None = None
    audience: str = ""
    event_language: str = "en"
    accommodations: tuple[str, ...] = ()
    notes: str = field(default="", repr=False)
    language: str = "en"  # of our answer
    source: Source = Source.WEB
    wants_invitation: bool = False


@transaction.atomic
def ask(wish: Ask, *, by: Actor | None = None) -> EventRequest:
    """Keep a request, seal its place and notes, and tell the layer above."""
    contact = Contact.objects.create(
        name=wish.name, email=wish.email, phone=wish.phone, language=wish.language
    )
    request = EventRequest(
        reference="".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(8)),
        contact=contact,
        program=wish.program,
        organization=wish.organization,
        wants_invitation=wish.wants_invitation and bool(wish.email),
        topic=wish.topic,
        beat=wish.beat,
        block=wish.block,
        longitude=wish.middle.longitude if wish.middle else None,
        latitude=wish.middle.latitude if wish.middle else None,
        wished_starts=list(wish.wished),
        minutes=wish.minutes,
        audience_size=wish.audience_size,
        audience=wish.audience,
        language=wish.event_language,
        accommodations=list(wish.accommodations),
        source=wish.source,
    )
    request.seal("place", wish.place)
    request.seal("notes", wish.notes)
    request.save()
    EventRequestLink.objects.create(
        request=request,
        purpose=LinkPurpose.EVENT_REQUEST,
        expires_at=timezone.now() + timedelta(days=LINK_DAYS),
    )
    request.milestones.create(
        kind=MilestoneKind.RECEIVED, **(by or Actor(contact=contact)).as_columns()
    )
    return request


def lock(request_id: int) -> EventRequest:
    """Rows that only point at it, such as news of its event, need not wait."""
    return EventRequest.objects.select_for_update(of=("self",), no_key=True).get(pk=request_id)


def answer(
    request: EventRequest,
    status: RequestStatus,
    *,
    by: Actor,
    words: str = "",
    beat: Beat | None = None,
) -> None:
    """Move a request on, note who decided, and tell. The caller holds the row's lock.

    beat is whose it turned out to be, where nobody knew before.
    """
    request.status, request.answer = status, words
    request.beat = request.beat or beat
    request.save(update_fields=["status", "answer", "beat", "updated_at"])
    if by.staff:
        RequestDecision.objects.create(request=request, staff=by.staff, status=status, reason=words)
    request.milestones.create(kind=MILESTONE_OF[status], **by.as_columns())


def tell_again(request: EventRequest, *, by: Actor) -> None:
    """The event of an approved request has another time or place now."""
    request.milestones.create(kind=MilestoneKind.APPROVED, **by.as_columns())


def note_refusal(request_id: int, *, by: StaffMember, reason: str) -> None:
    """An approval that could not be: the request waits on, and says why."""
    RequestDecision.objects.create(
        request_id=request_id, staff=by, status=RequestStatus.RECEIVED, reason=reason[:300]
    )


def reveal(request: EventRequest, field_name: str, *, by: StaffMember) -> str:
    """Open a sealed field for a staff member and write down that it was opened."""
    request.reveals.create(staff=by, field=field_name)
    return request.unseal(field_name)


def own_link(request: EventRequest) -> str:
    """The token of the link that lets the person who asked see and withdraw."""
    return links.token(request.links.get(purpose=LinkPurpose.EVENT_REQUEST))
