"""What happens around every view."""

import logging
from collections.abc import Callable
from http import HTTPStatus
from time import perf_counter

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from config import metrics
from outreach.headers import A_PAGE, SAME_FOR_EVERYONE
from outreach.limits import TooOften
from outreach.services.surveys import NotOpen
from scheduling.services.bookings import RIVAL_STATES, DoubleBooked

log = logging.getLogger(__name__)
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
Answer = Callable[[HttpRequest], HttpResponse]
# Headers of pages that a calendar file has no use for.
OF_PAGES = ["Content-Language", "Content-Security-Policy", "X-Frame-Options", "Permissions-Policy"]


class Watched:
    """Counts each answer and writes one line about it: the route, never the address asked for."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = perf_counter()
        response = self.get_response(request)
        took = perf_counter() - began
        match = request.resolver_match
        route = (match.view_name or match.route) if match else "none"
        method = request.method if request.method in METHODS else "other"
        metrics.answered(route, method, response.status_code, took)
        log.info(
            "answered",
            extra={
                "route": route,
                "method": method,
                "status": response.status_code,
                "milliseconds": round(took * 1000),
            },
        )
        return response


class SameForEveryone:
    """A calendar is the same bytes whoever asks: no header may say that it varies by reader.

    A page that is, such as one shown in a frame, keeps what protects a page.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if kind := response.headers.get(SAME_FOR_EVERYONE):
            del response[SAME_FOR_EVERYONE]
            response["Vary"] = "Accept-Encoding"
            response.cookies.clear()
            for header in OF_PAGES if kind != A_PAGE else []:
                response.headers.pop(header, None)
        return response


class PrivateToReader:
    """What is made for somebody who is signed in is kept by no cache, whatever package made it.

    Pages of ours say so themselves; those of packages, and the API, do not.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_silent = "Cache-Control" not in response and SAME_FOR_EVERYONE not in response
        is_somebody = request.session.accessed or "Authorization" in request.headers
        if is_silent and is_somebody and request.user.is_authenticated:
            add_never_cache_headers(response)
        return response


class TooOftenAnswered:
    """Answers 429 with a page where a public form was used too often."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return render(request, "429.html", status=429) if isinstance(error, TooOften) else None


class RivalsAnswered:
    """Answers 409 with a page where somebody else was quicker, or held a lock for too long."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        is_rival = isinstance(error, DoubleBooked | NotOpen) or (
            isinstance(error, DatabaseError)
            and getattr(error.__cause__, "sqlstate", None) in RIVAL_STATES
        )
        return render(request, "409.html", status=409) if is_rival else None


class OtherMethodsAnswered:
    """Answers 405 with a page: whoever signs in anew after pressing a button is led there."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or response.content:
            return response
        page = render(request, "405.html", status=response.status_code)
        page["Allow"] = response["Allow"]
        return page
