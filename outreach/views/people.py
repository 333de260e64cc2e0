"""Who serves which beat, for everybody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from outreach import selectors


def team(request: HttpRequest) -> HttpResponse:
    beats = list(selectors.beats_in_effect())
    pairs = selectors.pairs(beats)
    return render(
        request,
        "outreach/team.html",
        {"rows": [(beat, pairs[beat.pk]) for beat in beats], "sergeant": selectors.sergeant()},
    )
