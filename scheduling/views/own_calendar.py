"""The own calendar of whoever works here: its secret address, given and taken back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from outreach.views.guards import staff_only
from scheduling import access
from scheduling.feeds import Feed
from scheduling.services import own_feeds


@staff_only
@require_safe
def own_calendar(request: HttpRequest) -> HttpResponse:
    link = own_feeds.link_of(access.planner_for(request.user))
    context = {"feed": Feed(link=link) if link else None, "link": link}
    return render(request, "scheduling/own_calendar.html", context)


@staff_only
@require_POST
def renew_own_calendar(request: HttpRequest) -> HttpResponse:
    own_feeds.renew(access.planner_for(request.user))
    messages.success(request, _("This is your address. Nobody else should have it."))
    return redirect("own_calendar")


@staff_only
@require_POST
def revoke_own_calendar(request: HttpRequest) -> HttpResponse:
    own_feeds.revoke(access.planner_for(request.user))
    messages.success(request, _("The address shows nothing any more."))
    return redirect("own_calendar")
