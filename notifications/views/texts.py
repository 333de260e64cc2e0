"""What the text gateway tells us. Each call is signed; whatever is not is refused."""

import re
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from notifications import selectors
from notifications.channels import text
from notifications.services import receipts, stops
from outreach import department

NOT_OF_NAMES = re.compile(r"[^0-9A-Za-z]")
NOT_OF_NUMBERS = re.compile(r"[^0-9+]")


@csrf_exempt
@require_POST
@sensitive_post_parameters()
def text_status(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Where a text stands: any order, any number of times."""
    if not _is_signed(request):
        return HttpResponse(status=403)
    code = request.POST.get("ErrorCode", "")
    receipts.receive(
        uid,
        _name(request.POST.get("MessageSid", "")),
        request.POST.get("MessageStatus", ""),
        int(code) if code.isascii() and code.isdigit() and len(code) < 8 else 0,
    )
    return HttpResponse(status=204)


@csrf_exempt
@require_POST
@sensitive_post_parameters()
def text_received(request: HttpRequest) -> HttpResponse:
    """STOP, HELP, START or YES is acted on and answered once, in the sender's language."""
    if not _is_signed(request):
        return HttpResponse(status=403)
    number = NOT_OF_NUMBERS.sub("", request.POST.get("From", ""))[:20]
    body = request.POST.get("Body", "")[:1600]
    word = stops.word_of(body)
    is_new = stops.receive(_name(request.POST.get("MessageSid", "")), number, word)
    with override(selectors.language_of(number, body)):
        context = {"word": word.value, "is_new": is_new, "department": department.current()}
        return render(request, "notifications/text_answer.xml", context, content_type="text/xml")


def _name(said: str) -> str:
    """The gateway's name of a text, whatever was sent for it."""
    return NOT_OF_NAMES.sub("", said)[:64]


def _is_signed(request: HttpRequest) -> bool:
    address = settings.BASE_URL + request.get_full_path()
    posted = {name: str(value) for name, value in request.POST.items()}
    return text.is_signed(address, posted, request.headers.get("X-Twilio-Signature", ""))
