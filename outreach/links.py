"""The address of a link: its row's id and an HMAC-SHA-256 under the link key."""

import hashlib
import hmac
from typing import TypeVar
from uuid import UUID

from django.http import Http404
from django.utils.crypto import constant_time_compare

from outreach import keys
from outreach.enums import LinkPurpose
from outreach.models import Link

SomeLink = TypeVar("SomeLink", bound=Link)


def token(link: Link) -> str:
    """The same bytes every time it is rendered."""
    return f"{link.uid.hex}{_signature(link.uid, type(link), keys.current('link'))}"


def uid_of(model: type[Link], text: str) -> UUID | None:
    """The row a token was made for, without a look at the database: it may be revoked by now."""
    uid, signature = text[:32], text[32:]
    try:
        row_id = UUID(hex=uid)
    except ValueError:
        return None
    signed = (_signature(row_id, model, key) for key in keys.every("link").values())
    return row_id if any(constant_time_compare(signature, one) for one in signed) else None


def find(model: type[SomeLink], text: str, *related: str, purpose: LinkPurpose) -> SomeLink:
    """The row behind a token; Http404 when it is forged, unknown, expired, revoked or for
    another purpose."""
    row_id = uid_of(model, text)
    if row_id is None:
        raise Http404
    link = model._default_manager.select_related(*related).filter(pk=row_id).first()
    if link is None or not link.is_open or link.purpose != purpose:
        raise Http404
    return link


def _signature(uid: UUID, model: type[Link], key: keys.Key) -> str:
    message = f"{model._meta.label_lower}:{uid.hex}".encode()
    return hmac.new(key.secret, message, hashlib.sha256).hexdigest()[:40]
