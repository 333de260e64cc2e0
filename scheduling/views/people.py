"""Who works here: added, changed, given a new link or second factor, and seen off."""

import logging
from functools import partial
from smtplib import SMTPException

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.mail import send_mail
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from outreach import access, department, second_factor
from outreach.forms.people import LastDayForm, NewPersonForm, PersonForm
from outreach.models import StaffMember
from outreach.passwords import has_second_factor
from outreach.services import people as accounts
from outreach.views.guards import staff_only
from scheduling.services import leaving

log = logging.getLogger(__name__)
SHOWN = 20


@staff_only
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    staff = access.staff_reader_for(request.user)
    rows = StaffMember.objects.select_related("user").prefetch_related("user__authenticator_set")
    context = {
        "here": [one for one in rows if one.is_active],
        "gone": [one for one in rows if not one.is_active],
        "may_change": access.may_change_department(staff),
    }
    return render(request, "scheduling/people.html", context)


@staff_only
@sensitive_post_parameters()
def add_person(request: HttpRequest) -> HttpResponse:
    staff = access.administrator_for(request.user)
    form = NewPersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        username = form.cleaned_data["username"]
        added, token = accounts.add(form.person(), username=username, by=staff)
        return _hand_out(request, added, token)
    return render(request, "scheduling/add_person.html", {"form": form})


@staff_only
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One account; the sergeant reads it."""
    staff = access.staff_reader_for(request.user)
    may_change = access.may_change_department(staff)
    if request.method == "POST" and not may_change:
        raise PermissionDenied
    shown = get_object_or_404(StaffMember.objects.select_related("user"), pk=pk)
    form = PersonForm(request.POST or None, staff=shown)
    if request.method == "POST" and form.is_valid():
        try:
            accounts.change(pk, form.person(), by=staff)
        except accounts.LastAdministrator:
            form.add_error("role", _("Nobody else runs the system. Give somebody else the role."))
        else:
            messages.success(request, _("Kept."))
            return redirect("person", pk)
    context = {
        "person": shown,
        "form": form,
        "may_change": may_change,
        "has_second_factor": has_second_factor(shown.user),
        "posts": leaving.posts_of(shown, from_=timezone.localdate()),
        "changes": shown.account_changes.select_related("by")[:SHOWN],
    }
    return render(request, "scheduling/person.html", context)


@staff_only
@require_POST
def new_password_link(request: HttpRequest, pk: int) -> HttpResponse:
    return _hand_out(request, *accounts.new_link(pk, by=access.administrator_for(request.user)))


@staff_only
@require_POST
def reset_second_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """For a lost phone; whoever does it gives a second factor of their own."""
    staff = access.administrator_for(request.user)
    if asked := second_factor.ask(request, back=reverse("person", args=[pk])):
        return asked
    with transaction.atomic():
        leaving.end_sessions(accounts.reset_second_factor(pk, by=staff))
    messages.success(request, _("Taken away, and their sessions ended. They set up a new one."))
    return redirect("person", pk)


@staff_only
def person_leaves(request: HttpRequest, pk: int) -> HttpResponse:
    """What ends with it stands here before anything is pressed."""
    staff = access.administrator_for(request.user)
    shown = get_object_or_404(StaffMember, pk=pk, is_active=True)
    is_now = "now" in request.POST
    form = LastDayForm(None if is_now else request.POST or None)
    if request.method == "POST" and (is_now or form.is_valid()):
        last_day = None if is_now else form.cleaned_data["day"]
        try:
            leaving.leave(pk, last_day=last_day, by=staff)
        except accounts.LastAdministrator:
            words = _("Nobody else runs the system. Give somebody else the role first.")
            messages.error(request, words)
        else:
            messages.success(request, _("Done."))
            return redirect("people")
    context = {
        "person": shown,
        "form": form,
        "posts": leaving.posts_of(shown, from_=timezone.localdate()),
        "bookings": leaving.coming_bookings(shown)[:SHOWN],
    }
    return render(request, "scheduling/person_leaves.html", context)


@staff_only
@require_POST
def person_returns(request: HttpRequest, pk: int) -> HttpResponse:
    return _hand_out(request, *leaving.take_back(pk, by=access.administrator_for(request.user)))


def _hand_out(request: HttpRequest, staff: StaffMember, token: str) -> HttpResponse:
    """The link on this one page, and by mail where there is an address."""
    address = settings.BASE_URL + reverse("set_password", args=[token])
    if staff.email:
        words = {"person": staff, "address": address, "department": department.current()}
        text = render_to_string("outreach/mail/set_password.txt", words)
        transaction.on_commit(partial(_mail, staff, text))
    context = {"person": staff, "address": address}
    response = render(request, "scheduling/password_link.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _mail(staff: StaffMember, text: str) -> None:
    """The link stands on the page too: a mail server that is away is no reason to fail."""
    try:
        send_mail(_("Set your password"), text, settings.DEFAULT_FROM_EMAIL, [staff.email])
    except (OSError, SMTPException):
        log.warning("link not mailed", extra={"staff": staff.pk})
