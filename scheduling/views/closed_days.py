"""Days the city or a venue is closed, and the hours of venues."""

from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from outreach import access as outreach_access
from outreach.enums import Role, VenueKind
from outreach.models import Venue
from outreach.views.guards import staff_only
from scheduling import access, presence
from scheduling.forms.hours import ClosureForm, LiftForm, WeekForm
from scheduling.models import Closure
from scheduling.services import closed_days, hours
from scheduling.views.keeping import keep

YEAR = timedelta(days=366)


@staff_only
@require_safe
def closed(request: HttpRequest) -> HttpResponse:
    """The next twelve months."""
    staff = outreach_access.staff_member_for(request.user)
    today = timezone.localdate()
    context = {
        "days": presence.closed_days(today, today + YEAR),
        "of_venues": presence.venue_closures(today, today + YEAR),
        "venues": Venue.objects.exclude(kind=VenueKind.HOME).order_by("name"),
        "can_keep": staff.role == Role.SERGEANT,
        "lift_form": LiftForm(),
    }
    return render(request, "scheduling/closures.html", context)


@staff_only
def add(request: HttpRequest) -> HttpResponse:
    access.sergeant_for(request.user)
    form = ClosureForm(request.POST or None)

    def act() -> None:
        given = form.cleaned_data
        kept = closed_days.close(
            given["name"], first=given["first"], last=given["last"], venue=given["venue"]
        )
        messages.success(request, _("Kept."))
        _warn_of_booked(request, kept.starts_on, kept.ends_on, kept.venue)

    context = {"title": _("Add closed days")}
    return keep(
        request, form, purpose="closure", act=act, then=reverse("closures"), context=context
    )


@staff_only
@require_POST
def lift(request: HttpRequest) -> HttpResponse:
    """The city works on a day its calendar has off."""
    access.sergeant_for(request.user)
    form = LiftForm(request.POST)

    def act() -> None:
        closed_days.lift(form.cleaned_data["day"])
        messages.success(request, _("City Hall works on that day."))

    context = {"title": _("Work on a closed day")}
    return keep(request, form, purpose="lift", act=act, then=reverse("closures"), context=context)


@staff_only
@require_POST
def remove(request: HttpRequest, uid: UUID) -> HttpResponse:
    access.sergeant_for(request.user)
    get_object_or_404(Closure, uid=uid).delete()
    messages.success(request, _("Taken back."))
    return redirect("closures")


@staff_only
def venue_hours(request: HttpRequest, uid: UUID) -> HttpResponse:
    venue = access.venue_kept(request.user, uid)
    form = WeekForm(request.POST or None, initial=WeekForm.typed(presence.weekly_rows(venue=venue)))

    def act() -> None:
        hours.set_weekly(venue, form.week(), from_=form.cleaned_data["from_"])
        messages.success(request, _("The new hours are kept."))

    context = {
        "title": _("Opening hours"),
        "about": venue.name,
        "lead": _(
            "Times like 8 a.m. or 17:30; both empty: closed that day. "
            "A venue without hours is always open. Earlier hours stay on record."
        ),
        "form_class": "form--week",
    }
    return keep(
        request, form, purpose="venue-hours", act=act, then=reverse("closures"), context=context
    )


def _warn_of_booked(request: HttpRequest, first: date, last: date, venue: Venue | None) -> None:
    if count := presence.booked_on(first, last, venue):
        words = ngettext(
            "%(count)s event is booked on these days. Move or cancel it.",
            "%(count)s events are booked on these days. Move or cancel them.",
            count,
        )
        messages.warning(request, words % {"count": count})
