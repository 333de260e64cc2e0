"""The first administrator makes their own account."""

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from outreach import limits
from outreach.forms.first import FirstAdministratorForm
from outreach.services import firsts
from outreach.views.guards import by_link

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@by_link
@sensitive_post_parameters()
def first_administrator(request: HttpRequest, token: str) -> HttpResponse:
    """Looking at it changes nothing; sent once, it is gone."""
    firsts.link_behind(token)
    form = FirstAdministratorForm(request.POST or None)
    if request.method == "POST":
        limits.count(request, "first-administrator", most=60)
        if form.is_valid():
            user = firsts.make_administrator(token, form.account())
            login(request, user, backend=BACKEND)
            UserSession.objects.create_from_request(request)  # it stands on the list of sessions
            messages.success(request, _("Welcome. Now say who your department is."))
            return redirect("department")
    return render(request, "outreach/first_administrator.html", {"form": form})
