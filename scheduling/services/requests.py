"""Requests for events: kept, given a time to hold, approved, declined and withdrawn."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from outreach import selectors as outreach_selectors
from outreach.actors import Actor
from outreach.enums import Program, RequestStatus
from outreach.geography import Place
from outreach.models import Beat, Contact, EventRequest, StaffMember, Venue
from outreach.services import requests
from outreach.services.requests import NotOpen
from scheduling import finding, localtime, policies, wording
from scheduling.enums import BookingStatus, Classification, EventStatus
from scheduling.models import Booking, Event, ProgramPolicy, RequestedEvent
from scheduling.services import bookings, checks, events
from scheduling.travel import Stop


class NotOffered(Exception):
    """A wished time the program does not offer: which of the wishes, and why."""

    def __init__(self, place: int, words: str) -> None:
        super().__init__(place)
        self.place, self.words = place, words


@dataclass(frozen=True)
class Approval:
    """What staff make of a request."""

    summary: str
    starts_at: datetime
    minutes: int
    staff: tuple[StaffMember, ...]
    venue: Venue | None = None
    location: str = ""
    beat: Beat | None = None  # where the request has none
    texts: dict[str, tuple[str, str]] = field(default_factory=dict)


@transaction.atomic
def ask(
    wish: requests.Ask, *, by: Actor | None = None, is_short_notice: bool = False
) -> EventRequest:
    """Keep a request and, where the program allows it, hold its first wished time for a while.

    Raises NotOffered. is_short_notice: staff take it sooner than the program's notice.
    """
    policy = policies.of(wish.program)
    _wait_for_mailbox(wish.email or wish.phone)
    if wish.beat:
        _lock_beat(wish.beat)
    first = timezone.now() if is_short_notice else earliest(policy)
    for place, starts_at in enumerate(wish.wished):
        if starts_at < first:
            raise NotOffered(place, _too_soon(policy, first, is_short_notice))
        if is_week_full(policy, wish.beat, starts_at):
            raise NotOffered(place, _full(policy))
    request = requests.ask(wish, by=by)
    if _may_hold(request, policy):
        _hold(request, policy, by or Actor(contact=request.contact))
    return request


def approve(request_id: int, approval: Approval, *, by: StaffMember) -> Event:
    """Book the event of an open request, by the hold it has or anew; twice does it once.

    Raises DoubleBooked, after noting on the request who is in the way; NotBookable; NotOpen.
    """
    try:
        with bookings.rivals_refused(), transaction.atomic():
            return _approve(requests.lock(request_id), approval, Actor(staff=by))
    except bookings.DoubleBooked as refusal:
        requests.note_refusal(request_id, by=by, reason=_reason(refusal))
        raise


def decline(request_id: int, *, by: Actor, reason: str) -> None:
    """Free its hold and tell why. Raises NotOpen for a request that is answered otherwise."""
    with bookings.rivals_refused(), transaction.atomic():
        request = requests.lock(request_id)
        if request.status == RequestStatus.DECLINED:
            return
        if request.status != RequestStatus.RECEIVED:
            raise NotOpen(request.status)
        requests.answer(request, RequestStatus.DECLINED, by=by, words=reason)
        _cancel_event(request, by, reason)


def withdraw(request_id: int, *, by: Actor) -> None:
    """Who asked wants it no more: its hold is free, its event cancelled. Raises NotOpen for one
    that is declined or has taken place."""
    with bookings.rivals_refused(), transaction.atomic():
        request = requests.lock(request_id)
        if request.status == RequestStatus.WITHDRAWN:
            return
        if not can_withdraw(request):
            raise NotOpen(request.status)
        requests.answer(request, RequestStatus.WITHDRAWN, by=by)
        _cancel_event(request, by, "")


def can_withdraw(request: EventRequest) -> bool:
    if request.status == RequestStatus.APPROVED:
        event = event_of(request)
        return event is not None and event.starts_at > timezone.now()
    return request.status == RequestStatus.RECEIVED


def event_of(request: EventRequest) -> Event | None:
    """The event that stands for it: approved, or tentative while it waits."""
    standing = Event.objects.filter(requested__request=request).exclude(
        status=EventStatus.CANCELLED
    )
    return standing.select_related("venue", "beat").order_by("-pk").first()


def held_until(request: EventRequest) -> datetime | None:
    """Until when its time is kept; None where it is not, or not any more."""
    held = _open_holds().filter(event__requested__request=request)
    return held.values_list("expires_at", flat=True).first()


def earliest(policy: ProgramPolicy) -> datetime:
    """The first moment the program offers, after its notice."""
    today = timezone.localdate()
    return max(timezone.now(), localtime.midnight(today + timedelta(days=policy.notice_days)))


def is_week_full(
    policy: ProgramPolicy,
    beat: Beat | None,
    starts_at: datetime,
    besides: EventRequest | None = None,
) -> bool:
    """Whether the beat has as many events of the program that week, Monday to Sunday, as it may;
    an event whose hold ran out counts no more."""
    if policy.most_a_week is None or beat is None:
        return False
    day = timezone.localdate(starts_at)
    monday = day - timedelta(days=day.weekday())
    claimed = (
        Booking.objects.active()
        .filter(event=OuterRef("pk"))
        .exclude(status=BookingStatus.HELD, expires_at__lte=timezone.now())
    )
    found = Event.objects.filter(
        Q(status=EventStatus.CONFIRMED) | Q(Exists(claimed)),
        program=policy.program,
        beat=beat,
        starts_at__gte=localtime.midnight(monday),
        starts_at__lt=localtime.midnight(monday + timedelta(days=7)),
    ).exclude(status=EventStatus.CANCELLED)
    if besides:
        found = found.exclude(requested__request=besides)
    return found.count() >= policy.most_a_week


def free_times(
    request: EventRequest, staff: list[StaffMember], *, count: int = 8
) -> list[datetime]:
    """Starts to offer after the program's notice, at which all of them are free."""
    if not staff:
        return []
    search = finding.Search(
        program=Program(request.program),
        minutes=request.minutes,
        not_before=earliest(policies.of(request.program)),
        staff=tuple(staff),
        stop=stop_of(request),
        besides=event_of(request),
    )
    return finding.parts_of_days(search, count=count)


def stop_of(request: EventRequest) -> Stop:
    """The middle of its block, as far as it is known."""
    if request.longitude is None or request.latitude is None:
        return Stop(None, request.block)
    return Stop(Place(request.longitude, request.latitude), request.block)


def _approve(request: EventRequest, approval: Approval, by: Actor) -> Event:
    standing = event_of(request)
    if request.status == RequestStatus.APPROVED and standing:
        return standing
    if request.status != RequestStatus.RECEIVED:
        raise NotOpen(request.status)
    plan = _plan(request, approval)
    if plan.beat:
        _lock_beat(plan.beat)
    policy = policies.of(request.program)
    if is_week_full(policy, plan.beat, plan.starts_at, besides=request):
        raise checks.NotBookable({"starts_at": _full(policy)})
    checks.refuse(plan)
    if standing and _same_time_and_place(standing, plan):
        event = events.change(standing.pk, plan, by=by)
    else:
        # Anew, for nobody has heard of the hold: moving it would tell subscribers of a move.
        _cancel_event(request, by, "")
        event = events.create(plan, by=by)
        RequestedEvent.objects.create(event=event, request=request)
    requests.answer(request, RequestStatus.APPROVED, by=by, beat=plan.beat)
    return event


def _plan(request: EventRequest, approval: Approval) -> events.Plan:
    program = Program(request.program)
    return events.Plan(
        program=program,
        summary=approval.summary,
        starts_at=approval.starts_at,
        ends_at=approval.starts_at + timedelta(minutes=approval.minutes),
        classification=events.USUAL_CLASSIFICATION[program],
        beat=request.beat or approval.beat,
        venue=approval.venue,
        location=approval.location,
        texts=approval.texts,
        staff=approval.staff,
        stop=None if approval.venue else stop_of(request),
    )


def _same_time_and_place(event: Event, plan: events.Plan) -> bool:
    return (event.starts_at, event.ends_at, event.venue_id, event.location) == (
        plan.starts_at,
        plan.ends_at,
        plan.venue.pk if plan.venue else None,
        plan.location,
    )


def _cancel_event(request: EventRequest, by: Actor, reason: str) -> None:
    if event := event_of(request):
        events.cancel(event.pk, by=by, reason=reason)


def _may_hold(request: EventRequest, policy: ProgramPolicy) -> bool:
    """Few at once in a beat, and one for each mailbox or phone."""
    if request.beat is None or not policy.hold_hours:
        return False
    open_events = Event.objects.filter(pk__in=_open_holds().values("event_id"))
    in_beat = open_events.filter(beat=request.beat, requested__isnull=False).count()
    holders = Contact.objects.filter(event_requests__events__event__in=open_events)
    own = mailbox(request.contact.email or str(request.contact.phone))
    taken = {mailbox(one.email or str(one.phone)) for one in holders}
    return in_beat < policy.most_holds and own not in taken


def mailbox(reach: str) -> str:
    """Addresses that end up with the same person: case and what follows a plus sign say nothing."""
    name, at, domain = reach.casefold().partition("@")
    return name.partition("+")[0] + at + domain if at else reach


def _hold(request: EventRequest, policy: ProgramPolicy, by: Actor) -> None:
    """Keep the first wished time of the beat's pair; a taken one is simply not kept."""
    starts_at = request.wished_starts[0]
    pair = outreach_selectors.pair_of(request.beat, timezone.localdate(starts_at)).members  # type: ignore[arg-type]
    if not pair:
        return
    plan = events.Plan(
        program=Program(request.program),
        summary=request.topic,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=request.minutes),
        classification=Classification.PRIVATE,  # these are the words of a stranger
        status=EventStatus.TENTATIVE,
        beat=request.beat,
        location=request.block,
        staff=tuple(pair),
        stop=stop_of(request),
    )
    until = min(timezone.now() + timedelta(hours=policy.hold_hours), starts_at)
    try:
        checks.refuse(plan)
        event = events.create(plan, by=by, hold_until=until)
    except (bookings.DoubleBooked, checks.NotBookable):
        return
    RequestedEvent.objects.create(event=event, request=request)


def _open_holds() -> QuerySet[Booking]:
    return Booking.objects.filter(
        status=BookingStatus.HELD,
        expires_at__gt=timezone.now(),
        event__requested__request__status=RequestStatus.RECEIVED,
    )


def _lock_beat(beat: Beat) -> None:
    """Counting a beat's holds and weeks is for one at a time."""
    Beat.objects.select_for_update(no_key=True).only("pk").get(pk=beat.pk)


def _wait_for_mailbox(reach: str) -> None:
    """So that one person's requests of the same instant see each other."""
    with connection.cursor() as cursor:
        key = f"hold:{mailbox(reach)}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def _reason(refusal: bookings.DoubleBooked) -> str:
    said = " ".join(wording.clash(one) for one in refusal.clashes)
    return said or _("Someone else was booking the same people at that moment.")


def _too_soon(policy: ProgramPolicy, first: datetime, is_short_notice: bool) -> str:
    if is_short_notice or not policy.notice_days:
        return _("This time is already past.")
    return _("We need %(days)s days to prepare. Choose %(day)s or later.") % {
        "days": policy.notice_days,
        "day": wording.day(first),
    }


def _full(policy: ProgramPolicy) -> str:
    return (
        _("That week is full: this beat can have %(most)s of these a week.")
        % {"most": policy.most_a_week}
        + " "
        + _("Choose another week.")
    )
