"""One person may be several contacts: all of one mailbox or one number."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from notifications.services.subscriptions import mailbox
from outreach.models import Contact


def same(contacts: Iterable[Contact]) -> QuerySet[Contact]:
    """These and every other of their mailboxes, under any +tag of the name, and numbers."""
    wanted = Q(pk__in=[])
    for contact in contacts:
        wanted |= Q(pk=contact.pk)
        if contact.email:
            box, domain = mailbox(contact.email)
            wanted |= Q(email__iexact=f"{box}@{domain}")
            wanted |= Q(email__istartswith=f"{box}+", email__iendswith=f"@{domain}")
        if contact.phone:
            wanted |= Q(phone=contact.phone)
    return Contact.objects.filter(wanted).order_by("pk")


def namesakes(contacts: Iterable[Contact], most: int = 20) -> QuerySet[Contact]:
    """Others of the same name, who may be the same person or not: somebody has to say."""
    known = list(contacts)
    wanted = Q(pk__in=[])
    for name in {one.name for one in known} - {""}:
        wanted |= Q(name__iexact=name)
    others = Contact.objects.filter(wanted).exclude(pk__in=[one.pk for one in known])
    return others.order_by("pk")[:most]
