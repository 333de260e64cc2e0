"""The coordinator's day: where next, what waits for me, whether tomorrow's reminders went."""

from typing import Any

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from notifications import selectors
from notifications.forms.subscribing import CallOutcomeForm
from outreach import access as outreach_access
from outreach.enums import SurveyStatus
from outreach.forms.address import AddressForm
from outreach.models import StaffMember
from outreach.views.guards import staff_only
from scheduling import day as days
from scheduling import records
from scheduling import selectors as scheduling_selectors

SHOWN = 10


@staff_only
@require_safe
def day(request: HttpRequest) -> HttpResponse:
    staff: StaffMember = request.staff  # type: ignore[attr-defined]
    today = timezone.localdate()
    context = {
        "staff": staff,
        "today": today,
        "agenda": days.agenda(staff, today),
        "pipeline": days.pipeline(staff),
        "calls": list(selectors.calls_to_make(staff)[:20]),
        "failed_count": selectors.troubled().count(),
        "reminders": selectors.reminders_of_tomorrow(),
        "address_form": AddressForm(),
        "outcome_form": CallOutcomeForm(),
        **_waiting(staff),
    }
    return render(request, "notifications/day.html", context)


def _waiting(staff: StaffMember) -> dict[str, Any]:
    """What somebody must do something about."""
    surveys = outreach_access.survey_queue(staff).filter(status=SurveyStatus.RECEIVED)
    since = days.overdue_since(timezone.localdate(), settings.BUSINESS_DAYS_TO_ANSWER)
    lists: dict[str, Any] = {
        "unclosed": records.unclosed_events(staff),
        "heard": records.open_heard(staff),
        "needs": records.open_accommodations(staff),
        "requests": scheduling_selectors.waiting_requests(staff),
        "handed": scheduling_selectors.handed_to(staff),
        "occurrences": scheduling_selectors.waiting_occurrences(staff),
    }
    is_to_do = outreach_access.menu(staff).plans  # who only reads is to do nothing
    found = {
        name: list(rows.prefetch_related(None)[:SHOWN]) if is_to_do else []
        for name, rows in lists.items()
    }
    about = [*found["heard"], *found["needs"], *found["handed"]]
    events = [*found["unclosed"], *found["occurrences"], *(one.event for one in about)]
    prefetch_related_objects(events, "texts")  # once for all of them
    return {
        "surveys": list(surveys.select_related("contact", "beat")[:SHOWN]),
        "overdue_since": since,
        **found,
    }
