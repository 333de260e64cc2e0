"""Calendars over HTTP: the same bytes for everyone, and 304 while nothing changed."""

import gzip
import hashlib
from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from outreach.enums import PUBLIC_PROGRAMS, Program
from outreach.headers import SAME_FOR_EVERYONE
from outreach.models import Beat
from scheduling import access, feeds

# No timer and no header ever tells a client that an outage is an empty calendar.
CACHE = "public, max-age=300, stale-if-error=86400"


@require_safe
def feed(request: HttpRequest, code: str | None = None, program: str | None = None) -> HttpResponse:
    """The feed of the city, a beat, a program, or a program in a beat. A retired beat is gone."""
    beat = Beat.objects.filter(code=code).first() if code else None
    if (code and beat is None) or (program and program not in PUBLIC_PROGRAMS):
        raise Http404
    if beat and beat.ends_on and beat.ends_on <= timezone.localdate():
        return HttpResponse(status=410, content_type="text/plain")
    chosen = feeds.Feed(beat, Program(program) if program else None)
    events = list(chosen.events())
    return answer(request, chosen.render(events), feeds.last_change(events), chosen.filename)


@require_safe
def event_file(request: HttpRequest, uid: UUID) -> HttpResponse:
    event = access.public_event(uid)
    return answer(request, feeds.one_event(event), feeds.last_change([event]), "event")


@require_safe
def add_to_calendar(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The button of an event: 303, for iOS opens a file it is sent to, not one it is linked to."""
    event = access.public_event(uid)
    return HttpResponse(status=303, headers={"Location": reverse("event_file", args=[event.uid])})


def answer(request: HttpRequest, body: bytes, changed: datetime, name: str) -> HttpResponse:
    """Plain or gzip, each under its own strong ETag; conditional requests as in RFC 9110."""
    digest = hashlib.sha256(body).hexdigest()[:32]
    etag = f'"{digest}"'
    response = HttpResponse(content_type="text/calendar; charset=utf-8")
    if takes_gzip(request.headers.get("Accept-Encoding", "")):
        body, etag = gzip.compress(body, mtime=0), f'"{digest}-gz"'
        response["Content-Encoding"] = "gzip"
    modified = int(changed.timestamp())
    # A date counts whole seconds: within the second of a change it would lie.
    is_settled = timezone.now().timestamp() - modified >= 2
    response.content = body
    response["ETag"] = etag
    if is_settled:
        response["Last-Modified"] = http_date(modified)
    response["Content-Disposition"] = f'inline; filename="{name}.ics"'
    response["Cache-Control"] = CACHE
    response["Access-Control-Allow-Origin"] = "*"
    conditional = get_conditional_response(
        request, etag=etag, last_modified=modified if is_settled else None, response=response
    )
    if conditional is None:
        conditional = response
    for header in ("Access-Control-Allow-Origin", "Cache-Control"):
        conditional[header] = response[header]
    conditional[SAME_FOR_EVERYONE] = "yes"
    return conditional


def takes_gzip(header: str) -> bool:
    """Whether Accept-Encoding allows gzip: by name or star, with a quality above zero."""
    for part in header.lower().split(","):
        coding, _, parameter = part.partition(";")
        quality = parameter.strip().removeprefix("q=") or "1"
        if coding.strip() in {"gzip", "*"}:
            return (
                quality.isascii() and quality.replace(".", "", 1).isdigit() and float(quality) > 0
            )
    return False
