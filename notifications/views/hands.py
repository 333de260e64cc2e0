"""Other people for an event, the rest of a person's day, and a team that runs late."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from notifications import selectors
from outreach.actors import Actor
from outreach.enums import Role
from outreach.models import StaffMember
from outreach.services import submissions
from outreach.views.guards import staff_only
from scheduling import access
from scheduling import selectors as scheduling_selectors
from scheduling.forms.hands import HandOverForm, LateForm, RecallForm
from scheduling.models import Event
from scheduling.services import bookings, events, hands, lateness


@staff_only
def hand_over(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The free ones first, with how much they have and what they speak."""
    event, staff = access.worked_event(request.user, uid)
    givers = scheduling_selectors.staff_of(event)
    giver = next((one for one in givers if str(one.pk) == request.POST.get("from_")), None)
    giver = giver or (staff if staff in givers else next(iter(givers), None))
    form = HandOverForm(
        request.POST or None,
        givers=givers,
        takers=hands.takers(event, giver) if giver else [],
        initial={"from_": giver.pk if giver else None},
    )
    clash = None
    if request.method == "POST" and form.is_valid():
        try:
            _hand_over(event, form, staff)
        except bookings.DoubleBooked as refusal:
            clash = refusal
        except hands.NotTheirs:
            form.add_error("from_", _("This has changed meanwhile. Look who goes now."))
        except bookings.EventCancelled:
            messages.error(request, _("This event is cancelled and changes no more."))
            return redirect("staff_event", uid)
        except submissions.KeyReused:
            form.add_error(None, _("This was sent already. Look whether it is as you want it."))
        else:
            messages.success(request, _("Handed over."))
            return redirect("staff_event", uid)
    context = {"event": event, "form": form, "clash": clash, "givers": givers}
    return render(request, "notifications/hand_over.html", context, status=409 if clash else 200)


def _hand_over(event: Event, form: HandOverForm, staff: StaffMember) -> None:
    given = form.cleaned_data
    how = {name: given[name] for name in ("from_", "to", "reason")}
    typed = {name: str(value) for name, value in given.items()} | {"event": str(event.uid)}
    typed |= {name: str(given[name].pk) for name in ("from_", "to")}
    submissions.once(
        f"hand-over:{given['key']}",
        typed,
        lambda: str(hands.hand_over(event.pk, by=Actor(staff=staff), **how).uid),
    )


@staff_only
def recall(request: HttpRequest) -> HttpResponse:
    """The first press shows what would come of it and who is told; the second does it."""
    staff = access.planner_for(request.user)
    people = scheduling_selectors.bookable_staff().order_by("name", "pk")
    if staff.role != Role.SERGEANT:
        people = people.filter(pk=staff.pk)
    form = RecallForm(request.POST or None, people=people, initial={"person": staff.pk})
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        if "recall" in request.POST:
            try:
                _recall(form, staff)
            except (events.ChangedMeanwhile, bookings.DoubleBooked):
                messages.error(request, _("Something changed just now. Look again."))
            except submissions.KeyReused:
                messages.error(request, _("This was done already. Look whether more is needed."))
            else:
                messages.success(request, _("Done. Whoever must know is told."))
                return redirect("staff_day")
        steps = hands.proposal(form.cleaned_data["person"], form.span)
        form.show(steps)
        told = [(step, selectors.audience(step.event)) for step in steps]
        context |= {"steps": told, "is_shown": True, "span": form.span}
    return render(request, "notifications/recall.html", context)


def _recall(form: RecallForm, staff: StaffMember) -> None:
    given = form.cleaned_data

    def act() -> str:
        steps = hands.recall(
            given["person"],
            form.span,
            by=Actor(staff=staff),
            reason=given["reason"],
            seen=given["seen"],
        )
        return str(len(steps))

    typed = {"person": str(given["person"].pk), "reason": given["reason"], "seen": given["seen"]}
    submissions.once(f"recall:{given['key']}", typed, act)


@staff_only
@require_POST
def late(request: HttpRequest, uid: UUID) -> HttpResponse:
    event, staff = access.worked_event(request.user, uid)
    form = LateForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose how late: 10, 20 or 30 minutes."))
        return redirect("staff_event", uid)

    def act() -> str:
        lateness.say(event.pk, minutes=form.cleaned_data["minutes"], by=Actor(staff=staff))
        return str(event.uid)

    try:
        typed = submissions.typed(form) | {"event": str(event.uid)}
        submissions.once(f"late:{form.cleaned_data['key']}", typed, act)
    except (bookings.EventCancelled, lateness.Over):
        messages.error(request, _("This event is over or cancelled."))
    except submissions.KeyReused:
        messages.error(request, _("This was done already. Look whether more is needed."))
    else:
        messages.success(request, _("Noted. The event shows it now."))
    return redirect("staff_event", uid)
