"""How much of either article stands in the other, and in what pieces."""

from __future__ import annotations

from math import fsum, inf, log1p, nan

import numpy as np

from detector.features.comparison import (
    TELLING_IDF,
    Comparison,
    contained,
    mean,
    quantile,
    ratio,
    share,
    spread,
)
from detector.features.registry import Feature, feature
from detector.records import COPIED, MOVED, NEW, SUBSTITUTED
from detector.tokens import Letters, Tokens

_SHARE = "share, 1 = all"


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def coverage(c: Comparison) -> float:
    """Share of the suspect's words that derive from the source."""
    return c.alignment.coverage if c.ours else float("nan")


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def copied_share(c: Comparison) -> float:
    """Share of the suspect's words copied in the source's order."""
    return mean(c.kind == COPIED)


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def moved_share(c: Comparison) -> float:
    """Share of the suspect's words copied out of order."""
    return mean(c.kind == MOVED)


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def substituted_share(c: Comparison) -> float:
    """Share of the suspect's words that stand for another word of the source."""
    return mean(c.kind == SUBSTITUTED)


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def new_share(c: Comparison) -> float:
    """Share of the suspect's words with no counterpart."""
    return mean(c.kind == NEW)


@feature(unit=_SHARE, low=0, high=1, source="unspun", version=2)
def source_used_share(c: Comparison) -> float:
    """Share of the source's words that the suspect took over or replaced."""
    return mean(c.used)


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def matched_sentences(c: Comparison) -> float:
    """Share of the suspect's sentences that have a source sentence."""
    return ratio(len(c.alignment.matches), len(c.alignment.pair.suspect.sentences))


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def source_matched_sentences(c: Comparison) -> float:
    """Share of the source's sentences that some suspect sentence comes from."""
    used = {j for match in c.alignment.matches for j in match.sources}
    return ratio(len(used), len(c.alignment.pair.source.sentences))


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def match_strength(c: Comparison) -> float:
    """Mean share of a matched sentence's information that its sources hold."""
    return mean([match.strength for match in c.alignment.matches])


@feature(unit="standard deviation of shares", low=0, high=1, source="unspun")
def match_strength_spread(c: Comparison) -> float:
    """How unevenly the matched sentences are covered; people mix, machines do not."""
    return spread([match.strength for match in c.alignment.matches])


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def match_strength_low(c: Comparison) -> float:
    """First quartile of the matched sentences' strength."""
    strengths = [match.strength for match in c.alignment.matches]
    return quantile(strengths, 0.25)


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def lead_strength(c: Comparison) -> float:
    """Strength of the suspect's first sentence; 0 where it has no source."""
    if not c.alignment.pair.suspect.sentences:
        return float("nan")
    matches = c.alignment.matches
    return matches[0].strength if matches and matches[0].suspect == 0 else 0.0


@feature(unit=_SHARE, low=0, high=1, source="Broder 1997")
def unigram_containment(c: Comparison) -> float:
    """Share of the suspect's distinct stems, by information, that stand in the source."""
    return _information_contained(c.tokens[0], c.tokens[1])


@feature(unit=_SHARE, low=0, high=1, source="Broder 1997")
def source_unigram_containment(c: Comparison) -> float:
    """Share of the source's distinct stems, by information, that stand in the suspect."""
    return _information_contained(c.tokens[1], c.tokens[0])


def _information_contained(part: Tokens, whole: Tokens) -> float:
    weights, there = part.information, whole.information
    # Not `sum`, which since Python 3.12 rounds floats otherwise than before.
    total = fsum(weights.values())
    return share(fsum(w for stem, w in weights.items() if stem in there), total)


@feature(unit=_SHARE, low=0, high=1, source="Broder 1997")
def bigram_containment(c: Comparison) -> float:
    """Share of the suspect's word bigrams that stand in the source."""
    return contained(c.tokens[0].grams(2), c.tokens[1].grams(2))


@feature(unit=_SHARE, low=0, high=1, source="Broder 1997")
def trigram_containment(c: Comparison) -> float:
    """Share of the suspect's word trigrams that stand in the source."""
    return contained(c.tokens[0].grams(3), c.tokens[1].grams(3))


@feature(unit=_SHARE, low=0, high=1, source="Broder 1997")
def source_trigram_containment(c: Comparison) -> float:
    """Share of the source's word trigrams that stand in the suspect."""
    return contained(c.tokens[1].grams(3), c.tokens[0].grams(3))


@feature(unit=_SHARE, low=0, high=1, source="Broder 1997")
def sixgram_containment(c: Comparison) -> float:
    """Share of the suspect's word 6-grams that stand in the source."""
    return contained(c.tokens[0].grams(6), c.tokens[1].grams(6))


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def trigram_excess(c: Comparison) -> float:
    """Trigrams kept for each unigram kept: 1 where words were only dropped or added in blocks."""
    kept = contained(c.tokens[0].grams(1), c.tokens[1].grams(1))
    return share(trigram_containment(c), kept)


@feature(unit="log words", low=0, high=inf, source="unspun")
def longest_run(c: Comparison) -> float:
    """Logarithm of the longest copied run, in words."""
    return log1p(max(c.copied_lengths)) if c.copied_lengths else 0.0


@feature(unit="log words", low=0, high=inf, source="unspun")
def mean_run(c: Comparison) -> float:
    """Logarithm of the mean copied run, in words."""
    return log1p(mean(c.copied_lengths)) if c.copied_lengths else nan


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def long_run_share(c: Comparison) -> float:
    """Share of the suspect's words in copied runs of eight words and more."""
    return ratio(sum(n for n in c.copied_lengths if n >= 8), len(c.ours))


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def telling_kept(c: Comparison) -> float:
    """Share of the source's distinct telling words that the suspect kept."""
    telling = _telling(c.tokens[1])
    return ratio(len(telling & c.tokens[0].information.keys()), len(telling))


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def telling_found(c: Comparison) -> float:
    """Share of the suspect's distinct telling words that stand in the source."""
    telling = _telling(c.tokens[0])
    return ratio(len(telling & c.tokens[1].information.keys()), len(telling))


def _telling(tokens: Tokens) -> set[Letters]:
    return {tokens.stems[k] for k in np.flatnonzero(tokens.telling >= TELLING_IDF).tolist()}


@feature(unit="log ratio, 0 = as long", low=-inf, high=inf, source="unspun")
def length_ratio(c: Comparison) -> float:
    """Logarithm of suspect words to source words."""
    if not c.ours or not c.theirs:
        return float("nan")
    return float(np.log(len(c.ours) / len(c.theirs)))


@feature(unit="log ratio, 0 = as many", low=-inf, high=inf, source="unspun")
def sentence_ratio(c: Comparison) -> float:
    """Logarithm of suspect sentences to source sentences."""
    ours, theirs = (len(s.sentences) for s in (c.alignment.pair.suspect, c.alignment.pair.source))
    return float(np.log(ours / theirs)) if ours and theirs else float("nan")


OVERLAP: tuple[Feature[Comparison], ...] = (
    coverage,
    copied_share,
    moved_share,
    substituted_share,
    new_share,
    source_used_share,
    matched_sentences,
    source_matched_sentences,
    match_strength,
    match_strength_spread,
    match_strength_low,
    lead_strength,
    unigram_containment,
    source_unigram_containment,
    bigram_containment,
    trigram_containment,
    source_trigram_containment,
    sixgram_containment,
    trigram_excess,
    longest_run,
    mean_run,
    long_run_share,
    telling_kept,
    telling_found,
    length_ratio,
    sentence_ratio,
)
