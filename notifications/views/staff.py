"""Staff pages that say who is told: the day, an event, its move and its end."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from notifications import selectors
from notifications.forms.subscribing import StaffSubscribeForm
from notifications.services import subscriptions
from notifications.views import looking, series
from notifications.views.public import sign_up
from outreach import access as outreach_access
from outreach.actors import Actor
from outreach.models import StaffMember
from outreach.services import submissions
from outreach.views.guards import staff_only
from scheduling import access, audit
from scheduling import selectors as scheduling_selectors
from scheduling.enums import EventStatus
from scheduling.forms.events import CancelForm, EventChangeForm, EventForm, as_typed, usual_title
from scheduling.forms.hands import LateForm
from scheduling.services import bookings, checks, events, lateness
from scheduling.views import panels

# What a link to the form of a new event may say.
FROM_LINK = ["program", "summary", "beat", "day", "starts", "venue", "location", "group"]


@staff_only
@require_safe
def event(request: HttpRequest, uid: UUID) -> HttpResponse:
    shown, staff = access.visible_event(request.user, uid)
    context = {
        "event": shown,
        "staff": staff,
        "can_manage": outreach_access.can_manage_beat(staff, shown.beat),
        "may_see_home": shown.venue and outreach_access.may_open_home(staff, shown.venue),
        "changes": audit.changes(shown),
        "revisions": shown.revisions.filter(rsvp=None).select_related("staff").order_by("-pk"),
        "audience": selectors.audience(shown),
        "replies": selectors.calendar_replies(shown),
        "is_past": shown.ends_at <= timezone.now(),
        "rule": series.rule_of(shown),
        "late_minutes": scheduling_selectors.lateness(shown),
        "late_form": LateForm(),
        "late_choices": lateness.CHOICES if lateness.is_near(shown) else (),
    }
    return render(
        request, "notifications/staff_event.html", context | panels.of_event(shown, staff)
    )


@staff_only
def add_event(request: HttpRequest) -> HttpResponse:
    staff = access.planner_for(request.user)
    form = EventForm(request.POST or None, **access.rights(staff), initial=_start(request, staff))
    if "check" in request.POST:
        return looking.answer(request, "notifications/add_event.html", {"form": form})
    clash = None
    if request.method == "POST" and form.is_valid():
        try:
            uid = submissions.once(
                f"event:{form.cleaned_data['key']}",
                submissions.typed(form),
                lambda: _book(form.plan(), Actor(staff=staff)),
            )
        except checks.NotBookable as refusal:
            form.refuse(refusal.problems)
        except bookings.DoubleBooked as refusal:
            clash = refusal
        except submissions.KeyReused:
            messages.info(request, _("This event is booked already; change it here."))
            return redirect("staff_week")
        else:
            messages.success(request, _("Booked."))
            return redirect("staff_event", uid)
    context = {"form": form, "clash": clash, "staff": staff}
    return render(request, "notifications/add_event.html", context, status=409 if clash else 200)


@staff_only
def change_event(request: HttpRequest, uid: UUID) -> HttpResponse:
    version = events.version(uid)
    shown, staff = access.manageable_event(request.user, uid)
    if hasattr(shown, "survey_visit"):
        return redirect("staff_survey", shown.survey_visit.request.uid)
    if hasattr(shown, "occurrence"):
        return series.change_occurrence(request, shown, staff, version)
    form = EventChangeForm(
        request.POST or None,
        **access.rights(staff, shown.beat),
        venue=shown.venue_id,
        initial=as_typed(shown, scheduling_selectors.staff_of(shown)) | {"seen": version},
    )
    if shown.status == EventStatus.CONFIRMED:
        form.keep_confirmed()
    if "check" in request.POST:
        told = {"form": form, "event": shown, "audience": selectors.audience(shown)}
        return looking.answer(request, "notifications/change_event.html", told)
    clash, is_outdated = None, False
    if request.method == "POST" and form.is_valid():
        how: dict[str, Any] = {name: form.cleaned_data[name] for name in ("reason", "seen")}
        try:
            checks.refuse(form.plan(), before=shown)
            events.change(shown.pk, form.plan(), by=Actor(staff=staff), **how)
        except checks.NotBookable as refusal:
            form.refuse(refusal.problems)
        except bookings.DoubleBooked as refusal:
            clash = refusal
        except events.ChangedMeanwhile:
            is_outdated = True
            form.saw_again(version)
        except bookings.EventCancelled:
            messages.error(request, _("This event is cancelled and changes no more."))
            return redirect("staff_event", uid)
        else:
            messages.success(request, _("Saved."))
            return redirect("staff_event", uid)
    context = {"form": form, "event": shown, "clash": clash, "audience": selectors.audience(shown)}
    status = 409 if clash or is_outdated else 200
    return render(request, "notifications/change_event.html", context, status=status)


@staff_only
def cancel_event(request: HttpRequest, uid: UUID) -> HttpResponse:
    shown, staff = access.manageable_event(request.user, uid)
    if hasattr(shown, "occurrence"):
        return series.cancel_occurrence(request, shown, staff)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        events.cancel(shown.pk, by=Actor(staff=staff), reason=form.cleaned_data["reason"])
        messages.success(request, _("Cancelled."))
        return redirect("staff_event", uid)
    context = {"event": shown, "form": form, "audience": selectors.audience(shown)}
    return render(request, "notifications/cancel_event.html", context)


@staff_only
@sensitive_post_parameters()
def add_subscription(request: HttpRequest) -> HttpResponse:
    """The staff twin of subscribing. The person still confirms by their own mail."""
    staff = outreach_access.writer_for(request.user)
    form = StaffSubscribeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asked = subscriptions.Asked("add-subscription", read_out_by=staff)
        sign_up(form, asked)
        messages.success(request, _("We sent them a confirmation to answer."))
        return redirect("staff_day")
    return render(request, "notifications/add_subscription.html", {"form": form})


def _book(plan: events.Plan, by: Actor) -> str:
    checks.refuse(plan)
    return str(events.create(plan, by=by).uid)


def _start(request: HttpRequest, staff: StaffMember) -> dict[str, object]:
    """What the form can know already: who asks, what the link says, a fresh key."""
    known = {name: request.GET[name] for name in FROM_LINK if request.GET.get(name)}
    chosen = request.GET.getlist("staff") or [str(staff.pk)]
    if ends := _end(known.get("starts", ""), request.GET.get("minutes", "")):
        known["ends"] = ends
    return {"key": uuid4(), "staff": chosen, **usual_title(known.get("program", "")), **known}


def _end(starts: str, minutes: str) -> str:
    """A link says how long; the form asks for an end."""
    try:
        begin = datetime.strptime(starts, "%I:%M %p")  # noqa: DTZ007 - a clock without a day
        return f"{begin + timedelta(minutes=int(minutes)):%I:%M %p}"
    except (ValueError, OverflowError):
        return ""
