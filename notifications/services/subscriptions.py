"""Saying yes, choosing, and saying stop."""

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from notifications.enums import Channel, Lane, MessageKind
from notifications.models import Message, Subscription, SubscriptionLink, Suppression
from outreach import links
from outreach.enums import LinkPurpose
from outreach.models import Beat, Contact

# Raised whenever the words on the subscribe page change; kept with each consent.
WORDING_VERSION = "2026-11"
PREFERENCES_DAYS = 3650
CONFIRM_AGAIN_AFTER = timedelta(days=1)


@transaction.atomic
def sign_up(
    email: str, beats: Sequence[Beat | None], *, language: str, page: str = "subscribe"
) -> Contact:
    """Note a wish and owe a confirmation, at most one a day per address.

    None among the beats stands for the whole city. What stands already stays as it is.
    """
    contact = _subscriber(email, language)
    for beat in beats:
        Subscription.objects.get_or_create(
            contact=contact,
            beat=beat,
            channel=Channel.EMAIL,
            ended_at=None,
            defaults={"wording_version": WORDING_VERSION, "asked_on_page": page},
        )
    waiting = contact.subscriptions.filter(confirmed_at=None, ended_at=None).order_by("-pk").first()
    if waiting and not _was_asked_lately(email):
        _owe_confirmation(contact, waiting)
    return contact


@transaction.atomic
def confirm(contact: Contact) -> int:
    """Everything this person asked for begins, and an earlier stop is lifted by them."""
    Suppression.objects.filter(address__iexact=contact.email).delete()
    return contact.subscriptions.filter(confirmed_at=None, ended_at=None).update(
        confirmed_at=timezone.now()
    )


@transaction.atomic
def choose(contact: Contact, beats: Sequence[Beat | None], *, language: str) -> None:
    """What the preference page says is what stands from now on."""
    _lock(contact.email)
    Contact.objects.filter(pk=contact.pk).update(language=language)
    standing = list(contact.subscriptions.filter(ended_at=None))
    wanted = {beat.pk if beat else None for beat in beats}
    dropped = [item.pk for item in standing if item.beat_id not in wanted]
    contact.subscriptions.filter(pk__in=dropped).update(ended_at=timezone.now())
    # The page is reached by the person's own link: that confirms as much as the first mail does.
    kept = contact.subscriptions.filter(ended_at=None, confirmed_at=None)
    kept.update(confirmed_at=timezone.now())
    present = {item.beat_id for item in standing}
    Subscription.objects.bulk_create(
        Subscription(
            contact=contact,
            beat=beat,
            channel=Channel.EMAIL,
            wording_version=WORDING_VERSION,
            asked_on_page="preferences",
            confirmed_at=timezone.now(),
        )
        for beat in beats
        if (beat.pk if beat else None) not in present
    )


@transaction.atomic
def leave(contact: Contact) -> None:
    """Stop everything for this address, at once and for good, until they ask again."""
    contact.subscriptions.filter(ended_at=None).update(ended_at=timezone.now())


def standing(contact: Contact) -> list[Subscription]:
    found = contact.subscriptions.filter(ended_at=None, confirmed_at__isnull=False)
    return list(found.select_related("beat"))


def contact_behind(token: str, purpose: LinkPurpose) -> Contact:
    """Whose link this is; Http404 for a link that opens nothing or something else."""
    link = links.find(SubscriptionLink, token, "contact", purpose=purpose)
    return link.contact


def link_token(contact: Contact, purpose: LinkPurpose) -> str:
    """The token of a subscriber's link, made when there is none."""
    days = PREFERENCES_DAYS
    link, _ = SubscriptionLink.objects.get_or_create(
        contact=contact,
        purpose=purpose,
        defaults={"expires_at": timezone.now() + timedelta(days=days)},
    )
    return links.token(link)


def forget_unconfirmed() -> int:
    """Sign-ups nobody confirmed, and the contacts that had nothing else."""
    before = timezone.now() - timedelta(hours=settings.UNCONFIRMED_HOURS)
    stale = Subscription.objects.filter(confirmed_at=None, created_at__lt=before)
    contacts = list(stale.values_list("contact_id", flat=True))
    gone, _ = stale.delete()
    Contact.objects.filter(
        pk__in=contacts,
        subscriptions__isnull=True,
        survey_requests__isnull=True,
        rsvps__isnull=True,
    ).delete()
    return gone


def _subscriber(email: str, language: str) -> Contact:
    """The contact that subscribes under this address; made when there is none."""
    _lock(email)
    known = (
        Contact.objects.filter(email__iexact=email, subscriptions__isnull=False)
        .order_by("pk")
        .first()
    )
    return known or Contact.objects.create(email=email, language=language)


def _lock(email: str) -> None:
    """Two sign-ups of one mailbox at once become one contact and one confirmation."""
    with connection.cursor() as cursor:
        box = "@".join(_mailbox(email))
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [box])


def _mailbox(email: str) -> tuple[str, str]:
    """Name and domain of the box behind an address: robin+news@… lies in robin's."""
    name, _, domain = email.lower().rpartition("@")
    return name.partition("+")[0], domain


def _was_asked_lately(email: str) -> bool:
    """Whether this mailbox had a confirmation within a day, under any +tag of its name."""
    box, domain = _mailbox(email)
    asked = Message.objects.filter(
        kind=MessageKind.CONFIRM, created_at__gt=timezone.now() - CONFIRM_AGAIN_AFTER
    )
    lately = asked.filter(
        Q(contact__email__iexact=f"{box}@{domain}")
        | Q(contact__email__istartswith=f"{box}+", contact__email__iendswith=f"@{domain}")
    )
    return lately.exists()


def _owe_confirmation(contact: Contact, subscription: Subscription) -> None:
    subscription.messages.filter(kind=MessageKind.CONFIRM).delete()
    Message.objects.create(
        contact=contact,
        subscription=subscription,
        kind=MessageKind.CONFIRM,
        channel=Channel.EMAIL,
        lane=Lane.PERSONAL,
        due_at=Now(),  # the clock that claims it
        expires_at=timezone.now() + timedelta(hours=settings.UNCONFIRMED_HOURS),
    )
