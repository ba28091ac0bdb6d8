"""Whether the suspect follows the source's order, and how sentences were split, joined, rebuilt."""

from __future__ import annotations

from collections import Counter
from math import inf, nan

import numpy as np
from rapidfuzz.distance import LCSseq

from detector.features.comparison import Comparison, correlation, mean, ratio, spread
from detector.features.registry import Feature, feature

_SHARE = "share, 1 = all"
# Order says something from this many matched sentences on.
FEWEST_MATCHES = 4


def _places(c: Comparison) -> list[int]:
    return [match.sources[0] for match in c.alignment.matches]


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def order_kept(c: Comparison) -> float:
    """Share of the matched sentences that follow the source's order."""
    return mean(c.in_order) if len(c.in_order) >= FEWEST_MATCHES else nan


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def steps_by_one(c: Comparison) -> float:
    """Share of the matched sentences whose source follows right on the one before."""
    steps = np.diff(_places(c))
    return mean(steps == 1) if len(steps) >= FEWEST_MATCHES - 1 else nan


@feature(unit="rank correlation", low=-1, high=1, source="Kendall 1938")
def order_tau(c: Comparison) -> float:
    """Kendall's tau-a of the sentences' order in both articles; equal places count as kept."""
    places = np.array(_places(c))
    if len(places) < FEWEST_MATCHES:
        return nan
    pairs = len(places) * (len(places) - 1) // 2
    kept = int(np.triu(places[:, None] <= places, k=1).sum())
    return (2 * kept - pairs) / pairs


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def one_to_one(c: Comparison) -> float:
    """Share of the matches between one suspect sentence and one source sentence."""
    times = Counter(_places(c))
    return mean([len(m.sources) == 1 and times[m.sources[0]] == 1 for m in c.alignment.matches])


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def split_sentences(c: Comparison) -> float:
    """Share of the matches whose source sentence serves several suspect sentences."""
    times = Counter(_places(c))
    return mean([times[place] > 1 for place in _places(c)])


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def joined_sentences(c: Comparison) -> float:
    """Share of the matches that draw on several source sentences."""
    return mean([len(match.sources) > 1 for match in c.alignment.matches])


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def source_reach(c: Comparison) -> float:
    """How deep into the source the matches go: its last used sentence."""
    sentences = len(c.alignment.pair.source.sentences)
    return ratio(max(_places(c)) + 1, sentences) if c.alignment.matches else nan


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def skipped_sentences(c: Comparison) -> float:
    """Share of the source sentences between the first and last used that were left out."""
    used = {j for match in c.alignment.matches for j in match.sources}
    if len(used) < 2:
        return nan
    return 1 - len(used) / (max(used) - min(used) + 1)


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def added_within(c: Comparison) -> float:
    """Share of the suspect's sentences between its matched ones that have no source."""
    own = [match.suspect for match in c.alignment.matches]
    return 1 - len(own) / (own[-1] - own[0] + 1) if len(own) > 1 else nan


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def word_order_kept(c: Comparison) -> float:
    """Longest common subsequence for the words in common, mean over matched sentences."""
    shares = []
    for ours, theirs in c.sentence_stems:
        # Of sorted letters the longest common subsequence is all that both have.
        common = LCSseq.similarity("".join(sorted(ours)), "".join(sorted(theirs)))
        if common >= 3:
            shares.append(LCSseq.similarity(ours, theirs) / common)
    return mean(shares)


def _length_ratios(c: Comparison) -> list[float]:
    return [
        float(np.log(len(ours) / len(theirs)))
        for ours, theirs in c.sentence_stems
        if ours and theirs
    ]


@feature(unit="log ratio", low=-inf, high=inf, source="unspun")
def sentence_growth(c: Comparison) -> float:
    """Mean log ratio of a matched sentence's length to its source's."""
    return mean(_length_ratios(c))


@feature(unit="standard deviation of log ratios", low=0, high=inf, source="unspun")
def sentence_growth_spread(c: Comparison) -> float:
    """How unevenly matched sentences grew or shrank; sentence-by-sentence work is even."""
    ratios = _length_ratios(c)
    return spread(ratios) if len(ratios) >= FEWEST_MATCHES else nan


@feature(unit="correlation", low=-1, high=1, source="unspun")
def sentence_length_followed(c: Comparison) -> float:
    """Correlation of the matched sentences' lengths with their sources'."""
    lengths = [(len(ours), len(theirs)) for ours, theirs in c.sentence_stems]
    if len(lengths) < FEWEST_MATCHES:
        return nan
    ours, theirs = np.array(lengths, dtype=float).T
    if np.std(ours) < 1e-9 or np.std(theirs) < 1e-9:
        return nan
    return correlation(ours, theirs)


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def openings_kept(c: Comparison) -> float:
    """Share of the matched sentences that open with the same word as their source."""
    return mean([ours[:1] == theirs[:1] for ours, theirs in c.sentence_stems])


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def endings_kept(c: Comparison) -> float:
    """Share of the matched sentences that end with the same word as their source."""
    return mean([ours[-1:] == theirs[-1:] for ours, theirs in c.sentence_stems])


ORDERING: tuple[Feature[Comparison], ...] = (
    order_kept,
    steps_by_one,
    order_tau,
    one_to_one,
    split_sentences,
    joined_sentences,
    source_reach,
    skipped_sentences,
    added_within,
    word_order_kept,
    sentence_growth,
    sentence_growth_spread,
    sentence_length_followed,
    openings_kept,
    endings_kept,
)
