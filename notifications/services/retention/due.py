"""Which records have had their time: nothing held, and nothing something younger hangs on."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from notifications.services.retention import holds
from notifications.services.retention.kinds import BY_CLASS, Kind
from outreach import retention_periods
from outreach.enums import RecordClass
from outreach.retention_periods import Schedule


@dataclass
class Look:
    """One look at the schedule and the holds, for as many questions as there are."""

    schedule: Schedule = field(default_factory=retention_periods.schedule)
    held_people: list[int] = field(default_factory=lambda: sorted(holds.held_people()))
    held_events: list[int] = field(default_factory=holds.held_events)
    now: datetime = field(default_factory=timezone.now)

    def over(self, kind: Kind) -> QuerySet[Any]:
        """Past their period, held or not."""
        before = retention_periods.cutoff(self.schedule[kind.record_class], self.now)
        return kind.rows().filter(last_act__lt=before)

    def held(self, kind: Kind) -> QuerySet[Any]:
        return self.over(kind).filter(self._is_held(kind))

    def due(self, kind: Kind) -> QuerySet[Any]:
        """What may be destroyed now."""
        return self.over(kind).exclude(self._is_held(kind) | self._is_needed(kind))

    def _stays(self, kind: Kind) -> QuerySet[Any]:
        """Everything that is not due, said without looking up what is: tables may be long."""
        before = retention_periods.cutoff(self.schedule[kind.record_class], self.now)
        is_young = Q(last_act__gte=before) | Q(last_act=None)
        if kind.only:
            is_young |= ~kind.only
        return kind.every().filter(is_young | self._is_held(kind) | self._is_needed(kind))

    def _is_needed(self, kind: Kind) -> Q:
        """Something hangs on it that may not go yet."""
        needed = Q(pk__in=[])
        for hanging, ways in kind.hangs.items():
            for way in ways:
                stays = self._stays(BY_CLASS[hanging]).filter(**{way: OuterRef("pk")})
                needed |= Q(Exists(stays))
        return needed

    def _is_held(self, kind: Kind) -> Q:
        return holds.held(kind, self.held_people, self.held_events)


def kind_of(record_class: str) -> Kind:
    return BY_CLASS[RecordClass(record_class)]
