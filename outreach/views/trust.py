"""What people may want to know before they trust us with something."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from outreach import department, retention_periods


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    months = retention_periods.schedule()
    rows = [(one.what, one.how_long(months), one.who) for one in retention_periods.PERIODS]
    return render(request, "outreach/privacy.html", {"rows": rows})


@require_safe
def genuine(request: HttpRequest) -> HttpResponse:
    mailbox = department.current().mailbox
    context = {
        "site": settings.BASE_URL,
        "host": urlsplit(settings.BASE_URL).netloc,
        "domain": mailbox.rpartition("@")[2],
        "sends_texts": bool(settings.TEXT_URL),
    }
    return render(request, "outreach/genuine.html", context)


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    days = settings.BUSINESS_DAYS_TO_ANSWER
    return render(request, "outreach/accessibility.html", {"days": days})
