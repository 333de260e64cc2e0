"""How hard a text is to read: the school grade it asks for, by the usual formulas."""

import re
from dataclasses import dataclass

SENTENCE = re.compile(r"[.!?:\n]+")
WORD = re.compile(r"[^\W\d_]+")
LINK = re.compile(r"\S+://\S+")
VOWELS = {"en": re.compile(r"[aeiouy]+"), "es": re.compile(r"[aeoáéíóú]|[iuü]+(?![aeoáéó])")}
EASY_GRADE = 8  # for pages and mails; texts ask for 6


@dataclass(frozen=True)
class Reading:
    """grade: years of school, roughly; it is a hint, no verdict."""

    grade: int
    words: int
    is_easy: bool


def measure(text: str, language: str) -> Reading:
    """Flesch-Kincaid for English; for Spanish the ease of Fernández Huerta, as a grade."""
    plain = LINK.sub("", text)
    words = WORD.findall(plain.lower())
    sentences = [part for part in SENTENCE.split(plain) if WORD.search(part)]
    if not words:
        return Reading(0, 0, is_easy=True)
    a_sentence = len(words) / len(sentences)
    a_word = sum(_syllables(word, language) for word in words) / len(words)
    if language == "es":
        ease = 206.84 - 60 * a_word - 1.02 * a_sentence
        grade = _grade_of_ease(ease)
    else:
        grade = round(0.39 * a_sentence + 11.8 * a_word - 15.59)
    grade = max(1, grade)
    return Reading(grade, len(words), is_easy=grade <= EASY_GRADE)


def _syllables(word: str, language: str) -> int:
    found = len(VOWELS.get(language, VOWELS["en"]).findall(word))
    silent = language != "es" and word.endswith("e") and not word.endswith("le") and found > 1
    return max(1, found - int(silent))


def _grade_of_ease(ease: float) -> int:
    """Steps of ten points, as the scale is published: 90 and over is grade 4, under 30 grade 17."""
    steps = ((90, 4), (80, 5), (70, 6), (60, 8), (50, 10), (30, 13))
    return next((grade for least, grade in steps if ease >= least), 17)
