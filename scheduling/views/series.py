"""Staff pages of series: built and looked at, date by date."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from outreach.access import can_manage_beat
from outreach.actors import Actor
from outreach.services import submissions
from outreach.views.guards import staff_only
from scheduling import access, recurrence, rule_words, selectors, wording
from scheduling.forms.series import AddDateForm, SeriesForm
from scheduling.models import Series
from scheduling.services import bookings, checks, dates, occurrences, series
from scheduling.services.outlook import Prospect, State
from scheduling.services.series import Wish

PER_PAGE = 40
# Of a long preview these are listed one by one; further on only dates with something to say.
FIRST_DATES = 40


@staff_only
def add_series(request: HttpRequest) -> HttpResponse:
    """The rule, then its dates to look at, then the booking: one form, two buttons."""
    staff = access.planner_for(request.user)
    start = {
        "key": uuid4(),
        "day": request.GET.get("day", ""),
        "venue": request.GET.get("venue", ""),
        "staff": [staff.pk],
    }
    form = SeriesForm(request.POST or None, **access.rights(staff), initial=start)
    context: dict[str, object] = {"form": form}
    if request.method == "POST" and form.is_valid():
        wish = form.wish()
        try:
            context |= preview_context(wish, series.preview(wish))
            if "book" in request.POST:
                uid = submissions.once(
                    f"series:{form.cleaned_data['key']}",
                    submissions.typed(form),
                    lambda: str(series.create(wish, by=Actor(staff=staff)).uid),
                )
                messages.success(request, _("The series is booked."))
                return redirect("staff_series", uid)
        except checks.NotBookable as refusal:
            form.refuse(refusal.problems)
        except bookings.DoubleBooked:
            messages.error(request, _("Someone else is booking right now. Please try again."))
        except submissions.KeyReused:
            messages.info(request, _("This series is booked already; change it on its page."))
            return redirect("staff_week")
    return render(request, "scheduling/add_series.html", context)


@staff_only
@require_safe
def every(request: HttpRequest) -> HttpResponse:
    """All series of the city: what goes on, then what is over."""
    access.calendar_reader_for(request.user)
    page = Paginator(selectors.all_series(), PER_PAGE).get_page(request.GET.get("page"))
    found: list[Any] = list(page)  # with what all_series() adds
    rows = [(own, in_words(own), _until(own)) for own in found]
    context = {
        "page": page,
        "going_on": [row for row in rows if not row[0].is_over],
        "over": [row for row in rows if row[0].is_over],
    }
    return render(request, "scheduling/series_list.html", context)


@staff_only
@require_safe
def show(request: HttpRequest, uid: UUID) -> HttpResponse:
    own, staff = access.visible_series(request.user, uid)
    coming = dates.coming(own)
    context = {
        "series": own,
        "rule": in_words(own),
        "dates": Paginator(coming, PER_PAGE).get_page(request.GET.get("page")),
        "waiting_count": sum(one.standing == dates.Standing.WAITS for one in coming),
        "people": own.staff.order_by("pk"),
        "can_manage": can_manage_beat(staff, own.beat),
    }
    return render(request, "scheduling/series.html", context)


@staff_only
@require_POST
def add_date(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A date that was skipped, cancelled or closed takes place after all."""
    own, staff = access.manageable_series(request.user, uid)
    form = AddDateForm(request.POST)
    try:
        if not form.is_valid():
            raise occurrences.NotADate
        event = occurrences.add_again(own.pk, form.cleaned_data["day"], by=Actor(staff=staff))
    except occurrences.NotADate:
        messages.error(request, _("This date cannot be added: it has an event, or is past."))
    except bookings.DoubleBooked:
        messages.error(request, _("Someone else is booking right now. Please try again."))
    else:
        is_sure = event.bookings.exists() or event.status == "confirmed"
        added, waits = _("The date is added."), _("The date is added, and waits: see below.")
        messages.success(request, added if is_sure else waits)
    return redirect("staff_series", uid)


@staff_only
@require_POST
def claim(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Try again for a date that clashed when it was made."""
    event, staff = access.manageable_event(request.user, uid)
    if not hasattr(event, "occurrence"):
        return redirect("staff_event", uid)
    try:
        occurrences.claim(event.pk, by=Actor(staff=staff))
    except bookings.DoubleBooked as refusal:
        said = [wording.clash(clash) for clash in refusal.clashes]
        messages.error(request, " · ".join([_("It still clashes."), *said]))
    except checks.NotBookable as refused:
        messages.error(request, " ".join(refused.problems.values()))
    except bookings.EventCancelled:
        messages.error(request, _("This event is cancelled and changes no more."))
    else:
        messages.success(request, _("Confirmed: people and venue are booked."))
    return redirect("staff_event", uid)


def preview_context(wish: Wish, found: list[Prospect]) -> dict[str, object]:
    """What the page says of the dates to come: all of the first ones, then what is special."""
    shown = found[:FIRST_DATES] + [one for one in found[FIRST_DATES:] if not one.is_plain]
    return {
        "rule": rule_words.sentence(wish.rule, wish.starts, skips_closures=wish.skips_closures),
        "prospects": shown,
        "unlisted": len(found) - len(shown),
        "last_day": found[-1].day,
        "goes_on": not wish.rule.has_end,
        "made_count": sum(one.is_made for one in found),
        "clash_count": sum(one.state == State.CLASH for one in found),
        "closed_count": sum(one.state == State.CLOSED for one in found),
        "skipped_count": sum(one.state == State.SKIPPED for one in found),
    }


def in_words(own: Series) -> str:
    rule = recurrence.parse(own.rrule)
    return rule_words.sentence(rule, own.starts, skips_closures=own.skips_closures)


def _until(own: Series) -> date | None:
    """The last day of its rule or of what was added to it; None when it has no end."""
    last = recurrence.last_date(recurrence.parse(own.rrule), own.first_on)
    return max([last, *own.rdates]) if last else None
