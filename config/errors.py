"""Pages for when something is not as it should be."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

# Of SQLSTATE: no connection, shutting down, no room for one more session or on the disk.
AWAY = ("08", "57P", "53")
RETRY_AFTER = 15  # seconds


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500 for a mistake of ours; 503 while the database cannot be reached."""
    if not is_away(sys.exc_info()[1]):
        return render(request, "500.html", status=500)
    if request.path_info.startswith("/api/"):
        words = _("We cannot reach our records right now. Please try again in a minute.")
        answer: HttpResponse = JsonResponse({"detail": words}, status=503)
    else:
        answer = render(request, "503.html", status=503)
    answer["Retry-After"] = str(RETRY_AFTER)
    return answer


def is_away(error: BaseException | None) -> bool:
    """Whether the database was not there, as opposed to having refused something."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    return state is None or state.startswith(AWAY)
