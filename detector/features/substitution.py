"""How words were changed: what was replaced by what, and what was left alone.

Overlap does not tell a machine from a person; this family is what the call rests on.
"""

from __future__ import annotations

from math import inf, nan

import numpy as np
from numpy.typing import NDArray

from detector.features.comparison import (
    FEWEST_SWAPS,
    TELLING_IDF,
    Comparison,
    Swap,
    SwapKind,
    mean,
    ratio,
    share,
)
from detector.features.registry import Feature, feature
from detector.lexicon import lexicon

_SHARE = "share, 1 = all"
_RATE = "per word of the matched sentences"
# A frequent content word stands in more than one background article in 20.
FREQUENT_IDF = 3.0


def _swap_share(c: Comparison, kind: SwapKind) -> float:
    swaps = c.swaps
    if len(swaps) < FEWEST_SWAPS:
        return nan
    return mean([swap.kind == kind for swap in swaps])


def _of_content_swaps(c: Comparison, values: list[float]) -> float:
    return mean(values) if len(values) >= FEWEST_SWAPS else nan


@feature(unit=_SHARE, low=0, high=1, source="unspun", version=3)
def degree(c: Comparison) -> float:
    """Share of the derived wording that was swapped, inserted or dropped."""
    return c.alignment.degree


@feature(unit=_RATE, low=0, high=1, source="unspun")
def swap_rate(c: Comparison) -> float:
    """Count of swapped words for each word of the matched sentences."""
    return ratio(len(c.swaps), int(c.matched.sum())) if c.matched.any() else nan


@feature(unit=_RATE, low=0, high=1, source="unspun")
def content_swap_rate(c: Comparison) -> float:
    """Count of swapped content words for each content word of the matched sentences."""
    return share(len(c.content_swaps), int((c.matched & (c.our_idf > 0)).sum()))


@feature(unit=_SHARE, low=0, high=1, source="unspun; WordNet 3.0")
def synonym_swaps(c: Comparison) -> float:
    """Share of the swaps that are thesaurus synonyms."""
    return _swap_share(c, "synonym")


@feature(unit=_SHARE, low=0, high=1, source="unspun; WordNet 3.0")
def synonym_content_swaps(c: Comparison) -> float:
    """Share of the swaps of content words that are thesaurus synonyms."""
    return _of_content_swaps(c, [float(s.kind == "synonym") for s in c.content_swaps])


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def inflection_swaps(c: Comparison) -> float:
    """Share of the swaps that only bend the word; round trips do."""
    return _swap_share(c, "inflection")


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def spelling_swaps(c: Comparison) -> float:
    """Share of the swaps between British and American spelling; copy editors do."""
    return _swap_share(c, "spelling")


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def grammar_swaps(c: Comparison) -> float:
    """Share of the swaps that involve a function word."""
    return _swap_share(c, "grammar")


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def other_swaps(c: Comparison) -> float:
    """Share of the swaps between unrelated words: the sentence was rebuilt."""
    return _swap_share(c, "other")


@feature(unit=_SHARE, low=0, high=1, source="unspun; WordNet 3.0")
def synonym_rate(c: Comparison) -> float:
    """Synonym swaps for each common content word of the matched sentences."""
    swaps = sum(swap.kind == "synonym" for swap in c.swaps)
    return share(swaps, int((c.matched & (c.our_idf > 0)).sum()))


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def isolated_swaps(c: Comparison) -> float:
    """Share of the swaps with an unchanged word on either side; spinners leave these."""
    if len(c.swaps) < FEWEST_SWAPS:
        return nan
    kept = np.concatenate(([True], ~c.changed, [True]))
    return mean([bool(kept[s.suspect] and kept[s.suspect + 2]) for s in c.swaps])


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def repeated_swaps(c: Comparison) -> float:
    """Share of the content swaps that repeat an earlier one of the same word alike."""
    swaps = [(s.replaced, s.by) for s in c.content_swaps]
    return 1 - ratio(len(set(swaps)), len(swaps)) if len(swaps) >= FEWEST_SWAPS else nan


@feature(unit="nats of idf, higher = to rarer words", low=-inf, high=inf, source="unspun")
def rarity_drift(c: Comparison) -> float:
    """Mean rise in rarity from the replaced word to its replacement."""
    lex = lexicon()
    rises = [lex.idf(s.by) - lex.idf(s.replaced) for s in c.content_swaps]
    return _of_content_swaps(c, rises)


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def swaps_to_rarer(c: Comparison) -> float:
    """Share of the content swaps that take a rarer word."""
    lex = lexicon()
    return _of_content_swaps(
        c, [float(lex.idf(s.by) > lex.idf(s.replaced)) for s in c.content_swaps]
    )


@feature(unit="characters, higher = to longer words", low=-inf, high=inf, source="unspun")
def length_drift(c: Comparison) -> float:
    """Mean rise in length from the replaced word to its replacement."""
    return _of_content_swaps(c, [float(len(s.by) - len(s.replaced)) for s in c.content_swaps])


# Endings that a well-made swap carries over: "ordered" becomes "placed", not "place".
_ENDINGS = ("ing", "ed", "ly", "s")


def _ending(word: str) -> str:
    return next((e for e in _ENDINGS if len(word) > len(e) + 2 and word.endswith(e)), "")


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def agreeing_swaps(c: Comparison) -> float:
    """Share of the content swaps that keep the ending (-ing, -ed, -ly, -s or none)."""
    return _of_content_swaps(
        c, [float(_ending(s.by) == _ending(s.replaced)) for s in c.content_swaps]
    )


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def telling_swapped(c: Comparison) -> float:
    """Share of the used sentences' telling words that were replaced or dropped."""
    return _lost(c, c.their_idf >= TELLING_IDF)


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def common_swapped(c: Comparison) -> float:
    """Share of the used sentences' common content words that were replaced or dropped."""
    return _lost(c, (c.their_idf > 0) & (c.their_idf < FREQUENT_IDF))


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def middling_swapped(c: Comparison) -> float:
    """Share of the used sentences' content words, neither common nor telling, that went."""
    return _lost(c, (c.their_idf >= FREQUENT_IDF) & (c.their_idf < TELLING_IDF))


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def function_words_lost(c: Comparison) -> float:
    """Share of the used sentences' function words that were replaced or dropped."""
    return _lost(c, c.their_idf == 0)


def _lost(c: Comparison, mask: NDArray[np.bool_]) -> float:
    mask = mask & c.origin_matched
    return ratio(int((mask & ~c.kept).sum()), int(mask.sum()))


@feature(unit="difference of shares", low=-1, high=1, source="unspun")
def selectivity(c: Comparison) -> float:
    """How much more common words were changed than telling ones; a spinner spares names."""
    return middling_swapped(c) - telling_swapped(c)


@feature(unit="synonym swaps per other content swap, log", low=-inf, high=inf, source="unspun")
def synonym_odds(c: Comparison) -> float:
    """Log odds that a content swap is a synonym, with half a swap added to both sides."""
    swaps: tuple[Swap, ...] = c.content_swaps
    if not swaps:
        return nan
    synonyms = sum(s.kind == "synonym" for s in swaps)
    return float(np.log((synonyms + 0.5) / (len(swaps) - synonyms + 0.5)))


SUBSTITUTION: tuple[Feature[Comparison], ...] = (
    degree,
    swap_rate,
    content_swap_rate,
    synonym_swaps,
    synonym_content_swaps,
    inflection_swaps,
    spelling_swaps,
    grammar_swaps,
    other_swaps,
    synonym_rate,
    synonym_odds,
    isolated_swaps,
    repeated_swaps,
    rarity_drift,
    swaps_to_rarer,
    length_drift,
    agreeing_swaps,
    telling_swapped,
    common_swapped,
    middling_swapped,
    function_words_lost,
    selectivity,
)
