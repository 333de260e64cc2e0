"""Find a time, and whether a time can be had, before anything is sent."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from outreach import access as outreach_access
from outreach import selectors as outreach_selectors
from outreach.views.guards import staff_only
from scheduling import finding
from scheduling.finding import Offer, Search
from scheduling.forms.finding import FindForm

OFFERS = 12


@staff_only
@require_safe
def find_time(request: HttpRequest) -> HttpResponse:
    """The next free times of a team, each a link to the form that books it."""
    staff = outreach_access.writer_for(request.user)
    beats = list(outreach_selectors.beats_in_effect())
    own = outreach_access.served_beats(staff).values_list("code", flat=True).first()
    asked = request.GET.copy()
    asked.setdefault("beat", own or "")
    form = FindForm(asked if "program" in asked else None, beats=beats, initial={"beat": own})
    context: dict[str, object] = {"form": form}
    if form.is_bound and form.is_valid():
        search = form.search()
        context["offers"] = [
            (offer, booking_address(search, offer))
            for offer in finding.offers(search, count=OFFERS)
        ]
        context["search"] = search
    return render(request, "scheduling/find_time.html", context)


def booking_address(search: Search, offer: Offer) -> str:
    """The form of a new event with all that is known already."""
    start = timezone.localtime(offer.starts_at)
    known = {
        "program": search.program.value,
        "beat": search.beat.code if search.beat else "",
        "day": f"{start:%m/%d/%Y}",
        "starts": f"{start:%I:%M %p}",
        "minutes": search.minutes,
        "venue": search.venues[0].pk if search.venues else "",
        "staff": [person.pk for person in offer.staff],
    }
    return f"{reverse('add_event')}?{urlencode(known, doseq=True)}"
