"""How words were changed: what was replaced by what, how evenly, and what was left alone.

Overlap does not tell a machine from a person; this family is what the call rests on.
"""

from __future__ import annotations

from math import inf, nan

import numpy as np
from numpy.typing import NDArray

from detector.features.comparison import (
    NEW,
    TELLING_IDF,
    Comparison,
    Swap,
    SwapKind,
    mean,
    ratio,
    share,
    spread,
)
from detector.features.registry import Feature, feature
from detector.lexicon import lexicon

_SHARE = "share, 1 = all"
_RATE = "per word of the matched sentences"
# Fewer swaps than this and a share of them is a coin toss.
FEWEST_SWAPS = 4
# A frequent content word stands in more than one background article in 20.
FREQUENT_IDF = 3.0


def _swap_share(c: Comparison, kind: SwapKind) -> float:
    swaps = c.swaps
    if len(swaps) < FEWEST_SWAPS:
        return nan
    return mean([swap.kind == kind for swap in swaps])


def _of_content_swaps(c: Comparison, values: list[float]) -> float:
    return mean(values) if len(values) >= FEWEST_SWAPS else nan


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def degree(c: Comparison) -> float:
    """Share of the derived words whose wording was changed."""
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


@feature(unit=_RATE, low=0, high=1, source="unspun")
def insertion_rate(c: Comparison) -> float:
    """Words inserted into the matched sentences."""
    return ratio(int(c.inserted.sum()), int(c.matched.sum()))


@feature(unit="per word of the used source sentences", low=0, high=1, source="unspun")
def deletion_rate(c: Comparison) -> float:
    """Words deleted from the source sentences that were used."""
    return ratio(int(c.deleted.sum()), int(c.origin_matched.sum()))


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def inserted_content(c: Comparison) -> float:
    """Share of the inserted words that are content words."""
    return mean(c.our_idf[c.inserted] > 0) if c.inserted.sum() >= FEWEST_SWAPS else nan


@feature(unit="nats of idf", low=-inf, high=inf, source="unspun")
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
    return float(np.quantile(shares, 0.1)) if len(shares) else nan


@feature(unit=_SHARE, low=0, high=1, source="unspun")
def change_middle(c: Comparison) -> float:
    """Median of the matched sentences' changed shares."""
    shares = c.change_per_sentence
    return float(np.median(shares)) if len(shares) else nan


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
    return float(np.clip(np.corrcoef(shares[:-1], shares[1:])[0, 1], -1, 1))


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


@feature(unit="difference of shares", low=-1, high=1, source="unspun")
def odd_pairs_gained(c: Comparison) -> float:
    """Unheard-of word pairs at the edits less those in the source at the same places."""
    ours, theirs = _edges(c.changed & c.matched), _edges(_replaced(c))
    if ours.sum() < FEWEST_SWAPS or theirs.sum() < FEWEST_SWAPS:
        return nan
    return mean(c.suspect.unseen[ours]) - mean(c.source.unseen[theirs])


@feature(unit="difference of shares", low=-1, high=1, source="unspun")
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


def _edit_words(c: Comparison) -> tuple[list[str], list[str]]:
    """Words that came in and words that went, in the matched sentences."""
    came = [c.ours[i] for i in np.flatnonzero(c.matched & c.changed).tolist()]
    went = [c.theirs[j] for j in np.flatnonzero(_replaced(c)).tolist()]
    return came, went


def _net(c: Comparison, ending: str) -> float:
    came, went = _edit_words(c)
    if len(came) < FEWEST_SWAPS or len(went) < FEWEST_SWAPS:
        return nan
    return mean([w.endswith(ending) for w in came]) - mean([w.endswith(ending) for w in went])


@feature(unit="difference of shares", low=-1, high=1, source="unspun")
def participles_gained(c: Comparison) -> float:
    """Words in -ing among those that came in, less among those that went."""
    return _net(c, "ing")


@feature(unit="difference of shares", low=-1, high=1, source="unspun")
def adverbs_gained(c: Comparison) -> float:
    """Words in -ly among those that came in, less among those that went."""
    return _net(c, "ly")


@feature(unit="difference of shares", low=-1, high=1, source="unspun")
def nominals_gained(c: Comparison) -> float:
    """Words in -ion among those that came in, less among those that went."""
    return _net(c, "ion")


@feature(unit="characters", low=-inf, high=inf, source="unspun")
def edited_length_gained(c: Comparison) -> float:
    """Mean length of the words that came in, less of those that went."""
    came, went = _edit_words(c)
    if len(came) < FEWEST_SWAPS or len(went) < FEWEST_SWAPS:
        return nan
    return mean([float(len(w)) for w in came]) - mean([float(len(w)) for w in went])


@feature(unit="difference of shares", low=-1, high=1, source="unspun")
def contractions_gained(c: Comparison) -> float:
    """Contractions per word in the suspect's matched sentences, less in the source's."""
    ours = [c.ours[i] for i in np.flatnonzero(c.matched).tolist()]
    theirs = [c.theirs[j] for j in np.flatnonzero(c.origin_matched).tolist()]
    return mean([_contracted(w) for w in ours]) - mean([_contracted(w) for w in theirs])


def _contracted(word: str) -> bool:
    return "'" in word and not word.endswith("'s")


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
