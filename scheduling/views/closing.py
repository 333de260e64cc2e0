"""How it went: events closed out, past activity logged, what people said."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from outreach.services import submissions
from outreach.views.guards import staff_only
from scheduling import access, records
from scheduling.enums import HeardStatus
from scheduling.forms.records import AnswerForm, CloseOutForm, LogForm
from scheduling.models import CloseOut, Event
from scheduling.services import closing, door
from scheduling.services.bookings import EventCancelled

LONGEST_LIST = 200


@staff_only
def close_event(request: HttpRequest, uid: UUID) -> HttpResponse:
    event, staff = access.worked_event(request.user, uid)
    form = CloseOutForm(request.POST or None, initial=_likely(event))
    if request.method == "POST" and form.is_valid():
        try:
            submissions.once(
                f"close:{form.cleaned_data['key']}",
                submissions.typed(form) | {"event": str(event.uid)},
                lambda: str(closing.close(event.pk, report=form.report(), by=staff).pk),
            )
        except EventCancelled:
            form.add_error(None, _("This event is cancelled."))
        except closing.NotBegun:
            form.add_error(None, _("This event has not begun. Cancel it if it will not be held."))
        except submissions.KeyReused:
            form.add_error(
                None, _("This is written down already. Open the page anew to change it.")
            )
        if form.is_valid():
            messages.success(request, _("Closed out. Thank you."))
            return redirect("staff_event", uid)
    context = {"event": event, "form": form, "heads": door.heads(event)}
    return render(request, "scheduling/close_event.html", context)


@staff_only
def log_activity(request: HttpRequest) -> HttpResponse:
    staff = access.planner_for(request.user)
    form = LogForm(
        request.POST or None, beats=access.plannable_beats(staff), initial={"languages": ["en"]}
    )
    if request.method == "POST" and form.is_valid():
        try:
            uid = submissions.once(
                f"log:{form.cleaned_data['key']}",
                submissions.typed(form),
                lambda: str(closing.log(form.plan(), report=form.report(), by=staff).uid),
            )
        except submissions.KeyReused:
            form.add_error(None, _("This is logged already."))
        else:
            messages.success(request, _("Logged."))
            return redirect("staff_event", uid)
    return render(request, "scheduling/log_activity.html", {"form": form})


@staff_only
@require_safe
def heard(request: HttpRequest) -> HttpResponse:
    staff = access.records_reader_for(request.user)
    context = {"items": list(records.open_heard(staff)[:LONGEST_LIST])}
    return render(request, "scheduling/heard.html", context)


@staff_only
def answer_heard(request: HttpRequest, uid: UUID) -> HttpResponse:
    staff = access.planner_for(request.user)
    item = get_object_or_404(records.answerable(staff), uid=uid)
    form = AnswerForm(request.POST or None, initial={"answer": item.answer})
    if request.method == "POST" and form.is_valid():
        closing.answer(item.pk, words=form.cleaned_data["answer"])
        messages.success(request, _("Answered."))
        return redirect("staff_heard")
    context = {"item": item, "form": form, "is_done": item.status == HeardStatus.DONE}
    return render(request, "scheduling/answer_heard.html", context)


def _likely(event: Event) -> dict[str, object]:
    """What it was before, or the door's count, the planned length and the first language."""
    closed = CloseOut.objects.filter(event=event).first()
    if closed:
        return {
            "outcome": closed.outcome,
            "head_count": closed.head_count,
            "minutes": closed.minutes,
            "languages": closed.languages,
        }
    return {
        "head_count": door.heads(event) or None,
        "minutes": int(event.span.length.total_seconds() // 60),
        "languages": ["en"],
    }
