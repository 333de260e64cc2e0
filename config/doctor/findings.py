"""What a check says."""

from dataclasses import dataclass
from enum import Enum

from dns.resolver import Resolver


class Verdict(Enum):
    OK = "OK"
    LOOK = "look at this"
    BROKEN = "broken"


@dataclass(frozen=True)
class Finding:
    verdict: Verdict
    words: str
    to_do: str = ""


@dataclass(frozen=True)
class Asked:
    """What the person who calls may tell us. Without a resolver nothing is asked of the DNS."""

    resolver: Resolver | None = None
    dkim_selector: str = ""


def ok(words: str) -> Finding:
    return Finding(Verdict.OK, words)


def look(words: str, to_do: str) -> Finding:
    return Finding(Verdict.LOOK, words, to_do)


def broken(words: str, to_do: str) -> Finding:
    return Finding(Verdict.BROKEN, words, to_do)
