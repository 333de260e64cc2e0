"""Who may write campaigns, and look into what was sent."""

from collections.abc import Callable
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from notifications.models import Campaign, RecordsExport
from outreach.access import (
    FIELD_ROLES,
    OF_EVERY_BEAT,
    PLANNERS,
    RECORDS_KEEPERS,
    can_manage_beat,
    served_beats,
    staff_member_for,
)
from outreach.enums import Role
from outreach.models import Beat, Contact, StaffMember
from scheduling.access import public_event
from scheduling.models import Event

WRITERS = FIELD_ROLES | {Role.SERGEANT}


def sender_for(user: object) -> StaffMember:
    """Who may look into the sending room: all who plan, to hold a mistake back, and the clerk."""
    staff = staff_member_for(user)
    if staff.role not in PLANNERS | OF_EVERY_BEAT:
        raise PermissionDenied
    return staff


def writer_for(user: object) -> StaffMember:
    """Coordinators, officers and the sergeant: those whose work it is to tell residents."""
    staff = sender_for(user)
    if staff.role not in WRITERS:
        raise PermissionDenied
    return staff


def campaign_reader_for(user: object) -> StaffMember:
    """Writers, for somebody has to be the second reader; and the records clerk."""
    staff = sender_for(user)
    if not may_read_campaigns(staff):
        raise PermissionDenied
    return staff


def may_read_campaigns(staff: StaffMember) -> bool:
    return staff.role in WRITERS | OF_EVERY_BEAT


def may_write_for(staff: StaffMember) -> Callable[[Beat | None], bool]:
    """Whether somebody may write to the readers of a beat, asked for many beats at once."""
    if staff.role not in WRITERS:
        return lambda beat: False
    own = set(served_beats(staff).values_list("pk", flat=True))
    return lambda beat: beat is None or beat.pk in own


def event_to_tell_of(staff: StaffMember, uid: str) -> Event:
    """A public event whose readers this person may write to, by what an address says."""
    try:
        event = public_event(UUID(uid))
    except ValueError as strange:
        raise Http404 from strange
    if not can_manage_beat(staff, event.beat):
        raise PermissionDenied
    return event


def campaign_for(user: object, uid: UUID) -> tuple[Campaign, StaffMember]:
    staff = campaign_reader_for(user)
    shown = Campaign.objects.select_related("beat", "made_by", "proposed_by", "released_by")
    return get_object_or_404(shown.prefetch_related("texts"), uid=uid), staff


def own_campaign(user: object, uid: UUID) -> tuple[Campaign, StaffMember]:
    """Writing, pausing and stopping is for those who serve its beat."""
    campaign, staff = campaign_for(user, uid)
    if not can_manage_beat(staff, campaign.beat):
        raise PermissionDenied
    return campaign, staff


def readers(staff: StaffMember) -> QuerySet[Contact]:
    """Contacts whose messages this person may see: subscribers and guests of the own beats, and
    of the whole city; sergeant and clerk all. Who asked for a survey is the survey's to show."""
    shown = Contact.objects.filter(restricted_at=None)
    if staff.role == Role.SERGEANT:
        return shown
    hidden = Contact.objects.filter(survey_requests__excluded_staff=staff)
    if staff.role == Role.RECORDS_CLERK:
        return shown.exclude(pk__in=hidden.values("pk"))
    if staff.role not in FIELD_ROLES:
        return Contact.objects.none()
    own = served_beats(staff)
    mine = (
        Q(subscriptions__beat=None, subscriptions__isnull=False)
        | Q(subscriptions__beat__in=own)
        | Q(rsvps__event__beat__in=own)
        | Q(survey_requests__beat__in=own) & ~Q(survey_requests__excluded_staff=staff)
        | Q(event_requests__beat__in=own)
    )
    return shown.filter(mine).exclude(pk__in=hidden.values("pk")).distinct()


def reader_for(user: object, uid: UUID) -> tuple[Contact, StaffMember]:
    staff = sender_for(user)
    return get_object_or_404(readers(staff), uid=uid), staff


def records_keeper_for(user: object) -> StaffMember:
    """Who sees the schedule, holds and lists, and answers requests for records."""
    staff = staff_member_for(user)
    if not may_keep_records(staff):
        raise PermissionDenied
    return staff


def may_keep_records(staff: StaffMember) -> bool:
    return staff.role in RECORDS_KEEPERS


def destroyer_for(user: object) -> StaffMember:
    """Who may release a list, erase a person, place and lift a legal hold."""
    staff = records_keeper_for(user)
    if not may_destroy(staff):
        raise PermissionDenied
    return staff


def may_destroy(staff: StaffMember) -> bool:
    return staff.role in {Role.SERGEANT, Role.ADMINISTRATOR}


def schedule_keeper_for(user: object) -> StaffMember:
    staff = records_keeper_for(user)
    if not may_set_schedule(staff):
        raise PermissionDenied
    return staff


def may_set_schedule(staff: StaffMember) -> bool:
    return staff.role == Role.ADMINISTRATOR


def people_on_record(staff: StaffMember) -> QuerySet[Contact]:
    """Whom a keeper of records may look for; nobody who asked that this employee may not."""
    hidden = Contact.objects.filter(survey_requests__excluded_staff=staff)
    return Contact.objects.exclude(pk__in=hidden.values("pk"))


def person_to_erase(user: object, uid: UUID) -> tuple[Contact, StaffMember]:
    staff = destroyer_for(user)
    shown = people_on_record(staff).filter(restricted_at=None)
    return get_object_or_404(shown, uid=uid), staff


def own_export(user: object, uid: UUID) -> tuple[RecordsExport, StaffMember]:
    """An export is its maker's alone."""
    staff = records_keeper_for(user)
    return get_object_or_404(RecordsExport, uid=uid, staff=staff), staff
