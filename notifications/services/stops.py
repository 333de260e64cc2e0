"""Stop, start and help by text; bounces; and what a number or mailbox said stays said.

The address of somebody erased is kept as its HMAC under a key that is not in the database: enough
to know it again before anything is sent, too little to read it. There are few enough addresses in
a city to try them all against a plain hash.
"""

import hashlib
import hmac
import re
import unicodedata
from enum import Enum

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.utils import timezone

from notifications.enums import Channel, SuppressionKind
from notifications.models import ReceivedText, Subscription, Suppression
from outreach import keys
from outreach.models import Contact

# Words of the carriers and the FCC, and their like in Spanish; without accents, in lower case.
ENGLISH = {
    "stop": {"stop", "stopall", "stop all", "quit", "end", "revoke", "opt out", "optout",
             "opt-out", "cancel", "unsubscribe"},
    "help": {"help", "info"},
    "start": {"start", "unstop"},
    "yes": {"yes", "y", "ok", "confirm"},
}  # fmt: skip
SPANISH = {
    "stop": {"alto", "parar", "pare", "para", "detener", "basta", "fin", "terminar", "revocar",
             "cancelar", "cancele", "salir", "baja", "darme de baja", "dar de baja", "no mas",
             "desuscribir", "anular"},
    "help": {"ayuda", "informacion"},
    "start": {"comenzar", "empezar", "iniciar", "reanudar"},
    "yes": {"si", "s", "confirmar", "confirmo"},
}  # fmt: skip
# Said with more words after it, still no.
NO_LETTER = re.compile(r"[^a-z]+")
SEALED = "erased:"  # no mailbox and no number begins so
FIRST_WORDS = {"stop", "unsubscribe", "alto"}


class Word(Enum):
    STOP = "stop"
    HELP = "help"
    START = "start"
    YES = "yes"
    OTHER = ""


def word_of(body: str) -> Word:
    """What a text means. Capitals, accents and punctuation around it do not matter."""
    plain = _plain(body)
    for known in (ENGLISH, SPANISH):
        for word, forms in known.items():
            if plain in forms:
                return Word(word)
    return Word.STOP if NO_LETTER.split(plain, maxsplit=1)[0] in FIRST_WORDS else Word.OTHER


def is_spanish(body: str) -> bool:
    plain = _plain(body)
    return any(plain in forms for forms in SPANISH.values())


def _plain(body: str) -> str:
    bare = unicodedata.normalize("NFKD", body)
    bare = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return " ".join(bare.casefold().strip(" .,!¡¿?\"'*\r\n\t").split())


@transaction.atomic
def receive(provider_id: str, number: str, word: Word) -> bool:
    """Act on a text, once however often the gateway tells of it. False: it was told before."""
    _, is_new = ReceivedText.objects.get_or_create(
        provider_id=provider_id, defaults={"word": word.value}
    )
    if not is_new:
        return False
    if word is Word.STOP:
        stop(number, reason="texted stop")
    elif word is Word.START:
        rows_of(number).filter(kind=SuppressionKind.STOP).delete()
    elif word is Word.YES:
        waiting = Subscription.objects.filter(
            contact__phone=number, channel=Channel.TEXT, confirmed_at=None, ended_at=None
        )
        waiting.update(confirmed_at=timezone.now())
    return True


@transaction.atomic
def stop(number: str, *, reason: str) -> None:
    """No text to this number is claimed after this commit."""
    suppress(number, SuppressionKind.STOP, reason=reason)
    standing = Subscription.objects.filter(contact__phone=number, channel=Channel.TEXT)
    standing.filter(ended_at=None).update(ended_at=timezone.now())


def suppress(address: str, kind: SuppressionKind, *, reason: str) -> None:
    """A mailbox (its capitals do not matter) or a number gets nothing more."""
    row = Suppression(address=address.lower(), kind=kind, reason=reason[:100])
    Suppression.objects.bulk_create([row], ignore_conflicts=True)


@transaction.atomic
def seal(address: str) -> None:
    """Forget the address, but not that nothing is to be sent there."""
    earlier = rows_of(address).values_list("kind", flat=True).first()
    rows_of(address).delete()
    suppress(_sealed(address, keys.current("link")), SuppressionKind(earlier or "stop"),
             reason="erased")  # fmt: skip


def rows_of(*addresses: str) -> QuerySet[Suppression]:
    """What was said by any of these, open or sealed."""
    known = [name for one in addresses for name in (one.lower(), *sealed_forms(one))]
    return Suppression.objects.annotate(low=Lower("address")).filter(low__in=known)


def sealed_forms(address: str) -> list[str]:
    """How the row of somebody erased is written, under any of our keys."""
    return [_sealed(address, key) for key in keys.every("link").values()]


def _sealed(address: str, key: keys.Key) -> str:
    said = f"suppression:{address.lower()}".encode()
    return f"{SEALED}{key.id.lower()}:{hmac.new(key.secret, said, hashlib.sha256).hexdigest()}"


def address_of(contact: Contact, channel: str) -> str:
    return str(contact.phone) if channel == Channel.TEXT else contact.email
