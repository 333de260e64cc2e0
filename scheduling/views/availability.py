"""When people work, when they are away, and what their own calendars say."""

from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from outreach.access import reader_of_people_for
from outreach.models import StaffMember
from outreach.views.guards import staff_only
from scheduling import access, calendar_words, closures, outside, presence
from scheduling.enums import TimeOffKind
from scheduling.forms import visits
from scheduling.forms.hours import CalendarForm, LeaveForm, SwapForm, WeekForm
from scheduling.models import Hours
from scheduling.services import hours
from scheduling.spans import Span
from scheduling.views.keeping import keep

WEEK = timedelta(days=7)


@staff_only
@require_safe
def everybody(request: HttpRequest) -> HttpResponse:
    """All people of one week: hours, away, posts that end soon."""
    reader_of_people_for(request.user)
    form = visits.WeekForm(request.GET)
    monday = form.cleaned_data["week"] if form.is_valid() else _this_monday()
    days = [monday + timedelta(days=offset) for offset in range(presence.DAYS)]
    closed = closures.between(monday, monday + WEEK)
    context = {
        "rows": presence.week(monday),
        "days": [(day, closed.name_of(day)) for day in days],
        "monday": monday,
        "previous": monday - WEEK,
        "next": monday + WEEK,
        "today": timezone.localdate(),
    }
    return render(request, "scheduling/availability.html", context)


@staff_only
@require_safe
def of_person(request: HttpRequest, pk: int) -> HttpResponse:
    person, staff = access.person_shown(request.user, pk)
    can_keep = access.keeps_hours_of(staff, person)
    context = {
        "person": person,
        "can_keep": can_keep,
        "row": presence.of_person(person, _this_monday()),
        "weekly": list(presence.weekly_rows(staff=person)),
        "extra": list(presence.extra_days(person)),
        "leave": list(presence.leave(person)),
        "outside_count": presence.outside_count(person) if can_keep else 0,
        "swap": TimeOffKind.SWAP,
    }
    return render(request, "scheduling/availability_of.html", context)


@staff_only
def set_hours(request: HttpRequest, pk: int) -> HttpResponse:
    person, _staff = access.person_kept(request.user, pk)
    known = WeekForm.typed(presence.weekly_rows(staff=person))
    form = WeekForm(request.POST or None, initial=known)

    def act() -> None:
        hours.set_weekly(person, form.week(), from_=form.cleaned_data["from_"])
        messages.success(request, _("The new hours are kept."))

    return keep(
        request,
        form,
        purpose="hours",
        act=act,
        then=_page(person),
        context={
            "title": _("Working hours"),
            "about": person.name,
            "lead": _(
                "Times like 8 a.m. or 17:30; both empty: a day off. "
                "Earlier hours stay on record until the day these begin."
            ),
            "form_class": "form--week",
        },
    )


@staff_only
def take_leave(request: HttpRequest, pk: int) -> HttpResponse:
    person, _staff = access.person_kept(request.user, pk)
    form = LeaveForm(request.POST or None)

    def act() -> None:
        taken = hours.take_leave(person, kind=form.chosen, span=form.cleaned_data["span"])
        messages.success(request, _("Kept."))
        _warn_of_booked(request, person, Span(taken.starts_at, taken.ends_at))

    context = {"title": _("Be away"), "about": person.name}
    return keep(request, form, purpose="leave", act=act, then=_page(person), context=context)


@staff_only
@require_POST
def remove_leave(request: HttpRequest, pk: int, uid: UUID) -> HttpResponse:
    person, _staff = access.person_kept(request.user, pk)
    get_object_or_404(presence.leave(person), uid=uid).delete()
    messages.success(request, _("Taken back."))
    return redirect(_page(person))


@staff_only
def swap(request: HttpRequest, pk: int) -> HttpResponse:
    person, _staff = access.person_kept(request.user, pk)
    form = SwapForm(request.POST or None, giver=person)

    def act() -> None:
        day = form.cleaned_data["day"]
        hours.swap(person, form.cleaned_data["taker"], day=day)
        messages.success(request, _("Swapped."))
        for off in presence.leave(person).filter(starts_at__date=day):
            _warn_of_booked(request, person, Span(off.starts_at, off.ends_at))

    context = {
        "title": _("Swap a shift"),
        "about": person.name,
        "lead": _("The other person works these hours of that day, besides their own."),
    }
    return keep(request, form, purpose="swap", act=act, then=_page(person), context=context)


@staff_only
@require_POST
def remove_day(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    person, _staff = access.person_kept(request.user, pk)
    get_object_or_404(Hours, pk=row, staff=person, on__isnull=False).delete()
    messages.success(request, _("Taken back."))
    return redirect(_page(person))


@staff_only
def bring_in(request: HttpRequest, pk: int) -> HttpResponse:
    person, _staff = access.person_kept(request.user, pk)
    form = CalendarForm(request.POST or None, request.FILES or None)

    def act() -> None:
        try:
            count = hours.bring_in(person, form.cleaned_data["file"].read())
        except outside.Unreadable as refusal:
            raise hours.NotKept({"file": calendar_words.fault(refusal)}) from refusal
        words = ngettext("%(count)s busy time is kept.", "%(count)s busy times are kept.", count)
        messages.success(request, words % {"count": count})

    context = {
        "title": _("Bring in your calendar"),
        "about": person.name,
        "lead": _("It replaces what an earlier file said of the coming 13 months."),
        "is_upload": True,
    }
    return keep(request, form, purpose="calendar", act=act, then=_page(person), context=context)


def _page(person: StaffMember) -> str:
    return reverse("availability_of", args=[person.pk])


def _this_monday() -> date:
    today = timezone.localdate()
    return today - timedelta(days=today.weekday())


def _warn_of_booked(request: HttpRequest, person: StaffMember, span: Span) -> None:
    if count := presence.booked_in(person, span):
        words = ngettext(
            "%(count)s event is booked in that time. Hand it over or move it.",
            "%(count)s events are booked in that time. Hand them over or move them.",
            count,
        )
        messages.warning(request, words % {"count": count})
