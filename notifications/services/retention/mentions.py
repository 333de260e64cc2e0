"""Where staff typed a name, mailbox or number. People mend these; nothing does by itself. What
was said once and is kept, as an earlier wording, no form mends: it is covered where they say so."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise

from notifications.services.retention.free_text import SOURCES, Source
from notifications.services.subscriptions import mailbox
from outreach.models import Contact, StaffMember

MOST_OF_A_KIND = 40
MOST_PAST = 1000  # covered at the press that seals the name: there is no second look
AROUND = 40  # characters shown on either side
COVER = "···"  # never longer than what it covers
SHORTEST = 3  # of a name given alone
SHORTEST_PART = 4  # of a name of several words: "de" and "la" would be everywhere
LAST_DIGITS = 7  # of a number, for it is written with and without its area
AREA = 3
# é as e, one letter for one.
PLAIN = {code: unicodedata.normalize("NFD", chr(code))[0] for code in range(0xC0, 0x250)}
PRIVATE = re.compile(r"[^\s@<>]+@[^\s@<>]+|\+?\d(?:[\s().-]{0,3}\d){6,}")


@dataclass(frozen=True)
class Known:
    """Of one contact of the person."""

    name: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Place:
    """key: names the rows for cover(), where no form mends them."""

    label: Promise
    day: datetime | None
    words: str
    page: str
    key: str = ""


@dataclass(frozen=True)
class Mentions:
    """closed: how many more stand on pages that this reader may not open."""

    places: list[Place]
    closed: int
    is_cut: bool


@dataclass(frozen=True)
class Pattern:
    """loose: for the database, which knows no accents and no words; it finds somewhat more."""

    exact: str
    loose: str


def of(people: Iterable[Known], *, reader: StaffMember) -> Mentions:
    wanted = {one for known in people for one in _patterns(known)}
    places: list[Place] = []
    closed, is_cut = 0, False
    for source in SOURCES if wanted else []:
        most = MOST_PAST if source.is_past else MOST_OF_A_KIND
        rows = _rows(source, wanted, most + 1)
        is_cut |= len(rows) > most
        named = {row: words for row in rows[:most] if (words := _shown(source, row, wanted))}
        opened = _opened(source, named, reader)
        closed += len(named) - len(opened)
        places += _places(source, {row: named[row] for row in opened})
    return Mentions(places, closed, is_cut)


def cover(people: Iterable[Known], keys: Iterable[str]) -> list[str]:
    """Dots over the people in the rows that these keys of places name; returns the keys of those
    where they stood."""
    wanted = {one for known in people for one in _patterns(known)}
    past = {source.name: source for source in SOURCES if source.is_past}
    return [key for key in keys if wanted and _cover(past, key, wanted)]


def _cover(past: dict[str, Source], key: str, wanted: Iterable[Pattern]) -> bool:
    name, _, numbers = key.partition(":")
    source, is_changed = past[name], False
    for row in source.model._default_manager.filter(pk__in=numbers.split(",")):
        covered = {field: _covered(getattr(row, field), wanted) for field in source.fields}
        if any(getattr(row, field) != text for field, text in covered.items()):
            source.model._default_manager.filter(pk=row.pk).update(**covered)
            is_changed = True
    return is_changed


def known(contact: Contact) -> Known:
    return Known(contact.name, contact.email, str(contact.phone or ""))


def _places(source: Source, named: dict[Any, str]) -> Iterator[Place]:
    """The same words said many times and kept are one place, with the page of the newest."""
    alike: dict[str, list[Any]] = {}
    for row, words in named.items():
        alike.setdefault(words if source.is_past else str(row.pk), []).append(row)
    for rows in alike.values():
        newest = rows[0]
        key = f"{source.name}:{','.join(str(row.pk) for row in rows)}" if source.is_past else ""
        yield Place(source.label, source.moment(newest), named[newest], source.page(newest), key)


def _patterns(known: Known) -> Iterator[Pattern]:
    words = re.findall(r"\w+", _plain(known.name))
    if len("".join(words)) >= SHORTEST:
        yield _of_words(words)
    yield from (_of_words([one]) for one in words[1:] if len(one) >= SHORTEST_PART)
    if known.email:
        box, domain = (_plain(part) for part in mailbox(known.email))
        exact = rf"(?<![\w.+-]){re.escape(box)}(?:\+[^\s@]*)?@{re.escape(domain)}(?![\w-]|\.\w)"
        yield Pattern(exact, f"{_loose(box)}[^ @]*@{_loose(domain)}")
    digits = re.sub(r"\D", "", known.phone)
    if len(digits) >= LAST_DIGITS:
        country, area = digits[: -LAST_DIGITS - AREA], digits[-LAST_DIGITS - AREA : -LAST_DIGITS]
        last = "[^0-9]{0,3}".join(digits[-LAST_DIGITS:])
        before = rf"(?:\+?{country}\W{{0,3}})?(?:\(?{area}\W{{0,3}})?"
        yield Pattern(rf"{before}{last}(?!\d)", last)


def _of_words(words: list[str]) -> Pattern:
    exact = r"\W+".join(map(re.escape, words))
    return Pattern(rf"(?<!\w){exact}(?!\w)", "[^[:alnum:]]+".join(map(_loose, words)))


def _loose(word: str) -> str:
    """Each letter in all its spellings; anything else as it comes."""
    return "".join(
        f"[{_spellings(one)}]" if one.isalnum() and one.isascii() else "." for one in word
    )


def _spellings(letter: str) -> str:
    accented = [chr(code) for code, plain in PLAIN.items() if plain.lower() == letter]
    return "".join([letter, letter.upper(), *accented])


def _plain(text: str) -> str:
    return text.translate(PLAIN).lower()


def _rows(source: Source, wanted: Iterable[Pattern], most: int) -> list[Any]:
    """Newest first."""
    anywhere = "|".join(sorted(one.loose for one in wanted))
    named = Q()
    for field in source.fields:
        named |= Q(**{f"{field}__regex": anywhere})
    rows = source.model._default_manager.filter(named).select_related(*source.behind)
    return list(rows.order_by("-pk")[:most])


def _opened(source: Source, rows: Iterable[Any], reader: StaffMember) -> list[Any]:
    ids = [row.pk for row in rows]
    shown = source.open_to(reader, source.model._default_manager.filter(pk__in=ids))
    may = set(shown.values_list("pk", flat=True)) if ids else set()
    return [row for row in rows if row.pk in may]


def _shown(source: Source, row: Any, wanted: Iterable[Pattern]) -> str:
    """The words around the first mention; mailboxes and numbers in them are dots."""
    anywhere = _anywhere(wanted)
    for field in source.fields:
        text = getattr(row, field)
        if hit := anywhere.search(_plain(text)):
            covered = PRIVATE.sub(lambda private: "·" * len(private[0]), text)
            begin, end = max(hit.start() - AROUND, 0), hit.end() + AROUND
            words = " ".join(covered[begin:end].split())
            return f"{'…' * (begin > 0)}{words}{'…' * (end < len(text))}"
    return ""


def _covered(text: str, wanted: Iterable[Pattern]) -> str:
    for hit in reversed(list(_anywhere(wanted).finditer(_plain(text)))):
        text = text[: hit.start()] + COVER + text[hit.end() :]
    return text


def _anywhere(wanted: Iterable[Pattern]) -> re.Pattern[str]:
    """The longest first, so that a whole name is one hit."""
    return re.compile("|".join(sorted((one.exact for one in wanted), key=len, reverse=True)))
