"""Figures of the unit, and the sheet for the patrol of an evening."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from outreach import access as outreach_access
from outreach import selectors as outreach_selectors
from outreach.spreadsheets import as_csv
from outreach.views.guards import staff_only
from scheduling import numbers as figures
from scheduling import patrol as evenings
from scheduling.forms.records import NumbersForm, PatrolForm

YEARS_BACK = 5


@staff_only
@require_safe
def numbers(request: HttpRequest) -> HttpResponse:
    """Month by beat, and by program."""
    year, month = _period(request)
    found = figures.cells(year, month)
    this_year = timezone.localdate().year
    context = {
        "year": year,
        "month": month,
        "years": range(this_year, this_year - YEARS_BACK - 1, -1),
        "months": MONTHS.items(),
        "rows": [
            (first, beat, row) for (first, beat), row in figures.by_month_and_beat(found).items()
        ],
        "programs": figures.by_program(found).items(),
        "total": figures.total(found),
    }
    return render(request, "scheduling/numbers.html", context)


@staff_only
@require_safe
def numbers_csv(request: HttpRequest) -> HttpResponse:
    year, month = _period(request)
    head = [
        _("Month"), _("Beat"), _("Program"), _("Events held"), _("People"), _("Minutes"),
        _("Surveys done"),
    ]  # fmt: skip
    rows = [
        [
            f"{cell.month:%Y-%m}",
            cell.beat.name if cell.beat else _("Whole city"),
            cell.program.label,
            cell.figures.events,
            cell.figures.people,
            cell.figures.minutes,
            cell.figures.surveys,
        ]
        for cell in figures.cells(year, month)
    ]
    response = HttpResponse(as_csv([head, *rows]), content_type="text/csv; charset=utf-8")
    name = f"numbers-{year}-{month:02}" if month else f"numbers-{year}"
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


@staff_only
@require_safe
def patrol(request: HttpRequest) -> HttpResponse:
    """One page to print for an evening in a beat."""
    staff = outreach_access.staff_member_for(request.user)
    form = PatrolForm(request.GET)
    day = form.cleaned_data["date"] if form.is_valid() else timezone.localdate()
    beats = list(outreach_selectors.beats_in_effect())
    own = outreach_access.served_beats(staff).first()
    wanted = request.GET.get("beat") or (own.code if own else "")
    beat = next((one for one in beats if one.code == wanted), beats[0] if beats else None)
    context = {
        "day": day,
        "beats": beats,
        "beat": beat,
        "sheet": evenings.sheet(staff, beat=beat, day=day) if beat else None,
        "pair": outreach_selectors.pair_of(beat) if beat else None,
        "printed_at": timezone.now(),
    }
    return render(request, "scheduling/patrol.html", context)


def _period(request: HttpRequest) -> tuple[int, int | None]:
    form = NumbersForm(request.GET)
    if not form.is_valid():
        return timezone.localdate().year, None
    return form.cleaned_data["year"], form.cleaned_data["month"]
