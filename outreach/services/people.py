"""Accounts of staff: made, changed, and given a link to set a password."""

from dataclasses import dataclass
from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.db import connection, transaction
from django.http import Http404
from django.utils import timezone

from outreach import links
from outreach.enums import AccountAct, Role
from outreach.models import AccountChange, PasswordLink, StaffMember, User

VALID = timedelta(hours=24)
LOCK = 0x61646D69  # one number: of two last administrators, one remains


class LastAdministrator(Exception):
    """Somebody must remain who runs the system."""


@dataclass(frozen=True)
class Person:
    name: str
    role: Role
    email: str = ""
    phone: str = ""
    languages: tuple[str, ...] = ()


@transaction.atomic
def add(person: Person, *, username: str, by: StaffMember) -> tuple[StaffMember, str]:
    """Somebody new, without a password, and the token of the link to set one."""
    user = User.objects.create_user(username, person.email)
    _give_admin_pages(user, person.role)
    staff = StaffMember.objects.create(
        user=user,
        name=person.name,
        role=person.role,
        email=person.email,
        phone=person.phone,
        languages=list(person.languages),
    )
    note(staff, AccountAct.ADDED, by=by, detail=str(person.role))
    return staff, _link(staff)


@transaction.atomic
def change(pk: int, person: Person, *, by: StaffMember) -> StaffMember:
    """Raises LastAdministrator where nobody would remain to run the system."""
    staff = locked(pk)
    if staff.role != person.role:
        if staff.role == Role.ADMINISTRATOR:
            keep_one_administrator(staff)
        note(staff, AccountAct.CHANGED, by=by, detail=f"{staff.role} → {person.role}")
        _give_admin_pages(staff.user, person.role)
    staff.name, staff.role, staff.email = person.name, person.role, person.email
    staff.phone, staff.languages = person.phone, list(person.languages)
    staff.save(update_fields=["name", "role", "email", "phone", "languages"])
    User.objects.filter(pk=staff.user_id).update(email=person.email)
    return staff


@transaction.atomic
def new_link(pk: int, *, by: StaffMember) -> tuple[StaffMember, str]:
    """Another link to set a password; one made before opens nothing any more."""
    staff = locked(pk)
    if not staff.is_active:
        raise Http404
    note(staff, AccountAct.LINK, by=by)
    return staff, _link(staff)


def link_behind(token: str) -> PasswordLink:
    """Http404 when it is forged, expired or used, or when its owner has left."""
    uid = links.uid_of(PasswordLink, token)
    known = PasswordLink.objects.select_related("staff__user")
    link = known.filter(pk=uid).first() if uid else None
    if link is None or not link.is_open or not link.staff.is_active:
        raise Http404
    return link


@transaction.atomic
def set_password(token: str, password: str) -> User:
    """Http404 for whoever comes second with the same link."""
    staff = locked(link_behind(token).staff_id)
    link_behind(token)  # again, under the lock
    staff.user.set_password(password)
    staff.user.save(update_fields=["password", "has_short_password"])
    revoke_links(staff)
    note(staff, AccountAct.PASSWORD, by=staff)
    return staff.user


@transaction.atomic
def reset_second_factor(pk: int, *, by: StaffMember | None) -> StaffMember:
    """For a lost phone. A password that was good only beside it ends with it."""
    staff = locked(pk)
    Authenticator.objects.filter(user=staff.user).delete()
    if staff.user.has_short_password:
        staff.user.set_unusable_password()
        staff.user.save(update_fields=["password", "has_short_password"])
    note(staff, AccountAct.FACTOR_RESET, by=by)
    return staff


def locked(pk: int) -> StaffMember:
    people = StaffMember.objects.select_for_update(no_key=True, of=("self",))
    staff = people.select_related("user").filter(pk=pk).first()
    if staff is None:
        raise Http404
    return staff


def keep_one_administrator(leaving: StaffMember) -> None:
    """Counted one after another, so that the last two do not go at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    others = StaffMember.objects.filter(
        role=Role.ADMINISTRATOR, is_active=True, last_day=None, user__is_active=True
    ).exclude(pk=leaving.pk)
    if not others.exists():
        raise LastAdministrator


def revoke_links(staff: StaffMember) -> None:
    staff.password_links.filter(revoked_at=None).update(revoked_at=timezone.now())


def note(
    staff: StaffMember, act: AccountAct, *, by: StaffMember | None, detail: str = ""
) -> AccountChange:
    return AccountChange.objects.create(staff=staff, act=act, by=by, detail=detail)


def _link(staff: StaffMember) -> str:
    revoke_links(staff)
    return links.token(staff.password_links.create(expires_at=timezone.now() + VALID))


def _give_admin_pages(user: User, role: Role) -> None:
    user.is_staff = user.is_superuser = role == Role.ADMINISTRATOR
    user.save(update_fields=["is_staff", "is_superuser"])
