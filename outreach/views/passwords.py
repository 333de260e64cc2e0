"""A staff member sets a password by the link they were given."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from outreach import limits
from outreach.forms.people import PasswordForm
from outreach.services import people
from outreach.views.guards import by_link


@by_link
@sensitive_post_parameters()
def set_password(request: HttpRequest, token: str) -> HttpResponse:
    """Looking at it changes nothing; sent once, it is gone."""
    link = people.link_behind(token)
    form = PasswordForm(request.POST or None, user=link.staff.user)
    if request.method == "POST":
        limits.count(request, "set-password", most=60)
        if form.is_valid():
            people.set_password(token, form.cleaned_data["password"])
            messages.success(request, _("Your password is set. Sign in with it."))
            return redirect("account_login")
    return render(request, "outreach/set_password.html", {"form": form, "link": link})
