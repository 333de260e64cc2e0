"""Published calendars over HTTP (RFC 9110): one representation of a version, and 304."""

from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime

from scheduling.published import Version

# No timer and no header ever tells a client that an outage is an empty calendar.
CACHE = "public, max-age=300, stale-if-error=86400"
OWN_CACHE = "private, max-age=300"
OK, NOT_MODIFIED = 200, 304


@dataclass(frozen=True)
class Representation:
    """A version plain or packed, with its headers ready."""

    body: bytes
    etag: str
    modified: int
    headers: list[tuple[str, str]]
    short_headers: list[tuple[str, str]]  # of a 304

    def status(self, request: Mapping[str, str]) -> int:
        """200 or 304 for a request's headers, named as WSGI names them."""
        wanted = request.get("HTTP_IF_NONE_MATCH")
        if wanted is not None:
            same = wanted == self.etag or _matches(wanted, self.etag)
        else:
            since = request.get("HTTP_IF_MODIFIED_SINCE")
            same = since is not None and _is_fresh(since, self.modified)
        return NOT_MODIFIED if same else OK


def representations(version: Version) -> tuple[Representation, Representation]:
    """Plain and packed."""
    head = version.head
    return (
        _representation(version, version.body, head.etag, []),
        _representation(version, version.packed, head.packed_etag, [("Content-Encoding", "gzip")]),
    )


def _representation(
    version: Version, body: bytes, etag: str, coding: list[tuple[str, str]]
) -> Representation:
    head = version.head
    short = [
        ("ETag", etag),
        ("Last-Modified", formatdate(head.modified, usegmt=True)),
        ("Cache-Control", OWN_CACHE if head.is_secret else CACHE),
        ("Vary", "Accept-Encoding"),
        ("X-Content-Type-Options", "nosniff"),
    ]
    if not head.is_secret:
        short.append(("Access-Control-Allow-Origin", "*"))
    whole = [
        ("Content-Type", "text/calendar; charset=utf-8"),
        ("Content-Disposition", f'inline; filename="{head.filename}"'),
        ("Content-Length", str(len(body))),
        *coding,
    ]
    return Representation(body, etag, head.modified, short + whole, short)


def takes_gzip(header: str) -> bool:
    """Whether Accept-Encoding allows gzip: by name or star, with a quality above zero."""
    wishes = {}
    for part in header.lower().split(","):
        coding, _, parameter = part.partition(";")
        wishes[coding.strip()] = parameter.strip().removeprefix("q=") or "1"
    quality = wishes.get("gzip") or wishes.get("*") or "0"  # by name goes before the star
    return quality.isascii() and quality.replace(".", "", 1).isdigit() and float(quality) > 0


def _matches(header: str, etag: str) -> bool:
    """Weak comparison: a list, a star, or W/ before the value."""
    tags = [tag.strip().removeprefix("W/") for tag in header.split(",")]
    return "*" in tags or etag in tags


def _is_fresh(since: str, modified: int) -> bool:
    try:
        return parsedate_to_datetime(since).timestamp() >= modified
    except (ValueError, OverflowError, TypeError, IndexError):
        return False  # what is no date asks for nothing
