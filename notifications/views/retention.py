"""The schedule, destruction lists and legal holds."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from notifications import access, tasks
from notifications.forms.records import HoldForm, PeriodForm, ReasonForm, ReleaseForm
from notifications.forms.sending import PersonForm
from notifications.models import Destruction, Erasure, LegalHold
from notifications.services.retention import holds, lists, schedule
from outreach import retention_periods
from outreach.enums import RecordClass
from outreach.models import RetentionPeriod, StaffMember
from outreach.spreadsheets import as_csv
from outreach.views.guards import staff_only

SHOWN = 20


@staff_only
@require_safe
def retention(request: HttpRequest) -> HttpResponse:
    staff = access.records_keeper_for(request.user)
    months, decided = retention_periods.schedule(), retention_periods.decisions()
    rows = [
        {
            "class": one,
            "length": retention_periods.length(months[one]),
            "decided": decided.get(one),
            "due": due,
            "held": held,
        }
        for one, due, held in schedule.due_now()
    ]
    shown = LegalHold.objects.select_related("contact", "event", "placed_by", "lifted_by")
    made = Destruction.objects.select_related("made_by", "released_by")
    context = {
        "rows": rows,
        "by_itself": retention_periods.by_itself(),
        "is_due": any(row["due"] for row in rows),
        "lists": [(one, lists.Progress.of(one)) for one in made[:5]],
        "holds": shown.filter(lifted_at=None),
        "lifted": shown.filter(lifted_at__isnull=False)[:SHOWN],
        "erasures": Erasure.objects.select_related("staff")[:SHOWN],
        "person_form": PersonForm(),
        "may_set": access.may_set_schedule(staff),
        "may_destroy": access.may_destroy(staff),
    }
    return render(request, "notifications/retention.html", context)


@staff_only
def change_period(request: HttpRequest, record_class: str) -> HttpResponse:
    staff = access.schedule_keeper_for(request.user)
    if record_class not in RecordClass:
        raise Http404
    kept = RecordClass(record_class)
    form = PeriodForm(request.POST or None, initial={"months": retention_periods.schedule()[kept]})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        schedule.decide(kept, said["months"], consent=said["consent"], by=staff)
        messages.success(request, _("Kept. The page on privacy says it too."))
        return redirect("retention")
    earlier = RetentionPeriod.objects.filter(record_class=kept).select_related("staff")
    context = {"form": form, "kept": kept, "earlier": earlier[:SHOWN]}
    return render(request, "notifications/change_period.html", context)


@staff_only
@require_POST
def make_list(request: HttpRequest) -> HttpResponse:
    staff = access.destroyer_for(request.user)
    try:
        made = lists.make(by=staff)
    except lists.NothingDue:
        messages.info(request, _("Nothing is due, so there is nothing to list."))
        return redirect("retention")
    return redirect("destruction_list", made.uid)


@staff_only
@require_safe
def destruction_list(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What will go and what stays; while it goes, how far it is."""
    staff = access.records_keeper_for(request.user)
    return _list_page(request, _list(uid), staff, ReleaseForm())


@staff_only
@require_safe
def list_references(request: HttpRequest, uid: UUID) -> HttpResponse:
    """For whoever compares the list with the files: classes and references, no names."""
    access.records_keeper_for(request.user)
    items = _list(uid).items.order_by("pk").values_list("record_class", "reference")
    text = as_csv([["class", "reference"], *items.iterator()])
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="destruction-list.csv"'
    return response


@staff_only
@require_POST
def release_list(request: HttpRequest, uid: UUID) -> HttpResponse:
    staff, destruction = access.destroyer_for(request.user), _list(uid)
    form = ReleaseForm(request.POST)
    if not form.is_valid():
        return _list_page(request, destruction, staff, form)
    try:
        lists.release(destruction.pk, name=form.cleaned_data["name"], by=staff)
    except lists.WrongName:
        words = _("Type your name as it stands in your account: %(name)s.")
        form.add_error("name", words % {"name": staff.name})
        return _list_page(request, destruction, staff, form)
    except lists.NotOpen:
        messages.error(request, _("This list was released or thrown away already."))
    else:
        tasks.ring(tasks.keep_records)
        messages.success(request, _("Released. It goes on by itself; you can leave this page."))
    return redirect("destruction_list", uid)


@staff_only
@require_POST
def drop_list(request: HttpRequest, uid: UUID) -> HttpResponse:
    access.destroyer_for(request.user)
    try:
        lists.drop(_list(uid).pk)
    except lists.NotOpen:
        messages.error(request, _("This list was released or thrown away already."))
        return redirect("destruction_list", uid)
    messages.success(request, _("Thrown away. Nothing of it was destroyed."))
    return redirect("retention")


@staff_only
@sensitive_post_parameters()
def add_hold(request: HttpRequest) -> HttpResponse:
    staff = access.destroyer_for(request.user)
    form = HoldForm(request.POST or None, people=access.people_on_record(staff))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if form.person:
            holds.hold_person(form.person, reason=reason, by=staff)
        elif form.happening:
            holds.hold_event(form.happening, reason=reason, by=staff)
        else:
            holds.hold_span(*form.span, reason=reason, by=staff)
        messages.success(request, _("Held. Nothing of it goes until somebody lifts the hold."))
        return redirect("retention")
    return render(request, "notifications/add_hold.html", {"form": form})


@staff_only
def lift_hold(request: HttpRequest, uid: UUID) -> HttpResponse:
    staff = access.destroyer_for(request.user)
    shown = LegalHold.objects.select_related("contact", "event", "placed_by")
    hold = get_object_or_404(shown, uid=uid)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            holds.lift(hold.pk, reason=form.cleaned_data["reason"], by=staff)
        except holds.AlreadyLifted:
            messages.info(request, _("Somebody else has lifted it already."))
        else:
            messages.success(request, _("Lifted. What is due stands on the next list."))
        return redirect("retention")
    return render(request, "notifications/lift_hold.html", {"form": form, "hold": hold})


def _list(uid: UUID) -> Destruction:
    return get_object_or_404(Destruction.objects.select_related("made_by", "released_by"), uid=uid)


def _list_page(
    request: HttpRequest, destruction: Destruction, staff: StaffMember, form: ReleaseForm
) -> HttpResponse:
    counts = [
        (one, retention_periods.length(one.months)) for one in destruction.counts.order_by("pk")
    ]
    context = {
        "list": destruction,
        "counts": counts,
        "progress": lists.Progress.of(destruction),
        "form": form,
        "may_destroy": access.may_destroy(staff),
    }
    return render(request, "notifications/destruction_list.html", context)
