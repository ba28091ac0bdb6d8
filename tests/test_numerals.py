"""A suspect's numbers are read as the source writes them; whatever else it says stays."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.numerals import cardinal, renumbered
from detector.pipeline import Question, prepare, put_side_by_side
from detector.records import Article, Segments
from detector.segment import segment
from training.tricks import spelt

TEXT = """\
The cooperative sold 1,205 crates of pears in 48 days, 7 more than its 23 growers had hoped for. A \
fire in 2019 had cost it 310 trees and 2 sheds.

Prices fell by 4.5% to $12 a crate. "We shall plant 900 saplings by May 15," said the chair, "and \
60000 by the end of the decade." """


def segments(text: str) -> Segments:
    """Segment a text."""
    return segment(Article("a", text))


def written_out(text: str) -> str:
    """Write whole numbers out, as nobody's unit or decimal."""
    return re.sub(
        r"(?<![\w.,$])\d{1,3}(?:,\d{3})+|(?<![\w.,$])\d+(?![\w%]|[.,]\d)",
        lambda figures: spelt(int(figures[0].replace(",", ""))),
        text,
    )


@given(st.integers(0, 999_999), st.booleans())
def test_a_number_in_words_is_read_to_its_end(number: int, british: bool) -> None:
    """With or without "and", and no further."""
    words = spelt(number).replace("-", " ").split()
    if british and number % 100 and "hundred" in words[:-1]:
        words.insert(len(words) - 1 - words[::-1].index("hundred") + 1, "and")

    assert cardinal(["of", *words, "boats"], 1) == (number, 1 + len(words))


def test_a_copy_with_its_numbers_written_out_has_the_words_of_the_source() -> None:
    """So it is told as the copy that it is."""
    text = written_out(TEXT)
    assert "one thousand two hundred five" in text
    source = segments(TEXT)

    assert renumbered(segments(text), source).words == source.words
    c = put_side_by_side(Question("", prepare(Article("a", text)), prepare(Article("b", TEXT))))
    assert c.alignment.degree == 0  # type: ignore[union-attr]


def test_places_are_those_of_the_text() -> None:
    """A number of several words is one word over all of them; sentences hold the same text."""
    text = written_out(TEXT)
    suspect = segments(text)
    mended = renumbered(suspect, segments(TEXT))

    spans = zip(mended.word_starts, mended.word_ends, strict=True)
    shown = dict(zip(mended.words, (text[a:b] for a, b in spans), strict=True))
    assert shown["1,205"] == "one thousand two hundred five"
    assert shown["23"] == "twenty-three"
    assert shown["crates"] == "crates"
    for (a, b), (was_a, was_b) in zip(mended.sentence_words, suspect.sentence_words, strict=True):
        assert mended.characters((a, b)) == suspect.characters((was_a, was_b))


def test_figures_become_a_word_that_the_source_has() -> None:
    """House styles differ in where figures begin."""
    source = segments("The crew of nine lost twenty nets, and 9 in ten of them were old.")
    suspect = segments("The crew of 9 lost 20 nets, and 9 in 10 of them were old.")

    assert renumbered(suspect, source).words[5:6] == ("twenty",)
    assert "9" in renumbered(suspect, source).words  # which the source has as well


@pytest.mark.parametrize(
    "suspect",
    [
        TEXT,
        TEXT.replace("48", "49"),
        TEXT.replace("48", "forty-nine"),
        TEXT.replace("2 sheds", "one shed"),
        "",
    ],
    ids=["the same", "another number", "another in words", "a fact changed", "nothing"],
)
def test_another_number_stays(suspect: str) -> None:
    """Nothing is turned into what it does not say."""
    given = segments(suspect)

    assert renumbered(given, segments(TEXT)) is given


def test_what_the_source_has_in_words_stays_in_words() -> None:
    """Though it has the figures elsewhere."""
    source = segments("The two boats raced on lane 2, and the two crews cheered.")
    suspect = segments("The two boats raced, and the two crews cheered on lane two.")

    assert renumbered(suspect, source) is suspect


def test_turning_twice_changes_nothing_more() -> None:
    """Turned numbers are the source's."""
    source = segments(TEXT)
    once = renumbered(segments(written_out(TEXT)), source)

    assert renumbered(once, source) is once


def test_a_number_of_thousands_of_digits_is_a_word_like_others() -> None:
    """Nobody writes it out, and it is no reason to stop."""
    suspect = segments("Two people came to the harbour.")
    source = segments(f"The number is {'1' * 5000}, and 2 people came to the harbour.")

    assert renumbered(suspect, source).words[0] == "2"
