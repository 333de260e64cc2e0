"""What residents see: beats, events and their own appointment."""

from datetime import timedelta
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from outreach import department, maps
from outreach import selectors as outreach_selectors
from outreach.actors import Actor
from outreach.enums import PUBLIC_PROGRAMS, SurveyStatus
from outreach.forms.address import AddressForm
from outreach.models import Beat
from outreach.services import contacts
from outreach.views.guards import by_link
from scheduling import access, atom, feeds, jsonld, months, seats, selectors
from scheduling.enums import AccommodationState
from scheduling.models import Event, SurveyVisit
from scheduling.services import accommodations, surveys

PER_PAGE = 20
ON_HOME = 6


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    beats = list(outreach_selectors.beats_in_effect())
    context = {
        "beats": beats,
        "map": maps.beat_map(beats),
        "events": list(selectors.upcoming(selectors.public_events())[:ON_HOME]),
        "address_form": AddressForm(),
    }
    return render(request, "scheduling/home.html", context)


@require_safe
def beats(request: HttpRequest) -> HttpResponse:
    rows = list(outreach_selectors.beats_in_effect())
    pairs = outreach_selectors.pairs(rows)
    context = {
        "rows": [(beat, pairs[beat.pk]) for beat in rows],
        "map": maps.beat_map(rows),
        "address_form": AddressForm(),
    }
    return render(request, "scheduling/beats.html", context)


@require_safe
def beat(request: HttpRequest, code: str) -> HttpResponse:
    chosen = get_object_or_404(Beat, code=code)
    everyone = list(outreach_selectors.beats_in_effect())
    context = {
        "beat": chosen,
        "is_retired": chosen not in everyone,
        "pair": outreach_selectors.pair_of(chosen),
        "map": maps.beat_map(everyone or [chosen]),
        "events": _page(request, selectors.of_beat(selectors.public_events(), chosen)),
        "feed": feeds.here(beat=chosen),
        "groups": [
            (group, feeds.here(group=group))
            for group in outreach_selectors.groups_in_effect().filter(beat=chosen)
        ],
        "programs": department.current().public_programs,
        "month": months.this_month(),
        "news": atom.addresses(chosen),
    }
    return render(request, "scheduling/beat.html", context)


@require_safe
def beat_month(request: HttpRequest, code: str, month: months.Month) -> HttpResponse:
    """In large print, on the screen and on paper. Of a retired beat there is nothing to print."""
    chosen = get_object_or_404(Beat, code=code)
    if not months.has_page(month):
        raise Http404
    is_retired = chosen.ends_on is not None and chosen.ends_on <= timezone.localdate()
    context = {
        "beat": chosen,
        "is_retired": is_retired,
        "month": month,
        "before": months.before(month),
        "after": months.after(month),
        "days": months.by_day(month, months.events(chosen, month)),
    }
    return render(request, "scheduling/beat_month.html", context, status=410 if is_retired else 200)


@require_safe
def events(request: HttpRequest) -> HttpResponse:
    found = selectors.public_events()
    all_beats = list(outreach_selectors.beats_in_effect())
    chosen_beat = next((b for b in all_beats if b.code == request.GET.get("beat")), None)
    chosen_program = next((p for p in PUBLIC_PROGRAMS if p == request.GET.get("program")), None)
    if chosen_beat:
        found = selectors.of_beat(found, chosen_beat)
    if chosen_program:
        found = found.filter(program=chosen_program)
    context = {
        "events": _page(request, found),
        "beats": all_beats,
        "programs": department.current().public_programs,
        "chosen_beat": chosen_beat,
        "chosen_program": chosen_program,
        "news": atom.addresses(None),
    }
    return render(request, "scheduling/events.html", context)


@require_safe
def event(request: HttpRequest, uid: UUID) -> HttpResponse:
    shown = access.public_event(uid)
    seating = seats.of(shown)
    tally = seats.tally(seating) if seating else None
    moved_from = selectors.moved_from(shown)
    context = {
        "event": shown,
        "structured": jsonld.script(jsonld.event_data(shown, moved_from=moved_from, tally=tally)),
        "is_past": shown.ends_at <= timezone.now(),
        "late_minutes": selectors.lateness(shown),
        "tally": tally,
        "is_open": seating is not None and seats.is_open(seating),
        "closes_at": seating.closes_at if seating else None,
        "arranged": shown.accommodations.filter(state=AccommodationState.CONFIRMED),
        "can_ask": accommodations.may_ask(shown),
        "ask_until": accommodations.ask_until(shown),
    }
    return render(request, "scheduling/event.html", context)


@by_link
@require_safe
def own_survey(request: HttpRequest, token: str) -> HttpResponse:
    """A resident's own request by link: shows, changes nothing."""
    own = access.own_survey_request(token)
    visit = surveys.visit_of(own)
    context = {
        "survey_request": own,
        "visit": visit,
        "token": token,
        "can_cancel": visit is not None and visit.event.starts_at > timezone.now(),
        "can_withdraw": own.status == SurveyStatus.RECEIVED,
        "contact": own.contact,
    }
    return render(request, "scheduling/own_survey.html", context)


@by_link
@require_POST
def confirm_own_visit(request: HttpRequest, token: str) -> HttpResponse:
    visit = surveys.visit_of(access.own_survey_request(token))
    if visit is not None and not _has_begun(visit):
        surveys.confirm_visit(visit)
    return redirect("own_survey", token)


@by_link
@require_POST
def own_visit_language(request: HttpRequest, token: str) -> HttpResponse:
    own = access.own_survey_request(token)
    contacts.speak(own.contact, request.POST.get("language", ""))
    return redirect("own_survey", token)


@by_link
@require_POST
def cancel_own_visit(request: HttpRequest, token: str) -> HttpResponse:
    own = access.own_survey_request(token)
    if not _has_begun(surveys.visit_of(own)):
        surveys.cancel_visit(own.pk, by=Actor(contact=own.contact), reason="")
    return redirect("own_survey", token)


@by_link
@require_POST
def withdraw_own(request: HttpRequest, token: str) -> HttpResponse:
    """Cancels a standing visit too: who wants no survey wants no visit."""
    own = access.own_survey_request(token)
    if not _has_begun(surveys.visit_of(own)):
        surveys.withdraw(own.pk, by=Actor(contact=own.contact))
    return redirect("own_survey", token)


def _has_begun(visit: SurveyVisit | None) -> bool:
    """What took place is not undone by an old link."""
    return visit is not None and visit.event.starts_at <= timezone.now()


def _page(request: HttpRequest, found: QuerySet[Event]) -> Page[Event]:
    soon = selectors.upcoming(found).filter(starts_at__lt=timezone.now() + timedelta(days=400))
    return Paginator(soon, PER_PAGE).get_page(request.GET.get("page"))
