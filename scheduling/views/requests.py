"""People ask for an event, and look after what they asked for."""

from contextlib import suppress

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from outreach import department, limits
from outreach.actors import Actor
from outreach.enums import Source
from outreach.models import EventRequest
from outreach.services import submissions
from outreach.services.requests import NotOpen
from outreach.views.guards import by_link
from scheduling import access
from scheduling.forms.requests import EventRequestForm
from scheduling.services import requests


@never_cache
@sensitive_post_parameters()
def request_event(request: HttpRequest) -> HttpResponse:
    if not department.current().requestable:
        raise Http404
    form = EventRequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        limits.count(request, "event-request", most=20)
        if received := receive(form, Source.WEB, None):
            context = {"asked": received, "held_until": requests.held_until(received)}
            return render(request, "scheduling/event_request_received.html", context)
    return render(request, "scheduling/request_event.html", {"form": form})


def receive(
    form: EventRequestForm, source: Source, by: Actor | None, *, is_short_notice: bool = False
) -> EventRequest | None:
    """A second click finds the request of the first; other words under its key are refused, as
    is what the program does not offer."""
    try:
        uid = submissions.once(
            f"event-request:{form.cleaned_data['key']}",
            submissions.typed(form),
            lambda: str(
                requests.ask(form.wish(source), by=by, is_short_notice=is_short_notice).uid
            ),
        )
    except requests.NotOffered as refusal:
        form.refuse(refusal.place, refusal.words)
        return None
    except submissions.KeyReused:
        form.add_error(
            None, _("We have this request already. To change it, call us or send a new form.")
        )
        return None
    return EventRequest.objects.select_related("beat", "contact").get(uid=uid)


@by_link
@require_safe
def own_event_request(request: HttpRequest, token: str) -> HttpResponse:
    """The own request by link: shows, changes nothing."""
    own = access.own_event_request(token)
    context = {
        "asked": own,
        "event": requests.event_of(own),
        "held_until": requests.held_until(own),
        "token": token,
        "can_withdraw": requests.can_withdraw(own),
    }
    return render(request, "scheduling/own_event_request.html", context)


@by_link
@require_POST
def withdraw_own_event_request(request: HttpRequest, token: str) -> HttpResponse:
    own = access.own_event_request(token)
    with suppress(NotOpen):  # the page says where it stands: declined, or the event is over
        requests.withdraw(own.pk, by=Actor(contact=own.contact))
    return redirect("own_event_request", token)
