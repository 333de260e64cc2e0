"""Who may see and touch which event."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from outreach import links
from outreach import selectors as outreach_selectors
from outreach.access import (
    OF_EVERY_BEAT,
    OF_REQUESTS,
    PLANNERS,
    can_manage_beat,
    event_request_queue,
    may_decide,
    reader_of_people_for,
    served_beats,
    staff_member_for,
    survey_queue,
)
from outreach.enums import LinkPurpose, Program, Role, VenueKind
from outreach.models import (
    Beat,
    EventRequest,
    EventRequestLink,
    StaffMember,
    SurveyLink,
    SurveyRequest,
    Venue,
    WatchGroup,
)
from scheduling import selectors
from scheduling.models import (
    Booking,
    CalendarImport,
    Event,
    RequestedEvent,
    Rsvp,
    RsvpLink,
    Series,
    SurveyVisit,
)


def public_event(uid: UUID) -> Event:
    return get_object_or_404(selectors.public_events(), uid=uid)


def visible_events(staff: StaffMember) -> QuerySet[Event]:
    """All events for staff, except survey visits that are not theirs to know of."""
    if staff.role == Role.ADMINISTRATOR:
        return selectors.public_events()
    mine = survey_requests(staff).values("pk")
    return Event.objects.filter(Q(survey_visit__isnull=True) | Q(survey_visit__request__in=mine))


def survey_requests(staff: StaffMember) -> QuerySet[SurveyRequest]:
    """Those of the own beats, and those whose visit one is sent to; never one that excludes."""
    if staff.role not in OF_REQUESTS | PLANNERS:
        return SurveyRequest.objects.none()
    sent_to = Booking.objects.active().filter(staff=staff, event__survey_visit__isnull=False)
    visited = SurveyVisit.objects.filter(event__in=sent_to.values("event_id"))
    own = Q(pk__in=survey_queue(staff).values("pk")) | Q(pk__in=visited.values("request_id"))
    shown = SurveyRequest.objects.filter(own, contact__restricted_at=None)
    return shown.exclude(excluded_staff=staff)


def survey_request_for(user: object, uid: UUID) -> tuple[SurveyRequest, StaffMember]:
    """The request and who asks; Http404 where it is not theirs to know of."""
    staff = staff_member_for(user)
    shown = survey_requests(staff).select_related("contact", "beat", "excluded_staff")
    return get_object_or_404(shown, uid=uid), staff


def worked_survey_request(user: object, uid: UUID) -> tuple[SurveyRequest, StaffMember]:
    """For those who book its visit and close it, not for those who only read it."""
    request, staff = survey_request_for(user, uid)
    if staff.role not in PLANNERS:
        raise PermissionDenied
    return request, staff


def readable_events(user: object) -> QuerySet[Event]:
    """Over the API: what is public; for working staff also private and tentative events."""
    try:
        staff = staff_member_for(user)
    except PermissionDenied:
        return selectors.public_events()
    shown = visible_events(staff).exclude(program=Program.SECURITY_SURVEY)
    return shown.select_related("beat", "venue").prefetch_related("texts", "also_beats")


def visible_event(user: object, uid: UUID) -> tuple[Event, StaffMember]:
    staff = staff_member_for(user)
    event = selectors.with_people(visible_events(staff)).filter(uid=uid).first()
    if event is None:
        raise Http404
    return event, staff


def manageable_event(user: object, uid: UUID) -> tuple[Event, StaffMember]:
    event, staff = visible_event(user, uid)
    if not can_manage_beat(staff, event.beat):
        raise PermissionDenied
    return event, staff


def seated_event(user: object, uid: UUID) -> tuple[Event, StaffMember]:
    """An event people can sign up for; never a survey visit."""
    event, staff = manageable_event(user, uid)
    if event.program == Program.SECURITY_SURVEY:
        raise Http404
    return event, staff


def worked_event(user: object, uid: UUID) -> tuple[Event, StaffMember]:
    """For those who manage it and those who go to it: its door and how it went."""
    event, staff = visible_event(user, uid)
    if not works_at(staff, event):
        raise PermissionDenied
    return event, staff


def works_at(staff: StaffMember, event: Event) -> bool:
    """Of an event from visible_event(), with its claims."""
    goes = any(claim.staff_id == staff.pk for claim in event.claims)  # type: ignore[attr-defined]
    return (goes and staff.role in PLANNERS) or can_manage_beat(staff, event.beat)


def door_of(user: object, uid: UUID) -> tuple[Event, StaffMember]:
    event, staff = worked_event(user, uid)
    if event.program == Program.SECURITY_SURVEY:
        raise Http404
    return event, staff


def counted_event(user: object, uid: UUID) -> Event:
    """Its door to read of: for those who work there, and the records clerk."""
    if staff_member_for(user).role == Role.RECORDS_CLERK:
        return get_object_or_404(Event.objects.exclude(program=Program.SECURITY_SURVEY), uid=uid)
    return door_of(user, uid)[0]


def plannable_beats(staff: StaffMember) -> list[Beat]:
    """Beats in effect that this person may plan for."""
    beats = outreach_selectors.beats_in_effect()
    if staff.role == Role.SERGEANT:
        return list(beats)
    return list(beats.filter(pk__in=served_beats(staff).values("pk")))


def own_rsvp(token: str) -> Rsvp:
    """The sign-up behind a household's link; Http404 for a link that opens nothing."""
    link = links.find(
        RsvpLink,
        token,
        "rsvp__contact",
        "rsvp__event__venue",
        "rsvp__event__beat",
        purpose=LinkPurpose.RSVP,
    )
    return link.rsvp


def may_check_in(user: object, event: Event) -> bool:
    """Whether whoever opened a household's link stands at the door."""
    try:
        door_of(user, event.uid)
    except (PermissionDenied, Http404):
        return False
    return True


def planner_for(user: object) -> StaffMember:
    """A staff member who books events: not who runs the system, nor who only reads."""
    staff = staff_member_for(user)
    if staff.role not in PLANNERS:
        raise PermissionDenied
    return staff


def calendar_reader_for(user: object) -> StaffMember:
    """Who reads all that is planned: everyone but the administrator of the system."""
    staff = staff_member_for(user)
    if staff.role == Role.ADMINISTRATOR:
        raise PermissionDenied
    return staff


def records_reader_for(user: object) -> StaffMember:
    """Who reads what residents said: those who plan, and the records clerk."""
    staff = reader_of_people_for(user)
    if staff.role not in PLANNERS | OF_EVERY_BEAT:
        raise PermissionDenied
    return staff


def rights(staff: StaffMember, present: Beat | None = None) -> dict[str, Any]:
    """The beats this person may book for; the one an event has already is among them."""
    may_all = staff.role == Role.SERGEANT
    beats = outreach_selectors.beats_in_effect()
    if not may_all:
        beats = beats.filter(pk__in=served_beats(staff).values("pk"))
    chosen = list(beats)
    if present and present not in chosen:
        chosen.append(present)
    return {"beats": chosen, "is_city_allowed": staff.role in PLANNERS}


def visible_series(user: object, uid: UUID) -> tuple[Series, StaffMember]:
    """For everyone who reads what is planned: no series is of surveys."""
    staff = calendar_reader_for(user)
    shown = Series.objects.select_related("beat", "venue")
    return get_object_or_404(shown, uid=uid), staff


def manageable_series(user: object, uid: UUID) -> tuple[Series, StaffMember]:
    series, staff = visible_series(user, uid)
    if not can_manage_beat(staff, series.beat):
        raise PermissionDenied
    return series, staff


def own_imports(staff: StaffMember) -> QuerySet[CalendarImport]:
    # What was read may be megabytes: it comes when it is asked for.
    return CalendarImport.objects.filter(staff=staff).select_related("beat").defer("data")


def own_import(user: object, uid: UUID) -> tuple[CalendarImport, StaffMember]:
    """A calendar file this person brought; what others brought is not there: Http404."""
    staff = planner_for(user)
    own = get_object_or_404(own_imports(staff), uid=uid)
    return own, staff


def own_survey_request(token: str) -> SurveyRequest:
    """The request behind a resident's link; Http404 for a link that opens nothing."""
    link = links.find(
        SurveyLink, token, "request__contact", "request__beat", purpose=LinkPurpose.SURVEY
    )
    return link.request


def event_requests(user: object) -> QuerySet[EventRequest]:
    """Of the own beats, and those whose event one is sent to."""
    staff = reader_of_people_for(user)
    sent_to = Booking.objects.active().filter(staff=staff, event__requested__isnull=False)
    visited = RequestedEvent.objects.filter(event__in=sent_to.values("event_id"))
    shown = EventRequest.objects.filter(
        Q(pk__in=event_request_queue(staff).values("pk")) | Q(pk__in=visited.values("request_id"))
    )
    return shown.select_related("contact", "beat")


def event_request_for(user: object, uid: UUID) -> tuple[EventRequest, StaffMember]:
    """The request and who asks; Http404 where it is not theirs to know of."""
    return get_object_or_404(event_requests(user), uid=uid), staff_member_for(user)


def decidable_request(user: object, uid: UUID) -> tuple[EventRequest, StaffMember]:
    """For those who answer for its beat."""
    request, staff = event_request_for(user, uid)
    if not may_decide(staff, request):
        raise PermissionDenied
    return request, staff


def own_event_request(token: str) -> EventRequest:
    """The request behind the link of who asked; Http404 for a link that opens nothing."""
    link = links.find(
        EventRequestLink,
        token,
        "request__contact",
        "request__beat",
        purpose=LinkPurpose.EVENT_REQUEST,
    )
    return link.request


def person_shown(user: object, pk: int) -> tuple[StaffMember, StaffMember]:
    """A colleague and who asks: whether somebody is there is no secret among staff."""
    staff = reader_of_people_for(user)
    return get_object_or_404(selectors.bookable_staff(), pk=pk), staff


def keeps_hours_of(staff: StaffMember, person: StaffMember) -> bool:
    """Hours and leave are kept by oneself and by the sergeant."""
    return staff.role == Role.SERGEANT or (staff.role in PLANNERS and staff.pk == person.pk)


def person_kept(user: object, pk: int) -> tuple[StaffMember, StaffMember]:
    """A person whose hours and leave whoever asks may change."""
    person, staff = person_shown(user, pk)
    if not keeps_hours_of(staff, person):
        raise PermissionDenied
    return person, staff


def sergeant_for(user: object) -> StaffMember:
    """What is set for the whole unit is set by the sergeant."""
    staff = staff_member_for(user)
    if staff.role != Role.SERGEANT:
        raise PermissionDenied
    return staff


def venue_kept(user: object, uid: UUID) -> Venue:
    """A venue whose opening hours whoever asks may set; a home has none."""
    sergeant_for(user)
    return get_object_or_404(Venue.objects.exclude(kind=VenueKind.HOME), uid=uid)


def kept_group(user: object, code: str) -> tuple[WatchGroup, StaffMember]:
    """A watch group, for those who may plan for its beat."""
    staff = planner_for(user)
    group = get_object_or_404(WatchGroup.objects.select_related("beat"), code=code)
    if not can_manage_beat(staff, group.beat):
        raise PermissionDenied
    return group, staff
