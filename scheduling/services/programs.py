"""What follows for a program when its event changes: the link models, listed once."""

from outreach.services import surveys
from scheduling.models import Event


def event_cancelled(event: Event) -> None:
    """A survey request opens again."""
    visit = getattr(event, "survey_visit", None)
    if visit is not None:
        surveys.reopen(surveys.lock(visit.request_id))
