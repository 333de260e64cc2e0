"""Calls to make: a list with outcomes, and the same on paper with the numbers."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from notifications import selectors
from notifications.forms.subscribing import CallOutcomeForm
from notifications.models import AddressLook
from notifications.services import delivery
from notifications.wording import masked
from outreach import access as outreach_access
from outreach import second_factor
from outreach.views.guards import only_reads, staff_only

SHOWN = 100


@staff_only
@require_safe
def call_list(request: HttpRequest) -> HttpResponse:
    return _page(request, is_open=False)


@staff_only
@only_reads
@require_POST
def print_calls(request: HttpRequest) -> HttpResponse:
    """With the numbers, to print; each look is written down."""
    outreach_access.reader_of_people_for(request.user)
    if asked := second_factor.ask(request, back=reverse("call_list")):
        return asked
    response = _page(request, is_open=True)
    response["Cache-Control"] = "no-store"
    return response


@staff_only
@require_POST
def record_call(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A resident was told by phone."""
    staff = outreach_access.staff_member_for(request.user)
    call = get_object_or_404(selectors.calls_to_make(staff), uid=uid)
    form = CallOutcomeForm(request.POST)
    if form.is_valid():
        delivery.told_by_phone(call.pk, outcome=form.cleaned_data["outcome"])
        messages.success(request, _("Noted."))
    else:
        messages.error(request, _("Say in a few words how the call went."))
    return redirect("call_list" if request.POST.get("from") == "list" else "staff_day")


def _page(request: HttpRequest, *, is_open: bool) -> HttpResponse:
    staff = outreach_access.reader_of_people_for(request.user)
    calls = list(selectors.calls_to_make(staff)[:SHOWN])
    if is_open:
        AddressLook.objects.bulk_create(
            AddressLook(staff=staff, contact=call.contact, is_export=True) for call in calls
        )
    shown = [(call, _number(str(call.contact.phone or ""), is_open=is_open)) for call in calls]
    context = {"calls": shown, "is_open": is_open, "now": timezone.now()}
    return render(request, "notifications/calls.html", context)


def _number(number: str, *, is_open: bool) -> str:
    return number if is_open else masked(number)
