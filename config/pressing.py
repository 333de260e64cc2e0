"""Every form carries a hidden key: a button pressed twice does its work once."""

import hashlib
from collections.abc import Callable
from uuid import UUID, uuid4

from django.contrib import messages
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from outreach.models import Submission
from outreach.services import submissions
from scheduling.services.bookings import RIVAL_STATES

FIELD = "press"
# Said of the sender or by the browser, not by the person.
NOT_CONTENT = {FIELD, "csrfmiddlewaretoken"}
LONGEST = Submission._meta.get_field("outcome").max_length or 0
FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}


def one_time_key(request: HttpRequest) -> dict[str, Callable[[], SafeString]]:
    """Another key wherever a template names it."""
    return {"one_time_key": _field}


def _field() -> SafeString:
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, uuid4())


class PressedOnce:
    """The second of two same presses gets the address that the first led to.

    An answer that is no redirect (a form with its errors, a refusal) is not kept, and a refusal
    leaves nothing behind. Forms that make something carry a key of their own besides, which
    refuses other content: see outreach/services/submissions.py.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        secret = _secret_of(request)
        key = _key(request, secret)
        if key is None:
            return self.get_response(request)
        said = {name: value for name, value in request.POST.lists() if name not in NOT_CONTENT}
        with transaction.atomic():
            try:
                before = submissions.answered(key, said)
            except DatabaseError as failure:
                if getattr(failure.__cause__, "sqlstate", None) not in RIVAL_STATES:
                    raise
                transaction.set_rollback(True)
                return render(request, "409.html", status=409)  # the first press still works
            if before is not None:
                messages.info(request, _("This was done already. Look whether more is needed."))
                return HttpResponseRedirect(before.replace("{}", secret))
            response = self.get_response(request)
            if response.status_code >= 400:
                transaction.set_rollback(True)
            elif isinstance(response, HttpResponseRedirect):
                where = response.url.replace(secret, "{}") if secret else response.url
                if len(where) <= LONGEST:
                    submissions.remember(key, said, where)
        return response


def _secret_of(request: HttpRequest) -> str:
    """The part of a secret link's address that is never stored."""
    try:
        return str(resolve(request.path_info).kwargs.get("token", ""))
    except Resolver404:
        return ""


def _key(request: HttpRequest, secret: str) -> str | None:
    """Keys of one person and page are no others'; nonsense is as good as none."""
    if request.method != "POST" or request.content_type not in FORMS:
        return None
    try:
        pressed = UUID(request.POST.get(FIELD, ""))
    except ValueError:
        return None
    whose = f"{request.user.pk or secret} {request.path}"
    return f"press:{hashlib.sha256(whose.encode()).hexdigest()[:40]}:{pressed}"
