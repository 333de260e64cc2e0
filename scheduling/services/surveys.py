"""Visits for survey requests: found, booked, moved and cancelled."""

from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from outreach.actors import Actor
from outreach.enums import HalfDay, Program, SurveyStatus
from outreach.geography import Place
from outreach.models import StaffMember, SurveyRequest
from outreach.services import surveys
from scheduling import finding
from scheduling.enums import Classification, EventStatus, Outcome
from scheduling.models import Event, SurveyVisit
from scheduling.services import bookings, events
from scheduling.travel import Stop

# Neutral on purpose: it stands in calendars other people may look over.
SUMMARY = gettext_noop("Appointment")
# (weekday, is afternoon) of each half-day a resident can name, Monday first.
HALF_DAYS = {code: (place // 2, place % 2 == 1) for place, code in enumerate(HalfDay.values)}


def visit_length() -> timedelta:
    return timedelta(minutes=settings.SURVEY_VISIT_MINUTES)


def free_times(
    staff: list[StaffMember], *, request: SurveyRequest | None = None, count: int = 8
) -> list[datetime]:
    """Starts to offer for a visit of these people, after the notice period.

    Only in the half-days that suit the resident, unless nothing is free in any of them.
    """
    search = finding.Search(
        program=Program.SECURITY_SURVEY,
        minutes=settings.SURVEY_VISIT_MINUTES,
        not_before=timezone.now() + timedelta(hours=settings.SURVEY_NOTICE_HOURS),
        staff=tuple(staff),
        stop=stop_of(request) if request else None,
    )
    find = partial(finding.parts_of_days, search, count=count)
    half_days = request.half_days if request else ()
    return find(suits=[HALF_DAYS[code] for code in half_days]) or find(suits=())


def stop_of(request: SurveyRequest) -> Stop:
    """The middle of its block, as far as it is known."""
    if request.longitude is None or request.latitude is None:
        return Stop()
    return Stop(Place(request.longitude, request.latitude))


def standing_visits() -> QuerySet[SurveyVisit]:
    """Visits that are to come or took place; not those cancelled or come to nothing."""
    return (
        SurveyVisit.objects.exclude(event__status=EventStatus.CANCELLED)
        .exclude(event__close_out__outcome__in=[Outcome.NOT_HELD, Outcome.RECALLED])
        .select_related("event")
        .order_by("-pk")
    )


def visit_of(request: SurveyRequest) -> SurveyVisit | None:
    """The visit that stands, if one does."""
    return standing_visits().filter(request=request).first()


def book_visit(
    request_id: int, *, starts_at: datetime, staff: tuple[StaffMember, ...], by: Actor
) -> Event:
    """Book the visit of an open request, or move the one it has.

    Raises DoubleBooked, or NotOpen when the request is withdrawn or done.
    """
    with bookings.rivals_refused(), transaction.atomic():
        request = surveys.lock(request_id)
        plan = _plan(request, starts_at, staff)
        if request.status == SurveyStatus.SCHEDULED and (visit := visit_of(request)):
            return events.change(visit.event_id, plan, by=by)
        surveys.mark_scheduled(request)
        event = events.create(plan, by=by)
        SurveyVisit.objects.create(event=event, request=request)
        return event


def confirm_visit(visit: SurveyVisit) -> None:
    """The person says that the time stands. Twice does it once."""
    SurveyVisit.objects.filter(pk=visit.pk).update(confirmed_for=visit.event.starts_at)


def cancel_visit(request_id: int, *, by: Actor, reason: str) -> None:
    """Cancel the standing visit, if any; the request opens again."""
    with bookings.rivals_refused(), transaction.atomic():
        request = surveys.lock(request_id)
        if visit := visit_of(request):
            events.cancel(visit.event_id, by=by, reason=reason)


def withdraw(request_id: int, *, by: Actor) -> None:
    """Who wants no survey wants no visit. Raises NotOpen for a request that is done."""
    with bookings.rivals_refused(), transaction.atomic():
        cancel_visit(request_id, by=by, reason="")
        surveys.withdraw(request_id, by=by)


def _plan(
    request: SurveyRequest, starts_at: datetime, staff: tuple[StaffMember, ...]
) -> events.Plan:
    return events.Plan(
        program=Program.SECURITY_SURVEY,
        summary=SUMMARY,
        starts_at=starts_at,
        ends_at=starts_at + visit_length(),
        classification=Classification.CONFIDENTIAL,
        beat=request.beat,
        staff=staff,
        stop=stop_of(request),
    )
