"""How people write street names, and the one form we compare: 'Fourth Street' → '4TH ST'."""

import re
import unicodedata
from dataclasses import dataclass

SUFFIXES = {
    "ALY": "ALY ALLEY ALLY",
    "AVE": "AVE AVENUE AV AVEN AVN AVNUE",
    "BLVD": "BLVD BOULEVARD BOUL BL BVD BOULV BLV",
    "CIR": "CIR CIRCLE CRCL CIRC",
    "CT": "CT COURT CRT",
    "CTR": "CTR CENTER CENTRE",
    "DR": "DR DRIVE DRV",
    "EXPY": "EXPY EXPRESSWAY",
    "FWY": "FWY FREEWAY",
    "HWY": "HWY HIGHWAY HIWAY",
    "LN": "LN LANE",
    "LOOP": "LOOP",
    "PIER": "PIER",
    "PKWY": "PKWY PARKWAY PKY",
    "PL": "PL PLACE PLC",
    "PLZ": "PLZ PLAZA",
    "PROM": "PROM PROMENADE",
    "RD": "RD ROAD",
    "ROW": "ROW",
    "SQ": "SQ SQUARE",
    "ST": "ST STREET STR STRT",
    "TER": "TER TERRACE TERR",
    "TRL": "TRL TRAIL",
    "WALK": "WALK WLK",
    "WAY": "WAY WY",
}
DIRECTIONS = {
    "NORTH": "N NORTH",
    "SOUTH": "S SOUTH SO",
    "EAST": "E EAST",
    "WEST": "W WEST",
    "NORTHEAST": "NE NORTHEAST",
    "NORTHWEST": "NW NORTHWEST",
    "SOUTHEAST": "SE SOUTHEAST",
    "SOUTHWEST": "SW SOUTHWEST",
}
ORDINALS = {
    word: f"{number}{ending}"
    for number, (word, ending) in enumerate(
        [
            ("FIRST", "ST"), ("SECOND", "ND"), ("THIRD", "RD"), ("FOURTH", "TH"),
            ("FIFTH", "TH"), ("SIXTH", "TH"), ("SEVENTH", "TH"), ("EIGHTH", "TH"),
            ("NINTH", "TH"), ("TENTH", "TH"), ("ELEVENTH", "TH"), ("TWELFTH", "TH"),
            ("THIRTEENTH", "TH"), ("FOURTEENTH", "TH"), ("FIFTEENTH", "TH"),
            ("SIXTEENTH", "TH"), ("SEVENTEENTH", "TH"), ("EIGHTEENTH", "TH"),
            ("NINETEENTH", "TH"), ("TWENTIETH", "TH"),
        ],
        start=1,
    )
}  # fmt: skip
SUFFIX_OF = {spelling: short for short, all_ in SUFFIXES.items() for spelling in all_.split()}
DIRECTION_OF = {spelling: full for full, all_ in DIRECTIONS.items() for spelling in all_.split()}


@dataclass(frozen=True)
class StreetName:
    """A key taken apart: direction before, body, suffix, direction after."""

    before: str
    body: str
    suffix: str
    after: str

    @property
    def key(self) -> str:
        return " ".join(part for part in (self.before, self.body, self.suffix, self.after) if part)


def words_of(text: str) -> list[str]:
    """Upper-case words without accents and punctuation; O'Neil stays one word."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Z0-9]+", " ", plain.upper().replace("'", "")).split()


def take_apart(name: str) -> StreetName:
    words = [ORDINALS.get(word, word) for word in words_of(name)]
    if len(words) > 1 and words[0] == "THE":
        words.pop(0)
    before = after = suffix = ""
    # 'North Way' is a name; a direction counts only beside a body of its own.
    if len(words) > 2 and words[0] in DIRECTION_OF:
        before = DIRECTION_OF[words.pop(0)]
    if len(words) > 1 and words[-1] in DIRECTION_OF and not _is_lone_suffix(words):
        after = DIRECTION_OF[words.pop()]
    if len(words) > 1 and words[-1] in SUFFIX_OF:
        suffix = SUFFIX_OF[words.pop()]
    body = " ".join(_inner(word) if at else word for at, word in enumerate(words))
    return StreetName(before, body, suffix, after)


def street_key(name: str) -> str:
    """The form names are compared in; the same for the city's file and for what people type."""
    return take_apart(name).key


def display_name(name: str) -> str:
    """'OCEAN PARK BLVD' as on a sign: 'Ocean Park Blvd'; mixed case is left as it is."""
    clean = " ".join(name.split())
    if clean != clean.upper():
        return clean
    return " ".join(word.lower() if word[:1].isdigit() else word.title() for word in clean.split())


def _is_lone_suffix(words: list[str]) -> bool:
    """'Avenue E' is a name in itself; 'Broadway E' is the east of Broadway."""
    return len(words) == 2 and words[0] in SUFFIX_OF


def _inner(word: str) -> str:
    # '3rd Street Prom': the inner word has long and short forms too.
    return SUFFIX_OF.get(word, word) if len(word) > 3 else word
