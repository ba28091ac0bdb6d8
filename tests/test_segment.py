"""Tests of detector.segment."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.records import Article, Segments, Span
from detector.segment import _WORD, segment

PIECES = st.sampled_from(
    [
        "The", "mayor", "of", "Harbour", "Falls", "said", "don't", "U.S.", "p.m.", "1,200.50",
        "3.5%", "well-known", "Dr.", "café", "x", "İz", " ", " ", " ", "\n", "\n\n", "\n \n", ".",
        "?", "!", "...", ",", ";", '"', "'", "“", "”", "‘", "’", "«", "»", "—", "-", "(", ")", "*",
        "%", ":", "20", "ΣΑΣ", "½", "中", "𝔘", "it’s", "…",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.lists(PIECES, max_size=60).map("".join), st.text(max_size=80))


def segments_of(text: str) -> Segments:
    """Segment a text."""
    return segment(Article(id="a", text=text))


def word_spans(found: Segments) -> tuple[Span, ...]:
    """Return the characters of each word."""
    return tuple(zip(found.word_starts, found.word_ends, strict=True))


def sentences_of(text: str) -> list[str]:
    """Return the sentences of a text."""
    return [text[start:end] for start, end in segments_of(text).sentences]


def in_order(spans: tuple[Span, ...]) -> bool:
    """Say whether spans are ordered, apart and not empty."""
    return all(a[1] <= b[0] for a, b in pairwise(spans)) and all(a < b for a, b in spans)


def inside_one(span: Span, outer: tuple[Span, ...]) -> bool:
    """Say whether one of the outer spans holds the span."""
    return any(start <= span[0] and span[1] <= end for start, end in outer)


@given(TEXTS)
def test_spans_lie_inside_the_text_in_order_and_apart(text: str) -> None:
    """Paragraphs, sentences and words are ordered, not empty and do not overlap."""
    found = segments_of(text)

    for spans in (found.paragraphs, found.sentences, word_spans(found)):
        assert in_order(spans)
        assert all(start >= 0 and end <= len(text) for start, end in spans)


@given(TEXTS)
def test_every_word_quotes_the_text(text: str) -> None:
    """A word is what stands at its span, in lower case and with straight apostrophes."""
    found = segments_of(text)

    for word, (start, end) in zip(found.words, word_spans(found), strict=True):
        assert word == text[start:end].lower().replace("’", "'")


@given(TEXTS)
def test_words_are_what_one_pattern_finds(text: str) -> None:
    """Runs of characters, joined where a mark joins them, are the matches of the pattern."""
    found = segments_of(text)

    assert word_spans(found) == tuple(match.span() for match in _WORD.finditer(text))


@given(TEXTS)
def test_a_paragraph_without_a_place_to_end_at_is_one_sentence(text: str) -> None:
    """The sentence model, asked of every paragraph, gives the same sentences."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("detector.segment._MAY_END", re.compile(""))
        asked = segments_of(text)

    assert segments_of(text) == asked


@given(TEXTS)
def test_no_letter_and_no_digit_is_lost(text: str) -> None:
    """Each letter and each digit of the text belongs to a word."""
    found = segments_of(text)
    covered = {at for start, end in word_spans(found) for at in range(start, end)}

    assert all(at in covered for at, letter in enumerate(text) if letter.isalnum())


@given(TEXTS)
def test_sentences_stay_in_their_paragraph(text: str) -> None:
    """No sentence crosses a paragraph boundary."""
    found = segments_of(text)

    assert all(inside_one(span, found.paragraphs) for span in found.sentences)


@given(TEXTS)
def test_every_word_lies_in_exactly_one_sentence(text: str) -> None:
    """The word ranges of the sentences tile the words, and each word stands in its sentence."""
    found = segments_of(text)
    ranges = found.sentence_words

    assert [word for start, end in ranges for word in found.words[start:end]] == list(found.words)
    assert all(start < end for start, end in ranges)
    for (first, last), sentence in zip(ranges, found.sentences, strict=True):
        assert all(inside_one(span, (sentence,)) for span in word_spans(found)[first:last])


@given(TEXTS)
def test_paragraphs_are_what_stands_between_blank_lines(text: str) -> None:
    """Paragraphs are the trimmed pieces of a split at blank lines."""
    pieces = [piece.strip() for piece in re.split(r"\n\s*\n", text)]

    assert [text[a:b] for a, b in segments_of(text).paragraphs] == [p for p in pieces if p]


@given(st.lists(st.sampled_from(["The pier closed at noon.", "Nobody was hurt."]), min_size=1))
def test_adding_a_paragraph_leaves_the_others_alone(sentences: list[str]) -> None:
    """The segments of a text are the beginning of the segments of a longer text."""
    short = segments_of(" ".join(sentences))
    longer = segments_of(" ".join(sentences) + '\n\n"A last word," she said.')

    assert longer.sentences[: len(short.sentences)] == short.sentences
    assert longer.words[: len(short.words)] == short.words


def test_an_empty_text_has_no_segments() -> None:
    """Nothing comes of nothing, and of white space."""
    for text in ("", " \n\n \t"):
        found = segments_of(text)

        assert found.paragraphs == found.sentences == found.words == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Don't go, o'clock.", ["don't", "go", "o'clock"]),
        ("It’s the dogs’ bowl", ["it's", "the", "dogs", "bowl"]),
        ("a well-known, two-thirds", ["a", "well", "known", "two", "thirds"]),
        ("$1,200.50 or 3.5% at 10:30.", ["1,200.50", "or", "3.5%", "at", "10:30"]),
        ("the 20th, in 1990s; 5m", ["the", "20th", "in", "1990s", "5m"]),
        ("The U.S. at 5 p.m. sharp", ["the", "u.s", "at", "5", "p.m", "sharp"]),
        ("home.a new", ["home", "a", "new"]),
        ("Covid19 snake_case café", ["covid19", "snake", "case", "café"]),
        ("yes—no yes–no yes/no", ["yes", "no", "yes", "no", "yes", "no"]),
    ],
)
def test_what_a_word_is(text: str, words: list[str]) -> None:
    """Contractions and numbers are one word; hyphens part; initials lose their last stop."""
    assert list(segments_of(text).words) == words


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        (
            "Dr. Ames of the U.S. left at 5 p.m. on Jan. 3. She was tired.",
            ["Dr. Ames of the U.S. left at 5 p.m. on Jan. 3.", "She was tired."],
        ),
        (
            "the ferry sank. nobody drowned. it was raised in may.",
            ["the ferry sank.", "nobody drowned.", "it was raised in may."],
        ),
        ("the ferry sank . nobody drowned .", ["the ferry sank .", "nobody drowned ."]),
        ('"It sank," he said. "Why?" she asked.', ['"It sank," he said.', '"Why?" she asked.']),
        ("A headline without a stop\n\nThe text.", ["A headline without a stop", "The text."]),
        ("It sank. * * *", ["It sank. * * *"]),
        ("* * *\n\nIt sank.", ["It sank."]),
    ],
)
def test_where_a_sentence_ends(text: str, sentences: list[str]) -> None:
    """Abbreviations end no sentence, spaced stops do; wordless bits are no sentence."""
    assert sentences_of(text) == sentences


def test_hostile_punctuation_takes_linear_time() -> None:
    """Rows of marks, blanks and line ends do not make the patterns backtrack, and lose no letter.

    With a pattern that does, this test takes hours.
    """
    for row in ("'a", '"a', "a'", "\n ", "1,", "a.", " '", "'", ". ", "a. ", "5%", "a" * 50 + "’"):
        found = segments_of(row * 20_000)

        letters = sum(letter.isalnum() for letter in "".join(found.words))
        assert letters == 20_000 * sum(letter.isalnum() for letter in row)
