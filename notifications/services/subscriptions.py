"""Saying yes, choosing, and saying stop."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from notifications.enums import Channel, Lane, MessageKind, Pace, Purpose
from notifications.models import Message, Subscription, SubscriptionLink
from notifications.services import stops
from outreach import links
from outreach.enums import LinkPurpose
from outreach.models import Beat, Contact, StaffMember

# Raised whenever the words on the subscribe page change; kept with each consent.
WORDING_VERSION = "2026-11"
PREFERENCES_DAYS = 3650
CONFIRM_AGAIN_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class Wish:
    """What somebody wants to hear of. None among the beats stands for the whole city."""

    beats: Sequence[Beat | None]
    programs: Sequence[str] = ()  # none: all
    pace: str = Pace.EACH
    lead_minutes: Sequence[int] = ()  # of the reminder rules; none: all
    wants_bulletins: bool = False

    @property
    def choices(self) -> dict[str, object]:
        return {
            "programs": list(self.programs),
            "pace": self.pace,
            "lead_minutes": list(self.lead_minutes),
        }

    @property
    def rows(self) -> list[tuple[Beat | None, str]]:
        """Beat and purpose of each subscription; bulletins are agreed to apart."""
        kept = [(beat, str(Purpose.REMINDERS)) for beat in self.beats]
        bulletins = self.beats if self.wants_bulletins else ()
        return kept + [(beat, str(Purpose.BULLETINS)) for beat in bulletins]


@dataclass(frozen=True)
class Asked:
    """Evidence of a consent: on which page, and who of us read the wording out."""

    page: str = "subscribe"
    read_out_by: StaffMember | None = None


ONLINE = Asked()


@transaction.atomic
def sign_up(address: str, wish: Wish, *, language: str, asked: Asked = ONLINE) -> Contact:
    """Note a wish and owe a confirmation, at most one a day for each mailbox or number.

    address is an e-mail address or a phone number in E.164. What stands already stays as it is.
    """
    contact = _subscriber(address, language)
    channel = channel_of(address)
    for beat, purpose in wish.rows:
        Subscription.objects.get_or_create(
            contact=contact,
            beat=beat,
            channel=channel,
            purpose=purpose,
            ended_at=None,
            defaults=wish.choices | _evidence(asked),
        )
    waiting = contact.subscriptions.filter(confirmed_at=None, ended_at=None).order_by("-pk").first()
    if waiting and not _was_asked_lately(address):
        _owe_confirmation(contact, waiting)
    return contact


@transaction.atomic
def confirm(contact: Contact) -> int:
    """Everything this person asked for begins, and an earlier stop by mail is lifted by them.

    A number that stopped is opened again by a text of its own only.
    """
    if contact.email:
        stops.rows_of(contact.email).delete()
    return contact.subscriptions.filter(confirmed_at=None, ended_at=None).update(
        confirmed_at=timezone.now()
    )


@transaction.atomic
def choose(contact: Contact, wish: Wish, *, language: str) -> None:
    """What the preference page says is what stands from now on."""
    address = address_of(contact)
    _lock(address)
    Contact.objects.filter(pk=contact.pk).update(language=language)
    wanted = {(beat.pk if beat else None, purpose) for beat, purpose in wish.rows}
    standing = list(contact.subscriptions.filter(ended_at=None))
    dropped = [one.pk for one in standing if (one.beat_id, one.purpose) not in wanted]
    now = timezone.now()
    contact.subscriptions.filter(pk__in=dropped).update(ended_at=now)
    kept = contact.subscriptions.filter(ended_at=None)
    kept.update(**wish.choices)
    # The page is reached by the person's own link: that confirms as much as the first mail does.
    kept.filter(confirmed_at=None).update(confirmed_at=now)
    present = {(one.beat_id, one.purpose) for one in standing}
    Subscription.objects.bulk_create(
        Subscription(
            contact=contact,
            beat=beat,
            purpose=purpose,
            channel=channel_of(address),
            confirmed_at=now,
            **wish.choices,
            **_evidence(Asked("preferences")),
        )
        for beat, purpose in wish.rows
        if (beat.pk if beat else None, purpose) not in present
    )


def _evidence(asked: Asked) -> dict[str, object]:
    return {
        "wording_version": WORDING_VERSION,
        "asked_on_page": asked.page,
        "read_out_by": asked.read_out_by,
    }


def channel_of(address: str) -> str:
    return Channel.EMAIL if "@" in address else Channel.TEXT


def address_of(contact: Contact) -> str:
    """The one mailbox or number a subscriber is."""
    return contact.email or str(contact.phone)


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
    """The token of a subscriber's link, made when there is none.

    Reads `subscription_links`; prefetch it where many are written to.
    """
    known = {link.purpose: link for link in contact.subscription_links.all()}
    return links.token(known.get(purpose) or _link(contact, purpose))


def make_links(contacts: Iterable[int]) -> None:
    """The preference links of many readers at once, where there are none."""
    SubscriptionLink.objects.bulk_create(
        [
            SubscriptionLink(contact_id=pk, purpose=LinkPurpose.PREFERENCES, expires_at=_far())
            for pk in contacts
        ],
        ignore_conflicts=True,
    )


def _link(contact: Contact, purpose: LinkPurpose) -> SubscriptionLink:
    link, _ = SubscriptionLink.objects.get_or_create(
        contact=contact, purpose=purpose, defaults={"expires_at": _far()}
    )
    return link


def _far() -> datetime:
    return timezone.now() + timedelta(days=PREFERENCES_DAYS)


def forget_unconfirmed(besides: Collection[int] = ()) -> int:
    """Sign-ups nobody confirmed, and the contacts that had nothing else. `besides`: contacts
    under a legal hold."""
    before = timezone.now() - timedelta(hours=settings.UNCONFIRMED_HOURS)
    stale = Subscription.objects.filter(confirmed_at=None, created_at__lt=before)
    stale = stale.exclude(contact__in=besides)
    contacts = list(stale.values_list("contact_id", flat=True))
    gone, _ = stale.delete()
    Contact.objects.filter(
        pk__in=contacts,
        subscriptions__isnull=True,
        survey_requests__isnull=True,
        event_requests__isnull=True,
        rsvps__isnull=True,
        holds__isnull=True,
    ).delete()
    return gone


def _subscriber(address: str, language: str) -> Contact:
    """The contact that subscribes under this address; made when there is none."""
    _lock(address)
    by = {"email__iexact": address} if "@" in address else {"phone": address}
    known = Contact.objects.filter(**by, subscriptions__channel=channel_of(address))
    found = known.order_by("pk").first()
    if found:
        return found
    column = "email" if "@" in address else "phone"
    return Contact.objects.create(**{column: address}, language=language)


def _lock(address: str) -> None:
    """Two sign-ups of one mailbox at once become one contact and one confirmation."""
    with connection.cursor() as cursor:
        box = "@".join(mailbox(address))
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [box])


def mailbox(email: str) -> tuple[str, str]:
    """Name and domain of the box behind an address: robin+news@… lies in robin's."""
    name, _, domain = email.lower().rpartition("@")
    return name.partition("+")[0], domain


def _was_asked_lately(address: str) -> bool:
    """Whether this number or mailbox, under any +tag of its name, had a confirmation in a day."""
    asked = Message.objects.filter(
        kind=MessageKind.CONFIRM,
        subscription__isnull=False,
        created_at__gt=timezone.now() - CONFIRM_AGAIN_AFTER,
    )
    if "@" not in address:
        return asked.filter(contact__phone=address).exists()
    box, domain = mailbox(address)
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
        channel=subscription.channel,
        lane=Lane.PERSONAL,
        due_at=Now(),  # the clock that claims it
        expires_at=timezone.now() + timedelta(hours=settings.UNCONFIRMED_HOURS),
    )
