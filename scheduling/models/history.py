"""Who changed what and when, kept by the database itself: bulk and SQL writes are seen too."""

from collections.abc import Callable
from typing import TypeVar

import pghistory
from django.db import models

Tracked = TypeVar("Tracked", bound=type[models.Model])


def track(name: str, fields: list[str]) -> Callable[[Tracked], Tracked]:
    """Keep each version of these fields in a table of this name. Never a field with personal data.

    Who did it stands in the context: the id of a staff member, see access.acting().
    """
    return pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        fields=fields,
        model_name=name,
        obj_field=pghistory.ObjForeignKey(related_name="history"),
    )
