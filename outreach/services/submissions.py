"""One key, one outcome: a double click or a retry does the work once."""

import hashlib
import json
from collections.abc import Callable

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.forms import Form

from outreach.models import Submission


class KeyReused(Exception):
    """The same key came again with something else behind it."""


def typed(form: Form) -> dict[str, str]:
    """What a valid form said, to tell a second click from something else."""
    return {name: str(value) for name, value in form.cleaned_data.items()}


@transaction.atomic
def once(key: str, content: object, act: Callable[[], str]) -> str:
    """Do act() the first time a key is seen and return its outcome each time.

    Rivals with the same key wait for the first to commit. A failed act leaves no trace.
    """
    fingerprint = hashlib.sha256(
        json.dumps(content, sort_keys=True, cls=DjangoJSONEncoder).encode()
    ).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
    earlier = Submission.objects.filter(key=key).first()
    if earlier is None:
        outcome = act()
        Submission.objects.create(key=key, fingerprint=fingerprint, outcome=outcome)
        return outcome
    if earlier.fingerprint != fingerprint:
        raise KeyReused(key)
    return earlier.outcome
