"""What became of the suspect's quotations: kept, changed, or its own."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from rapidfuzz.distance import LCSseq

from detector.records import Pair, Segments, Span
from detector.tokens import Letters, tokens_of

# Shorter quotations are scare quotes and titles; they change no statement.
QUOTATION_WORDS = 5
# A quotation counts as changed, not as another one, when this share of the shorter one's words
# stands in the other in the same order. Unrelated speech shares about a quarter.
CHANGED_LIKENESS = 0.5

Fate: TypeAlias = Literal["kept", "changed", "other"]


@dataclass(frozen=True, slots=True)
class Quoted:
    """A suspect's quotation and what the source has in its place."""

    fate: Fate
    suspect: Span  # words
    source: Span  # words; (0, 0) for "other"


def quoted_words(segments: Segments) -> tuple[Span, ...]:
    """Find the range of words inside each pair of quotation marks."""
    spans = segments.word_spans
    # A one-tuple sorts before every span that begins there.
    return tuple(
        (bisect_left(spans, (a,)), bisect_left(spans, (b,))) for a, b in segments.quotations
    )


def compare_quotations(pair: Pair) -> tuple[Quoted, ...]:
    """Say what became of each of the suspect's quotations of five words and more."""
    ours, theirs = (
        [span for span in quoted_words(side) if span[1] - span[0] >= QUOTATION_WORDS]
        for side in (pair.suspect, pair.source)
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
    likeness, nearest = max(
        ((_likeness(words, theirs[slice(*other)]), other) for other in said), default=(0.0, (0, 0))
    )
    if likeness == 1.0:  # cut or framed, not changed
        return Quoted("kept", span, nearest)
    if likeness >= CHANGED_LIKENESS:
        return Quoted("changed", span, nearest)
    return Quoted("other", span, (0, 0))


def _likeness(ours: Letters, theirs: Letters) -> float:
    return LCSseq.similarity(ours, theirs) / min(len(ours), len(theirs))
