"""Watch groups: when each met, when it meets next, and its calendar."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from outreach import access as outreach_access
from outreach.views.guards import staff_only
from scheduling import access, feeds, selectors
from scheduling.forms.groups import GroupForm


@staff_only
@require_safe
def groups(request: HttpRequest) -> HttpResponse:
    staff = outreach_access.staff_member_for(request.user)
    rows = [(group, feeds.here(group=group)) for group in selectors.watch_groups()]
    context = {"rows": rows, "mine": {beat.pk for beat in access.plannable_beats(staff)}}
    return render(request, "scheduling/groups.html", context)


@staff_only
def add_group(request: HttpRequest) -> HttpResponse:
    staff = access.planner_for(request.user)
    form = GroupForm(request.POST or None, beats=access.plannable_beats(staff))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Kept. Its calendar is there in a moment."))
        return redirect("watch_groups")
    return _form(request, form, _("Add a watch group"))


@staff_only
def change_group(request: HttpRequest, code: str) -> HttpResponse:
    group, staff = access.kept_group(request.user, code)
    beats = {*access.plannable_beats(staff), group.beat}
    form = GroupForm(request.POST or None, instance=group, beats=beats)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("watch_groups")
    return _form(request, form, _("Watch group"), about=group.name)


def _form(request: HttpRequest, form: GroupForm, title: str, *, about: str = "") -> HttpResponse:
    context = {"form": form, "title": title, "about": about, "back": reverse("watch_groups")}
    return render(request, "scheduling/keep_form.html", context)
