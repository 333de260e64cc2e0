"""Words from outside become plain ones, and lose nothing that people would read."""

import pytest

from scheduling.plain_text import has_tags, one_line, several_lines, without_tags


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<p>Hi <b>you</b> &amp; me<br/>two</p>", "Hi you & me\ntwo"),
        ("<ul><li>One<li>Two</ul>", "One\nTwo"),
        ("<!--[if mso]><xml>z</xml><![endif]-->Hello<style>p{}</style>", "Hello"),
        ("<script>alert(1)</script>tea", "tea"),
        ("&lt;b&gt;<i>x</i>", "<b>x"),
        ("<b>never closed", "never closed"),
    ],
    ids=["page", "list", "office", "script", "escaped", "unclosed"],
)
def test_tags_are_taken_off(text, words):
    assert has_tags(text)
    assert several_lines(without_tags(text), 4000) == (words, False)


@pytest.mark.parametrize(
    "text", ["a < b and c > d", "if a <b then", "<ana@example.org>", "see <https://x.org/a>"]
)
def test_what_only_looks_like_a_tag_stays(text):
    assert not has_tags(text)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  a\r\n\tb\u2028c  ", "a b c"),
        ("A\x07\x1b\u202eB\u200bC\ufeff", "ABC"),
        ("👩\u200d👧", "👩\u200d👧"),
        ("x" * 120, "x" * 120),
    ],
    ids=["lines", "hidden", "family", "full"],
)
def test_one_line_shows_all_there_is(text, line):
    assert one_line(text, 120) == (line, False)


def test_what_is_too_long_is_cut_and_said():
    assert one_line("word " * 40, 10) == ("word word…", True)


def test_lines_stay_lines():
    assert several_lines("a  \r\n\r\n\r\n\r\nb", 4000) == ("a\n\nb", False)
