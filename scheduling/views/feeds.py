"""Calendars that are not published yet, and single events. See config/early.py for the rest."""

from uuid import UUID

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from outreach import links
from outreach.enums import PUBLIC_PROGRAMS, Program
from outreach.headers import SAME_FOR_EVERYONE
from outreach.models import Beat, WatchGroup
from scheduling import access, feeds, published
from scheduling.conditional import NOT_MODIFIED, Representation, representations, takes_gzip
from scheduling.feeds import Feed
from scheduling.models import FeedLink
from scheduling.services import entries, publishing

AGAIN_SECONDS = "60"


@require_safe
def feed(
    request: HttpRequest,
    code: str | None = None,
    program: str | None = None,
    language: str | None = None,
) -> HttpResponse:
    """The feed of the city, a beat, a program, or a program in a beat. A retired beat is gone."""
    beat = Beat.objects.filter(code=code).first() if code else None
    if (code and beat is None) or (program and program not in PUBLIC_PROGRAMS):
        raise Http404
    if beat and beat.ends_on and beat.ends_on <= timezone.localdate():
        return gone()
    chosen = Feed(beat, Program(program) if program else None)
    return published_answer(request, chosen.in_language(_language(request, language)))


@require_safe
def group_feed(request: HttpRequest, code: str, language: str | None = None) -> HttpResponse:
    group = get_object_or_404(WatchGroup, code=code)
    if group.ends_on and group.ends_on <= timezone.localdate():
        return gone()
    chosen = Feed(group=group, language=_language(request, language))
    return published_answer(request, chosen)


@require_safe
def own_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Somebody's own calendar by its secret address, until it is taken back."""
    uid = links.uid_of(FeedLink, token)
    if uid is None or not FeedLink.objects.filter(pk=uid).exists():
        raise Http404
    link = feeds.open_links().filter(pk=uid).first()
    return published_answer(request, Feed(link=link)) if link else gone()


@require_safe
def event_file(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Made when asked for: one event is written in a moment."""
    event = access.public_event(uid)
    draft = published.Draft(feeds.one_event(event), "event.ics", events=1)
    version = published.unpublished(draft, modified=int(event.updated_at.timestamp()) + 1)
    chosen = representations(version)[takes_gzip(request.headers.get("Accept-Encoding", ""))]
    return _response(request, chosen, chosen.status(request.META))


@require_safe
def add_to_calendar(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The button of an event: 303, for iOS opens a file it is sent to, not one it is linked to."""
    event = access.public_event(uid)
    return HttpResponse(status=303, headers={"Location": reverse("event_file", args=[event.uid])})


def gone() -> HttpResponse:
    return HttpResponse(status=410, content_type="text/plain")


def published_answer(request: HttpRequest, feed: Feed) -> HttpResponse:
    """Publish what is not there, and answer from it. Trouble is a 503: an empty calendar would
    make clients delete everything."""
    try:
        version = publishing.show(feed)
    except publishing.NotPublished as nothing:
        raise Http404 from nothing
    except (DatabaseError, OSError, entries.NotRendered):
        return HttpResponse(
            status=503, headers={"Retry-After": AGAIN_SECONDS}, content_type="text/plain"
        )
    packs = takes_gzip(request.headers.get("Accept-Encoding", ""))
    chosen = representations(version)[packs]
    return _response(request, chosen, chosen.status(request.META))


def _response(request: HttpRequest, chosen: Representation, status: int) -> HttpResponse:
    if status == NOT_MODIFIED:
        response = HttpResponse(status=status, headers=dict(chosen.short_headers))
        del response["Content-Type"]
    else:
        response = HttpResponse(chosen.body, headers=dict(chosen.headers))
    response[SAME_FOR_EVERYONE] = "yes"
    return response


def _language(request: HttpRequest, language: str | None) -> str:
    wanted = language or request.GET.get("lang", "")
    return wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
