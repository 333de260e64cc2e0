"""Residents subscribe, confirm, choose and leave. GET shows, POST acts."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from notifications import tasks
from notifications.channels import text
from notifications.enums import Pace, Purpose
from notifications.forms.subscribing import WHOLE_CITY, PreferencesForm, SubscribeForm
from notifications.services import subscriptions
from outreach import department, limits, selectors
from outreach.enums import LinkPurpose
from outreach.models import Contact
from outreach.views.guards import by_link
from scheduling import feeds

SIGN_UPS_AN_HOUR = 30


@sensitive_post_parameters()
def subscribe(request: HttpRequest) -> HttpResponse:
    """By e-mail with a confirmation, or in one's own calendar app."""
    form = SubscribeForm(request.POST or None, initial={"beat": request.GET.get("beat")})
    if request.method == "POST" and form.is_valid():
        limits.count(request, "subscribe", most=SIGN_UPS_AN_HOUR)
        sign_up(form)
        return redirect("subscribed")
    beats = selectors.beats_in_effect()
    programs = department.current().public_programs
    context = {
        "form": form,
        "takes_texts": text.is_on(),
        "feeds": [feeds.here(), *(feeds.here(beat=beat) for beat in beats)],
        "program_feeds": [feeds.here(program=program) for program in programs],
    }
    return render(request, "notifications/subscribe.html", context)


def sign_up(form: SubscribeForm, asked: subscriptions.Asked = subscriptions.ONLINE) -> None:
    """In the language they read, where staff were told it, else that of the page."""
    language = form.cleaned_data.get("language") or (get_language() or "en").split("-")[0]
    for address in form.addresses():
        subscriptions.sign_up(address, form.wish(), language=language, asked=asked)
    tasks.ring(tasks.drain_personal)


@require_safe
def subscribed(request: HttpRequest) -> HttpResponse:
    """The same words whether the address was new or not."""
    return render(request, "notifications/subscribed.html")


@by_link
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    contact = subscriptions.contact_behind(token, LinkPurpose.CONFIRM)
    if request.method == "POST":
        subscriptions.confirm(contact)
    waiting = contact.subscriptions.filter(ended_at=None, confirmed_at=None)
    context = {
        "token": token,
        "contact": contact,
        "waiting": list(waiting.select_related("beat")),
        "standing": subscriptions.standing(contact),
        "preferences_token": subscriptions.link_token(contact, LinkPurpose.PREFERENCES),
    }
    return render(request, "notifications/confirm.html", context)


@by_link
def preferences(request: HttpRequest, token: str) -> HttpResponse:
    contact = subscriptions.contact_behind(token, LinkPurpose.PREFERENCES)
    form = PreferencesForm(request.POST or None, initial=_current(contact))
    if request.method == "POST" and form.is_valid():
        subscriptions.choose(contact, form.wish(), language=form.cleaned_data["language"])
        return render(request, "notifications/preferences_saved.html", {"token": token})
    context = {"form": form, "token": token, "contact": contact}
    return render(request, "notifications/preferences.html", context)


@by_link
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """One click for readers, and for their mail provider, who posts without a form (RFC 8058)."""
    contact = subscriptions.contact_behind(token, LinkPurpose.PREFERENCES)
    if request.method == "POST":
        subscriptions.leave(contact)
        if request.POST.get("List-Unsubscribe") == "One-Click":
            return HttpResponse("ok\n", content_type="text/plain")  # a machine: no page, no cookie
    context = {"token": token, "has_left": not contact.subscriptions.filter(ended_at=None).exists()}
    return render(request, "notifications/leave.html", context)


def _current(contact: Contact) -> dict[str, object]:
    standing = subscriptions.standing(contact)
    first = next(iter(standing), None)
    purposes = {one.purpose for one in standing}
    return {
        "beats": list({one.beat.code if one.beat else WHOLE_CITY for one in standing}),
        "programs": first.programs if first else [],
        "pace": first.pace if first else Pace.EACH,
        "lead_minutes": first.lead_minutes if first else [],
        "wants_bulletins": Purpose.BULLETINS in purposes,
        "language": contact.language,
    }
