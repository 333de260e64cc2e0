"""Which of the city's streets a spelling means; guesses only when a single one fits."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from outreach.street_names import SUFFIX_OF, StreetName, take_apart, words_of

# 'Wilshre' reads as Wilshire; 'Oak' never as Oakland.
ALIKE = 0.84
# The second best must be clearly worse, or we ask.
CLEARLY = 0.06


@dataclass(frozen=True)
class Match:
    """Streets a spelling may mean. A guess is anything but the full name or a known alias."""

    streets: tuple[int, ...] = ()
    is_guess: bool = False


class StreetBook:
    def __init__(
        self, streets: Iterable[tuple[int, str]], aliases: Iterable[tuple[int, str]]
    ) -> None:
        """Both as (street id, key)."""
        self.by_key: dict[str, list[int]] = defaultdict(list)
        self.by_body: dict[str, list[str]] = defaultdict(list)
        for street, key in (*streets, *aliases):
            if street not in self.by_key[key]:
                self.by_key[key].append(street)
            if key not in self.by_body[_known(key).body]:
                self.by_body[_known(key).body].append(key)

    def find(self, spellings: Iterable[str], *, may_shorten: bool = True) -> Match:
        """The streets of the best spelling; may_shorten lets loose readings drop last words."""
        tried = list(spellings)
        whole = [(key, said) for said in tried if (key := _key(said)) in self.by_key]
        if whole:
            # 'Third Street Promenade' holds 'Third Street' too: the longer name was meant.
            key, said = max(whole, key=lambda pair: len(pair[0]))
            return Match(tuple(self.by_key[key]), is_guess=_drops_a_name(said, tried))
        loose = [said for said in tried if may_shorten or len(said) >= len(tried[0])]
        for said in loose:
            if _drops_a_name(said, tried):
                continue
            if keys := self._same_body(said) or self._alike(said):
                streets = [street for key in keys for street in self.by_key[key]]
                return Match(tuple(dict.fromkeys(streets)), is_guess=True)
        return Match()

    def _same_body(self, spelling: str) -> list[str]:
        """'4th' for 4th St and 4th Ct; 'Main St W' for Main St; 'Oak Rd' for Oak St."""
        asked = take_apart(spelling)
        keys = self.by_body.get(asked.body, [])
        if not asked.suffix:
            return keys
        return [key for key in keys if _known(key).suffix == asked.suffix] or keys

    def _alike(self, spelling: str) -> list[str]:
        """Keys of the one body that looks like it; nothing when two look equally alike."""
        asked = take_apart(spelling)
        if len(asked.body) < 4 or asked.body[0].isdigit():
            return []
        scores: list[tuple[float, str]] = sorted(
            (max(_alike(asked.body, body), _alike(asked.key, body)), body)
            for body in self.by_body
            if not body[:1].isdigit()
        )
        best = [(score, body) for score, body in scores if score >= ALIKE]
        if not best:
            return []
        top = best[-1]
        if len(scores) > 1 and scores[-2][0] > top[0] - CLEARLY:
            return []
        return self._same_body(f"{asked.before} {top[1]} {asked.suffix} {asked.after}".strip())


@lru_cache(maxsize=10_000)
def _known(key: str) -> StreetName:
    """Names of our own streets, taken apart once; what people type is never kept."""
    return take_apart(key)


def _drops_a_name(said: str, tried: list[str]) -> bool:
    """'Broadway' out of 'Broadway Heights Rd' leaves out what makes it another street."""
    dropped = words_of(max(tried, key=len))[len(words_of(said)) :]
    return any(word in SUFFIX_OF for word in dropped)


def _key(spelling: str) -> str:
    return take_apart(spelling).key


def _alike(one: str, other: str) -> float:
    """A share from 0 to 1; the quick upper bounds spare the slow look at most names."""
    pair = SequenceMatcher(None, one, other, autojunk=False)
    if min(pair.real_quick_ratio(), pair.quick_ratio()) < ALIKE - CLEARLY:
        return 0.0
    return pair.ratio()
