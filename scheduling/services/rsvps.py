"""Seats taken, changed, given back and passed on.

Everything happens under the lock of the seating: no seat is given twice, and the line is in the
order of commits. The head of the line gets the next seats; while it does not fit, all wait.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from outreach import links
from outreach.actors import SYSTEM, Actor
from outreach.enums import LinkPurpose, Source
from outreach.models import Contact
from scheduling import seats
from scheduling.enums import EventStatus, RevisionKind, RsvpResponse
from scheduling.models import Event, Revision, Rsvp, RsvpLink, Seating

LINK_DAYS = 400
SEND_AGAIN_AFTER = timedelta(days=1)
# A mailbox is signed up for at most so many events a day over the web: whoever signs up others
# fills nobody's mailbox.
MOST_A_DAY = 5
LONGEST_WAIT = "20s"  # for the lock of a seating
TOLD_AS = {
    RsvpResponse.ACCEPTED: RevisionKind.SEATED,
    RsvpResponse.WAITLISTED: RevisionKind.WAITLISTED,
}


class SignUpClosed(Exception):
    """Too late, or the event does not take place."""


class NotEnoughSeats(Exception):
    """A household cannot have so many; carries how many it can."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


class TooManyToday(Exception):
    """This mailbox was signed up for several events today."""


class AlreadySignedUp(Exception):
    """Somebody of this mailbox comes already."""

    def __init__(self, rsvp: Rsvp) -> None:
        super().__init__(rsvp.pk)
        self.rsvp = rsvp


class SeatsPromised(Exception):
    """Fewer seats than people were promised, or wait for; carries the least there can be."""

    def __init__(self, least: int) -> None:
        super().__init__(least)
        self.least = least


@dataclass(frozen=True)
class Wish:
    """A household that wants to come."""

    name: str = field(repr=False)
    seats: int
    email: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    spoken: str = "en"
    language: str = "en"  # of our mails
    source: Source = Source.WEB
    wants_invitation: bool = False


@transaction.atomic
def set_seats(
    event_id: int, *, capacity: int, most_a_household: int, closes_at: datetime | None
) -> Seating:
    """Make it an event with seats, or change how many. More seats let the next ones in."""
    Seating.objects.get_or_create(
        event_id=event_id, defaults={"capacity": capacity, "most_a_household": most_a_household}
    )
    seating = lock(event_id)
    known = seats.tally(seating)
    least = max(known.taken, known.largest_waiting)
    if capacity < least:
        raise SeatsPromised(least)
    seating.capacity, seating.most_a_household = capacity, most_a_household
    seating.closes_at = closes_at
    seating.save(update_fields=["capacity", "most_a_household", "closes_at"])
    _promote(seating)
    return seating


def sign_up_online(event_id: int, *, wish: Wish) -> None:
    """The same for everybody who asks: who is signed up already gets the own link again."""
    try:
        sign_up(event_id, wish=wish)
    except AlreadySignedUp as known:
        send_again(known.rsvp)


@transaction.atomic
def sign_up(event_id: int, *, wish: Wish, by: Actor | None = None) -> Rsvp:
    """Seats for a household, or a place in line. Staff may sign people up until it begins.

    Raises SignUpClosed, AlreadySignedUp, NotEnoughSeats or TooManyToday.
    """
    is_busy = wish.source == Source.WEB and _was_busy_today(wish.email)
    contact = _contact(wish)  # before the lock, so that others wait for less
    seating = lock(event_id)
    if not _may_change(seating) or not (by or seats.is_open(seating)):
        raise SignUpClosed
    if known := _of_mailbox(seating.event, wish.email):
        raise AlreadySignedUp(known)
    if wish.seats > seats.most_at_once(seating):
        raise NotEnoughSeats(seats.most_at_once(seating))
    if is_busy:
        raise TooManyToday
    known_now = seats.tally(seating)
    rsvp = Rsvp.objects.create(
        event=seating.event,
        contact=contact,
        seats=wish.seats,
        response=_answer(known_now.free, wish.seats),
        line=known_now.last_line + 1,
        language=wish.spoken,
        source=wish.source,
        wants_invitation=wish.wants_invitation and bool(wish.email),
    )
    RsvpLink.objects.create(
        rsvp=rsvp,
        purpose=LinkPurpose.RSVP,
        expires_at=timezone.now() + timedelta(days=LINK_DAYS),
    )
    _note(rsvp, TOLD_AS[RsvpResponse(rsvp.response)], by or Actor(contact=rsvp.contact))
    return rsvp


@transaction.atomic
def send_again(rsvp: Rsvp) -> None:
    """Owe the mail with the own link once more, at most one a day."""
    lock(rsvp.event_id)
    lately = rsvp.revisions.filter(created_at__gt=timezone.now() - SEND_AGAIN_AFTER)
    if rsvp.response in TOLD_AS and not lately.exists():
        _note(rsvp, TOLD_AS[RsvpResponse(rsvp.response)], SYSTEM)


@transaction.atomic
def change_seats(rsvp_id: int, count: int, *, by: Actor) -> Rsvp:
    """More or fewer people of one household; it keeps its place in line.

    Raises SignUpClosed or NotEnoughSeats, and changes nothing then.
    """
    seating, rsvp = _locked(rsvp_id)
    if not _may_change(seating) or rsvp.response not in TOLD_AS:
        raise SignUpClosed
    if count == rsvp.seats:
        return rsvp
    most = seats.most_at_once(seating)
    if rsvp.response == RsvpResponse.ACCEPTED:
        most = min(most, rsvp.seats + seats.tally(seating).free)
    if count > max(most, rsvp.seats):
        raise NotEnoughSeats(max(most, rsvp.seats))
    rsvp.seats = count
    _save(rsvp)
    _note(rsvp, TOLD_AS[RsvpResponse(rsvp.response)], by)
    _promote(seating)
    return rsvp


def confirm(rsvp: Rsvp) -> None:
    """The household says that it comes. Twice does it once."""
    coming = Rsvp.objects.filter(pk=rsvp.pk, response=RsvpResponse.ACCEPTED)
    coming.update(confirmed_for=rsvp.event.starts_at)


@transaction.atomic
def give_back(rsvp_id: int, *, by: Actor) -> None:
    """They will not come; the next in line do. Twice does it once. Raises SignUpClosed."""
    seating, rsvp = _locked(rsvp_id)
    if rsvp.response == RsvpResponse.DECLINED:
        return
    if not _may_change(seating):
        raise SignUpClosed
    rsvp.response = RsvpResponse.DECLINED
    _save(rsvp)
    _note(rsvp, RevisionKind.UNSEATED, by)
    _promote(seating)


def lock(event_id: int) -> Seating:
    """The seating and its event: a cancellation waits, or is seen.

    A rush for seats waits its turn for longer than a booking does: the line is the answer.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = %s", [LONGEST_WAIT])
    return (
        Seating.objects.select_for_update(of=("self", "event"), no_key=True)
        .select_related("event")
        .get(event=event_id)
    )


def own_link(rsvp: Rsvp) -> str:
    """The token of the link that lets a household see and give back its seats."""
    return links.token(rsvp.links.get(purpose=LinkPurpose.RSVP))


def _locked(rsvp_id: int) -> tuple[Seating, Rsvp]:
    seating = lock(Rsvp.objects.values_list("event_id", flat=True).get(pk=rsvp_id))
    return seating, Rsvp.objects.select_related("contact").get(pk=rsvp_id)


def _may_change(seating: Seating) -> bool:
    event = seating.event
    return event.status == EventStatus.CONFIRMED and timezone.now() < event.starts_at


def _answer(free: int, wanted: int) -> RsvpResponse:
    return RsvpResponse.ACCEPTED if wanted <= free else RsvpResponse.WAITLISTED


def _of_mailbox(event: Event, email: str) -> Rsvp | None:
    return seats.standing(event).filter(contact__email__iexact=email).first() if email else None


def _was_busy_today(email: str) -> bool:
    """Under any +tag of the mailbox's name."""
    name, _, domain = email.rpartition("@")
    box = name.partition("+")[0]
    mine = Q(contact__email__iexact=f"{box}@{domain}") | Q(
        contact__email__istartswith=f"{box}+", contact__email__iendswith=f"@{domain}"
    )
    today = Rsvp.objects.filter(mine, created_at__gt=timezone.now() - timedelta(days=1))
    return today.filter(source=Source.WEB).count() >= MOST_A_DAY


def _contact(wish: Wish) -> Contact:
    """The one of earlier sign-ups under the same name and address: nobody renames another."""
    told = {"name": wish.name, "phone": wish.phone}
    known = None
    if wish.email:
        same = Contact.objects.filter(rsvps__isnull=False, email__iexact=wish.email, **told)
        known = same.order_by("pk").first()
    return known or Contact.objects.create(email=wish.email, language=wish.language, **told)


def _promote(seating: Seating) -> None:
    """Seats to the head of the line, then to the next, until one does not fit."""
    if not _may_change(seating):
        return
    free = seating.capacity - seats.tally(seating).taken
    promoted = []
    for rsvp in seating.event.rsvps.filter(seats.WAITLISTED).order_by("line"):
        if rsvp.seats > free:
            break
        free -= rsvp.seats
        promoted.append(rsvp)
    Rsvp.objects.filter(pk__in=[rsvp.pk for rsvp in promoted]).update(
        response=RsvpResponse.ACCEPTED, updated_at=timezone.now()
    )
    Revision.objects.bulk_create(
        Revision(
            event=seating.event,
            rsvp=rsvp,
            sequence=seating.event.sequence,
            kind=RevisionKind.PROMOTED,
        )
        for rsvp in promoted
    )


def _save(rsvp: Rsvp) -> None:
    rsvp.updated_at = timezone.now()
    rsvp.save(update_fields=["seats", "response", "updated_at"])


def _note(rsvp: Rsvp, kind: RevisionKind, by: Actor) -> None:
    Revision.objects.create(
        event_id=rsvp.event_id,
        rsvp=rsvp,
        sequence=rsvp.event.sequence,
        kind=kind,
        **by.as_columns(),
    )
