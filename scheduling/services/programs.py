"""What follows for a program when its event changes: the link models, listed once."""

from outreach.services import surveys
from scheduling.enums import EventStatus
from scheduling.models import Event, Occurrence, SurveyVisit


def lock(event_id: int) -> None:
    """Take the lock of what an event is for before the event's own, as booking does."""
    for request_id in SurveyVisit.objects.filter(event=event_id).values_list("request", flat=True):
        surveys.lock(request_id)


def event_cancelled(event: Event) -> None:
    """A survey request opens again."""
    visit = getattr(event, "survey_visit", None)
    if visit is not None:
        surveys.reopen(surveys.lock(visit.request_id))


def event_changed(event: Event) -> None:
    """An occurrence goes its own way: its series leaves it alone from now on."""
    Occurrence.objects.filter(event=event, is_own=False).update(is_own=True)


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
