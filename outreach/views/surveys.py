"""Residents ask for a security survey."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from outreach import access, department, limits
from outreach.actors import Actor
from outreach.enums import Source
from outreach.forms.survey import StaffSurveyRequestForm, SurveyRequestForm
from outreach.models import SurveyRequest
from outreach.services import submissions, surveys
from outreach.views.guards import staff_only


@never_cache
@sensitive_post_parameters()
def request_survey(request: HttpRequest) -> HttpResponse:
    if not department.current().takes_surveys:
        raise Http404
    form = SurveyRequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        limits.count(request, "survey", most=20)
        if received := _receive(form, Source.WEB, None):
            return render(request, "outreach/survey_received.html", {"survey_request": received})
    return render(request, "outreach/request_survey.html", {"form": form})


@never_cache
@staff_only
@sensitive_post_parameters()
def add_survey_request(request: HttpRequest) -> HttpResponse:
    """The staff twin, for a person at the phone or the counter."""
    staff = access.writer_for(request.user)
    if not department.current().takes_surveys:
        raise Http404
    form = StaffSurveyRequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        received = _receive(form, Source(form.cleaned_data["source"]), Actor(staff=staff))
        if received is None:
            return render(request, "outreach/add_survey_request.html", {"form": form})
        if access.survey_queue(staff).filter(pk=received.pk).exists():
            return redirect("staff_survey", received.uid)
        return redirect("survey_queue")  # another beat's: kept, but not ours to read
    return render(request, "outreach/add_survey_request.html", {"form": form})


def _receive(form: SurveyRequestForm, source: Source, by: Actor | None) -> SurveyRequest | None:
    """A second click finds the request of the first; other words under its key are refused."""
    try:
        uid = submissions.once(
            f"survey:{form.cleaned_data['key']}",
            submissions.typed(form),
            lambda: str(surveys.ask(form.wish(source), by=by).uid),
        )
    except submissions.KeyReused:
        form.add_error(
            None, _("We have this request already. To change it, call us or send a new form.")
        )
        return None
    return SurveyRequest.objects.select_related("beat", "contact").get(uid=uid)
