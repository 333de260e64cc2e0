"""Destruction lists: made, released by name, carried out in parts."""

from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

from django.db import connection, transaction
from django.db.models import CharField, F, Sum
from django.db.models.functions import Cast
from django.utils import timezone

from notifications.enums import JobState
from notifications.models import Destruction, DestructionCount, DestructionItem
from notifications.services.retention.due import Look
from notifications.services.retention.kinds import KINDS, Kind
from outreach.models import StaffMember
from scheduling.services import publishing

BATCH = 200
# A query of ours, around one that Django wrote with its values apart.
LIST = """
    INSERT INTO notifications_destructionitem
        (destruction_id, record_class, record_id, reference)
    SELECT %s, %s, due.* FROM ({due}) AS due
"""


class NothingDue(Exception):
    """There is nothing to list."""


class WrongName(Exception):
    """A list is released with the own name."""


class NotOpen(Exception):
    """It was released or thrown away already."""


@dataclass(frozen=True)
class Progress:
    listed: int
    through: int

    @classmethod
    def of(cls, destruction: Destruction) -> "Progress":
        sums = destruction.counts.aggregate(
            listed=Sum("listed", default=0), done=Sum("destroyed", default=0),
            left=Sum("left", default=0),
        )  # fmt: skip
        return cls(sums["listed"], sums["done"] + sums["left"])


@transaction.atomic
def make(*, by: StaffMember) -> Destruction:
    """List what is due now. An earlier list that nobody released gives way. Raises NothingDue."""
    for waiting in Destruction.objects.select_for_update().filter(state=JobState.READY):
        _drop(waiting)
    destruction, look = Destruction.objects.create(made_by=by), Look()
    for kind in KINDS:
        listed, held = _list(destruction, kind, look), look.held(kind).count()
        if listed or held:
            destruction.counts.create(
                record_class=kind.record_class,
                months=look.schedule[kind.record_class],
                listed=listed,
                held=held,
            )
    if not destruction.items.exists():
        raise NothingDue
    return destruction


@transaction.atomic
def release(destruction_id: int, *, name: str, by: StaffMember) -> None:
    """By whoever types the own name. Raises WrongName or NotOpen."""
    destruction = Destruction.objects.select_for_update().get(pk=destruction_id)
    if destruction.state != JobState.READY:
        raise NotOpen
    if name.split() != by.name.split():
        raise WrongName
    destruction.state, destruction.released_by = JobState.RUNNING, by
    destruction.released_as, destruction.released_at = by.name, timezone.now()
    destruction.save(update_fields=["state", "released_by", "released_as", "released_at"])


@transaction.atomic
def drop(destruction_id: int) -> None:
    """Nothing of it was destroyed; its row stays. Raises NotOpen."""
    destruction = Destruction.objects.select_for_update().get(pk=destruction_id)
    if destruction.state != JobState.READY:
        raise NotOpen
    _drop(destruction)


def go_on(seconds: float) -> None:
    """Carry out what is released, for so long at most; the next call goes on.

    Run twice, beside itself or ended in the middle, every record goes once: a part is destroyed,
    counted and taken off the list in one transaction.
    """
    until = monotonic() + seconds
    running = Destruction.objects.filter(state=JobState.RUNNING).order_by("pk")
    for pk in running.values_list("pk", flat=True):
        while monotonic() < until and _next_part(pk):
            pass
        if not DestructionItem.objects.filter(destruction=pk).exists():
            _end(pk)


@transaction.atomic
def _next_part(destruction_id: int) -> bool:
    """One class's next records; False when none is left, or another worker is at it."""
    running = Destruction.objects.select_for_update(skip_locked=True)
    destruction = running.filter(pk=destruction_id, state=JobState.RUNNING).first()
    if destruction is None:
        return False
    for kind in KINDS:
        items = destruction.items.filter(record_class=kind.record_class).order_by("pk")
        if part := list(items[:BATCH]):
            _destroy(destruction, kind, [item.record_id for item in part])
            items.filter(pk__in=[item.pk for item in part]).delete()
            return True
    return False


def _end(destruction_id: int) -> None:
    """Only when no published file shows anything of it any more."""
    publishing.forget_earlier()
    Destruction.objects.filter(pk=destruction_id, state=JobState.RUNNING).update(
        state=JobState.DONE, ended_at=timezone.now()
    )


def _destroy(destruction: Destruction, kind: Kind, ids: Sequence[int]) -> None:
    """Looked at again: a hold may have come, or somebody have written to it since."""
    locked = kind.model._default_manager.select_for_update().filter(pk__in=ids)
    list(locked.order_by("pk").values_list("pk"))
    still = list(Look().due(kind).filter(pk__in=ids).values_list("pk", flat=True))
    kind.destroy(still)
    DestructionCount.objects.filter(destruction=destruction, record_class=kind.record_class).update(
        destroyed=F("destroyed") + len(still), left=F("left") + len(ids) - len(still)
    )


def _list(destruction: Destruction, kind: Kind, look: Look) -> int:
    named = look.due(kind).values_list("pk", Cast(kind.reference, CharField()))
    due, values = named.query.sql_with_params()
    with connection.cursor() as cursor:
        given: list[Any] = [destruction.pk, kind.record_class.value, *values]
        cursor.execute(LIST.format(due=due), given)
        return cursor.rowcount


def _drop(destruction: Destruction) -> None:
    DestructionItem.objects.filter(destruction=destruction).delete()
    destruction.state, destruction.ended_at = JobState.DROPPED, timezone.now()
    destruction.save(update_fields=["state", "ended_at"])
