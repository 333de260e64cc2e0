"""Which staff member the city's identity provider speaks of. Nobody is made by signing in."""

from django.db import transaction

from outreach.enums import AccountAct
from outreach.models import Identity, StaffMember
from outreach.services import people


class Unknown(Exception):
    """Nobody who works here, or not surely the one."""


@transaction.atomic
def staff_behind(issuer: str, subject: str, *, verified_email: str) -> StaffMember:
    """Known by the subject; the first time by a work address the provider has verified."""
    known = Identity.objects.filter(issuer=issuer, subject=subject).first()
    if known:
        return _working(known.staff_id)
    found = StaffMember.objects.filter(email__iexact=verified_email, is_active=True)
    if not verified_email or len(found) != 1:
        raise Unknown
    staff = _working(found[0].pk)
    if Identity.objects.filter(issuer=issuer, staff=staff).exists():
        raise Unknown  # an address that was given to somebody else since
    Identity.objects.create(issuer=issuer, subject=subject, staff=staff)
    people.note(staff, AccountAct.LINKED, by=staff)
    return staff


def _working(pk: int) -> StaffMember:
    staff = people.locked(pk)
    if not staff.is_active or not staff.user.is_active:
        raise Unknown
    return staff
