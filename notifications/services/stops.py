"""Stop, start and help by text; bounces; and what a number or mailbox said stays said."""

import re
import unicodedata
from enum import Enum

from django.db import transaction
from django.utils import timezone

from notifications.enums import Channel, SuppressionKind
from notifications.models import ReceivedText, Subscription, Suppression
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
        Suppression.objects.filter(address=number, kind=SuppressionKind.STOP).delete()
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


def address_of(contact: Contact, channel: str) -> str:
    return str(contact.phone) if channel == Channel.TEXT else contact.email
