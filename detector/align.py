"""Stage 6: find which words of the suspect come from where in the source.

Sentences first, then words. A suspect sentence is matched to the source sentences that hold its
information (shared stems, weighted by how rare they are), so that a shared "of the" never counts
and a moved or split sentence still finds its origin. Within a match the words are aligned by edit
distance over stems. Runs of equal words that the sentences missed are laid over the rest.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from math import nan
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import Indel, Levenshtein

from detector.records import COPIED, MOVED, NEW, SUBSTITUTED, Alignment, Pair, SentenceMatch, Span
from detector.tokens import Letters, Tokens, among, distinct, grams, tokens_of

# Cosine of the weighted stems from which a sentence has a source. Evidence for this and the next
# four constants: docs/decisions/0030-sentence-matching.md.
MATCH_COSINE = 0.30
# Twice the longest common subsequence of stems for the words of both sentences, from which a
# sentence is worded like another, and the fewest words for it; unrelated English shares a quarter.
WORDING_LIKENESS = 0.4
WORDING_WORDS = 8
# The same cosine between two neighbours, at most BRIDGE sentences away, that are matched in order.
BRIDGED_COSINE = 0.12
BRIDGE = 2
# A stem that stands in n sentences of an article weighs n to this power less: the people and places
# that an event is about stand in every report of it.
SPREAD_DISCOUNT = 0.5
# A second source sentence joins a match when it explains this much more of the suspect sentence.
MERGE_GAIN = 0.20
MERGE_LIMIT = 3
# A run of equal words outside matched sentences counts from this length (in words) on, and only
# with this much information (nats of idf): "on the other hand of the" is nobody's property.
RUN_WORDS = 5
RUN_INFORMATION = 12.0
# Places of one word 5-gram in the source that are followed up; more are a refrain.
RUN_PLACES = 8


def align(pair: Pair) -> Alignment:
    """Align the suspect's words with the source's."""
    suspect, source = tokens_of(pair.suspect, pair.source)
    matches = tuple(_sentence_matches(suspect, source))
    fates = _Fates(suspect, source)
    fates.follow(matches)
    fates.correct()
    fates.overlay_runs()
    return Alignment(pair, matches, fates.kind, fates.origin, *fates.coverage_and_degree())


def _sentence_matches(suspect: Tokens, source: Tokens) -> Iterator[SentenceMatch]:
    """Match each suspect sentence to the source sentences that hold its information."""
    if not suspect.sentences or not source.sentences:
        return
    ours, theirs, weights = _incidence(suspect, source)
    shared = (ours * weights) @ theirs.T
    mass, their_mass = ours @ weights, theirs @ weights
    cosine = shared / np.sqrt(np.maximum(np.outer(mass, their_mass), 1e-9))
    partners = enumerate(_partners(cosine, _wordings(suspect, source)))
    # Function words alone are no debt.
    pairs = [(i, j) for i, j in partners if j is not None and mass[i] > 0]
    if pairs:
        suspects, best = np.array(pairs, dtype=np.int64).T
        explained = _explained(ours[suspects], weights, theirs, best)
        for i, (sources, strength) in zip(suspects.tolist(), explained, strict=True):
            yield SentenceMatch(i, sources, strength)


def _wordings(suspect: Tokens, source: Tokens) -> list[int | None]:
    """Find for each suspect sentence the source sentence that is worded like it, if one is.

    Function words and order count here: they are what is left where every rare word was swapped.
    """
    ours, theirs = suspect.sentences, source.sentences
    likeness = process.cdist(ours, theirs, scorer=Indel.normalized_similarity)
    alike = (likeness.max(axis=1) >= WORDING_LIKENESS).tolist()
    return [
        nearest if found and len(words) >= WORDING_WORDS else None
        for words, found, nearest in zip(ours, alike, likeness.argmax(axis=1).tolist(), strict=True)
    ]


def _partners(cosine: NDArray[np.floating], wordings: Sequence[int | None]) -> list[int | None]:
    """Choose the source sentence of each suspect sentence, if it has one.

    A sentence between two that have partners, in order and near each other, gets one there on
    weaker evidence: where every content word was swapped, order is what is left.
    """
    alike = (cosine.max(axis=1) >= MATCH_COSINE).tolist()
    best = zip(cosine.argmax(axis=1).tolist(), alike, wordings, strict=True)
    sure = [j if found else worded for j, found, worded in best]
    found = list(sure)
    for i in range(len(sure)):
        before = next((j for j in sure[max(i - BRIDGE, 0) : i][::-1] if j is not None), None)
        after = next((j for j in sure[i + 1 : i + 1 + BRIDGE] if j is not None), None)
        if sure[i] is not None or before is None or after is None:
            continue
        if before <= after <= before + BRIDGE + 1:
            j = before + int(cosine[i, before : after + 1].argmax())
            found[i] = j if cosine[i, j] >= BRIDGED_COSINE else None
    return found


def _incidence(
    suspect: Tokens, source: Tokens
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Sentences x stems of both sides as 0/1, over one local numbering, and the stems' weights.

    Stems of stop words are left out. A stem is as rare as its commonest word.
    """
    words = len(suspect.stem_numbers)
    stems = np.concatenate([suspect.stem_numbers, source.stem_numbers])
    idf = np.concatenate([suspect.telling, source.telling]).astype(np.float32)
    _, first, local = np.unique(stems, return_index=True, return_inverse=True)
    rarity = np.full(len(first), np.inf, dtype=np.float32)
    np.minimum.at(rarity, local, idf)
    # In the order of the texts, as sums in another order differ in their last digits.
    columns = np.argsort(first)
    columns = columns[rarity[columns] > 0]
    ours = _stems_of_sentences(suspect, local[:words], len(first))[:, columns]
    theirs = _stems_of_sentences(source, local[words:], len(first))[:, columns]
    spread = np.maximum(ours.sum(axis=0), theirs.sum(axis=0))
    return ours, theirs, rarity[columns] ** 2 / np.maximum(spread, 1.0) ** SPREAD_DISCOUNT


def _stems_of_sentences(
    tokens: Tokens, local: NDArray[np.integer], stems: int
) -> NDArray[np.float32]:
    """Sentences x stems as 0/1, of the local number of each word's stem."""
    spans = tokens.segments.sentence_words
    table = np.zeros((len(spans), stems), dtype=np.float32)
    table[np.repeat(np.arange(len(spans)), [b - a for a, b in spans]), local] = 1.0
    return table


def _explained(
    ours: NDArray[np.float32],
    weights: NDArray[np.float32],
    theirs: NDArray[np.float32],
    best: NDArray[np.int64],
) -> Iterator[tuple[tuple[int, ...], float]]:
    """Yield the source sentences of each suspect sentence, and the share of it that they explain.

    Parameters
    ----------
    ours : shape (suspect sentences, stems), 1 where one has the stem; none is without
    weights : of the stems
    theirs : shape (source sentences, stems), as `ours`
    best : the source sentence of each suspect sentence
    """
    rows, stems = np.nonzero(ours)
    own = weights[stems]
    left = own * (1 - theirs[best[rows], stems])
    starts = np.flatnonzero(np.diff(rows, prepend=-1))
    mass, open_mass = (np.add.reduceat(w, starts, dtype=np.float64) for w in (own, left))
    for i, (whole, unexplained) in enumerate(zip(mass.tolist(), open_mass.tolist(), strict=True)):
        found, still = [int(best[i])], unexplained
        if unexplained >= MERGE_GAIN * whole:
            words = slice(starts[i], starts[i + 1] if i + 1 < len(starts) else None)
            more, still = _others(left[words], theirs[:, stems[words]], whole)
            found += more
        yield tuple(found), 1 - still / whole


def _others(
    left: NDArray[np.float32], theirs: NDArray[np.float32], mass: float
) -> tuple[list[int], float]:
    """Add the source sentences that explain what the best one leaves open.

    Parameters
    ----------
    left : weights of a suspect sentence's stems, 0 where the best source sentence has them
    theirs : shape (source sentences, those stems)
    mass : weight of the suspect sentence

    Returns
    -------
    The further source sentences, and the weight that is open still.
    """
    found: list[int] = []
    while len(found) < MERGE_LIMIT - 1:
        gains = theirs @ left / mass
        following = int(np.argmax(gains))
        if gains[following] < MERGE_GAIN:
            break
        found.append(following)
        left = left * (1 - theirs[following])
    return found, float(left.sum(dtype=np.float64))


class _Fates:
    """What became of each word while the alignment is being built."""

    def __init__(self, suspect: Tokens, source: Tokens) -> None:
        self.suspect, self.source = suspect, source
        self.kind = np.zeros(len(suspect.letters), dtype=np.int8)
        self.origin = np.full(len(suspect.letters), -1, dtype=np.int64)
        self.matched = np.zeros(len(suspect.letters), dtype=bool)
        self.followed = np.zeros(len(source.letters), dtype=bool)

    def follow(self, matches: Sequence[SentenceMatch]) -> None:
        """Align the stems of matched sentences with those of their sources."""
        ours, theirs = (side.segments.sentence_words for side in (self.suspect, self.source))
        spans: list[Span] = []  # of the source's words that are followed, match after match
        edits: list[tuple[int, int, int, int]] = []  # fate, words, the first of ours, of `spans`
        before = 0
        for match, kept in zip(matches, in_order([m.sources[0] for m in matches]), strict=True):
            start, sources = ours[match.suspect][0], sorted(match.sources)
            stems = "".join([self.source.sentences[j] for j in sources])
            equal = COPIED if kept else MOVED
            for tag, i, end, j, _ in _edits(stems, self.suspect.sentences[match.suspect]):
                if tag in ("equal", "replace"):
                    fate = equal if tag == "equal" else SUBSTITUTED
                    edits.append((fate, end - i, start + j, before + i))
            self.matched[slice(*ours[match.suspect])] = True
            spans += [theirs[j] for j in sources]
            before += len(stems)
        places = _ranges(*np.array(spans, dtype=np.int64).reshape(-1, 2).T)
        self.followed[places] = True
        fates, lengths, firsts, origins = np.array(edits, dtype=np.int64).reshape(-1, 4).T
        words = _ranges(firsts, firsts + lengths)
        self.kind[words] = np.repeat(fates, lengths)
        self.origin[words] = places[_ranges(origins, origins + lengths)]

    def correct(self) -> None:
        """Take words of one stem for swapped where they are not the same word."""
        same = np.flatnonzero(self.kind >= COPIED)
        differ = self.suspect.numbers[same] != self.source.numbers[self.origin[same]]
        self.kind[same[differ]] = SUBSTITUTED

    def overlay_runs(self) -> None:
        """Mark long equal runs outside the matched sentences as moved.

        Words swapped in a match may come from elsewhere after all.
        """
        sides = (self.suspect.stem_numbers, self.source.stem_numbers)
        ours, theirs = (grams(stems, RUN_WORDS) for stems in sides)
        idf, end = self.suspect.telling.astype(np.float32), 0
        for here in np.flatnonzero(among(ours, distinct(theirs))).tolist():
            if here < end:
                continue
            there, length = self._longest_run(here)
            span = slice(here, here + length)
            if np.add.reduce(idf[span]) < RUN_INFORMATION:
                continue
            if self.kind[span].max() < COPIED:
                self.kind[span] = MOVED
                self.origin[span] = np.arange(there, there + length)
            end = here + length

    def _longest_run(self, here: int) -> tuple[int, int]:
        """Longest equal run that starts here, as (place in the source, length)."""
        ours, theirs = self.suspect.stems, self.source.stems
        run = ours[here : here + RUN_WORDS]
        best, there = (0, 0), -1
        for _ in range(RUN_PLACES):
            there = theirs.find(run, there + 1)
            if there < 0:
                break
            length = _common_length(ours, here, theirs, there)
            if length > best[1]:
                best = there, length
        return best

    def coverage_and_degree(self) -> tuple[float, float]:
        """Share of words that derive from the source; share of their wording that was changed.

        Changed is what was swapped, what was inserted into matched sentences, and what was dropped
        from their sources: docs/decisions/0031-degree.md.
        """
        derived = self.kind != NEW
        if not derived.any():
            return 0.0, nan
        touched = int((derived | self.matched).sum())
        same = int((self.kind >= COPIED).sum())
        dropped = self._dropped_within()
        return float(derived.mean()), (touched - same + dropped) / (touched + dropped)

    def _dropped_within(self) -> int:
        """Count the words dropped from followed source sentences; an excerpt's ends are no loss."""
        origins = self.origin[self.origin >= 0]
        left = self.followed.copy()
        left[origins] = False
        return int(left[origins.min() : origins.max() + 1].sum())


def in_order(places: Sequence[int]) -> list[bool]:
    """Say which places lie on a longest run that never goes back.

    >>> in_order([0, 1, 7, 2, 2, 3])
    [True, True, False, True, True, True]
    """
    ends: list[int] = []  # ends[k]: the smallest end of such a run of length k + 1
    depth = []
    for place in places:
        k = bisect_right(ends, place)
        ends[k : k + 1] = [place]
        depth.append(k)
    kept, wanted = [False] * len(places), len(ends) - 1
    for i in range(len(places) - 1, -1, -1):
        if depth[i] == wanted:
            kept[i], wanted = True, wanted - 1
    return kept


def _common_length(ours: Letters, here: int, theirs: Letters, there: int) -> int:
    """Count the equal letters from two places on, RUN_WORDS of which are known to be equal.

    Most runs are short, where a step a letter is faster than a comparison of arrays.
    """
    length, limit = RUN_WORDS, min(len(ours) - here, len(theirs) - there)
    while length < limit and ours[here + length] == theirs[there + length]:
        length += 1
    return length


def _edits(theirs: Letters, ours: Letters) -> list[tuple[str, int, int, int, int]]:
    """List what turns theirs into ours: "equal", "replace", ..., and the ranges of both."""
    # As tuples, which take a third of the time of objects with names.
    edits: list[Any] = Levenshtein.opcodes(theirs, ours).as_list()
    return edits


def _ranges(starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.int64]:
    """Count through half-open ranges, one after another.

    >>> _ranges(np.array([7, 2]), np.array([9, 5])).tolist()
    [7, 8, 2, 3, 4]
    """
    lengths = ends - starts
    skipped = starts - np.cumsum(lengths) + lengths
    return np.repeat(skipped, lengths) + np.arange(int(lengths.sum()))


def edges(alignment: Alignment) -> NDArray[np.int64]:
    """Cut the suspect's words into runs that fared alike and stand in the source as they do here.

    Returns
    -------
    Where each run starts, and behind them the number of words; shape (runs + 1,).
    """
    kind, origin = alignment.kind, alignment.origin
    goes_on = (kind[1:] == kind[:-1]) & ((origin[1:] - origin[:-1] == 1) | (kind[1:] == NEW))
    cut = np.ones(len(kind) + 1, dtype=np.bool_)
    cut[1:-1] = ~goes_on
    return np.flatnonzero(cut)
