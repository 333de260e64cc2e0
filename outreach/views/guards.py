"""Who gets through to a view."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

import pghistory
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from outreach.access import READERS, staff_member_for

# Sent by a page that asks by itself whether anything changed.
POLLING = "X-Polling"
RENEW_SECONDS = 60
SAFE = {"GET", "HEAD", "OPTIONS"}
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def only_reads(view: View[P]) -> View[P]:
    """A page that is asked by POST, for what is typed must reach no log, and changes nothing."""
    view.only_reads = True  # type: ignore[attr-defined]
    return view


def staff_only(view: View[P]) -> View[P]:
    """Signed-in working staff; others sign in or are refused. Whoever only reads presses nothing
    that changes something. Keeps an active session alive, but not one that only a page's own
    polling uses. The history of records names who it was.

    No cache keeps the page: the next person at the counter's machine may press Back.
    """

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        staff = staff_member_for(request.user)
        request.staff = staff  # type: ignore[attr-defined]
        is_question = request.method in SAFE or getattr(view, "only_reads", False)
        if staff.role in READERS and not is_question:
            raise PermissionDenied
        if not request.headers.get(POLLING):
            _keep_alive(request)
        with pghistory.context(staff=staff.pk):
            return view(request, *args, **kwargs)

    return login_required(guarded)


def _keep_alive(request: HttpRequest) -> None:
    """Begin the idle time anew; once a minute is enough, and spares a write for each page."""
    now = int(time.time())
    if now - request.session.get("renewed_at", 0) >= RENEW_SECONDS:
        request.session["renewed_at"] = now


def by_link(view: View[P]) -> View[P]:
    """A page whose address is its key: no other site learns it, no cache keeps it.

    Without a referrer browsers send `Origin: null`, which Django's check refuses; the key in
    the address, which no other site knows, says as much as a token in the form would.
    """

    @csrf_exempt
    @never_cache
    @wraps(view)
    def keyed(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        return response

    return keyed
