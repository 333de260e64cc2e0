"""What follows for a program when its event changes: the link models, listed once."""

from collections.abc import Collection

from outreach.actors import Actor
from outreach.enums import RequestStatus
from outreach.services import requests, surveys
from scheduling.enums import EventStatus
from scheduling.models import Event, Occurrence, RequestedEvent, SurveyVisit


def lock(event_id: int) -> None:
    """Take the lock of what an event is for before the event's own, as booking does."""
    for request_id in SurveyVisit.objects.filter(event=event_id).values_list("request", flat=True):
        surveys.lock(request_id)
    asked = RequestedEvent.objects.filter(event=event_id).values_list("request", flat=True)
    for request_id in asked:
        requests.lock(request_id)


def asked_for(event_ids: Collection[int]) -> list[int]:
    """Those of some events that a survey or a request hangs on; no date of a series is one."""
    visits = SurveyVisit.objects.filter(event__in=event_ids).values_list("event", flat=True)
    asked = RequestedEvent.objects.filter(event__in=event_ids).values_list("event", flat=True)
    return sorted(visits.union(asked))


def event_cancelled(event: Event, *, by: Actor, reason: str) -> None:
    """A survey request opens again; who asked for an event hears that it cannot be."""
    visit = getattr(event, "survey_visit", None)
    if visit is not None:
        surveys.reopen(surveys.lock(visit.request_id))
    asked = RequestedEvent.objects.filter(event=event).first()
    if asked is not None:
        request = requests.lock(asked.request_id)
        if request.status == RequestStatus.APPROVED:
            requests.answer(request, RequestStatus.DECLINED, by=by, words=reason)


def event_changed(event: Event, *, by: Actor, is_moved: bool) -> None:
    """An occurrence goes its own way: its series leaves it alone from now on. Who asked for an
    event hears of its new time or place."""
    Occurrence.objects.filter(event=event, is_own=False).update(is_own=True)
    if is_moved and event.status == EventStatus.CONFIRMED:
        asked = RequestedEvent.objects.filter(event=event).select_related("request").first()
        if asked is not None and asked.request.status == RequestStatus.APPROVED:
            requests.tell_again(asked.request, by=by)


def event_closed(event: Event, *, is_held: bool) -> None:
    """A survey is done, or its request waits for another time."""
    visit = getattr(event, "survey_visit", None)
    if visit is None:
        return
    request = surveys.lock(visit.request_id)
    later = SurveyVisit.objects.filter(request=request, pk__gt=visit.pk)
    if later.exclude(event__status=EventStatus.CANCELLED).exists():
        return  # the request follows its last visit
    if is_held:
        surveys.mark_done(request)
    else:
        surveys.mark_missed(request)
