"""The department's settings on one page."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from outreach import access
from outreach.forms.department import DepartmentForm, as_kept
from outreach.services import departments
from outreach.views.guards import staff_only


@staff_only
def department(request: HttpRequest) -> HttpResponse:
    staff = access.staff_member_for(request.user)
    may_change = access.may_change_department(staff)
    if not access.may_see_department(staff) or (request.method == "POST" and not may_change):
        raise PermissionDenied
    row = departments.kept()
    first = {**as_kept(row), "seen": departments.version(row)}
    form = DepartmentForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            departments.change(form.wish(), seen=form.cleaned_data["seen"], by=staff)
        except departments.ChangedMeanwhile:
            form.saw_again(departments.version(row))
        else:
            messages.success(request, _("Kept. Pages and calendars show it within a few seconds."))
            return redirect("department")
    context = {"form": form, "row": row, "may_change": may_change, "zone": settings.TIME_ZONE}
    return render(request, "outreach/department.html", context)
