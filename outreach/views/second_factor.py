"""On the way to something sealed: give the second factor, or set one up first."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from outreach import second_factor as factors
from outreach.views.guards import staff_only


@staff_only
@require_safe
def second_factor(request: HttpRequest) -> HttpResponse:
    wanted = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        wanted = "/staff/"
    if factors.is_given(request):
        return redirect(wanted)
    if page := factors.page_that_asks(request.user):  # type: ignore[arg-type]
        return redirect(f"{page}?{urlencode({'next': wanted})}")
    if factors.is_the_citys(request):
        return redirect(f"{reverse('oidc_start')}?{urlencode({'next': wanted})}")
    request.session[factors.WANTED] = wanted  # the pages of set-up lead back to it
    return render(request, "outreach/second_factor.html")
