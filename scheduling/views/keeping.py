"""One form a page, sent once: shared by the pages of hours, leave and closed days."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from outreach.services import submissions
from scheduling.forms.hours import KeptForm
from scheduling.services.hours import NotKept


def keep(
    request: HttpRequest,
    form: KeptForm,
    *,
    purpose: str,
    act: Callable[[], object],
    then: str,
    context: dict[str, Any],
) -> HttpResponse:
    """Show a form, or do what it says and go on to `then`. NotKept is said beside its field."""
    if request.method == "POST" and form.is_valid():

        def once() -> str:
            act()
            return purpose

        typed = {name: str(value) for name, value in form.cleaned_data.items()}
        try:
            submissions.once(f"{purpose}:{form.cleaned_data['key']}", typed | {"to": then}, once)
        except NotKept as refusal:
            form.refuse(refusal.problems)
        except submissions.KeyReused:
            form.add_error(None, _("This was sent already. Look whether it is as you want it."))
        else:
            return redirect(then)
    return render(request, "scheduling/keep_form.html", {"form": form, "back": then, **context})
