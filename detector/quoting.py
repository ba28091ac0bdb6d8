"""What became of the suspect's quotations: kept, changed, or its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from rapidfuzz.distance import LCSseq

from detector.records import Pair, Segments, Span

# Shorter quotations are scare quotes and titles; they change no statement.
QUOTATION_WORDS = 5
# A quotation counts as changed, not as another one, when this share of the shorter one's words
# stands in the other in the same order. Unrelated speech shares about a quarter.
CHANGED_LIKENESS = 0.5

Words: TypeAlias = tuple[str, ...]
Fate: TypeAlias = Literal["kept", "changed", "other"]


@dataclass(frozen=True, slots=True)
class Quoted:
    """A suspect's quotation and what the source has in its place."""

    fate: Fate
    suspect: Span  # words
    source: Span  # words; (0, 0) for "other"


def quoted_words(segments: Segments) -> tuple[Span, ...]:
    """Find the range of words inside each pair of quotation marks."""
    starts = np.array([start for start, _ in segments.word_spans], dtype=np.int64)
    edges = np.searchsorted(starts, np.array(segments.quotations, dtype=np.int64).reshape(-1, 2))
    return tuple((int(a), int(b)) for a, b in edges)


def compare_quotations(pair: Pair) -> tuple[Quoted, ...]:
    """Say what became of each of the suspect's quotations of five words and more."""
    ours, theirs = (
        [span for span in quoted_words(side) if span[1] - span[0] >= QUOTATION_WORDS]
        for side in (pair.suspect, pair.source)
    )
    return tuple(_fate(pair.suspect.words, span, pair.source.words, theirs) for span in ours)


def _fate(ours: Words, span: Span, theirs: Words, said: Sequence[Span]) -> Quoted:
    words = ours[slice(*span)]
    place = find_words(words, theirs)
    if place is not None:
        return Quoted("kept", span, (place, place + len(words)))
    likeness, nearest = max(
        ((_likeness(words, theirs[slice(*other)]), other) for other in said), default=(0.0, (0, 0))
    )
    if likeness == 1.0:  # cut or framed, not changed
        return Quoted("kept", span, nearest)
    if likeness >= CHANGED_LIKENESS:
        return Quoted("changed", span, nearest)
    return Quoted("other", span, (0, 0))


def find_words(words: Words, among: Words) -> int | None:
    """Find where the words stand in that order without a gap.

    >>> find_words(("b", "c"), ("a", "b", "c")), find_words(("c", "b"), ("a", "b", "c"))
    (1, None)
    """
    n = len(words)
    places = (k for k, word in enumerate(among) if word == words[0])
    return next((k for k in places if among[k : k + n] == words), None)


def _likeness(ours: Words, theirs: Words) -> float:
    return LCSseq.similarity(ours, theirs) / min(len(ours), len(theirs))
