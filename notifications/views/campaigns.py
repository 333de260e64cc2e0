"""Campaigns: written, read in both languages, tested, released, watched."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from notifications import access, change_words, reading, segments, tasks
from notifications.channels import text
from notifications.enums import CampaignStatus, Channel
from notifications.forms.campaigns import CampaignForm, TestForm, as_typed
from notifications.models import Campaign
from notifications.services import campaigns, rendering
from notifications.views.mail_page import mail_page
from outreach.models import StaffMember
from outreach.views.guards import staff_only
from scheduling.access import rights

SHOWN = 100
Step = Callable[[Campaign, StaffMember], object]


@staff_only
@require_safe
def campaign_list(request: HttpRequest) -> HttpResponse:
    access.campaign_reader_for(request.user)
    found = Campaign.objects.select_related("beat", "made_by")[:SHOWN]
    return render(request, "notifications/campaigns.html", {"campaigns": found})


@staff_only
def add_campaign(request: HttpRequest) -> HttpResponse:
    staff = access.writer_for(request.user)
    if uid := request.GET.get("event"):
        event = access.event_to_tell_of(staff, uid)
        draft = Campaign(made_by=staff, beat=event.beat)
        return _write(request, draft, staff, change_words.suggested(event))
    return _write(request, Campaign(made_by=staff), staff)


@staff_only
def change_campaign(request: HttpRequest, uid: UUID) -> HttpResponse:
    campaign, staff = access.own_campaign(request.user, uid)
    if campaign.status != CampaignStatus.DRAFT:
        messages.error(request, _("Take it back first; then you can change it."))
        return redirect("campaign", uid)
    return _write(request, campaign, staff)


@staff_only
@require_safe
def campaign(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Everything about one: how it reads, whom it reaches, where it stands, what comes next."""
    shown, staff = access.campaign_for(request.user, uid)
    context = _standing(shown) | {
        "staff": staff,
        "audience": campaigns.audience(shown),
        "is_large": campaigns.is_large(shown),
        "version": campaigns.version(shown),
        "second_from": settings.CAMPAIGN_SECOND_PERSON_FROM,
        "can_release": staff not in (shown.made_by, shown.proposed_by),
        "test_form": TestForm(initial={"to": staff.email}),
        "readings": [_reading(one) for one in rendering.all_words(shown)],
        "takes_texts": Channel.TEXT in shown.channels and text.is_on(),
    }
    return render(request, "notifications/campaign.html", context)


@staff_only
@require_safe
def campaign_progress(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The bar alone, asked for again and again while it goes out."""
    shown, _staff = access.campaign_for(request.user, uid)
    return render(request, "notifications/_campaign_progress.html", _standing(shown))


@staff_only
@require_safe
@xframe_options_sameorigin
def campaign_mail(request: HttpRequest, uid: UUID, language: str) -> HttpResponse:
    """The mail as a reader sees it, with links that lead nowhere."""
    shown, _staff = access.campaign_for(request.user, uid)
    if language not in dict(settings.LANGUAGES):
        raise Http404
    return mail_page(rendering.sample_html(shown, language))


@staff_only
@require_POST
def test_campaign(request: HttpRequest, uid: UUID) -> HttpResponse:
    shown, _staff = access.campaign_for(request.user, uid)
    form = TestForm(request.POST)
    if form.is_valid():
        campaigns.send_test(shown, form.cleaned_data["to"], dict(settings.LANGUAGES))
        tasks.ring(tasks.drain_personal)
        messages.success(request, _("The test is on its way, in every language."))
    else:
        messages.error(request, str(form.errors["to"][0]))
    return redirect("campaign", uid)


@staff_only
@require_POST
def propose_campaign(request: HttpRequest, uid: UUID) -> HttpResponse:
    return _step(request, uid, lambda one, staff: campaigns.propose(one, by=staff))


@staff_only
@require_POST
def release_campaign(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The one step for which the second person need not serve the beat."""
    shown, staff = access.campaign_for(request.user, uid)
    seen = request.POST.get("seen", "")
    return _do(request, shown, staff, lambda one, by: campaigns.release(one, by=by, seen=seen))


@staff_only
@require_POST
def take_back_campaign(request: HttpRequest, uid: UUID) -> HttpResponse:
    return _step(request, uid, lambda one, _staff: campaigns.take_back(one))


@staff_only
@require_POST
def pause_campaign(request: HttpRequest, uid: UUID) -> HttpResponse:
    return _step(request, uid, lambda one, _staff: campaigns.pause(one))


@staff_only
@require_POST
def resume_campaign(request: HttpRequest, uid: UUID) -> HttpResponse:
    return _step(request, uid, lambda one, _staff: campaigns.resume(one))


@staff_only
@require_POST
def cancel_campaign(request: HttpRequest, uid: UUID) -> HttpResponse:
    return _step(request, uid, lambda one, _staff: campaigns.cancel(one))


def _write(
    request: HttpRequest,
    draft: Campaign,
    staff: StaffMember,
    suggested: dict[str, Any] | None = None,
) -> HttpResponse:
    allowed = rights(staff, draft.beat)["beats"]
    initial = as_typed(draft) if draft.pk else {"channels": [Channel.EMAIL]} | (suggested or {})
    form = CampaignForm(request.POST or None, beats=allowed, initial=initial)
    if request.method == "POST" and form.is_valid():
        draft.made_by = staff  # who wrote it last does not release it
        try:
            kept = campaigns.write(form.fill(draft), form.words())
        except campaigns.WrongStatus:
            messages.error(request, _("This has changed meanwhile. Look where it stands."))
            return redirect("campaign", draft.uid)
        messages.success(request, _("Kept as a draft. Nothing was sent."))
        return redirect("campaign", kept.uid)
    context = {"form": form, "campaign": draft if draft.pk else None}
    return render(request, "notifications/write_campaign.html", context)


def _step(request: HttpRequest, uid: UUID, step: Step) -> HttpResponse:
    shown, staff = access.own_campaign(request.user, uid)
    return _do(request, shown, staff, step)


def _do(request: HttpRequest, shown: Campaign, staff: StaffMember, step: Step) -> HttpResponse:
    try:
        step(shown, staff)
    except campaigns.WrongStatus:
        messages.error(request, _("This has changed meanwhile. Look where it stands."))
    except campaigns.NeedsASecondPerson:
        messages.error(request, _("Somebody else has to read it and let it go."))
    else:
        tasks.ring(tasks.plan)
    return redirect("campaign", shown.uid)


def _standing(shown: Campaign) -> dict[str, Any]:
    by_status = campaigns.progress(shown)
    total = sum(by_status.values())
    waiting = sum(by_status.get(one, 0) for one in campaigns.WAITING)
    return {
        "campaign": shown,
        "by_status": campaigns.named(by_status),
        "total": total,
        "settled": total - waiting,
        "is_moving": shown.status in (CampaignStatus.SCHEDULED, CampaignStatus.SENDING),
        "is_ahead": shown.starts_at is not None and shown.starts_at > timezone.now(),
    }


def _reading(words: rendering.Sample) -> dict[str, Any]:
    return {
        "words": words,
        "mail": reading.measure(words.body, words.language),
        "sms": segments.count(words.text) if words.text else None,
    }
