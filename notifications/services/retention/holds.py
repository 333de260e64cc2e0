"""Legal holds: what they keep, how they begin and end."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from notifications.models import LegalHold
from notifications.services.retention import people
from notifications.services.retention.kinds import Kind
from outreach.models import Contact, StaffMember
from scheduling.models import Event


class AlreadyLifted(Exception):
    """Somebody else ended it."""


def standing() -> QuerySet[LegalHold]:
    return LegalHold.objects.filter(lifted_at=None)


def hold_person(contact: Contact, *, reason: str, by: StaffMember) -> LegalHold:
    return LegalHold.objects.create(contact=contact, reason=reason, placed_by=by)


def hold_event(event: Event, *, reason: str, by: StaffMember) -> LegalHold:
    return LegalHold.objects.create(event=event, reason=reason, placed_by=by)


def hold_span(starts_at: datetime, ends_at: datetime, *, reason: str, by: StaffMember) -> LegalHold:
    """Everything begun before its end and touched since its begin."""
    return LegalHold.objects.create(
        starts_at=starts_at, ends_at=ends_at, reason=reason, placed_by=by
    )


@transaction.atomic
def lift(hold_id: int, *, reason: str, by: StaffMember) -> None:
    """Its row stays and says who ended it, when and why. Raises AlreadyLifted."""
    hold = LegalHold.objects.select_for_update().get(pk=hold_id)
    if hold.lifted_at:
        raise AlreadyLifted
    hold.lifted_at, hold.lifted_by, hold.lift_reason = timezone.now(), by, reason
    hold.save(update_fields=["lifted_at", "lifted_by", "lift_reason"])


def held_people() -> set[int]:
    """Everybody under a hold, as every contact they are by now."""
    held = Contact.objects.filter(holds__lifted_at=None, holds__isnull=False)
    return set(people.same(held).values_list("pk", flat=True)) if held else set()


def held_events() -> list[int]:
    return list(standing().filter(event__isnull=False).values_list("event_id", flat=True))


def held(kind: Kind, persons: Sequence[int], events: Sequence[int]) -> Q:
    """Which of a kind's rows a standing hold keeps; see held_people() and held_events()."""
    kept = Q(pk__in=kind.about(kind.persons, persons)) if persons and kind.persons else Q()
    if events and kind.events:
        kept |= Q(pk__in=kind.about(kind.events, events))
    spans = standing().filter(starts_at__lte=OuterRef("last_act"), ends_at__gt=OuterRef(kind.begun))
    return kept | Q(Exists(spans))


def on(contacts: Sequence[Contact]) -> bool:
    """Whether a hold on a person keeps any of these."""
    held = held_people()
    return any(contact.pk in held for contact in contacts)
