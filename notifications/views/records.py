"""Public records requests: asked for, watched, taken once."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from notifications import access, tasks
from notifications.forms.records import ExportForm
from notifications.models import RecordsExport
from notifications.services.retention import exporting
from notifications.services.retention.tables import TABLES
from outreach.views.guards import only_reads, staff_only

SHOWN = 50


@staff_only
@only_reads
@sensitive_post_parameters()
def records_exports(request: HttpRequest) -> HttpResponse:
    """Ask for one; and all that were ever made."""
    staff = access.records_keeper_for(request.user)
    form = ExportForm(request.POST or None, people=access.people_on_record(staff))
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data["number"]
        if form.person:
            made = exporting.of_person(form.person, number=number, by=staff)
        elif form.happening:
            made = exporting.of_event(form.happening, number=number, by=staff)
        else:
            made = exporting.of_span(*form.span, number=number, by=staff)
        tasks.ring(tasks.keep_records)
        return redirect("records_export", made.uid)
    made_before = RecordsExport.objects.select_related("staff")[:SHOWN]
    context = {"form": form, "exports": made_before, "staff": staff}
    return render(request, "notifications/records_exports.html", context)


@staff_only
@require_safe
def records_export(request: HttpRequest, uid: UUID) -> HttpResponse:
    export, _staff = access.own_export(request.user, uid)
    files = list(export.files.values_list("name", flat=True))
    context = {
        "export": export,
        "files": files,
        "made": len(set(files) & {table.name for table in TABLES}),
        "total": len(TABLES),
    }
    return render(request, "notifications/records_export.html", context)


@staff_only
@only_reads
@require_POST
def take_export(request: HttpRequest, uid: UUID) -> HttpResponse:
    export, _staff = access.own_export(request.user, uid)
    try:
        packed = exporting.take(export.pk)
    except exporting.NotThere:
        messages.error(request, _("It is not there: taken already, a day old, or not ready yet."))
        return redirect("records_export", uid)
    response = HttpResponse(packed, content_type="application/zip")
    response["Content-Disposition"] = 'attachment; filename="records.zip"'
    response["Cache-Control"] = "no-store"
    return response
