"""Words from outside made plain: no control characters, no tags, no longer than we keep; pure."""

import html
import re
import unicodedata

# A zero-width joiner holds emoji together; all else that cannot be seen goes.
KEPT = "\u200c\u200d"
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}
TAG = re.compile(r"<(?:/?([a-z][a-z0-9]*)(?:\s[^<>]*)?/?|!doctype[^<>]*)>", re.IGNORECASE)
BREAKS = {"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "ul", "ol", "table", "hr"}
# What nobody sees of a page; unclosed, its words stay words.
SILENT = re.compile(
    r"<!--.*?-->|<(script|style|head|template)\b[^<>]*>.*?</\1\s*>", re.IGNORECASE | re.DOTALL
)


def one_line(text: str, most: int) -> tuple[str, bool]:
    """On one line, and whether it had to be cut."""
    return _cut(" ".join(_seen(text).split()), most)


def several_lines(text: str, most: int) -> tuple[str, bool]:
    """Lines as they are, without spaces at their ends and with at most one empty between two."""
    lines = "\n".join(line.strip() for line in _seen(text).split("\n"))
    return _cut(re.sub(r"\n{3,}", "\n\n", lines).strip(), most)


def has_tags(text: str) -> bool:
    return bool(TAG.search(text))


def without_tags(text: str) -> str:
    """The words of a piece of HTML. Only of such: in plain text a < is a <."""
    return html.unescape(TAG.sub(_break, SILENT.sub("", text)))


def _break(tag: re.Match[str]) -> str:
    return "\n" if (tag[1] or "").lower() in BREAKS else ""


def _seen(text: str) -> str:
    even = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    even = re.sub("[\u2028\u2029\x0b\x0c\x85]", "\n", even)
    return "".join(
        mark
        for mark in even
        if mark == "\n" or mark in KEPT or unicodedata.category(mark) not in UNSEEN
    )


def _cut(text: str, most: int) -> tuple[str, bool]:
    if len(text) <= most:
        return text, False
    return text[: most - 1].rstrip() + "…", True
