"""Pages for when something is not as it should be."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

# Of SQLSTATE: no connection, shutting down, no room for one more session or on the disk.
AWAY = ("08", "57P", "53")
RETRY_AFTER = 15  # seconds


WORDS = {
    400: _("This call cannot be read."),
    403: _("This is not open to you."),
    404: _("There is nothing here."),
    500: _("It is our mistake, not yours. Please try again in a minute."),
    503: _("We cannot reach our records right now. Please try again in a minute."),
}


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500 for a mistake of ours; 503 while the database cannot be reached."""
    if not is_away(sys.exc_info()[1]):
        return _answer(request, 500)
    answer = _answer(request, 503)
    answer["Retry-After"] = str(RETRY_AFTER)
    return answer


def _answer(request: HttpRequest, status: int) -> HttpResponse:
    """A page for people; for programs the same in a sentence."""
    if request.path_info.startswith("/api/"):
        return JsonResponse({"detail": WORDS[status]}, status=status)
    return render(request, f"{status}.html", status=status)


def is_away(error: BaseException | None) -> bool:
    """Whether the database was not there, as opposed to having refused something."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    return state is None or state.startswith(AWAY)
