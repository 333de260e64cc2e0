"""What each kind of message says, with made-up facts."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from notifications import access, reading, segments
from notifications.enums import MessageKind
from notifications.services import samples
from notifications.views.mail_page import mail_page
from outreach.views.guards import staff_only


@staff_only
@require_safe
def message_templates(request: HttpRequest) -> HttpResponse:
    access.sender_for(request.user)
    rows = [(kind, [_measured(kind, code) for code in _languages()]) for kind in samples.KINDS]
    context = {"kinds": rows, "languages": settings.LANGUAGES}
    return render(request, "notifications/message_templates.html", context)


@staff_only
@require_safe
def message_template(request: HttpRequest, kind: str) -> HttpResponse:
    """One kind in every language, side by side."""
    access.sender_for(request.user)
    chosen = _kind(kind)
    names = dict(settings.LANGUAGES)
    shown = [_measured(chosen, code) | {"name": names[code]} for code in _languages()]
    return render(request, "notifications/message_template.html", {"kind": chosen, "shown": shown})


@staff_only
@require_safe
@xframe_options_sameorigin
def message_sample(request: HttpRequest, kind: str, language: str) -> HttpResponse:
    access.sender_for(request.user)
    if language not in _languages():
        raise Http404
    return mail_page(samples.sample(_kind(kind), language).html)


def _languages() -> list[str]:
    return [code for code, _name in settings.LANGUAGES]


def _kind(text: str) -> MessageKind:
    if text not in samples.KINDS:
        raise Http404
    return MessageKind(text)


def _measured(kind: MessageKind, language: str) -> dict[str, Any]:
    said = samples.sample(kind, language)
    return {
        "language": language,
        "said": said,
        "mail": reading.measure(said.text, language),
        "sms": segments.count(said.sms) if said.sms else None,
    }
