"""Words by number: letters stand for words, and facts are looked up as they would be computed."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import detector.tokens
from detector.lexicon import STOP_WORDS, lexicon
from detector.records import Article, Segments
from detector.segment import segment
from detector.tokens import (
    Tokens,
    Vocabulary,
    among,
    distinct,
    grams,
    numbers_of,
    tokens_of,
)

WORDS = ["the", "colour", "color", "harbours", "harbour", "reopened", "42", "ferry", "of"]
texts = st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join)
few_numbers = st.lists(st.sampled_from([0, 1, 5, 2**64 - 1]), max_size=8)


def segmented(text: str) -> Segments:
    """Divide a text."""
    return segment(Article(id="a", text=text))


def both(first: str, second: str) -> tuple[Tokens, ...]:
    """Give the words of two texts by number."""
    return tokens_of(segmented(first), segmented(second))


@given(texts, texts)
def test_letters_are_equal_where_words_are(first, second):
    """Two letters are one letter exactly where the words that they stand for are one word."""
    ours, theirs = both(first, second)

    for a, word in zip(ours.letters, ours.segments.words, strict=True):
        for b, other in zip(theirs.letters, theirs.segments.words, strict=True):
            assert (a == b) == (word == other)


@given(texts, texts)
def test_stems_are_equal_where_american_stems_are(first, second):
    """Two stems' letters are one exactly where the words' stems in American spelling are one."""

    def stem(word: str) -> str:
        return lexicon().stem(lexicon().spelling_key(word))

    ours, theirs = both(first, second)
    for a, word in zip(ours.stems, ours.segments.words, strict=True):
        for b, other in zip(theirs.stems, theirs.segments.words, strict=True):
            assert (a == b) == (stem(word) == stem(other))


@given(texts)
def test_what_is_looked_up_is_what_would_be_computed(text):
    """Facts of words stand in the order of the words, whatever was looked up before."""
    (tokens,) = tokens_of(segmented(text))

    words = tokens.segments.words
    expected = [0.0 if word in STOP_WORDS else lexicon().idf(word) for word in words]
    assert tokens.telling.tolist() == expected
    assert tokens.known(len, "i").tolist() == list(map(len, words))


@given(st.lists(st.sampled_from("abc")), st.integers(1, 4))
def test_grams_are_equal_where_the_windows_are(words, n):
    """Two n-grams have one number exactly where they are the same words."""
    windows = ["".join(words[k : k + n]) for k in range(len(words)) if k + n <= len(words)]
    codes = grams(numbers_of("".join(words)), n).tolist()

    assert len(codes) == len(windows)
    assert len(set(codes)) == len(set(windows)) == len(set(zip(codes, windows, strict=True)))


@given(few_numbers, few_numbers)
def test_distinct_and_among_are_those_of_sets(first, second):
    """Sorted numbers are a set, and what is found among them is what the set holds."""
    ours, known = (np.array(numbers, dtype=np.uint64) for numbers in (first, second))

    assert distinct(known).tolist() == sorted(set(second))
    assert among(ours, distinct(known)).tolist() == [number in set(second) for number in first]


def test_more_words_than_characters_before_the_surrogates_keep_their_numbers():
    """The 55,296th word and those after it, whose characters no text may hold, are words too."""
    vocabulary = Vocabulary()
    letters = vocabulary.letters(map(str, range(60_000)))

    assert numbers_of(letters).tolist() == list(range(60_000))
    assert vocabulary.known(int, "i", numbers_of(letters)).tolist() == list(range(60_000))
    assert vocabulary.rows(lambda word: (int(word), 1), 2, numbers_of(letters[-1:])).tolist() == [
        [59_999, 1]
    ]


def test_a_vocabulary_that_starts_anew_numbers_both_sides_alike(monkeypatch):
    """Articles that were numbered before the vocabulary was full are numbered again with others."""
    article = segmented("the ferry reopened in the harbour")
    (before,) = tokens_of(article)
    monkeypatch.setattr(detector.tokens, "VOCABULARY_LIMIT", 1)
    ours, theirs = tokens_of(article, segmented("harbour ferry"))

    assert ours.vocabulary is theirs.vocabulary is not before.vocabulary
    assert set(theirs.letters) <= set(ours.letters)
