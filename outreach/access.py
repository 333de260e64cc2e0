"""Who may touch what; the only way to get a record for a user."""

from datetime import date
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone

from outreach.enums import Role, VenueKind
from outreach.models import Beat, EventRequest, StaffMember, SurveyRequest, User, Venue

FIELD_ROLES = {Role.CPC, Role.NRO}


def staff_member_for(user: object) -> StaffMember:
    """The working staff member behind an account; PermissionDenied for everyone else."""
    if isinstance(user, User) and user.is_active:
        staff = StaffMember.objects.filter(user=user, is_active=True).first()
        if staff is not None:
            return staff
    raise PermissionDenied


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
    return Beat.objects.filter(
        Q(posts__staff=staff) | Q(posts__backup=staff),
        Q(posts__ends_on__isnull=True) | Q(posts__ends_on__gt=day),
        posts__starts_on__lte=day,
    ).distinct()


def can_manage_beat(staff: StaffMember, beat: Beat | None) -> bool:
    """Events of a beat are its pair's; those of the whole city are everyone's who plans."""
    if staff.role == Role.ADMINISTRATOR:
        return False  # runs the system, not the program
    if beat is None or staff.role == Role.SERGEANT:
        return True
    return served_beats(staff).filter(pk=beat.pk).exists()


def may_see_department(staff: StaffMember) -> bool:
    return staff.role in {Role.ADMINISTRATOR, Role.SERGEANT}


def may_change_department(staff: StaffMember) -> bool:
    return staff.role == Role.ADMINISTRATOR


def survey_queue(staff: StaffMember) -> QuerySet[SurveyRequest]:
    """Requests this person may see: own beats, the sergeant all; never one that excludes them."""
    if staff.role not in FIELD_ROLES | {Role.SERGEANT}:
        return SurveyRequest.objects.none()
    requests = SurveyRequest.objects.exclude(excluded_staff=staff)
    if staff.role == Role.SERGEANT:
        return requests
    return requests.filter(beat__in=served_beats(staff))


def event_request_queue(staff: StaffMember) -> QuerySet[EventRequest]:
    """Requests for events this person may see: of the own beats; the sergeant all."""
    if staff.role == Role.SERGEANT:
        return EventRequest.objects.all()
    if staff.role not in FIELD_ROLES:
        return EventRequest.objects.none()
    return EventRequest.objects.filter(beat__in=served_beats(staff))


def home_for(user: object, uid: UUID) -> tuple[Venue, StaffMember]:
    """A home and who asks; its address is for those who work in its beat."""
    staff = staff_member_for(user)
    home = Venue.objects.filter(uid=uid, kind=VenueKind.HOME).select_related("beat").first()
    if home is None or staff.role not in FIELD_ROLES | {Role.SERGEANT}:
        raise Http404
    if not can_manage_beat(staff, home.beat):
        raise Http404
    return home, staff
