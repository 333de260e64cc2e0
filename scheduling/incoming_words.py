"""The words of an event from outside, cleaned; and what it is known by. Pure."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from scheduling import plain_text

TITLE, PLACE, TEXT = 120, 160, 4000  # as long as an event of ours keeps them
UID = 255
LONGEST = 20_000  # of a text with its tags: taking them off takes time


class Note(StrEnum):
    """What was done to an entry that its reader should know."""

    FLOATING = "floating"
    ALL_DAY = "all-day"
    NO_LENGTH = "no-length"
    DOUBLED = "doubled"
    TENTATIVE = "tentative"
    PRIVATE = "private"
    NO_TITLE = "no-title"
    TITLE_CUT = "title-cut"
    PLACE_CUT = "place-cut"
    TEXT_CUT = "text-cut"
    TAGS = "tags"


@dataclass(frozen=True)
class Words:
    summary: str = ""
    location: str = ""
    description: str = ""


def words_of(event: Any) -> tuple[Words, list[Note]]:
    notes = []
    description = _text(event, "DESCRIPTION")
    is_too_long = len(description) > LONGEST
    description = description[:LONGEST]
    if plain_text.has_tags(description):
        description = plain_text.without_tags(description)
        notes.append(Note.TAGS)
    summary, is_title_cut = plain_text.one_line(_text(event, "SUMMARY"), TITLE)
    location, is_place_cut = plain_text.one_line(
        _text(event, "LOCATION").replace("\n", ", "), PLACE
    )
    description, is_text_cut = plain_text.several_lines(description, TEXT)
    for note, is_so in {
        Note.NO_TITLE: not summary,
        Note.TITLE_CUT: is_title_cut,
        Note.PLACE_CUT: is_place_cut,
        Note.TEXT_CUT: is_text_cut or is_too_long,
        Note.TENTATIVE: _text(event, "STATUS").upper() == "TENTATIVE",
        Note.PRIVATE: _text(event, "CLASS").upper() not in ("", "PUBLIC"),
    }.items():
        if is_so:
            notes.append(note)
    return Words(summary, location, description), notes


def key_of(event: Any, words: Words) -> str:
    """Its UID; a hash that stays the same for one that is missing or that we could not keep."""
    uid = _text(event, "UID")
    clean, is_cut = plain_text.one_line(uid, UID)
    if uid and clean == uid and not is_cut:
        return uid
    start = event.get("DTSTART")
    said = uid or f"{start.to_ical() if start is not None else ''} {words.summary}"
    return f"sha256:{hashlib.sha256(said.encode(errors='replace')).hexdigest()}"


def _text(event: Any, name: str) -> str:
    """A property given several times counts once, by its first."""
    value = event.get(name, "")
    return str(value[0] if isinstance(value, list) and value else value)
