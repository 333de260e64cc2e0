"""One key, one outcome: a double click or a retry does the work once."""

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import timedelta

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.forms import Form
from django.utils import timezone

from outreach import keys
from outreach.models import Submission

KEPT = timedelta(days=30)


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
    earlier = _earlier(key)
    if earlier is None:
        outcome = act()
        Submission.objects.create(key=key, fingerprint=_fingerprint(content), outcome=outcome)
        return outcome
    if not _says(earlier, content):
        raise KeyReused(key)
    return earlier.outcome


def answered(key: str, content: object) -> str | None:
    """What the last press with this key led to, if it said the same; rivals wait for each other.

    Call within a transaction, which `remember` must share.
    """
    earlier = _earlier(key)
    return earlier.outcome if earlier is not None and _says(earlier, content) else None


def remember(key: str, content: object, outcome: str) -> None:
    """A page fetched back from a browser's memory may say something else with its old key."""
    said = {"fingerprint": _fingerprint(content), "outcome": outcome}
    Submission.objects.update_or_create(key=key, defaults=said)


def forget() -> None:
    """A second click comes soon, a retry within days."""
    Submission.objects.filter(created_at__lt=timezone.now() - KEPT).delete()


def _earlier(key: str) -> Submission | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
    return Submission.objects.filter(key=key).first()


def _says(earlier: Submission, content: object) -> bool:
    return earlier.fingerprint in {_under(k, content) for k in keys.every("link").values()}


def _fingerprint(content: object) -> str:
    return _under(keys.current("link"), content)


def _under(key: keys.Key, content: object) -> str:
    """Under a key that is not in the database: there are few enough addresses in a city to try
    them all against a plain hash."""
    text = json.dumps(content, sort_keys=True, cls=DjangoJSONEncoder)
    return hmac.new(key.secret, b"submission:" + text.encode(), hashlib.sha256).hexdigest()
