"""Homes as places to meet."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from outreach import access, second_factor
from outreach.forms.venue import HomeForm
from outreach.services import venues
from outreach.views.guards import only_reads, staff_only


@staff_only
@sensitive_post_parameters()
def add_home(request: HttpRequest) -> HttpResponse:
    access.writer_for(request.user)
    form = HomeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            home = venues.add_home(**form.cleaned_data)
        except venues.BlockUnknown:
            form.add_error("block", _("We do not know this street. Write the block to show."))
        else:
            messages.success(
                request, _("Kept. The public will read: %(block)s") % {"block": home.block}
            )
            return redirect(reverse("add_event") + f"?venue={home.pk}")
    return render(request, "outreach/add_home.html", {"form": form})


@staff_only
@only_reads
@require_POST
def reveal_home(request: HttpRequest, uid: UUID) -> HttpResponse:
    home, staff = access.home_for(request.user, uid)
    if asked := second_factor.ask(request, back=second_factor.page_before(request)):
        return asked
    context = {"home": home, "address": venues.reveal(home, by=staff)}
    response = render(request, "outreach/revealed_home.html", context)
    response["Cache-Control"] = "no-store"
    return response
