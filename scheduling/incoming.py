"""A calendar from outside read entry by entry; pure, and run in a bounded process of its own.

Every event of the file is answered for: as an entry to be brought in, or as one that is left out
and why. Guests, organizers, alarms and attachments never leave the reader.

    python -m scheduling.incoming ZONE FIRST LAST < calendar.ics
"""

import json
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import icalendar

from scheduling import bounded
from scheduling.bounded import MOST_EVENTS, Fault, Unreadable
from scheduling.incoming_dates import Dated, Left, Reading, of_group
from scheduling.incoming_words import Note, Words, key_of, words_of
from scheduling.spans import Span

MOST_ENTRIES = 5_000
BEGIN = re.compile(r"^BEGIN:VCALENDAR\s*$", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True)
class Entry:
    """One event of the file, or one date of a series of it."""

    uid: str
    recurrence_id: str
    sequence: int
    starts_at: datetime | None
    ends_at: datetime | None
    words: Words
    left: Left | None = None
    notes: tuple[Note, ...] = ()

    @property
    def span(self) -> Span | None:
        return Span(self.starts_at, self.ends_at) if self.starts_at and self.ends_at else None


def entries(data: bytes, *, zone: ZoneInfo, window: Span) -> str:
    """All entries of a file, the earliest first, as a text to be kept. Raises Unreadable."""
    bounds = [str(zone), window.starts_at.isoformat(), window.ends_at.isoformat()]
    answer = bounded.ask("scheduling.incoming", bounds, data)
    if not answer["entries"]:
        raise Unreadable(Fault.EMPTY)
    return json.dumps(answer)


def unpack(kept: str) -> list[Entry]:
    """The entries of such a text."""
    answer = json.loads(kept)
    words = [Words(*one) for one in answer["words"]]
    return [
        Entry(
            uid=uid,
            recurrence_id=recurrence_id,
            sequence=sequence,
            starts_at=datetime.fromisoformat(starts) if starts else None,
            ends_at=datetime.fromisoformat(ends) if ends else None,
            words=words[number],
            left=Left(left) if left else None,
            notes=tuple(Note(note) for note in notes),
        )
        for uid, recurrence_id, sequence, starts, ends, number, left, notes in answer["entries"]
    ]


def read(data: bytes, *, zone: ZoneInfo, window: Span) -> dict[str, object]:
    """The same in this process, in the shape that is kept: words that many dates share once."""
    shelf: dict[Words, int] = {}
    found: list[Dated] = []
    reading = Reading(zone, window)
    for group in _groups(_calendars(data)):
        found += of_group(group, reading)
        if len(found) > MOST_ENTRIES:
            raise Unreadable(Fault.TOO_MANY)
    rows = []
    seen: set[tuple[str, str]] = set()
    for one in sorted(found, key=_order):
        words, notes = words_of(one.event)
        uid, left = key_of(one.event, words), one.left
        if left is None and (uid, one.recurrence_id) in seen:
            left = Left.TWICE
        seen |= {(uid, one.recurrence_id)} if left is None else set()
        number = shelf.setdefault(words, len(shelf))
        span = [at.isoformat() if at else "" for at in (one.starts_at, one.ends_at)]
        noted = [*one.notes, *notes]
        rows.append([uid, one.recurrence_id, one.sequence, *span, number, left or "", noted])
    return {"words": [[w.summary, w.location, w.description] for w in shelf], "entries": rows}


def _order(one: Dated) -> tuple[bool, str]:
    return one.starts_at is None, one.starts_at.isoformat() if one.starts_at else ""


def _calendars(data: bytes) -> list[Any]:
    """A file may hold several. Old ones are not in UTF-8."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    text = text.replace("\0", "").lstrip()
    found = icalendar.Calendar.from_ical(text, multiple=True)
    # One that is cut off would be missing without a word.
    if len(found) != len(BEGIN.findall(text)) or any(one.name != "VCALENDAR" for one in found):
        raise Unreadable(Fault.NOT_A_CALENDAR)
    return list(found)


def _groups(calendars: Iterable[Any]) -> list[list[Any]]:
    """The events of each UID of each calendar, with its calendar in front."""
    groups: dict[tuple[int, str], list[Any]] = {}
    count = 0
    for number, calendar in enumerate(calendars):
        for place, event in enumerate(calendar.walk("VEVENT")):
            count += 1
            uid = str(event.get("UID", "")) or f"\0{place}"
            groups.setdefault((number, uid), [calendar]).append(event)
    if count > MOST_EVENTS:
        raise Unreadable(Fault.TOO_MANY)
    return list(groups.values())


def main() -> None:
    zone, first, last = sys.argv[1:]
    window = Span(datetime.fromisoformat(first), datetime.fromisoformat(last))
    bounded.reply(lambda data: read(data, zone=ZoneInfo(zone), window=window))


if __name__ == "__main__":
    main()
