"""How many parts a text is billed as."""

import pytest

from notifications import reading, segments
from notifications.enums import BY_TEXT, MessageKind
from notifications.services import samples


@pytest.mark.parametrize(
    ("text", "places", "parts"),
    [("", 0, 1), ("x" * 160, 160, 1), ("x" * 161, 161, 2), ("x" * 306, 306, 2), ("x" * 307, 307, 3),
     ("€" * 80, 160, 1), ("€" * 81, 162, 2), ("é" * 160, 160, 1), ("ñ" * 160, 160, 1),
     ("á" * 70, 70, 1), ("á" * 71, 71, 2), ("á" * 134, 134, 2), ("á" * 135, 135, 3),
     ("🚓" * 35, 70, 1), ("🚓" * 36, 72, 2)],
)  # fmt: skip
def test_length_is_counted_as_the_networks_do(text, places, parts):
    found = segments.count(text)

    assert (found.places, found.segments) == (places, parts)


def test_typesetting_does_not_double_the_bill():
    assert segments.plain("7–8:30\u00a0p.m.\n“Hi”… it’s") == '7-8:30 p.m. "Hi"... it\'s'


@pytest.mark.parametrize("kind", [kind for kind in BY_TEXT if kind in samples.KINDS])
def test_text_messages_are_short(kind):
    assert segments.count(samples.sample(kind, "en").sms).segments <= 2
    assert segments.count(samples.sample(kind, "es").sms).segments <= 5


@pytest.mark.parametrize("kind", samples.KINDS)
def test_every_mail_is_easy_to_read(kind):
    for language in ("en", "es"):
        said = samples.sample(MessageKind(kind), language)
        assert reading.measure(said.text, language).grade <= reading.EASY_GRADE


def test_grade_grows_with_long_words_and_sentences():
    easy = "We meet at the park. Bring a chair. Come at six."
    hard = (
        "Notwithstanding considerable administrative complications, the municipal organization "
        "anticipates comprehensive participation opportunities for the neighborhood associations."
    )

    assert reading.measure(easy, "en").grade < 5 < 12 < reading.measure(hard, "en").grade
    assert reading.measure("", "en").grade == 0
