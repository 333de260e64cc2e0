"""One key, one outcome: a double click or a retry does the work once."""

import hashlib
import hmac
import json
from collections.abc import Callable

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.forms import Form

from outreach import keys
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
    text = json.dumps(content, sort_keys=True, cls=DjangoJSONEncoder)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
    earlier = Submission.objects.filter(key=key).first()
    if earlier is None:
        outcome = act()
        Submission.objects.create(
            key=key, fingerprint=_fingerprint(text, keys.current("link")), outcome=outcome
        )
        return outcome
    if earlier.fingerprint not in {_fingerprint(text, k) for k in keys.every("link").values()}:
        raise KeyReused(key)
    return earlier.outcome


def _fingerprint(text: str, key: keys.Key) -> str:
    """Under a key that is not in the database: there are few enough addresses in a city to try
    them all against a plain hash."""
    return hmac.new(key.secret, b"submission:" + text.encode(), hashlib.sha256).hexdigest()
