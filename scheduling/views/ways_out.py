"""Events for those who read them elsewhere: news readers, spreadsheets, other sites, paper."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from outreach.enums import PUBLIC_PROGRAMS, Program
from outreach.spreadsheets import as_csv
from scheduling import atom as news
from scheduling import event_table, feeds, flyer, months
from scheduling.views.outward import answer, beat_in_use, conditional, published

LANGUAGES = [code for code, _name in settings.LANGUAGES]


@published
def atom(request: HttpRequest, code: str = "", language: str = "") -> HttpResponse:
    """In the department's first language where the address names none."""
    beat = beat_in_use(code) if code else None
    body = news.render(beat, news.entries(beat), language or settings.LANGUAGE_CODE)
    return answer(request, body, "application/atom+xml; charset=utf-8")


@published
def csv(request: HttpRequest, code: str = "") -> HttpResponse:
    """The window of a feed. A filter nobody knows is refused: wrong rows would look right."""
    code = code or request.GET.get("beat", "")
    program = request.GET.get("program", "")
    if program and program not in PUBLIC_PROGRAMS:
        raise Http404
    beat = beat_in_use(code) if code else None
    chosen = feeds.Feed(beat, Program(program) if program else None)
    body = as_csv(event_table.rows(chosen.events())).encode()
    name = f"events-{chosen.filename}.csv"
    return answer(request, body, "text/csv; charset=utf-8", name=name)


@published
def month_flyer(
    request: HttpRequest, code: str, month: months.Month, language: str
) -> HttpResponse:
    beat = beat_in_use(code)
    if language not in LANGUAGES or not months.has_page(month):
        raise Http404
    facts = flyer.facts(beat, month, months.events(beat, month), language)
    response = HttpResponse(content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{code}-{month}-{language}.pdf"'
    answered = conditional(request, response, flyer.digest(facts))
    if answered.status_code == 200:
        answered.content = flyer.pdf(facts)
    return answered
