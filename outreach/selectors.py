"""Reads wanted by more than one caller."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from outreach.enums import Duty, Role
from outreach.models import Beat, Post, StaffMember, WatchGroup


@dataclass(frozen=True)
class Pair:
    """Who serves a beat on a day: the holder of each post or, when it is vacant, the backup."""

    cpc: StaffMember | None = None
    nro: StaffMember | None = None

    @property
    def members(self) -> list[StaffMember]:
        return [member for member in (self.cpc, self.nro) if member is not None]


def beats_in_effect(on: date | None = None) -> QuerySet[Beat]:
    day = on or timezone.localdate()
    return Beat.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day), starts_on__lte=day)


def groups_in_effect(on: date | None = None) -> QuerySet[WatchGroup]:
    day = on or timezone.localdate()
    return WatchGroup.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=day), starts_on__lte=day
    )


def posts_in_effect(on: date | None = None) -> QuerySet[Post]:
    day = on or timezone.localdate()
    return Post.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=day), starts_on__lte=day
    ).select_related("staff", "backup", "beat")


def pairs(beats: Iterable[Beat], on: date | None = None) -> dict[int, Pair]:
    """The pair of each beat by the beat's id, in one query."""
    wanted = {beat.pk: Pair() for beat in beats}
    found: dict[int, dict[str, StaffMember | None]] = {pk: {} for pk in wanted}
    for post in posts_in_effect(on).filter(beat_id__in=wanted):
        found[post.beat_id][post.duty] = at_work(post.staff) or at_work(post.backup)
    return {
        pk: Pair(cpc=duties.get(Duty.CPC), nro=duties.get(Duty.NRO)) for pk, duties in found.items()
    }


def pair_of(beat: Beat, on: date | None = None) -> Pair:
    return pairs([beat], on)[beat.pk]


def at_work(staff: StaffMember | None) -> StaffMember | None:
    return staff if staff is not None and staff.is_active else None


def sergeant() -> StaffMember | None:
    """With whom everything ends up that nobody else answers for."""
    return StaffMember.objects.filter(role=Role.SERGEANT, is_active=True).order_by("pk").first()


def responsible(beat: Beat | None, on: date | None = None) -> list[StaffMember]:
    """Who answers for what a beat's people ask: the holders of its posts, for a vacant one the
    backup; the sergeant where nobody is, and for what has no beat."""
    members = pair_of(beat, on).members if beat else []
    if members:
        return members
    last = sergeant()
    return [last] if last else []


def beats_without_anybody(on: date | None = None) -> list[Beat]:
    """Beats whose posts are all vacant and not backed up: the sergeant's."""
    beats = list(Beat.objects.defer("boundary"))
    found = pairs(beats, on)
    return [beat for beat in beats if not found[beat.pk].members]
