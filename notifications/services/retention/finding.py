"""Whom and what somebody means who wants a hold, an erasure or an export."""

import re

from django.db.models import Q, QuerySet
from phonenumber_field.phonenumber import PhoneNumber
from phonenumbers import NumberParseException

from outreach.models import Contact
from scheduling.models import Event

UID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def person(of: QuerySet[Contact], address: str) -> Contact | None:
    """The first contact of a mailbox or a number, however it is punctuated."""
    wanted = Q(email__iexact=address)
    if "@" not in address:
        try:
            wanted = Q(phone=PhoneNumber.from_string(address).as_e164)
        except NumberParseException:
            return None
    return of.filter(wanted).order_by("pk").first() if address else None


def event(address: str) -> Event | None:
    """By the uid in the address of its page."""
    found = UID.search(address)
    return Event.objects.filter(uid=found[0]).first() if found else None
