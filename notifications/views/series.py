"""Changes of a whole series, and who is told of them."""

from datetime import date
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notifications import selectors
from notifications.selectors import Audience
from notifications.views import looking
from outreach.actors import Actor
from outreach.models import StaffMember
from outreach.services import submissions
from outreach.views.guards import staff_only
from scheduling import access
from scheduling import selectors as scheduling_selectors
from scheduling.enums import EventStatus
from scheduling.forms.events import as_typed
from scheduling.forms.series import (
    AddDateForm,
    OccurrenceCancelForm,
    OccurrenceChangeForm,
    SeriesCancelForm,
    SeriesChangeForm,
    series_as_typed,
)
from scheduling.models import Event, Series
from scheduling.services import bookings, checks, dates, events, reshaping
from scheduling.services.series import Wish
from scheduling.services.shifting import DatesClash, Outcome
from scheduling.views.series import in_words, preview_context


@staff_only
def change_series(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The rule and all else of the coming dates, or with ?since= of those from a day on."""
    own, staff = access.manageable_series(request.user, uid)
    since = _since(request)
    left = reshaping.continuing(own, since)
    form = SeriesChangeForm(
        request.POST or None,
        **access.rights(staff, own.beat),
        venue=own.venue_id,
        initial=series_as_typed(left) | {"key": uuid4()},
    )
    context: dict[str, object] = {
        "form": form, "series": own, "since": since, "audience": _audience(own, since),
    }  # fmt: skip
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            if "save" in request.POST:
                target = _save(request, form, own, staff, since)
                return redirect("staff_series", target)
            wish = _wish(form, left)
            context |= preview_context(wish, reshaping.preview(own, wish, since=since))
        except checks.NotBookable as refusal:
            form.refuse(refusal.problems)
        except DatesClash as refusal:
            context["clashing"], status = refusal.prospects, 409
        except bookings.DoubleBooked:
            messages.error(request, _("Someone else is booking right now. Please try again."))
        except submissions.KeyReused:
            messages.info(request, _("This change is saved already."))
            return redirect("staff_series", uid)
    return render(request, "notifications/change_series.html", context, status=status)


@staff_only
def cancel_series(request: HttpRequest, uid: UUID) -> HttpResponse:
    own, staff = access.manageable_series(request.user, uid)
    form = SeriesCancelForm(request.POST or None)
    live = dates.live(own)
    if request.method == "POST" and form.is_valid():
        outcome = reshaping.end(
            own.pk,
            since=None,
            by=Actor(staff=staff),
            reason=form.cleaned_data["reason"],
            with_own=form.cleaned_data["with_own"],
        )
        messages.success(request, said(outcome))
        return redirect("staff_series", uid)
    context = {
        "series": own,
        "rule": in_words(own),
        "form": form,
        "count": sum(not one.is_own for one in live),
        "audience": _audience(own, None),
    }
    return render(request, "notifications/cancel_series.html", context)


def change_occurrence(
    request: HttpRequest, shown: Event, staff: StaffMember, version: int
) -> HttpResponse:
    """A date of a series changes alone, or the later or all coming ones with it."""
    form = OccurrenceChangeForm(
        request.POST or None,
        **access.rights(staff, shown.beat),
        venue=shown.venue_id,
        initial=as_typed(shown, scheduling_selectors.staff_wanted(shown)) | {"seen": version},
    )
    if shown.status == EventStatus.CONFIRMED:
        form.keep_confirmed()
    context: dict[str, object] = {
        "form": form, "event": shown, "audience": selectors.audience(shown),
    }  # fmt: skip
    if "check" in request.POST:
        return looking.answer(request, "notifications/change_event.html", context)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            outcome = _change(shown, form, staff)
            messages.success(request, said(outcome))
            return redirect("staff_event", shown.uid)
        except bookings.DoubleBooked as refusal:
            context["clash"], status = refusal, 409
        except DatesClash as refusal:
            context["clashing"], status = refusal.prospects, 409
        except events.ChangedMeanwhile:
            status = 409
            form.saw_again(version)
        except checks.NotBookable as refusal:
            form.refuse(refusal.problems)
        except bookings.EventCancelled:
            messages.error(request, _("This event is cancelled and changes no more."))
            return redirect("staff_event", shown.uid)
    return render(request, "notifications/change_event.html", context, status=status)


def cancel_occurrence(request: HttpRequest, shown: Event, staff: StaffMember) -> HttpResponse:
    """A date of a series is skipped alone, or the later or all coming ones with it."""
    form = OccurrenceCancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        outcome = reshaping.cancel(
            shown.pk,
            scope=form.cleaned_data["scope"],
            by=Actor(staff=staff),
            reason=form.cleaned_data["reason"],
            with_own=form.cleaned_data["with_own"],
        )
        messages.success(request, said(outcome))
        return redirect("staff_event", shown.uid)
    context = {"event": shown, "form": form, "audience": selectors.audience(shown)}
    return render(request, "notifications/cancel_event.html", context)


def rule_of(event: Event) -> str:
    """The rule of its series in words; empty for an event of none."""
    return in_words(event.occurrence.series) if hasattr(event, "occurrence") else ""


def _change(shown: Event, form: OccurrenceChangeForm, staff: StaffMember) -> Outcome:
    return reshaping.change(
        shown.pk,
        form.plan(),
        scope=form.cleaned_data["scope"],
        by=Actor(staff=staff),
        reason=form.cleaned_data["reason"],
        seen=form.cleaned_data["seen"],
        leaves_clashes=form.cleaned_data["leaves_clashes"],
    )


def said(outcome: Outcome) -> str:
    """What a change did to how many dates."""
    parts = []
    for count, one, many in (
        (outcome.changed, _("%(count)s date changed."), _("%(count)s dates changed.")),
        (outcome.added, _("%(count)s date added."), _("%(count)s dates added.")),
        (outcome.cancelled, _("%(count)s date cancelled."), _("%(count)s dates cancelled.")),
    ):
        if count:
            parts.append((one if count == 1 else many) % {"count": count})
    if left := outcome.left_alone:
        words = ngettext(
            "%(count)s date that was changed by itself, or clashes, stays as it was.",
            "%(count)s dates that were changed by themselves, or clash, stay as they were.",
            left,
        )
        parts.append(words % {"count": left})
    if waiting := outcome.waiting:
        words = ngettext("%(count)s date waits for you.", "%(count)s dates wait for you.", waiting)
        parts.append(words % {"count": waiting})
    return " ".join(parts) or _("Nothing was left to change.")


def _save(
    request: HttpRequest,
    form: SeriesChangeForm,
    own: Series,
    staff: StaffMember,
    since: date | None,
) -> str:
    """The change, once, however often it is sent; the address of the series it made."""

    def act() -> str:
        outcome = reshaping.reshape(
            own.pk,
            _wish(form, reshaping.continuing(own, since)),
            since=since,
            by=Actor(staff=staff),
            reason=form.cleaned_data["reason"],
            leaves_clashes=form.cleaned_data["leaves_clashes"],
        )
        messages.success(request, said(outcome))
        return str(outcome.series.uid if outcome.series else own.uid)

    key = f"series-change:{form.cleaned_data['key']}"
    return submissions.once(key, submissions.typed(form), act)


def _wish(form: SeriesChangeForm, left: Wish) -> Wish:
    """Dates that were added stay added while the rule is the same."""
    return form.wish(rdates=left.rdates if form.rule() == left.rule else ())


def _since(request: HttpRequest) -> date | None:
    given = AddDateForm({"day": request.GET.get("since", "")})
    return given.cleaned_data["day"] if given.is_valid() else None


def _audience(own: Series, since: date | None) -> Audience:
    """Those who would hear of the next date hear of the others by the same message."""
    live = dates.live(own, since)
    return selectors.audience(live[0].event) if live else Audience()
