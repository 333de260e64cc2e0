"""At the door: who signed up, who came, who walked in."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from outreach.services import submissions
from outreach.views.guards import staff_only
from scheduling import access, seats
from scheduling.enums import RsvpResponse
from scheduling.forms.seats import CheckInForm, FindForm, WalkInForm
from scheduling.models import Event, Rsvp
from scheduling.services import door as counting
from scheduling.services.bookings import EventCancelled

BLANK_LINES = 8  # of the sheet, for walk-ins


@staff_only
@sensitive_post_parameters()
def door(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The list with its running total. Names are looked for by POST: addresses reach logs."""
    event, _staff = access.door_of(request.user, uid)
    form = FindForm(request.POST or None)
    wanted = form.cleaned_data["name"] if request.method == "POST" and form.is_valid() else ""
    return _page(request, event, form, wanted=wanted)


@staff_only
def check_in(request: HttpRequest, uid: UUID, rsvp_uid: UUID) -> HttpResponse:
    """One household, as its QR code opens it."""
    event, staff = access.door_of(request.user, uid)
    found = event.rsvps.select_related("contact", "attendance")
    rsvp = get_object_or_404(found, uid=rsvp_uid)
    form = CheckInForm(request.POST or None, initial={"heads": rsvp.seats})
    if request.method == "POST" and form.is_valid():
        try:
            counting.check_in(rsvp.pk, heads=form.cleaned_data["heads"], by=staff)
        except counting.GaveBack:
            form.add_error(None, _("They gave their seats back. Count them as walk-ins."))
        except EventCancelled:
            form.add_error(None, _("This event is cancelled."))
        else:
            messages.success(request, _("Checked in."))
            return redirect("door", uid)
    context = {"event": event, "rsvp": rsvp, "form": form}
    return render(request, "scheduling/check_in.html", context)


@staff_only
@require_POST
def walk_in(request: HttpRequest, uid: UUID) -> HttpResponse:
    event, staff = access.door_of(request.user, uid)
    form = WalkInForm(request.POST)
    if form.is_valid():
        try:
            submissions.once(
                f"walk-in:{form.cleaned_data['key']}",
                submissions.typed(form) | {"event": str(event.uid)},
                lambda: str(
                    counting.walk_in(event, heads=form.cleaned_data["heads"], by=staff).uid
                ),
            )
        except EventCancelled:
            messages.error(request, _("This event is cancelled."))
        except submissions.KeyReused:
            messages.error(request, _("These were counted already."))
        return redirect("door", uid)
    return _page(request, event, form, walk_in_form=form)


@staff_only
@require_POST
def undo(request: HttpRequest, uid: UUID, attendance_uid: UUID) -> HttpResponse:
    event, _staff = access.door_of(request.user, uid)
    counting.undo(get_object_or_404(event.attendances, uid=attendance_uid))
    messages.success(request, _("Taken back."))
    return redirect("door", uid)


@staff_only
@require_safe
def sign_in_sheet(request: HttpRequest, uid: UUID) -> HttpResponse:
    """To print: names and seats, no way to reach anybody."""
    event = access.counted_event(request.user, uid)
    people = seats.standing(event).filter(response=RsvpResponse.ACCEPTED)
    blank = range(BLANK_LINES if people else 3 * BLANK_LINES)
    context = {"event": event, "people": sorted(people, key=_by_name), "blank": blank}
    return render(request, "scheduling/sign_in_sheet.html", context)


def _page(
    request: HttpRequest,
    event: Event,
    form: FindForm | WalkInForm,
    *,
    wanted: str = "",
    walk_in_form: WalkInForm | None = None,
) -> HttpResponse:
    people = seats.standing(event).select_related("attendance")
    if wanted:
        people = people.filter(Q(contact__name__icontains=wanted))
    walk_ins = list(event.attendances.filter(rsvp=None).order_by("-pk"))
    context = {
        "event": event,
        "form": form,
        "find_form": form if isinstance(form, FindForm) and wanted else FindForm(),
        "walk_in_form": walk_in_form or WalkInForm(initial={"heads": 1}),
        "wanted": wanted,
        "people": sorted(people, key=_by_name),
        "walk_ins": walk_ins,
        "walked_in": sum(one.heads for one in walk_ins),
        "heads": counting.heads(event),
        "seating": seats.of(event),
    }
    return render(request, "scheduling/door.html", context)


def _by_name(rsvp: Rsvp) -> tuple[bool, str]:
    """Those with seats first; each by name."""
    return rsvp.response != RsvpResponse.ACCEPTED, rsvp.contact.name.casefold()
