"""A calendar that is brought in: looked at with who will be told, let in, watched."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from notifications import selectors, tasks
from outreach.access import can_manage_beat
from outreach.views.guards import staff_only
from scheduling import access, import_page
from scheduling.enums import ImportState
from scheduling.services import imports
from scheduling.services.verdicts import first_days
from scheduling.tasks import bring_in

PER_PAGE = 50


@staff_only
@require_safe
def show(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What is in the file and what becomes of each entry; while it comes in, how far it is."""
    own, _staff = access.own_import(request.user, uid)
    context: dict[str, Any] = {"import": own, "progress": import_page.Progress.of(own)}
    if own.state != ImportState.RUNNING:
        found = import_page.verdicts(own)
        shown = import_page.Shown.of(found, request.GET.get("show", ""))
        page = Paginator(shown.rows, PER_PAGE).get_page(request.GET.get("page"))
        context |= {"shown": shown, "page": page, "people": own.people.order_by("pk")}
        context["telling"] = selectors.told_of_import(own.program, own.beat, first_days(found))
    return render(request, "notifications/calendar_import.html", context)


@staff_only
@require_safe
def progress(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The bar alone, asked for again and again; when it is through, the page comes anew."""
    own, _staff = access.own_import(request.user, uid)
    context = {"import": own, "progress": import_page.Progress.of(own)}
    response = render(request, "scheduling/_import_progress.html", context)
    if own.state == ImportState.DONE:
        response["HX-Refresh"] = "true"
    return response


@staff_only
@require_POST
def start(request: HttpRequest, uid: UUID) -> HttpResponse:
    own, staff = access.own_import(request.user, uid)
    if not can_manage_beat(staff, own.beat):
        raise PermissionDenied  # the post has changed since the upload
    if imports.start(own):
        tasks.ring(bring_in)
    return redirect("calendar_import", uid)


@staff_only
@require_POST
def throw_away(request: HttpRequest, uid: UUID) -> HttpResponse:
    own, _staff = access.own_import(request.user, uid)
    if not imports.throw_away(own):
        messages.error(request, _("It is on its way in and cannot be thrown away now."))
        return redirect("calendar_import", uid)
    said = {
        ImportState.READ: _("Thrown away. Nothing of it came in."),
        ImportState.DONE: _("The list is thrown away. The events stay."),
    }
    messages.success(request, said[ImportState(own.state)])
    return redirect("add_import")
