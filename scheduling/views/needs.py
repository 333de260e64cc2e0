"""Accommodations: asked for by anybody, arranged by staff."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from outreach import limits
from outreach.services import submissions
from outreach.views.guards import staff_only
from scheduling import access
from scheduling.enums import AccommodationState
from scheduling.forms.needs import NeedsForm, NeedStateForm
from scheduling.models import Accommodation, Event
from scheduling.services import accommodations

ASKS_AN_HOUR = 20


@never_cache
def ask_needs(request: HttpRequest, uid: UUID) -> HttpResponse:
    event = access.public_event(uid)
    form = NeedsForm(request.POST or None)
    can_ask = accommodations.may_ask(event)
    if request.method == "POST" and can_ask and form.is_valid():
        limits.count(request, "needs", most=ASKS_AN_HOUR)
        _ask(event, form)
        messages.success(request, _("Thank you. We arrange it and say here when it is certain."))
        return redirect("event", event.uid)
    context = {
        "event": event,
        "form": form,
        "can_ask": can_ask,
        "ask_until": accommodations.ask_until(event),
    }
    return render(request, "scheduling/ask_needs.html", context)


@staff_only
def add_needs(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The staff twin: somebody called, perhaps late."""
    event, _staff = access.seated_event(request.user, uid)
    form = NeedsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _ask(event, form)
        messages.success(request, _("Kept."))
        return redirect("staff_event", uid)
    return render(request, "scheduling/add_needs.html", {"event": event, "form": form})


@staff_only
@require_POST
def change_need(request: HttpRequest, uid: UUID, need_uid: UUID) -> HttpResponse:
    event, _staff = access.seated_event(request.user, uid)
    need = get_object_or_404(Accommodation, event=event, uid=need_uid)
    form = NeedStateForm(request.POST)
    if form.is_valid():
        accommodations.set_state(need, AccommodationState(form.cleaned_data["state"]))
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("Choose one of the states."))
    return redirect("staff_event", uid)


def _ask(event: Event, form: NeedsForm) -> None:
    """Asked twice it is needed once, so a key used again is no trouble."""

    def act() -> str:
        accommodations.ask(event, form.asked())
        return str(event.uid)

    try:
        submissions.once(
            f"needs:{form.cleaned_data['key']}",
            submissions.typed(form) | {"event": str(event.uid)},
            act,
        )
    except submissions.KeyReused:
        act()
