"""Staff pages that show time: the week, the survey queue, and what an address answers."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from outreach import access as outreach_access
from outreach import second_factor
from outreach import selectors as outreach_selectors
from outreach.actors import Actor
from outreach.enums import HalfDay, SurveyStatus
from outreach.forms.address import AddressForm
from outreach.services import locating
from outreach.services import surveys as requests
from outreach.views.guards import only_reads, staff_only
from scheduling import access
from scheduling.forms.events import CancelForm
from scheduling.forms.visits import VisitForm
from scheduling.services import bookings, surveys


@staff_only
@require_safe
def survey_queue(request: HttpRequest) -> HttpResponse:
    staff = outreach_access.reader_of_people_for(request.user)
    mine = outreach_access.survey_queue(staff).select_related("contact", "beat")
    context = {
        "waiting": list(mine.filter(status=SurveyStatus.RECEIVED)[:200]),
        "scheduled": list(
            mine.filter(status=SurveyStatus.SCHEDULED).prefetch_related(
                Prefetch("visits", queryset=surveys.standing_visits())
            )[:200]
        ),
        "staff": staff,
    }
    return render(request, "scheduling/survey_queue.html", context)


@staff_only
def survey(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One request: who, where, when; and a time for it."""
    own, staff = access.survey_request_for(request.user, uid)
    pair = outreach_selectors.pair_of(own.beat).members if own.beat else [staff]
    allowed = [person for person in pair if person.pk != own.excluded_staff_id]
    form = VisitForm(
        request.POST or None,
        offered=surveys.free_times(allowed, request=own),
        excluded=own.excluded_staff_id,
        initial={
            "staff": [person.pk for person in allowed],
            "day": _day_of_link(request),
        },
    )
    clash = None
    if request.method == "POST" and form.is_valid():
        try:
            surveys.book_visit(
                own.pk,
                starts_at=form.cleaned_data["chosen"],
                staff=tuple(form.cleaned_data["staff"]),
                by=Actor(staff=staff),
            )
        except bookings.DoubleBooked as refusal:
            clash = refusal
        except requests.NotOpen:
            messages.error(request, _("This request is closed."))
            return redirect("staff_survey", uid)
        else:
            messages.success(request, _("The visit is booked. We tell the resident now."))
            return redirect("staff_survey", uid)
    context = {
        "survey_request": own,
        "visit": surveys.visit_of(own),
        "half_days": [HalfDay(code).label for code in own.half_days],
        "form": form,
        "clash": clash,
        "is_open": own.status in {SurveyStatus.RECEIVED, SurveyStatus.SCHEDULED},
    }
    return render(request, "scheduling/survey.html", context, status=409 if clash else 200)


@staff_only
def cancel_visit(request: HttpRequest, uid: UUID) -> HttpResponse:
    own, staff = access.worked_survey_request(request.user, uid)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        surveys.cancel_visit(own.pk, by=Actor(staff=staff), reason=form.cleaned_data["reason"])
        messages.success(request, _("The visit is cancelled and the request is open again."))
        return redirect("staff_survey", uid)
    context = {"survey_request": own, "form": form, "visit": surveys.visit_of(own)}
    return render(request, "scheduling/cancel_visit.html", context)


@staff_only
@only_reads
@require_POST
def reveal_survey(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Open the sealed fields for this one answer, and write down who looked."""
    own, staff = access.survey_request_for(request.user, uid)
    if asked := second_factor.ask(request, back=reverse("staff_survey", args=[uid])):
        return asked
    context = {
        "survey_request": own,
        "address": requests.reveal(own, "address", by=staff),
        "notes": requests.reveal(own, "notes", by=staff),
    }
    response = render(request, "scheduling/revealed_survey.html", context)
    response["Cache-Control"] = "no-store"
    return response


@staff_only
@require_POST
def withdraw_survey(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The resident called and wants no survey any more."""
    own, staff = access.worked_survey_request(request.user, uid)
    surveys.withdraw(own.pk, by=Actor(staff=staff))
    messages.success(request, _("The request is withdrawn."))
    return redirect("survey_queue")


@staff_only
@only_reads
@sensitive_post_parameters()
def lookup(request: HttpRequest) -> HttpResponse:
    """One box: an address answers beat, pair, phones and the next free times."""
    form = AddressForm(request.POST or None)
    context: dict[str, object] = {"form": form}
    if request.method == "POST" and form.is_valid():
        found = locating.locate(form.cleaned_data["address"])
        context["found"] = found
        if found.beat:
            pair = outreach_selectors.pair_of(found.beat)
            context["pair"] = pair
            context["free_times"] = surveys.free_times(pair.members, count=3)
    return render(request, "scheduling/lookup.html", context)


def _day_of_link(request: HttpRequest) -> str:
    """The board proposes a day for a visit; the form shows it as people type days."""
    try:
        return f"{date.fromisoformat(request.GET.get('day', '')):%m/%d/%Y}"
    except ValueError:
        return ""
