"""Forgetting one person: shown first, asked once, with a receipt."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from notifications import access, sending, tasks
from notifications.forms.records import EraseForm
from notifications.forms.sending import PersonForm
from notifications.models import AddressLook, Erasure
from notifications.services.retention import erasing, holds, mentions, people
from notifications.wording import masked
from outreach.models import Contact
from outreach.views.guards import staff_only


@staff_only
@sensitive_post_parameters()
def find_to_erase(request: HttpRequest) -> HttpResponse:
    """By POST, for what is typed must not reach a log."""
    staff = access.destroyer_for(request.user)
    form, found = PersonForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        shown = access.people_on_record(staff).filter(restricted_at=None)
        contacts = sending.search(shown, form.cleaned_data["who"])
        found = [(contact, _label(contact)) for contact in contacts]
    return render(request, "notifications/find_to_erase.html", {"form": form, "found": found})


@staff_only
def erase_person(request: HttpRequest, uid: UUID) -> HttpResponse:
    """GET shows what would become of everything; POST begins it."""
    contact, staff = access.person_to_erase(request.user, uid)
    shown = access.people_on_record(staff).filter(restricted_at=None)
    same = list(people.same([contact]).filter(pk__in=shown.values("pk")))
    others = [one for one in people.namesakes(same) if shown.filter(pk=one.pk).exists()]
    choices = [(one.pk, _label(one)) for one in [*same, *others]]
    named = mentions.of(map(mentions.known, [*same, *others]), reader=staff)
    form = EraseForm(
        request.POST or None,
        choices=choices,
        past=[one.key for one in named.places if one.key],
        initial={"contacts": [one.pk for one in same]},
    )
    if request.method == "POST" and form.is_valid():
        try:
            erasure = erasing.begin(
                list(form.cleaned_data["contacts"]), by=staff, covered=form.cleaned_data["covered"]
            )
        except erasing.Held:
            form.add_error(None, _("A legal hold keeps this person's records. Lift it first."))
        else:
            tasks.ring(tasks.keep_records)
            return redirect("erasure", erasure.uid)
    context = {
        "form": form,
        "contact": contact,
        "prospects": erasing.prospects([*same, *others]),
        "others": others,
        "standing": erasing.standing([*same, *others]),
        "is_held": holds.on(same),
        "mentions": named,
        "backup_days": settings.BACKUP_KEPT_DAYS,
    }
    return render(request, "notifications/erase_person.html", context)


@staff_only
@require_safe
def erasure(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The receipt, to print; it names nobody."""
    access.records_keeper_for(request.user)
    return _receipt(request, uid)


@never_cache
@staff_only
@require_POST
def reveal_erased(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Whom the records that stay are of; who looked is written down."""
    staff = access.destroyer_for(request.user)
    found = get_object_or_404(Erasure, uid=uid)
    kept = found.contacts.filter(pk__in=access.people_on_record(staff).values("pk"))
    kept = kept.filter(restricted_at__isnull=False)
    AddressLook.objects.bulk_create(AddressLook(staff=staff, contact=one) for one in kept)
    response = _receipt(request, uid, known=[erasing.who(one) for one in kept])
    response["Cache-Control"] = "no-store"
    return response


def _receipt(
    request: HttpRequest, uid: UUID, *, known: list[dict[str, str]] | None = None
) -> HttpResponse:
    found = get_object_or_404(Erasure.objects.select_related("staff"), uid=uid)
    staff = access.records_keeper_for(request.user)
    context = {
        "erasure": found,
        "counts": found.counts.all(),
        "stays": any(found.counts.values_list("restricted", flat=True)),
        "known": known,
        "may_destroy": access.may_destroy(staff),
    }
    if found.state == "running":
        messages.info(request, _("It is at work. Look again in a few seconds."))
    return render(request, "notifications/erasure.html", context)


def _label(contact: Contact) -> str:
    known = [contact.name, masked(contact.email), masked(str(contact.phone or ""))]
    return ", ".join(one for one in known if one) or _("No name")
