"""Keeping what the administrator set of the department."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from outreach import department
from outreach.models import Department, StaffMember
from outreach.models.department import ONLY

NEVER_SET = "never"


class ChangedMeanwhile(Exception):
    """Somebody else kept other settings after these were looked at."""


def kept() -> Department:
    return Department.objects.select_related("changed_by").filter(pk=ONLY).first() or Department()


def version(row: Department) -> str:
    return row.changed_at.isoformat() if row.changed_at else NEVER_SET


@transaction.atomic
def change(values: Mapping[str, Any], *, seen: str, by: StaffMember) -> Department:
    """All of it or nothing. Pages show it within a second, calendars with their next round.

    Raises ChangedMeanwhile when `seen` is not the version() that is kept.
    """
    _, is_first = Department.objects.get_or_create(pk=ONLY)  # two firsts wait for each other here
    row = Department.objects.select_for_update(no_key=True).get(pk=ONLY)
    if seen != (NEVER_SET if is_first else version(row)):
        raise ChangedMeanwhile
    for field, value in values.items():
        setattr(row, field, value)
    row.changed_by = by
    row.save(update_fields=[*values, "changed_by", "changed_at"])
    department.forget()
    return row
