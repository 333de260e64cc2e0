"""Moving an event: what would come of it and who would hear, before anything is sent."""

from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from notifications import selectors
from outreach.actors import Actor
from outreach.models import StaffMember
from outreach.views.guards import staff_only
from scheduling import access
from scheduling import selectors as scheduling_selectors
from scheduling.forms.moving import MoveForm, nudges, proposed
from scheduling.models import Event
from scheduling.services import bookings, checks, events

PROPOSALS = {"day", "minutes", "to"}


@staff_only
def move_event(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The twin of dragging. A link may propose a day, a length or a person; a press sends it."""
    version = events.version(uid)
    shown, staff = access.manageable_event(request.user, uid)
    if hasattr(shown, "survey_visit"):
        return redirect(_visit_page(request, shown))
    known = {"key": uuid4(), "seen": version}
    present = [person.pk for person in scheduling_selectors.staff_of(shown)]
    is_sent = request.method == "POST"
    form = MoveForm(
        request.POST if is_sent else known | proposed(shown, present, request.GET.dict())
    )
    refusal: bookings.DoubleBooked | None = None
    if is_sent and "propose" not in request.POST and form.is_valid():
        try:
            _move(shown, form, staff)
        except checks.NotBookable as problem:
            form.refuse(problem.problems)
        except bookings.DoubleBooked as clash:
            refusal = clash
        except events.ChangedMeanwhile:
            messages.error(request, _("Somebody changed this event just now. Look again."))
            return redirect("move_event", uid)
        except bookings.EventCancelled:
            messages.error(request, _("This event is cancelled and changes no more."))
            return redirect("staff_event", uid)
        else:
            messages.success(request, _("Moved."))
            return redirect("staff_event", uid)
    return _page(request, shown, form, refusal)


def _move(event: Event, form: MoveForm, staff: StaffMember) -> None:
    plan = form.plan(event)
    checks.refuse(plan, before=event)
    given = form.cleaned_data
    events.change(event.pk, plan, by=Actor(staff=staff), reason=given["reason"], seen=given["seen"])


def _page(
    request: HttpRequest, event: Event, form: MoveForm, refusal: bookings.DoubleBooked | None
) -> HttpResponse:
    is_sent = request.method == "POST" and "propose" not in request.POST
    is_proposal = not is_sent and (request.method == "POST" or PROPOSALS & request.GET.keys())
    sketch = form.sketch(event) if is_proposal else None
    context = {
        "event": event,
        "form": form,
        "clash": refusal,
        "look": checks.look(sketch, before=event) if sketch else None,
        "nudges": nudges(form),
        "audience": selectors.audience(event),
    }
    page = "notifications/move_event.html"
    if request.headers.get("HX-Request"):
        page = "scheduling/_look.html"
    return render(request, page, context, status=409 if refusal else 200)


def _visit_page(request: HttpRequest, event: Event) -> str:
    """A survey visit moves on the page of its request."""
    kept = {name: request.GET[name] for name in ("day",) if name in request.GET}
    page = reverse("staff_survey", args=[event.survey_visit.request.uid])
    return f"{page}?{urlencode(kept)}" if kept else page
