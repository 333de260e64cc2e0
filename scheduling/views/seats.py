"""Households sign up for seats, and see, change and give back their own by link."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from outreach import limits
from outreach.actors import Actor
from outreach.services import contacts, submissions
from outreach.views.guards import by_link
from scheduling import access, qr, seats
from scheduling.enums import RsvpResponse
from scheduling.forms.seats import OwnSeatsForm, SignUpForm
from scheduling.models import Event, Rsvp, Seating
from scheduling.services import accommodations, rsvps

SIGN_UPS_AN_HOUR = 20


@never_cache
@sensitive_post_parameters()
def take_seats(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The answer is the same for everybody: what became of it is told by mail."""
    event = access.public_event(uid)
    seating = seats.of(event)
    if seating is None:
        raise Http404
    form = SignUpForm(request.POST or None, seating=seating, can_ask=accommodations.may_ask(event))
    is_open = seats.is_open(seating)
    if request.method == "POST" and is_open and form.is_valid():
        limits.count(request, "seats", most=SIGN_UPS_AN_HOUR)
        if _sign_up(event, form):
            return redirect("seats_taken", event.uid)
    context = {
        "event": event,
        "form": form,
        "is_open": is_open,
        "closes_at": seating.closes_at,
        "tally": seats.tally(seating),
        "most": seats.most_at_once(seating),
        "ask_until": accommodations.ask_until(event),
    }
    return render(request, "scheduling/take_seats.html", context)


def _sign_up(event: Event, form: SignUpForm) -> bool:
    """Whether it was taken; the form says why not."""
    try:
        submissions.once(
            f"seats:{form.cleaned_data['key']}",
            submissions.typed(form) | {"event": str(event.uid)},
            lambda: _take(event, form),
        )
    except rsvps.NotEnoughSeats as refusal:
        form.refuse_so_many(refusal.most)
    except rsvps.SignUpClosed:
        form.add_error(None, _("Sign-up for this event has closed."))
    except rsvps.TooManyToday:
        form.add_error(
            "email",
            _("This address was signed up for several events today. Try tomorrow, or call us."),
        )
    except submissions.KeyReused:
        form.add_error(None, _("We have this sign-up already. To change it, use the mail we sent."))
    return form.is_valid()


def _take(event: Event, form: SignUpForm) -> str:
    rsvps.sign_up_online(event.pk, wish=form.wish())
    accommodations.ask(event, form.asked())
    return str(event.uid)


@require_safe
def seats_taken(request: HttpRequest, uid: UUID) -> HttpResponse:
    return render(request, "scheduling/seats_taken.html", {"event": access.public_event(uid)})


@by_link
@require_safe
def own_seats(request: HttpRequest, token: str) -> HttpResponse:
    """A household's own seats and the code for the door; at the door it opens their check-in."""
    rsvp = access.own_rsvp(token)
    if request.user.is_authenticated and access.may_check_in(request.user, rsvp.event):
        return redirect("check_in", rsvp.event.uid, rsvp.uid)
    return _own_page(request, token, rsvp, OwnSeatsForm(rsvp=rsvp))


@by_link
@require_POST
def change_own_seats(request: HttpRequest, token: str) -> HttpResponse:
    rsvp = access.own_rsvp(token)
    form = OwnSeatsForm(request.POST, rsvp=rsvp)
    if form.is_valid():
        try:
            rsvps.change_seats(rsvp.pk, form.cleaned_data["seats"], by=Actor(contact=rsvp.contact))
        except rsvps.NotEnoughSeats as refusal:
            form.refuse_so_many(refusal.most)
        except rsvps.SignUpClosed:
            return redirect("own_seats", token)
        else:
            messages.success(request, _("Saved. We sent you a mail."))
            return redirect("own_seats", token)
    return _own_page(request, token, rsvp, form)


@by_link
@require_POST
def confirm_own_seats(request: HttpRequest, token: str) -> HttpResponse:
    rsvp = access.own_rsvp(token)
    if rsvp.event.starts_at > timezone.now():
        rsvps.confirm(rsvp)
    return redirect("own_seats", token)


@by_link
@require_POST
def own_seats_language(request: HttpRequest, token: str) -> HttpResponse:
    contacts.speak(access.own_rsvp(token).contact, request.POST.get("language", ""))
    return redirect("own_seats", token)


@by_link
@require_POST
def give_back_own(request: HttpRequest, token: str) -> HttpResponse:
    rsvp = access.own_rsvp(token)
    try:
        rsvps.give_back(rsvp.pk, by=Actor(contact=rsvp.contact))
    except rsvps.SignUpClosed:
        messages.error(request, _("It is too late to give seats back."))
    return redirect("own_seats", token)


def _own_page(request: HttpRequest, token: str, rsvp: Rsvp, form: OwnSeatsForm) -> HttpResponse:
    event = rsvp.event
    is_ahead = not event.is_cancelled and event.starts_at > timezone.now()
    is_waiting = rsvp.response == RsvpResponse.WAITLISTED
    context = {
        "rsvp": rsvp,
        "event": event,
        "token": token,
        "contact": rsvp.contact,
        "form": form,
        "can_change": is_ahead and rsvp.response != RsvpResponse.DECLINED,
        "can_sign_up": is_ahead and seats.is_open(Seating.objects.get(event=event)),
        "place_in_line": seats.place_in_line(rsvp) if is_waiting else None,
        "code": qr.code(settings.BASE_URL + reverse("own_seats", args=[token])),
    }
    return render(request, "scheduling/own_seats.html", context)
