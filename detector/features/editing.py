"""Where the edits fall and what they bring: evenness over sentences, insertions, odd company.

A person works in places and leaves others alone; a machine goes over everything alike.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf, nan
from operator import methodcaller
from statistics import median

import numpy as np
from numpy.typing import NDArray

from detector.features.comparison import (
    FEWEST_SWAPS,
    TELLING_IDF,
    Comparison,
    correlation,
    mean,
    quantile,
    ratio,
    spread,
)
from detector.features.registry import Feature, feature
from detector.records import NEW

_SHARE = "share, 1 = all"
_RATE = "per word of the matched sentences"


@feature(unit=_RATE, low=0, high=1, source="unspun")
def insertion_rate(c: Comparison) -> float:
    """Words inserted into the matched sentences."""
    return ratio(int(c.inserted.sum()), int(c.matched.sum()))


@feature(unit="per word of the used source sentences", low=0, high=1, source="unspun", version=2)
def deletion_rate(c: Comparison) -> float:
    """Words deleted from the source sentences that were used."""
    return ratio(int(c.deleted.sum()), int(c.origin_matched.sum()))


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def inserted_content(c: Comparison) -> float:
    """Share of the inserted words that are content words."""
    return mean(c.our_idf[c.inserted] > 0) if c.inserted.sum() >= FEWEST_SWAPS else nan


@feature(unit="nats of idf", low=-inf, high=inf, source="unspun", version=2)
def inserted_rarity(c: Comparison) -> float:
    """Mean idf of inserted content words less that of deleted ones: facts in, facts out."""
    ours, theirs = c.our_idf[c.inserted], c.their_idf[c.deleted]
    return mean(ours[ours > 0]) - mean(theirs[theirs > 0])


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def telling_inserted(c: Comparison) -> float:
    """Share of the suspect's telling words in matched sentences that are not the source's."""
    telling = c.matched & (c.our_idf >= TELLING_IDF)
    return ratio(int((telling & (c.kind == NEW)).sum()), int(telling.sum()))


@feature(unit="standard deviation of shares", low=0, high=1, source="unspun")
def change_spread(c: Comparison) -> float:
    """How unevenly the changes fall on the matched sentences; machines are even."""
    return spread(c.change_per_sentence)


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def change_least(c: Comparison) -> float:
    """First decile of the matched sentences' changed shares: a machine spares no sentence."""
    shares = c.change_per_sentence
    return quantile(shares, 0.1)


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def change_middle(c: Comparison) -> float:
    """Median of the matched sentences' changed shares."""
    shares = c.change_per_sentence
    return median(shares.tolist()) if len(shares) else nan


@feature(unit="standard deviation per mean", low=0, high=inf, source="unspun")
def change_variation(c: Comparison) -> float:
    """Unevenness of the changes for the amount of change there is."""
    shares = c.change_per_sentence
    return ratio(spread(shares), mean(shares)) if len(shares) > 1 else nan


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def untouched_sentences(c: Comparison) -> float:
    """Share of the matched sentences that stand word for word."""
    return mean(c.change_per_sentence == 0)


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def rebuilt_sentences(c: Comparison) -> float:
    """Share of the matched sentences with more than three fifths changed."""
    return mean(c.change_per_sentence > 0.6)


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def midway_sentences(c: Comparison) -> float:
    """Share of the matched sentences with a tenth to three fifths changed."""
    shares = c.change_per_sentence
    return mean((shares >= 0.1) & (shares <= 0.6))


@feature(unit="autocorrelation", low=-1, high=1, source="unspun")
def change_clustering(c: Comparison) -> float:
    """Correlation of one sentence's changed share with the next one's; people work in places."""
    shares = c.change_per_sentence
    if len(shares) < 5 or spread(shares[:-1]) < 1e-9 or spread(shares[1:]) < 1e-9:
        return nan
    return correlation(shares[:-1], shares[1:])


@feature(unit="standard deviation per mean", low=0, high=inf, source="unspun")
def edit_gap_variation(c: Comparison) -> float:
    """Variation of the distance from one edited word to the next."""
    gaps = np.diff(np.flatnonzero(c.matched & c.changed))
    return ratio(spread(gaps.astype(float)), mean(gaps.astype(float))) if len(gaps) > 3 else nan


@feature(unit="log words", low=0, high=inf, source="unspun")
def edit_length(c: Comparison) -> float:
    """Logarithm of the mean run of edited words; a spinner's is one word."""
    edited = np.concatenate(([False], c.matched & c.changed, [False]))
    starts = np.flatnonzero(edited[1:] & ~edited[:-1])
    return float(np.log1p(ratio(int(edited.sum()), len(starts)))) if len(starts) else nan


@feature(unit="difference of shares", low=-1, high=1, source="unspun")
def odd_pairs_at_edits(c: Comparison) -> float:
    """How much oftener word pairs at edits are unheard of than untouched ones."""
    unheard, edited = c.suspect.unseen, _edges(c.changed & c.matched)
    if edited.sum() < FEWEST_SWAPS:
        return nan
    return mean(unheard[edited]) - _or_zero(mean(unheard[~edited]))


@feature(unit="difference of shares", low=-1, high=1, source="unspun", version=2)
def odd_pairs_gained(c: Comparison) -> float:
    """Unheard-of word pairs at the edits less those in the source at the same places."""
    ours, theirs = _edges(c.changed & c.matched), _edges(_replaced(c))
    if ours.sum() < FEWEST_SWAPS or theirs.sum() < FEWEST_SWAPS:
        return nan
    return mean(c.suspect.unseen[ours]) - mean(c.source.unseen[theirs])


@feature(unit="difference of shares", low=-1, high=1, source="unspun", version=2)
def common_odd_pairs_gained(c: Comparison) -> float:
    """Unheard-of pairs of common words gained: collocations that nobody writes."""
    ours = _edges(c.changed & c.matched) & c.suspect.common_pairs
    theirs = _edges(_replaced(c)) & c.source.common_pairs
    if ours.sum() < FEWEST_SWAPS or theirs.sum() < FEWEST_SWAPS:
        return nan
    return mean(c.suspect.unseen[ours]) - mean(c.source.unseen[theirs])


def _replaced(c: Comparison) -> NDArray[np.bool_]:
    """Which source words of the used sentences do not stand in the suspect."""
    mask = c.deleted.copy()
    mask[[swap.source for swap in c.swaps]] = True
    return mask


def _edges(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Adjacent pairs with at least one word in the mask."""
    return mask[1:] | mask[:-1]


def _or_zero(value: float) -> float:
    return 0.0 if np.isnan(value) else value


def _gained(c: Comparison, fact: Callable[[str], bool | int]) -> float:
    """Mean of a fact about words that came in, less of those that went, in matched sentences."""
    came, went = c.matched & c.changed, _replaced(c)
    if came.sum() < FEWEST_SWAPS or went.sum() < FEWEST_SWAPS:
        return nan
    ours, theirs = (side.known(fact, "i") for side in c.tokens)
    return mean(ours[came]) - mean(theirs[went])


_ON_ING, _ON_LY, _ON_ION = (methodcaller("endswith", ending) for ending in ("ing", "ly", "ion"))


@feature(unit="difference of shares", low=-1, high=1, source="unspun", version=2)
def participles_gained(c: Comparison) -> float:
    """Words in -ing among those that came in, less among those that went."""
    return _gained(c, _ON_ING)


@feature(unit="difference of shares", low=-1, high=1, source="unspun", version=2)
def adverbs_gained(c: Comparison) -> float:
    """Words in -ly among those that came in, less among those that went."""
    return _gained(c, _ON_LY)


@feature(unit="difference of shares", low=-1, high=1, source="unspun", version=2)
def nominals_gained(c: Comparison) -> float:
    """Words in -ion among those that came in, less among those that went."""
    return _gained(c, _ON_ION)


@feature(unit="characters", low=-inf, high=inf, source="unspun", version=2)
def edited_length_gained(c: Comparison) -> float:
    """Mean length of the words that came in, less of those that went."""
    return _gained(c, len)


@feature(unit="difference of shares", low=-1, high=1, source="unspun", version=2)
def contractions_gained(c: Comparison) -> float:
    """Contractions per word in the suspect's matched sentences, less in the source's."""
    ours, theirs = (side.known(_contracted, "b") for side in c.tokens)
    return mean(ours[c.matched]) - mean(theirs[c.origin_matched])


def _contracted(word: str) -> bool:
    return "'" in word and not word.endswith("'s")


EDITING: tuple[Feature[Comparison], ...] = (
    insertion_rate,
    deletion_rate,
    inserted_content,
    inserted_rarity,
    telling_inserted,
    change_spread,
    change_least,
    change_middle,
    change_variation,
    untouched_sentences,
    rebuilt_sentences,
    midway_sentences,
    change_clustering,
    edit_gap_variation,
    edit_length,
    odd_pairs_at_edits,
    odd_pairs_gained,
    common_odd_pairs_gained,
    participles_gained,
    adverbs_gained,
    nominals_gained,
    edited_length_gained,
    contractions_gained,
)
