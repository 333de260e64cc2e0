"""Published calendars, answered before Django: a poll costs a link read and a comparison.

Whatever is not there, or torn, goes on to Django, which publishes it anew or says why not.
"""

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings

from outreach import links
from scheduling import published
from scheduling.conditional import NOT_MODIFIED, Representation, representations, takes_gzip
from scheduling.fetches import Counting
from scheduling.models import FeedLink

Environ = dict[str, Any]
Start = Callable[..., Any]
Application = Callable[[Environ, Start], Iterable[bytes]]

PUBLIC = re.compile(r"/(feeds/[a-z0-9/-]{1,140}\.ics)", re.ASCII)
SECRET = re.compile(r"/feeds/own/([0-9a-f]{72})\.ics", re.ASCII)
MOST_BYTES = 64_000_000  # of calendars kept in memory
METHODS = ("GET", "HEAD")
REASONS = {200: "200 OK", 304: "304 Not Modified"}
REFUSED = [("Allow", "GET, HEAD"), ("Content-Type", "text/plain"), ("Content-Length", "0")]


class FeedsFirst:
    """WSGI around the application."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.kept: dict[str, tuple[str, tuple[Representation, Representation]]] = {}
        self.size = 0
        self.counting = Counting(Path(settings.FEEDS_ROOT) / "fetches")
        further = [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
        self.languages = frozenset(further)

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if not path.startswith("/feeds/"):
            return self.application(environ, start_response)
        method = environ["REQUEST_METHOD"]
        if method not in METHODS:
            start_response("405 Method Not Allowed", REFUSED)
            return []
        key = self._key(path, environ.get("QUERY_STRING", ""))
        found = self._published(key) if key else None
        if found is None:
            return self.application(environ, start_response)
        chosen = found[takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", ""))]
        status = chosen.status(environ)
        if path[7:11] != "own/":
            self.counting.add(key or "", environ.get("HTTP_USER_AGENT", ""), status)
        if status == NOT_MODIFIED:
            start_response(REASONS[status], chosen.short_headers)
            return []
        start_response(REASONS[status], chosen.headers)
        return [] if method == "HEAD" else [chosen.body]

    def _key(self, path: str, query: str) -> str | None:
        """Where a path lies among the published files; of a secret address, if it is signed."""
        if match := SECRET.fullmatch(path):
            uid = links.uid_of(FeedLink, match[1])
            return f"own/{uid.hex}" if uid else None
        match = PUBLIC.fullmatch(path)
        if match is None:
            return None
        if query and (language := self._language(query)):
            return f"feeds/{language}/{match[1].removeprefix('feeds/')}"
        return match[1]

    def _language(self, query: str) -> str | None:
        """?lang=es reads what has an address of its own."""
        wanted = parse_qs(query).get("lang", [""])[0]
        return wanted if wanted in self.languages else None

    def _published(self, key: str) -> tuple[Representation, Representation] | None:
        target = published.target(key)
        if target is None:
            return None
        kept = self.kept.get(key)
        if kept is not None and kept[0] == target:
            return kept[1]
        version = published.read(key)
        if version is None:
            return None
        both = representations(version)
        self._keep(key, target, both)
        return both

    def _keep(self, key: str, target: str, both: tuple[Representation, Representation]) -> None:
        """The oldest make room; a process that serves every feed forgets those nobody reads."""
        if old := self.kept.pop(key, None):
            self.size -= _size(old[1])
        self.kept[key] = target, both
        self.size += _size(both)
        while self.size > MOST_BYTES and len(self.kept) > 1:
            first = next(iter(self.kept))
            self.size -= _size(self.kept.pop(first)[1])


def _size(both: tuple[Representation, Representation]) -> int:
    return sum(len(one.body) for one in both)
