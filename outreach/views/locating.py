"""Anyone may ask whose beat an address lies in; nobody keeps the question."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from outreach.forms.address import AddressForm
from outreach.models import Beat
from outreach.selectors import beats_in_effect, pair_of
from outreach.services import locating


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("address")
def find_beat(request: HttpRequest) -> HttpResponse:
    """The answer stands on the page of the question, so that no address enters a URL."""
    form = AddressForm(request.POST or None)
    context: dict[str, object] = {"form": form}
    if request.method == "POST" and form.is_valid():
        found = locating.locate(form.cleaned_data["address"])
        context |= {"found": found, "choices": _choices(found)}
        context["pair"] = pair_of(found.beat) if found.beat else None
    return render(request, "outreach/find_beat.html", context)


def _choices(found: locating.Location) -> list[Beat]:
    """The beats a person may pick from when we are not sure."""
    if found.is_sure:
        return []
    likely = [found.beat, *found.others] if found.beat else list(found.others)
    return likely or list(beats_in_effect().defer("boundary"))
