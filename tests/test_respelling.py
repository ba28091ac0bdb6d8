"""Spelling errors of a suspect are read as the source's words; other words are not."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.align import align
from detector.features.comparison import Comparison
from detector.lexicon import lexicon
from detector.pipeline import Question, prepare, put_side_by_side
from detector.records import Article, Pair, Segments
from detector.respelling import respelt
from detector.segment import segment

TEXT = """\
The harbour master said on Monday that the ferry would remain in the dock until its engine has \
been replaced. Passengers were told to take the coach, which leaves from the market square.

A committee of the council will discuss the contract with the shipping company before the summer. \
Its chairman described the present timetable as a disaster for commuters and the island school."""


def segments(text: str) -> Segments:
    """Segment a text."""
    return segment(Article("a", text))


def misspelt(text: str, seed: int, share: float = 0.3) -> str:
    """Swap two inner letters of some longer words."""
    chance = random.Random(seed)

    def swapped(word: str) -> str:
        if len(word) < 5 or not word.isalpha() or chance.random() > share:
            return word
        k = chance.randrange(1, len(word) - 2)
        return word[:k] + word[k + 1] + word[k] + word[k + 2 :]

    return "\n\n".join(" ".join(map(swapped, block.split(" "))) for block in text.split("\n\n"))


@given(st.integers(0, 10**6))
def test_swapped_letters_are_mended(seed: int) -> None:
    """A copy with errors has the source's words again, but for errors that are words themselves."""
    source, suspect = segments(TEXT), segments(misspelt(TEXT, seed))
    mended = respelt(suspect, source)
    lex = lexicon()

    assert (mended.word_starts, mended.word_ends) == (suspect.word_starts, suspect.word_ends)
    for ours, theirs, was in zip(mended.words, source.words, suspect.words, strict=True):
        assert ours == theirs or lex.document_frequency(was) > 0


@pytest.mark.parametrize(
    "suspect",
    [
        TEXT,
        TEXT.replace("ferry", "boat").replace("Monday", "Sunday").replace("disaster", "calamity"),
        TEXT.replace("market", "marked"),  # a word of its own
        TEXT.replace("Monday", "Mo nday"),
    ],
    ids=["the same", "other words", "a word one slip away", "a space"],
)
def test_words_that_are_words_stay(suspect: str) -> None:
    """Nothing is mended that a dictionary knows well, and nothing without a word to mend it by."""
    given = segments(suspect)

    assert respelt(given, segments(TEXT)) is given


def test_mending_twice_changes_nothing_more() -> None:
    """Mended words are the source's."""
    source = segments(TEXT)
    once = respelt(segments(misspelt(TEXT, 3)), source)

    assert respelt(once, source) is once


def test_a_copy_with_errors_is_told_as_a_copy() -> None:
    """Pairs are compared with their errors mended; the page shows the text as it stands."""
    wrong = misspelt(TEXT, 5)
    c = put_side_by_side(Question("", prepare(Article("a", wrong)), prepare(Article("b", TEXT))))

    assert isinstance(c, Comparison)
    assert c.suspect.text == wrong
    assert c.alignment.degree < 0.1
    assert align(Pair(segments(wrong), segments(TEXT))).degree > 0.1
