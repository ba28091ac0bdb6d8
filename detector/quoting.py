"""Where quotations stand, and what became of the suspect's."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from rapidfuzz.distance import LCSseq

from detector.records import Pair, Segments, Span
from detector.segment import trimmed
from detector.tokens import Letters, tokens_of

# An opening mark stands before a word or a bracket and after white space, a bracket or a dash;
# which keeps the inches of 6'2" and a stray mark at a sentence's end from opening anything.
_BEFORE_OPENING = frozenset(" \n\t([{-–—/'‘")
_DOUBLE_MARK = re.compile('["“”„‟«»]')
_OPENING = frozenset("“„‟«")
_CLOSING = frozenset("”»")
# Between single marks stands no other single mark but apostrophes inside words.
_SINGLE = re.compile(
    r"['‘](?<![^\s(\[\"“—–-]['‘])(?=[^\W_])"
    r"((?:[^'‘’\n]|(?<=\w)['’](?=\w))++)['’](?!\w)"
)
# Words that begin with an apostrophe open no quotation.
_ELISION = re.compile(r"(?:em|til|tis|twas|cause|bout|round|n|\d\ds?)\b", re.IGNORECASE)
# Without punctuation before its closing mark, a single-quoted stretch of fewer words is more often
# a nickname, a headline word or two apostrophes than somebody's speech.
_SINGLE_QUOTED_WORDS = 3

# Shorter quotations are scare quotes and titles; they change no statement.
QUOTATION_WORDS = 5
# A quotation counts as changed, not as another one, when this share of the shorter one's words
# stands in the other in the same order. Unrelated speech shares about a quarter.
CHANGED_LIKENESS = 0.5

# Word for word; word for word with more around it; with words left out or put in between; in other
# words; not in the source.
Fate: TypeAlias = Literal["kept", "framed", "edited", "changed", "other"]
# No word of the shorter one, ours or theirs, is another in the longer.
NO_OTHER_WORDS: frozenset[Fate] = frozenset({"kept", "framed", "edited"})


@dataclass(frozen=True, slots=True)
class Quoted:
    """A suspect's quotation and what the source has in its place."""

    fate: Fate
    suspect: Span  # words
    source: Span  # words; (0, 0) for "other"


def quotations(segments: Segments) -> tuple[Span, ...]:
    """Find what stands between quotation marks, in order: characters, without the marks.

    A quotation over several paragraphs, whose mark is opened again in each, gives one span a
    paragraph; a mark that is never closed ends with its paragraph.
    """
    text, paragraphs = segments.article.text, segments.paragraphs
    return tuple([span for paragraph in paragraphs for span in _quotations(text, paragraph)])


def quoted_words(segments: Segments, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Find the range of words inside each quotation.

    Parameters
    ----------
    spans : of the quotations, characters
    """
    starts = segments.word_starts
    return tuple([(bisect_left(starts, a), bisect_left(starts, b)) for a, b in spans])


def compare_quotations(
    pair: Pair, suspects: Sequence[Span], sources: Sequence[Span]
) -> tuple[Quoted, ...]:
    """Say what became of each of the suspect's quotations of five words and more.

    Parameters
    ----------
    suspects, sources : the words quoted by either
    """
    ours, theirs = (
        [span for span in spans if span[1] - span[0] >= QUOTATION_WORDS]
        for spans in (suspects, sources)
    )
    if not ours:
        return ()
    suspect, source = tokens_of(pair.suspect, pair.source)
    return tuple(_fate(suspect.letters, span, source.letters, theirs) for span in ours)


def _fate(ours: Letters, span: Span, theirs: Letters, said: Sequence[Span]) -> Quoted:
    words = ours[slice(*span)]
    place = theirs.find(words)
    if place >= 0:
        return Quoted("kept", span, (place, place + len(words)))
    likeness, is_framed, nearest = max(
        (
            (_likeness(words, theirs[slice(*other)]), theirs[slice(*other)] in words, other)
            for other in said
        ),
        default=(0.0, False, (0, 0)),
    )
    if likeness == 1.0:
        return Quoted("framed" if is_framed else "edited", span, nearest)
    if likeness >= CHANGED_LIKENESS:
        return Quoted("changed", span, nearest)
    return Quoted("other", span, (0, 0))


def _likeness(ours: Letters, theirs: Letters) -> float:
    return LCSseq.similarity(ours, theirs) / min(len(ours), len(theirs))


def _quotations(text: str, paragraph: Span) -> list[Span]:
    """Return what stands between quotation marks in one paragraph, in order."""
    double = list(_double_quoted(text, *paragraph))
    single = [
        span
        for span in _single_quoted(text, *paragraph)
        if not any(start < span[1] and span[0] < end for start, end in double)
    ]
    found = sorted(double + single) if single else double
    return [span for start, end in found for span in trimmed(text, start, end)]


def _double_quoted(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield what stands between double marks; an opening mark inside opens nothing."""
    opened: int | None = None
    for mark in _DOUBLE_MARK.finditer(text, start, end):
        opens, closes = _roles(text, mark.start(), start, end)
        if opened is None and opens:
            opened = mark.end()
        elif opened is not None and closes:
            yield opened, mark.start()
            opened = None
    if opened is not None:
        yield opened, end


def _roles(text: str, at: int, start: int, end: int) -> tuple[bool, bool]:
    """Say whether the mark at `at` may open and may close a quotation."""
    mark = text[at]
    if mark in _OPENING:
        return True, False
    if mark in _CLOSING:
        return False, True
    space_before = at == start or text[at - 1] in _BEFORE_OPENING
    space_after = at + 1 == end or text[at + 1].isspace()
    return space_before, not space_before or space_after


def _single_quoted(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield what stands between single marks, where it is clearly somebody's words."""
    for match in _SINGLE.finditer(text, start, end):
        quoted = match[1]
        if _ELISION.match(quoted):
            continue
        if quoted[-1] in ".,!?…" or len(quoted.split()) >= _SINGLE_QUOTED_WORDS:
            yield match.span(1)
