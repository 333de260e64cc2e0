"""The sending room: what comes, what waits and why, what went; and all that one person was told."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from notifications import access, sending, tasks
from notifications.forms.sending import OpenForm, PauseForm, PersonForm
from notifications.models import AddressLook, Message
from notifications.services import gates, resending, stops
from notifications.why import why
from notifications.wording import lead_text, masked
from outreach import second_factor
from outreach.enums import Role
from outreach.models import Contact, StaffMember
from outreach.spreadsheets import as_csv
from outreach.views.guards import only_reads, staff_only


@staff_only
@require_safe
def sending_room(request: HttpRequest) -> HttpResponse:
    staff = access.sender_for(request.user)
    return _room(request, staff, PersonForm(), PauseForm())


@staff_only
@only_reads
@sensitive_post_parameters()
def find_reader(request: HttpRequest) -> HttpResponse:
    """By POST, for what is typed must not reach a log."""
    staff = access.sender_for(request.user)
    form = PersonForm(request.POST or None)
    found = None
    if request.method == "POST" and form.is_valid():
        contacts = sending.search(access.readers(staff), form.cleaned_data["who"])
        found = [(contact, _addresses(contact)) for contact in contacts]
    return render(request, "notifications/find_reader.html", {"form": form, "found": found})


@staff_only
@require_safe
def reader(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Everything one person was told, and why."""
    contact, staff = access.reader_for(request.user, uid)
    return _reader(request, contact, staff)


@never_cache
@staff_only
@only_reads
@require_POST
def reveal_reader(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The same page with the addresses open; who looked is written down."""
    contact, staff = access.reader_for(request.user, uid)
    if asked := second_factor.ask(request, back=reverse("reader", args=[uid])):
        return asked
    AddressLook.objects.create(contact=contact, staff=staff)
    response = _reader(request, contact, staff, is_open=True)
    response["Cache-Control"] = "no-store"
    return response


@staff_only
@only_reads
@require_POST
def export_reader(request: HttpRequest, uid: UUID) -> HttpResponse:
    """All of it as a spreadsheet, for a person who asks what we hold on them."""
    contact, staff = access.reader_for(request.user, uid)
    if asked := second_factor.ask(request, back=reverse("reader", args=[uid])):
        return asked
    AddressLook.objects.create(contact=contact, staff=staff, is_export=True)
    consents = list(contact.subscriptions.all())
    head = ["due", "kind", "channel", "status", "settled", "about", "why"]
    rows = [
        [
            one.due_at.isoformat(),
            one.kind,
            one.channel,
            one.status,
            one.settled_at.isoformat() if one.settled_at else "",
            str(one.about_event.summary) if one.about_event else "",
            why(one, consents),
        ]
        for one in sending.told(contact)
    ]
    response = HttpResponse(as_csv([head, *rows]), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="messages.csv"'
    response["Cache-Control"] = "no-store"
    return response


@staff_only
@require_POST
def send_again(request: HttpRequest, uid: UUID) -> HttpResponse:
    staff = access.sender_for(request.user)
    found = Message.objects.filter(contact__in=access.readers(staff).values("pk"))
    message = get_object_or_404(found.select_related("contact"), uid=uid)
    try:
        resending.send_again(message)
    except resending.NotAgain:
        messages.error(request, _("This cannot go again: it waits already, or is over."))
    else:
        tasks.ring(tasks.drain_personal)
        messages.success(request, _("On its way again."))
    return redirect("reader", message.contact.uid)


@staff_only
@require_POST
def pause_sending(request: HttpRequest) -> HttpResponse:
    """Anybody who sends may stop a mistake; what a worker holds already still goes."""
    staff = access.sender_for(request.user)
    form = PauseForm(request.POST)
    if not form.is_valid():
        return _room(request, staff, PersonForm(), form)
    gates.close(form.cleaned_data["what"], reason=form.cleaned_data["reason"], by=staff)
    messages.success(request, _("Held back. Nothing of it goes out until somebody opens it again."))
    return redirect("sending_room")


@staff_only
@require_POST
def resume_sending(request: HttpRequest) -> HttpResponse:
    access.sender_for(request.user)
    form = OpenForm(request.POST)
    if not form.is_valid():
        raise Http404
    gates.open_again(form.cleaned_data["what"])
    tasks.ring(tasks.drain_personal)
    tasks.ring(tasks.drain_campaign)
    messages.success(request, _("Open again."))
    return redirect("sending_room")


def _room(
    request: HttpRequest, staff: StaffMember, person: PersonForm, pause: PauseForm
) -> HttpResponse:
    context = {
        "form": pause,
        "person_form": person,
        "troubles": sending.troubles(),
        "gate_names": _gate_names(),
        "coming": [(one, lead_text(one.lead_minutes)) for one in sending.coming()],
        "waiting": sending.waiting(),
        "went": sending.went(),
        "replies": sending.replies(),
        "failed": [
            (one, masked(stops.address_of(one.contact, one.channel)))
            for one in sending.failed(access.readers(staff))
        ],
        "may_read_campaigns": access.may_read_campaigns(staff),
        "may_keep_records": access.may_keep_records(staff),
        "now": timezone.now(),
    }
    return render(request, "notifications/sending_room.html", context)


def _gate_names() -> dict[str, str]:
    offered = PauseForm().fields["what"].choices  # type: ignore[attr-defined]
    return {code: str(name) for code, name in offered} | {
        "email": _("E-mail"),
        "text": _("Text message"),
    }


def _reader(
    request: HttpRequest, contact: Contact, staff: StaffMember, *, is_open: bool = False
) -> HttpResponse:
    consents = list(contact.subscriptions.select_related("beat", "read_out_by"))
    context = {
        "contact": contact,
        "addresses": _addresses(contact, is_open=is_open),
        "is_open": is_open,
        "consents": consents,
        "told": [(one, why(one, consents), _can_go_again(one)) for one in sending.told(contact)],
        "looks": AddressLook.objects.filter(contact=contact).select_related("staff")[:20],
        "may_see_looks": staff.role == Role.SERGEANT,
        "may_erase": access.may_destroy(staff),
    }
    return render(request, "notifications/reader.html", context)


def _can_go_again(message: Message) -> bool:
    event = message.about_event
    is_over = event is not None and event.ends_at <= timezone.now()
    return message.status in resending.AGAIN and message.channel != "call" and not is_over


def _addresses(contact: Contact, *, is_open: bool = False) -> list[str]:
    known = [address for address in (contact.email, str(contact.phone or "")) if address]
    return known if is_open else [masked(address) for address in known]
