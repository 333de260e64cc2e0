"""What waits to be written down, answered or arranged, for those whose events it is about."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from outreach.access import served_beats
from outreach.enums import Program, Role
from outreach.models import StaffMember
from scheduling import access, selectors
from scheduling.enums import AccommodationState, EventStatus, HeardStatus
from scheduling.models import Accommodation, Booking, CloseOut, Event, Heard

# Older ones are let go: nobody remembers how many came.
REMEMBERED_DAYS = 60


def own_events(staff: StaffMember) -> QuerySet[Event]:
    """Those a person goes to and those of the own beats; the sergeant's are the city's too, and
    the records clerk reads of all."""
    if staff.role == Role.RECORDS_CLERK:
        return access.visible_events(staff)
    goes = Booking.objects.active().filter(event=OuterRef("pk"), staff=staff)
    mine = Q(Exists(goes)) | Q(beat__in=served_beats(staff))
    if staff.role == Role.SERGEANT:
        mine |= Q(beat__isnull=True)
    return access.visible_events(staff).filter(mine)


def unclosed_events(staff: StaffMember) -> QuerySet[Event]:
    """Over, and nobody has written down how it went; the oldest first."""
    first = timezone.localdate() - timedelta(days=REMEMBERED_DAYS)
    return (
        selectors.in_days(own_events(staff), first, REMEMBERED_DAYS + 1)
        .filter(
            ~Exists(CloseOut.objects.filter(event=OuterRef("pk"))),
            status=EventStatus.CONFIRMED,
            ends_at__lte=timezone.now(),
        )
        .select_related("beat")
        .prefetch_related("texts")
        .order_by("ends_at", "pk")
    )


def open_heard(staff: StaffMember) -> QuerySet[Heard]:
    """What people said and nobody has answered; the first due first."""
    return (
        Heard.objects.filter(status=HeardStatus.OPEN, event__in=own_events(staff).values("pk"))
        .select_related("event__beat")
        .prefetch_related("event__texts")
        .order_by("due_on", "pk")
    )


def open_accommodations(staff: StaffMember) -> QuerySet[Accommodation]:
    """What is needed at coming events and not confirmed yet; the next event first."""
    coming = own_events(staff).filter(
        starts_at__gt=timezone.now(), status__in=[EventStatus.CONFIRMED, EventStatus.TENTATIVE]
    )
    return (
        Accommodation.objects.filter(event__in=coming.values("pk"))
        .exclude(state=AccommodationState.CONFIRMED)
        .select_related("event__beat")
        .prefetch_related("event__texts")
        .order_by("event__starts_at", "pk")
    )


def agenda(event: Event) -> list[Heard]:
    """What the next meeting begins with: open items of earlier ones of the beat and program."""
    if event.beat_id is None or event.is_cancelled or event.program == Program.SECURITY_SURVEY:
        return []
    alike = Event.objects.filter(beat=event.beat_id, program=event.program).exclude(
        status=EventStatus.CANCELLED
    )
    coming = selectors.upcoming(alike).values_list("pk", flat=True)
    if coming.first() != event.pk:
        return []
    heard = Heard.objects.filter(status=HeardStatus.OPEN, event__in=alike).exclude(event=event)
    return list(heard.select_related("event").order_by("due_on", "pk"))


def answerable(staff: StaffMember) -> QuerySet[Heard]:
    """Items this person may answer, or answer anew: of events that are theirs."""
    return Heard.objects.filter(event__in=own_events(staff).values("pk")).select_related("event")
