"""Staff give an event seats, and sign people up who call or come to the counter."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from outreach.actors import Actor
from outreach.models import StaffMember
from outreach.services import submissions
from outreach.views.guards import staff_only
from scheduling import access, seats
from scheduling.enums import RsvpResponse
from scheduling.forms.seats import OwnSeatsForm, SeatsForm, StaffSignUpForm, as_typed
from scheduling.models import Event
from scheduling.services import accommodations, rsvps


@staff_only
def event_seats(request: HttpRequest, uid: UUID) -> HttpResponse:
    """How many seats there are, who has them and who waits."""
    event, staff = access.seated_event(request.user, uid)
    seating = seats.of(event)
    form = SeatsForm(request.POST or None, event=event, initial=as_typed(seating))
    if request.method == "POST" and form.is_valid():
        try:
            rsvps.set_seats(
                event.pk,
                capacity=form.cleaned_data["capacity"],
                most_a_household=form.cleaned_data["most_a_household"],
                closes_at=form.closes_at,
            )
        except rsvps.SeatsPromised as refusal:
            form.refuse_fewer(refusal.least)
        else:
            messages.success(request, _("Saved."))
            return redirect("event_seats", uid)
    people = list(seats.standing(event))
    context = {
        "event": event,
        "staff": staff,
        "form": form,
        "seating": seating,
        "tally": seats.tally(seating) if seating else None,
        "coming": [one for one in people if one.response == RsvpResponse.ACCEPTED],
        "waiting": [one for one in people if one.response == RsvpResponse.WAITLISTED],
    }
    return render(request, "scheduling/event_seats.html", context)


@staff_only
@sensitive_post_parameters()
def add_sign_up(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The staff twin of signing up."""
    event, staff = access.seated_event(request.user, uid)
    seating = seats.of(event)
    if seating is None:
        raise Http404
    form = StaffSignUpForm(request.POST or None, seating=seating, can_ask=True)
    if request.method == "POST" and form.is_valid() and _add(request, event, form, staff):
        return redirect("event_seats", uid)
    context = {"event": event, "form": form, "tally": seats.tally(seating)}
    return render(request, "scheduling/add_sign_up.html", context)


def _add(request: HttpRequest, event: Event, form: StaffSignUpForm, staff: StaffMember) -> bool:
    try:
        submissions.once(
            f"seats:{form.cleaned_data['key']}",
            submissions.typed(form) | {"event": str(event.uid)},
            lambda: _take(event, form, staff),
        )
    except rsvps.NotEnoughSeats as refusal:
        form.refuse_so_many(refusal.most)
    except rsvps.AlreadySignedUp:
        form.add_error("email", _("Somebody of this address is signed up. Change it in the list."))
    except rsvps.SignUpClosed:
        form.add_error(None, _("Sign-up for this event has closed."))
    except submissions.KeyReused:
        form.add_error(None, _("This sign-up is kept already. Change it in the list."))
    if form.is_valid():
        messages.success(request, _("Kept."))
    return form.is_valid()


def _take(event: Event, form: StaffSignUpForm, staff: StaffMember) -> str:
    rsvp = rsvps.sign_up(event.pk, wish=form.wish(), by=Actor(staff=staff))
    accommodations.ask(event, form.asked(), contact=rsvp.contact)
    return str(rsvp.uid)


@staff_only
def sign_up(request: HttpRequest, uid: UUID, rsvp_uid: UUID) -> HttpResponse:
    """One household: how to reach it, and how many come."""
    event, staff = access.seated_event(request.user, uid)
    rsvp = get_object_or_404(event.rsvps.select_related("contact", "event"), uid=rsvp_uid)
    form = OwnSeatsForm(request.POST or None, rsvp=rsvp)
    if request.method == "POST" and form.is_valid():
        try:
            rsvps.change_seats(rsvp.pk, form.cleaned_data["seats"], by=Actor(staff=staff))
        except rsvps.NotEnoughSeats as refusal:
            form.refuse_so_many(refusal.most)
        except rsvps.SignUpClosed:
            form.add_error(None, _("This sign-up changes no more."))
        else:
            messages.success(request, _("Saved."))
            return redirect("event_seats", uid)
    context = {"event": event, "rsvp": rsvp, "form": form}
    return render(request, "scheduling/sign_up.html", context)


@staff_only
@require_POST
def give_back(request: HttpRequest, uid: UUID, rsvp_uid: UUID) -> HttpResponse:
    event, staff = access.seated_event(request.user, uid)
    rsvp = get_object_or_404(event.rsvps, uid=rsvp_uid)
    try:
        rsvps.give_back(rsvp.pk, by=Actor(staff=staff))
    except rsvps.SignUpClosed:
        messages.error(request, _("It is too late to give seats back."))
    else:
        messages.success(request, _("Their seats are given back."))
    return redirect("event_seats", uid)
