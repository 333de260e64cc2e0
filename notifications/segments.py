"""How many parts a text message is billed as: GSM 03.38, or UCS-2 as soon as one letter is not
in its alphabet (á, í, ó and ú are not; é and ñ are)."""

from dataclasses import dataclass
from math import ceil

BASIC = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = set("^{}\\[~]|€\f")  # two places each


@dataclass(frozen=True)
class Length:
    """places: letters as they are counted; segments: parts that are paid for."""

    places: int
    segments: int
    is_unicode: bool


# Typesetting that would make a short text cost two or three parts, and its plain likes.
PLAIN = str.maketrans(
    {"–": "-", "—": "-", "‑": "-", "\u00a0": " ", "\u202f": " ", "“": '"', "”": '"', "„": '"',
     "’": "'", "‘": "'", "…": "...", "·": "-", "•": "-"}
)  # fmt: skip


def plain(text: str) -> str:
    """One line, set as simply as its letters allow; letters themselves stay."""
    return " ".join(text.translate(PLAIN).split())


def count(text: str) -> Length:
    if all(letter in BASIC or letter in EXTENDED for letter in text):
        places = sum(2 if letter in EXTENDED else 1 for letter in text)
        return Length(places, _parts(places, whole=160, part=153), is_unicode=False)
    places = len(text.encode("utf-16-be")) // 2
    return Length(places, _parts(places, whole=70, part=67), is_unicode=True)


def _parts(places: int, *, whole: int, part: int) -> int:
    return 1 if places <= whole else ceil(places / part)
