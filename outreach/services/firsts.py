"""The first administrator, by a link that is printed where the server was started."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Q
from django.http import Http404
from django.utils import timezone

from outreach import links
from outreach.enums import Role
from outreach.models import FirstLink, StaffMember, User

VALID = timedelta(hours=24)
LOCK = 0x66697273  # one number: there is one first


class NotNeeded(Exception):
    """There is an administrator: the next one is made by them."""


@dataclass(frozen=True)
class Account:
    name: str
    username: str
    password: str
    email: str = ""


def has_administrator() -> bool:
    return User.objects.filter(
        Q(is_superuser=True)
        | Q(staff_member__role=Role.ADMINISTRATOR, staff_member__is_active=True),
        is_active=True,
    ).exists()


@transaction.atomic
def issue() -> str:
    """The token of a new link; one printed before opens nothing any more. Raises NotNeeded."""
    _one_at_a_time()
    if has_administrator():
        raise NotNeeded
    _revoke()
    return links.token(FirstLink.objects.create(expires_at=timezone.now() + VALID))


def link_behind(token: str) -> FirstLink:
    """Http404 when it is forged, expired or used, or when there is an administrator."""
    uid = links.uid_of(FirstLink, token)
    link = FirstLink.objects.filter(pk=uid).first() if uid else None
    if link is None or not link.is_open or has_administrator():
        raise Http404
    return link


@transaction.atomic
def make_administrator(token: str, account: Account) -> User:
    """Http404 for whoever comes second with the same link."""
    _one_at_a_time()
    link_behind(token)
    user = User.objects.create_user(
        account.username,
        account.email,
        account.password,
        is_staff=True,
        is_superuser=True,
    )
    StaffMember.objects.create(
        user=user, name=account.name, role=Role.ADMINISTRATOR, email=account.email
    )
    _revoke()
    return user


def _revoke() -> None:
    FirstLink.objects.filter(revoked_at=None).update(revoked_at=timezone.now())


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
