"""How the calendars people follow are, and who has to be told another way."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from notifications import access, selectors
from outreach.views.guards import staff_only
from scheduling.feed_health import Health
from scheduling.waiting import FAMILIES

MOST = 30  # changes on one page


@staff_only
@require_safe
def feed_health(request: HttpRequest) -> HttpResponse:
    staff = access.sender_for(request.user)
    may_write = access.may_write_for(staff)
    health = Health()
    changes = health.changes()
    shown = changes[:MOST]
    heard = selectors.heard_of([one.act for one in shown])
    context = {
        "standing": health.standing,
        "own": health.own_standing,
        "lines": health.lines(),
        "families": FAMILIES,
        "changes": [
            (one, told, may_write(one.event.beat)) for one, told in zip(shown, heard, strict=True)
        ],
        "left_out": len(changes) - len(shown),
    }
    return render(request, "notifications/feed_health.html", context)
