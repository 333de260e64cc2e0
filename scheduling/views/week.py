"""The week of all pairs: as a board, as a list; and the month."""

from collections.abc import Iterable
from datetime import date, timedelta
from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from outreach import access as outreach_access
from outreach.models import StaffMember
from outreach.views.guards import staff_only
from scheduling import access, board, closures, selectors
from scheduling.forms.visits import WeekForm
from scheduling.models import Event

WEEK = timedelta(days=7)


@staff_only
@require_safe
def week(request: HttpRequest) -> HttpResponse:
    """All that is planned: the board unless another view is asked for."""
    staff = outreach_access.staff_member_for(request.user)
    form = WeekForm(request.GET)
    today = timezone.localdate()
    chosen = form.cleaned_data["week"] if form.is_valid() else today - timedelta(today.weekday())
    views = {"list": _list, "month": _month}
    return views.get(request.GET.get("view", ""), _board)(request, staff, chosen)


def _board(request: HttpRequest, staff: StaffMember, monday: date) -> HttpResponse:
    """Its own polling gets 204 while what it shows is as it was."""
    shown = board.of_week(monday, access.visible_events(staff))
    managed = outreach_access.managed_beats(staff)
    context = {"board": shown, "staff": staff, "managed": managed, **_around(monday, WEEK)}
    drawn = render_to_string("scheduling/_board.html", context, request)
    version = sha256(drawn.encode()).hexdigest()[:16]
    if request.GET.get("seen") == version:
        return HttpResponse(status=204)
    context |= {"drawn": drawn, "version": version}
    page = "_board_live.html" if request.headers.get("HX-Request") else "week.html"
    return render(request, f"scheduling/{page}", context)


def _list(request: HttpRequest, staff: StaffMember, monday: date) -> HttpResponse:
    found = selectors.with_people(
        selectors.in_days(access.visible_events(staff), monday, 7)
    ).order_by("starts_at", "pk")
    days = _by_day(found, [monday + timedelta(days=offset) for offset in range(7)])
    context = {"days": days, "staff": staff, **_around(monday, WEEK)}
    return render(request, "scheduling/week_list.html", context)


def _month(request: HttpRequest, staff: StaffMember, monday: date) -> HttpResponse:
    """Whole weeks around the month that most of this week lies in."""
    first = (monday + timedelta(days=3)).replace(day=1)
    after = (first + timedelta(days=31)).replace(day=1)
    begin = first - timedelta(days=first.weekday())
    count = (after - begin).days + (-after.weekday()) % 7
    days = [begin + timedelta(days=offset) for offset in range(count)]
    found = selectors.in_days(access.visible_events(staff), begin, count)
    by_day = _by_day(
        found.select_related("beat").prefetch_related("texts").order_by("starts_at", "pk"), days
    )
    closed = closures.between(begin, begin + timedelta(days=count))
    cells = [(day, by_day[day], closed.name_of(day)) for day in days]
    context = {
        "first": first,
        "weeks": [cells[at : at + 7] for at in range(0, count, 7)],
        "staff": staff,
        **_around(monday, WEEK),
        "previous": first - timedelta(days=1),
        "next": after,
    }
    return render(request, "scheduling/month.html", context)


def _around(monday: date, step: timedelta) -> dict[str, object]:
    return {
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "previous": monday - step,
        "next": monday + step,
        "today": timezone.localdate(),
    }


def _by_day(found: Iterable[Event], days: list[date]) -> dict[date, list[Event]]:
    by_day: dict[date, list[Event]] = {day: [] for day in days}
    for event in found:
        by_day[max(timezone.localdate(event.starts_at), days[0])].append(event)
    return by_day
