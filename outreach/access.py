"""Who may touch what; the only way to get a record for a user."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone

from outreach.enums import Role, VenueKind
from outreach.models import Beat, EventRequest, StaffMember, SurveyRequest, User, Venue

FIELD_ROLES = {Role.CPC, Role.NRO}
PLANNERS = FIELD_ROLES | {Role.SERGEANT, Role.EVENT_PLANNER}
READERS = {Role.RECORDS_CLERK, Role.READ_ONLY}  # change nothing, whatever page they are on
OF_EVERY_BEAT = {Role.SERGEANT, Role.RECORDS_CLERK}  # read the requests of all
RECORDS_KEEPERS = OF_EVERY_BEAT | {Role.ADMINISTRATOR}
OF_REQUESTS = FIELD_ROLES | OF_EVERY_BEAT


@dataclass(frozen=True)
class Menu:
    """What pages offer a person; the functions below and of the other apps decide."""

    plans: bool = False
    writes: bool = False
    reads_people: bool = False  # residents, their requests and what they were told
    reads_sending: bool = False
    runs_system: bool = False
    sees_staff: bool = False
    keeps_records: bool = False


def menu(staff: StaffMember) -> Menu:
    return Menu(
        plans=staff.role in PLANNERS,
        writes=staff.role not in READERS,
        reads_people=staff.role != Role.READ_ONLY,
        reads_sending=staff.role in PLANNERS | {Role.RECORDS_CLERK},
        runs_system=staff.role == Role.ADMINISTRATOR,
        sees_staff=may_see_department(staff),
        keeps_records=staff.role in RECORDS_KEEPERS,
    )


def staff_member_for(user: object) -> StaffMember:
    """The working staff member behind an account; PermissionDenied for everyone else."""
    if isinstance(user, User) and user.is_active:
        staff = StaffMember.objects.filter(user=user, is_active=True).first()
        if staff is not None and (not staff.last_day or timezone.localdate() <= staff.last_day):
            return staff
    raise PermissionDenied


def writer_for(user: object) -> StaffMember:
    """Who may write anything down: all but those who only read."""
    staff = staff_member_for(user)
    if staff.role in READERS:
        raise PermissionDenied
    return staff


def reader_of_people_for(user: object) -> StaffMember:
    """Who may read of residents: requests, calls, what they were told."""
    staff = staff_member_for(user)
    if staff.role == Role.READ_ONLY:
        raise PermissionDenied
    return staff


def administrator_for(user: object) -> StaffMember:
    """Who runs the system; PermissionDenied for everyone else."""
    staff = staff_member_for(user)
    if staff.role != Role.ADMINISTRATOR:
        raise PermissionDenied
    return staff


def served_beats(staff: StaffMember, on: date | None = None) -> QuerySet[Beat]:
    """The beats a person answers for on a day, as holder of a post or its backup.

    A beat that ended stays its people's: its visits and requests are still to be seen through.
    """
    day = on or timezone.localdate()
    if staff.role == Role.SERGEANT:
        return Beat.objects.all()
    if staff.role not in PLANNERS:
        return Beat.objects.none()
    return Beat.objects.filter(
        Q(posts__staff=staff) | Q(posts__backup=staff),
        Q(posts__ends_on__isnull=True) | Q(posts__ends_on__gt=day),
        posts__starts_on__lte=day,
    ).distinct()


def can_manage_beat(staff: StaffMember, beat: Beat | None) -> bool:
    """Events of a beat are its pair's; those of the whole city are everyone's who plans."""
    if staff.role not in PLANNERS:
        return False  # runs the system, or only reads
    if beat is None or staff.role == Role.SERGEANT:
        return True
    return served_beats(staff).filter(pk=beat.pk).exists()


def managed_beats(staff: StaffMember) -> set[int | None]:
    """The keys of all beats that can_manage_beat() says yes to; None is the whole city."""
    if staff.role not in PLANNERS:
        return set()
    return {None, *served_beats(staff).values_list("pk", flat=True)}


def staff_reader_for(user: object) -> StaffMember:
    """Who sees the accounts of staff: the administrator, who keeps them, and the sergeant."""
    staff = staff_member_for(user)
    if not may_see_department(staff):
        raise PermissionDenied
    return staff


def may_see_department(staff: StaffMember) -> bool:
    return staff.role in {Role.ADMINISTRATOR, Role.SERGEANT}


def may_change_department(staff: StaffMember) -> bool:
    return staff.role == Role.ADMINISTRATOR


def survey_queue(staff: StaffMember) -> QuerySet[SurveyRequest]:
    """Requests this person may see: own beats, the sergeant and the records clerk all; never one
    that excludes them."""
    if staff.role not in OF_REQUESTS:
        return SurveyRequest.objects.none()
    requests = SurveyRequest.objects.filter(contact__restricted_at=None)
    requests = requests.exclude(excluded_staff=staff)
    if staff.role in OF_EVERY_BEAT:
        return requests
    return requests.filter(beat__in=served_beats(staff))


def event_request_queue(staff: StaffMember) -> QuerySet[EventRequest]:
    """Requests for events this person may see: of the own beats; sergeant and clerk all."""
    requests = EventRequest.objects.filter(contact__restricted_at=None)
    if staff.role in OF_EVERY_BEAT:
        return requests
    if staff.role not in FIELD_ROLES:
        return EventRequest.objects.none()
    return requests.filter(beat__in=served_beats(staff))


def may_decide(staff: StaffMember, request: EventRequest) -> bool:
    """Whether this person answers it; who was only sent to its event does not."""
    own = event_request_queue(staff).filter(pk=request.pk)
    return staff.role not in READERS and own.exists()


def home_for(user: object, uid: UUID) -> tuple[Venue, StaffMember]:
    """A home and who asks."""
    staff = staff_member_for(user)
    home = Venue.objects.filter(uid=uid, kind=VenueKind.HOME).select_related("beat").first()
    if home is None or not may_open_home(staff, home):
        raise Http404
    return home, staff


def may_open_home(staff: StaffMember, home: Venue) -> bool:
    """Its address is for those who work in its beat, and for the records clerk."""
    is_theirs = staff.role in OF_EVERY_BEAT or can_manage_beat(staff, home.beat)
    return staff.role in OF_REQUESTS and is_theirs
