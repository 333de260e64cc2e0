"""A month of a beat on paper: a tagged PDF (PDF/UA-1), the same bytes from the same records.

What is written in it goes to the typesetter as data, never as its source: markup stays text.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any
from unicodedata import category, normalize

import typst
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext, override

from outreach import department
from outreach.maps import pattern_of
from outreach.models import Beat
from scheduling import localtime, months, qr, wording
from scheduling.atom import last_change
from scheduling.feeds import Feed
from scheduling.models import Event

SOURCE = Path(__file__).with_name("flyer.typ").read_bytes()
MOST = 120  # events on one flyer; the rest are counted, and the page has them
KEPT = 64  # flyers of this process, drawn once
# What the font of the package can draw, in regular and bold (Libertinus Serif).
DRAWN = re.compile(
    "[ -~\xa0-\xac\xae-\u02e4\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u03ce\u0400-\u045f"
    "\u1e00-\u1e9b\u1ea0-\u1ef9\u2010-\u2027\u2030-\u2037\u2039\u203a\u20ac\u2116\u2122"
    "\u2153-\u215e\u2190-\u2199]"
)
NOT_DRAWN = "□"
LONG_WORD = re.compile(r"\S{24}(?=\S)")
COPIED = {"address", "subscribe", "page", "qr_alt"}  # addresses stay in one piece
COLOR = re.compile(r"#[0-9A-Fa-f]{6}")
PLAIN_COLOR = "#6b7080"


def facts(beat: Beat, month: months.Month, events: Sequence[Event], language: str) -> str:
    """All that stands on the flyer, as JSON."""
    shown = list(events[:MOST])
    changed = max((last_change(event) for event in shown), default=localtime.midnight(month.first))
    with override(language):
        told = {
            "language": language,
            "changed": int(changed.timestamp()),
            "department": department.current().name,
            "unit": department.current().unit,
            "beat": beat.name,
            "letter": beat.letter,
            "area": gettext("Beat %(letter)s") % {"letter": beat.letter},
            "month": wording.capitalized(month.label),
            "days": [_day(day) for day in months.by_day(month, shown)],
            "empty": "" if shown else gettext("No events are planned in this month yet."),
            "more": _more(len(events) - len(shown)),
            **_ways(beat, language),
            "foot": _foot(),
        }
    drawn: dict[str, Any] = _drawable(told)
    drawn["emblem"] = _emblem(beat)
    drawn["color"] = _color(beat)
    drawn["qr"] = _qr(feed_address(beat, language))
    return json.dumps(drawn, sort_keys=True)


def digest(facts: str) -> str:
    """Known before anything is drawn, so that a reader who has it costs nothing."""
    parts = [facts.encode(), SOURCE, metadata.version("typst").encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:32]


@lru_cache(maxsize=KEPT)
def pdf(facts: str) -> bytes:
    drawn = typst.compile(
        SOURCE,
        format="pdf",
        font_paths=_fonts(),
        sys_inputs={"facts": facts},
        pdf_standards=["ua-1"],
        timestamp=json.loads(facts)["changed"],
    )
    return bytes(drawn)


def feed_address(beat: Beat, language: str) -> str:
    return settings.BASE_URL + Feed(beat, language=language).path


def drawable(text: str) -> str:
    """One line the font can draw, with a plain sign for what it lacks."""
    signs = []
    for letter in normalize("NFC", text):
        kind = category(letter)
        if kind.startswith("Z") or letter in "\t\n\r":
            signs.append(" ")
        elif DRAWN.match(letter):
            signs.append(letter)
        elif kind[0] not in "CM" and signs[-1:] != [NOT_DRAWN]:
            signs.append(NOT_DRAWN)
    return " ".join("".join(signs).split())


def _drawable(told: Any, *, name: str = "") -> Any:
    if isinstance(told, dict):
        return {name: _drawable(value, name=name) for name, value in told.items()}
    if isinstance(told, list):
        return [_drawable(value) for value in told]
    if not isinstance(told, str):
        return told
    return drawable(told) if name in COPIED else LONG_WORD.sub("\\g<0>\u200b", drawable(told))


def _day(day: months.Day) -> dict[str, Any]:
    return {"name": wording.capitalized(wording.long_day(day.date)),
            "events": [_event(event) for event in day.events]}  # fmt: skip


def _event(event: Event) -> dict[str, Any]:
    return {
        "when": wording.under_its_day(event.starts_at, event.ends_at),
        "title": event.title,
        "where": wording.where(event),
        "cancelled": gettext("Cancelled.") if event.is_cancelled else "",
        "unchanged": not event.is_cancelled,
    }


def _more(count: int) -> str:
    if count <= 0:
        return ""
    return gettext("And %(count)s more: see the page of the beat.") % {"count": count}


def _ways(beat: Beat, language: str) -> dict[str, str]:
    subscribe = f"{settings.BASE_URL}{reverse('subscribe')}?beat={beat.code}"
    address = feed_address(beat, language)
    return {
        "follow": gettext("Follow these events"),
        "scan": gettext(
            "Point the camera of your phone at the square: the events go into your calendar and "
            "keep themselves up to date."
        ),
        "by_hand": gettext("Or give your calendar app this address:"),
        "address": address,
        "remind": gettext("For reminders by e-mail or text, sign up here:"),
        "subscribe": subscribe,
        "latest": gettext("Dates may change. The page of your beat always shows the latest:"),
        "page": settings.BASE_URL + reverse("beat", args=[beat.code]),
        "qr_alt": gettext("QR code of the calendar address %(address)s") % {"address": address},
    }


def _foot() -> list[list[str]]:
    shown = department.current()
    return [
        [gettext("Emergency:"), shown.emergency],
        [gettext("Not an emergency:"), shown.non_emergency],
        [gettext("Relay:"), shown.relay],
        [gettext("A person of our unit:"), shown.phone],
    ]


def _color(beat: Beat) -> str:
    return beat.color if COLOR.fullmatch(beat.color) else PLAIN_COLOR


def _emblem(beat: Beat) -> str:
    """The tile of the beat as on chip and map; its letter is set over it."""
    color, tile = _color(beat), pattern_of(beat)
    tiles = "".join(
        f'<path d="{tile}" transform="translate({x} {y})"/>' for x in (0, 12) for y in (0, 12)
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">'
        '<clipPath id="tile"><rect width="24" height="24" rx="4"/></clipPath>'
        '<g clip-path="url(#tile)"><rect width="24" height="24" fill="#ffffff"/>'
        f'<rect width="24" height="24" fill="{color}" fill-opacity="0.22"/>'
        f'<g fill="none" stroke="{color}" stroke-width="1.6">{tiles}</g></g>'
        f'<rect x="0.9" y="0.9" width="22.2" height="22.2" rx="3.4" fill="none" stroke="{color}" '
        'stroke-width="1.8"/><circle cx="12" cy="12" r="6.8" fill="#ffffff"/></svg>'
    )


def _qr(address: str) -> str:
    code = qr.code(address)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {code.size} {code.size}" '
        f'shape-rendering="crispEdges"><rect width="{code.size}" height="{code.size}" '
        f'fill="#ffffff"/><path d="{code.path}" fill="#000000"/></svg>'
    )


@cache
def _fonts() -> typst.Fonts:
    """Those of the package alone: the same on every machine."""
    return typst.Fonts(include_system_fonts=False)
