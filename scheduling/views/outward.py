"""What others take from us: the same bytes for everyone, and 304 while they are the same."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import cast

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from outreach.headers import A_FILE, SAME_FOR_EVERYONE
from outreach.models import Beat

View = Callable[..., HttpResponse]
CACHE = "public, max-age=300, stale-if-error=86400"


class Gone(Exception):
    """A beat that is no longer in use."""


def answer(
    request: HttpRequest, body: bytes, content_type: str, *, name: str = "", kind: str = A_FILE
) -> HttpResponse:
    """A strong ETag from the bytes; conditional requests as in RFC 9110."""
    response = HttpResponse(body, content_type=content_type)
    if name:
        response["Content-Disposition"] = f'inline; filename="{name}"'
    return conditional(request, response, hashlib.sha256(body).hexdigest()[:32], kind=kind)


def conditional(
    request: HttpRequest, response: HttpResponse, digest: str, *, kind: str = A_FILE
) -> HttpResponse:
    response["ETag"] = etag = f'"{digest}"'
    response["Cache-Control"] = CACHE
    found: HttpResponseBase | None = get_conditional_response(request, etag=etag, response=response)
    answered = cast(HttpResponse, found or response)
    answered["Cache-Control"] = CACHE
    answered["Access-Control-Allow-Origin"] = "*"
    answered[SAME_FOR_EVERYONE] = kind
    return answered


def beat_in_use(code: str) -> Beat:
    """Http404 for one there never was, Gone for one that is retired."""
    beat = Beat.objects.filter(code=code).first()
    if beat is None:
        raise Http404
    if beat.ends_on and beat.ends_on <= timezone.localdate():
        raise Gone
    return beat


def published(view: View) -> View:
    """Reads only, and 410 for what is gone, so that machines stop asking."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Gone:
            return HttpResponse(status=410, content_type="text/plain")

    return require_safe(wrapped)
