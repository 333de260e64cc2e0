"""A small page for a frame on another site, and how to put it there."""

from csp.constants import NONE, SELF
from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import get_language, gettext, override
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from outreach import department
from outreach import selectors as outreach_selectors
from outreach.headers import A_PAGE
from outreach.models import Beat
from scheduling import feeds, selectors
from scheduling.views.outward import answer, beat_in_use, published

SHOWN = 8


@xframe_options_exempt
@published
def embed(request: HttpRequest, code: str = "") -> HttpResponse:
    """Nothing of the reader goes into it: no session, no cookie, no language but the asked one."""
    beat = beat_in_use(code) if code else None
    languages = dict(settings.LANGUAGES)
    language = request.GET.get("lang", "")
    language = language if language in languages else settings.LANGUAGE_CODE
    context = {
        "beat": beat,
        "events": list(selectors.upcoming(feeds.Feed(beat).events())[:SHOWN]),
        "department": department.current(),
        "base_url": settings.BASE_URL,
        "others": [row for row in department.current().languages if row[0] != language],
    }
    with override(language):
        body = render_to_string("scheduling/embed.html", context).encode()
    answered = answer(request, body, "text/html; charset=utf-8", kind=A_PAGE)
    csp_replace(policy())(lambda _request: answered)(request)
    return answered


def policy() -> dict[str, list[str]]:
    """Nothing runs in it, it sends nothing anywhere, and the sites we name may frame it."""
    sites = list(settings.EMBED_ON)
    return {
        "default-src": [NONE],
        "style-src": [SELF],
        "base-uri": [NONE],
        "form-action": [NONE],
        "frame-ancestors": ["*"] if "*" in sites else [SELF, *sites],
    }


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    rows = [None, *outreach_selectors.beats_in_effect()]
    context = {
        "lines": [(beat, line(beat)) for beat in rows],
        "preview": address(None),
        "terms": settings.REUSE_TERMS,
    }
    return render(request, "scheduling/embed_about.html", context)


def address(beat: Beat | None) -> str:
    """In the language of the reader, as far as the address must say it."""
    path = reverse("embed_beat", args=[beat.code]) if beat else reverse("embed_city")
    language = (get_language() or settings.LANGUAGE_CODE).split("-")[0]
    return path if language == settings.LANGUAGE_CODE else f"{path}?lang={language}"


def line(beat: Beat | None) -> str:
    """What to paste. Not marked as safe: the page shows it as text."""
    where = beat.name if beat else department.current().city
    title = escape(gettext("Police events in %(name)s") % {"name": where})
    source = escape(settings.BASE_URL + address(beat))
    return (
        f'<iframe src="{source}" title="{title}" width="100%" height="700" loading="lazy"></iframe>'
    )
