"""Staff answer requests for events."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from outreach import access as outreach_access
from outreach import second_factor
from outreach import selectors as outreach_selectors
from outreach.actors import Actor
from outreach.enums import AccommodationKind, RequestStatus, Source
from outreach.models import EventRequest, StaffMember
from outreach.services import requests as records
from outreach.views.guards import only_reads, staff_only
from scheduling import access
from scheduling.forms.requests import ApproveForm, DeclineForm, StaffEventRequestForm
from scheduling.services import bookings, checks, requests
from scheduling.views.requests import receive

SHOWN = 200


@staff_only
@require_safe
def event_requests(request: HttpRequest) -> HttpResponse:
    staff = outreach_access.reader_of_people_for(request.user)
    mine = outreach_access.event_request_queue(staff).select_related("contact", "beat")
    answered = mine.exclude(status=RequestStatus.RECEIVED).order_by("-updated_at")
    context = {
        "waiting": list(mine.filter(status=RequestStatus.RECEIVED)[:SHOWN]),
        "answered": list(answered[:SHOWN]),
    }
    return render(request, "scheduling/event_requests.html", context)


@never_cache
@staff_only
@sensitive_post_parameters()
def add_event_request(request: HttpRequest) -> HttpResponse:
    """The staff twin, for a person at the phone or the counter."""
    staff = outreach_access.writer_for(request.user)
    form = StaffEventRequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        source, is_short = form.cleaned_data["source"], form.cleaned_data["is_short_notice"]
        received = receive(form, Source(source), Actor(staff=staff), is_short_notice=is_short)
        if received:
            messages.success(
                request, _("Kept. The reference: %(text)s") % {"text": received.reference}
            )
            if outreach_access.event_request_queue(staff).filter(pk=received.pk).exists():
                return redirect("event_request", received.uid)
            return redirect("event_requests")  # another beat's: kept, but not ours to read
    return render(request, "scheduling/add_event_request.html", {"form": form})


@staff_only
def event_request(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One request: who, what, where; and a time for it."""
    asked, staff = access.event_request_for(request.user, uid)
    can_decide = outreach_access.may_decide(staff, asked)
    form = clash = None
    if asked.status == RequestStatus.RECEIVED and can_decide:
        form = _approve_form(request, asked, staff)
        if request.method == "POST" and form.is_valid():
            try:
                requests.approve(asked.pk, form.approval(), by=staff)
            except checks.NotBookable as refusal:
                form.refuse(refusal.problems)
            except bookings.DoubleBooked as refusal:
                clash = refusal
            except records.NotOpen:
                messages.error(request, _("This request is closed."))
                return redirect("event_request", uid)
            else:
                messages.success(request, _("Approved. We tell the person who asked now."))
                return redirect("event_request", uid)
    context = {
        "asked": asked,
        "event": requests.event_of(asked),
        "held_until": requests.held_until(asked),
        "decisions": asked.decisions.select_related("staff"),
        "needs": [AccommodationKind(code).label for code in asked.accommodations],
        "responsible": outreach_selectors.responsible(asked.beat),
        "can_withdraw": can_decide and requests.can_withdraw(asked),
        "form": form,
        "clash": clash,
    }
    return render(request, "scheduling/event_request.html", context, status=409 if clash else 200)


@staff_only
def decline_event_request(request: HttpRequest, uid: UUID) -> HttpResponse:
    asked, staff = access.decidable_request(request.user, uid)
    form = DeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            requests.decline(asked.pk, by=Actor(staff=staff), reason=form.cleaned_data["reason"])
        except records.NotOpen:
            messages.error(request, _("This request is closed."))
        else:
            messages.success(request, _("Declined. We tell the person who asked now."))
        return redirect("event_request", uid)
    return render(request, "scheduling/decline_event_request.html", {"asked": asked, "form": form})


@staff_only
@only_reads
@require_POST
def reveal_event_request(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Open the sealed fields for this one answer, and write down who looked."""
    asked, staff = access.event_request_for(request.user, uid)
    if first := second_factor.ask(request, back=reverse("event_request", args=[uid])):
        return first
    context = {
        "asked": asked,
        "place": records.reveal(asked, "place", by=staff),
        "notes": records.reveal(asked, "notes", by=staff),
    }
    response = render(request, "scheduling/revealed_event_request.html", context)
    response["Cache-Control"] = "no-store"
    return response


@staff_only
@require_POST
def withdraw_event_request(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The person who asked called and wants it no more."""
    asked, staff = access.decidable_request(request.user, uid)
    try:
        requests.withdraw(asked.pk, by=Actor(staff=staff))
    except records.NotOpen:
        messages.error(request, _("This request is closed."))
    else:
        messages.success(request, _("The request is withdrawn."))
    return redirect("event_requests")


def _approve_form(request: HttpRequest, asked: EventRequest, staff: StaffMember) -> ApproveForm:
    pair = outreach_selectors.pair_of(asked.beat).members if asked.beat else [staff]
    return ApproveForm(
        request.POST or None,
        asked=asked,
        offered=requests.free_times(asked, pair),
        pair=pair,
        beats=outreach_selectors.beats_in_effect(),
    )
