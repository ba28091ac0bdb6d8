"""What became of what a writer must not touch: quotations, and the numbers.

Two reporters at one event share a quotation word for word; an excerpt keeps it; a machine that
rewrites everything changes what was said, and nobody may do that.
"""

from __future__ import annotations

from collections import Counter
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from detector.features.comparison import Comparison, contained, mean, ratio
from detector.features.registry import Feature, feature
from detector.quoting import NO_OTHER_WORDS, QUOTATION_WORDS, Fate
from detector.tokens import Tokens, distinct, grams

_SHARE = "share, 1 = all"


def _fates(c: Comparison) -> list[Fate]:
    return [quotation.fate for quotation in c.quotations]


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def quotations_kept(c: Comparison) -> float:
    """Share of the suspect's quotations that stand in the source, whole, cut or with more words."""
    return mean([fate in NO_OTHER_WORDS for fate in _fates(c)])


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def quotations_changed(c: Comparison) -> float:
    """Share of the suspect's quotations that the source has in other words."""
    return mean([fate == "changed" for fate in _fates(c)])


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def quotations_own(c: Comparison) -> float:
    """Share of the suspect's quotations that the source has not."""
    return mean([fate == "other" for fate in _fates(c)])


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def quoted_words_kept(c: Comparison) -> float:
    """Share of the word trigrams in the source's quotations that the suspect has anywhere."""
    numbers = c.tokens[1].numbers
    said = [grams(numbers[a:b], 3) for a, b in c.source.quoted_words if b - a >= QUOTATION_WORDS]
    return contained(distinct(np.concatenate([*said, numbers[:0]])), c.tokens[0].grams(3))


@feature(unit="difference of shares", low=-1, high=1, source="unspun")
def quoted_words_spared(c: Comparison) -> float:
    """Trigrams kept of the source's quotations less those kept of all its matched text."""
    spans = [slice(*span) for span in c.source.quoted_words]
    inside = np.zeros(len(c.theirs), dtype=bool)
    for span in spans:
        inside[span] = True
    quoted, rest = inside & c.origin_matched, ~inside & c.origin_matched
    if quoted.sum() < QUOTATION_WORDS or rest.sum() < QUOTATION_WORDS:
        return float("nan")
    return mean(c.kept[quoted]) - mean(c.kept[rest])


def _is_number(word: str) -> bool:
    return word[0].isdigit()


def _numbers(tokens: Tokens, where: NDArray[np.bool_] | Literal[True] = True) -> Counter[int]:
    """Count the numbers among an article's words."""
    found = tokens.known(_is_number, "b").astype(np.bool_) & where
    return Counter(tokens.numbers[found].tolist())


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def numbers_found(c: Comparison) -> float:
    """Share of the suspect's numbers that stand in the source."""
    ours, theirs = map(_numbers, c.tokens)
    return ratio(sum((ours & theirs).values()), sum(ours.values()))


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def numbers_kept(c: Comparison) -> float:
    """Share of the numbers in the used source sentences that stand in the suspect."""
    ours, theirs = _numbers(c.tokens[0]), _numbers(c.tokens[1], c.origin_matched)
    return ratio(sum((ours & theirs).values()), sum(theirs.values()))


QUOTATIONS: tuple[Feature[Comparison], ...] = (
    quotations_kept,
    quotations_changed,
    quotations_own,
    quoted_words_kept,
    quoted_words_spared,
    numbers_found,
    numbers_kept,
)
