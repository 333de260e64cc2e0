"""Bring in a calendar: the upload. What comes of it is looked at on its own page."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from outreach.services import submissions
from outreach.views.guards import staff_only
from scheduling import access, calendar_words
from scheduling.bounded import Unreadable
from scheduling.forms.imports import ImportForm
from scheduling.services import imports

SHOWN = 20


@staff_only
def add_import(request: HttpRequest) -> HttpResponse:
    staff = access.planner_for(request.user)
    form = ImportForm(request.POST or None, request.FILES or None, **access.rights(staff))
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]

        def read() -> str:
            own = imports.stage(form.choice(), file.read(), file_name=file.name, by=staff)
            return str(own.uid)

        try:
            uid = submissions.once(
                f"import:{form.cleaned_data['key']}", submissions.typed(form), read
            )
            return redirect("calendar_import", uid)
        except Unreadable as refusal:
            form.add_error("file", calendar_words.fault(refusal))
        except submissions.KeyReused:
            messages.info(request, _("This file was read already; you find it below."))
            return redirect("add_import")
    context = {"form": form, "imports": access.own_imports(staff)[:SHOWN]}
    return render(request, "scheduling/add_import.html", context)
