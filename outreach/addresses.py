"""What somebody typed, read as an address: number and street, a block, a corner or a name."""

import re
from dataclasses import dataclass
from enum import Enum

import usaddress

MAX_LENGTH = 200


class Shape(Enum):
    NUMBER = "number"
    BLOCK = "block"
    CORNER = "corner"
    STREET = "street"


@dataclass(frozen=True)
class Reading:
    """One understanding of the text; streets are spellings to try, the likeliest first."""

    shape: Shape
    number: int | None
    streets: tuple[str, ...]
    crossing: tuple[str, ...] = ()


BLOCK = re.compile(
    r"^\s*(?:the\s+)?(\d{1,6})(?:\s*(?:-|–|to)\s*\d{1,6})?\s*(?:hundred\s+)?(?:block|blk)"
    r"\s*(?:of|on)?\s+(.+)$",
    re.IGNORECASE,
)
CUADRA = re.compile(
    r"^\s*(?:la\s+)?cuadra\s+(\d{1,6})\s+(?:de|en)\s+(?:la\s+)?(.+)$", re.IGNORECASE
)
CORNER = re.compile(r"\s*(?:&|\+|@|/|\band\b|\bat\b|\by\b|\besq(?:uina)?\b)\s*", re.IGNORECASE)
LEAD = re.compile(
    r"^\s*(?:(?:the\s+)?(?:corner|intersection)\s+of|(?:the\s+)?foot\s+of|near|at|"
    r"(?:la\s+)?esquina\s+de|cerca\s+de|en)\s+",
    re.IGNORECASE,
)
# '1234-1236', '1234½', '1234 1/2' and '1234-B' stand at 1234.
NUMBER = re.compile(
    r"^\s*#?(\d{1,6})(?:\s*(?:-|–)\s*(?:\d{1,6}|[A-Za-z])(?=\s)|[A-Za-z](?=\s)|\s*½|\s+1/2)?\s+(.+)$"
)
STREET_TAGS = {
    "StreetNamePreModifier",
    "StreetNamePreDirectional",
    "StreetNamePreType",
    "StreetName",
    "StreetNamePostType",
    "StreetNamePostDirectional",
}
TOWN_TAGS = {"PlaceName", "StateName", "ZipCode", "OccupancyType", "OccupancyIdentifier"}


def read(text: str) -> Reading:
    plain = _from_number(re.sub(r"\([^)]*\)", " ", text))
    if block := BLOCK.match(plain) or CUADRA.match(plain):
        return Reading(Shape.BLOCK, int(block[1]), spellings(block[2]))
    numbered = NUMBER.match(plain)
    if numbered and not re.match(r"(?:st|nd|rd|th)\b", numbered[2], re.IGNORECASE):
        beside = CORNER.split(numbered[2])[0]
        streets = spellings(beside, number=numbered[1])
        if beside != numbered[2]:  # '12 Spring and Field Rd' may be one name
            streets = tuple(dict.fromkeys((*streets, *spellings(numbered[2]))))
        return Reading(Shape.NUMBER, int(numbered[1]), streets)
    plain = LEAD.sub("", plain)
    parts = [part for part in CORNER.split(plain) if part.strip(" ,.")]
    if len(parts) == 2:
        return Reading(Shape.CORNER, None, spellings(parts[0]), spellings(parts[1]))
    return Reading(Shape.STREET, None, spellings(plain))


def _from_number(text: str) -> str:
    """Without the name of the house: 'Main Library, 601 Oak St' begins at 601."""
    parts = text.split(",")
    for at, part in enumerate(parts[1:], start=1):
        if NUMBER.match(part) and not re.search(r"\d", "".join(parts[:at])):
            return ",".join(parts[at:])
    return text


def spellings(text: str, *, number: str = "1") -> tuple[str, ...]:
    """The street's name with less and less behind it: unit, town, state and zip may follow."""
    before_comma = text.split(",")[0].strip()
    words = before_comma.split()
    shorter = [" ".join(words[:count]) for count in range(len(words), 0, -1)]
    found = [_tagged_street(f"{number} {text}"), *shorter]
    return tuple(dict.fromkeys(name for name in found if name))


UNIT = re.compile(r"\d|#|\b(?:apt|unit|ste|suite|room|rm|floor|fl|bldg|no)\b", re.IGNORECASE)


def town(text: str) -> str:
    """A town named after the first comma, as in '12 Oak St, Springfield, CA'."""
    for part in text.split(",")[1:]:
        if len(part.strip()) > 3 and not UNIT.search(part):
            return part.strip()
    return ""


def _tagged_street(text: str) -> str:
    """What usaddress takes for the street; the first run of street words counts."""
    taken: list[str] = []
    for word, tag in usaddress.parse(text):
        if tag in STREET_TAGS:
            taken.append(word.strip(",."))
        elif taken and tag in TOWN_TAGS:
            break
    return " ".join(taken)
