"""Finding English in what a reader of Spanish is shown."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from babel.messages.pofile import read_po
from django.conf import settings

CATALOGS = sorted(settings.BASE_DIR.glob("*/locale/es/LC_MESSAGES/django.po"))
# Words no Spanish sentence has; they betray what was never given to the catalogs.
FOREIGN = re.compile(
    r"\b(the|and|with|your|you|this|that|is|are|of|for|from|please|must|not|we|it|to|by|when|"
    r"Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Apr|Aug|Dec|\w+day|January|February|April|June|July|"
    r"September|October|November|December)\b",
    re.IGNORECASE,
)
HELD = re.compile(r"%\(\w+\)[sd]")
ADDRESS = re.compile(r"\S+@\S+|\w+://\S+|/\S+/")
SILENT = {"script", "style"}
VOID = {"br", "hr", "img", "input", "link", "meta", "path", "rect", "circle", "line", "use"}
SPOKEN = {"aria-label", "placeholder", "title", "alt"}


class Reader(HTMLParser):
    """What a person sees or hears of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []
        self.unheard = 0  # depth within a part that is silent, or marked as another language

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = dict(attrs)
        self.heard += [text for name, text in attrs if name in SPOKEN and text]
        if tag in VOID:
            return
        if self.unheard or tag in SILENT or own.get("lang", "es") != "es":
            self.unheard += 1

    def handle_endtag(self, tag: str) -> None:
        if self.unheard and tag not in VOID:
            self.unheard -= 1

    def handle_data(self, data: str) -> None:
        if not self.unheard:
            self.heard.append(data)


def said(html: str) -> str:
    reader = Reader()
    reader.feed(html)
    return " ".join(" ".join(reader.heard).split())


def messages() -> Iterator[tuple[str, str]]:
    """Each English message with its Spanish one, plural forms too."""
    for file in CATALOGS:
        with file.open("rb") as stream:
            for message in read_po(stream, locale="es"):
                if message.id and not message.context:
                    many = isinstance(message.id, (list, tuple))
                    english = message.id if many else [message.id]
                    spanish = message.string if many else [message.string]
                    yield from zip(english, spanish, strict=True)


def english_pieces() -> set[str]:
    """Pieces of English messages of more than twelve letters that no Spanish message holds."""
    spanish = "\n".join(translated for _, translated in messages())
    pieces = {piece.strip() for english, _ in messages() for piece in HELD.split(english)}
    return {
        piece
        for piece in pieces
        if sum(letter.isalpha() for letter in piece) > 12 and piece not in spanish
    }


PIECES = english_pieces()


def english_in(text: str) -> list[str]:
    text = " ".join(text.split())
    # Examples stand in quotes and name streets as their signs do.
    own = re.sub("“[^”]*”", " ", text.replace("National Night Out", ""))
    words = FOREIGN.findall(ADDRESS.sub(" ", own))
    return sorted(piece for piece in PIECES if piece in text) + words
