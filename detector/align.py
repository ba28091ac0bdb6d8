"""Stage 6: find which words of the suspect come from where in the source.

Sentences first, then words. A suspect sentence is matched to the source sentences that hold its
information (shared stems, weighted by how rare they are), so that a shared "of the" never counts
and a moved or split sentence still finds its origin. Within a match the words are aligned by edit
distance over stems. Runs of equal words that the sentences missed are laid over the rest.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import nan

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import Indel, Levenshtein

from detector.lexicon import Lexicon, lexicon
from detector.records import Alignment, Pair, Run, RunKind, Segments, SentenceMatch, Span

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


@dataclass(frozen=True)
class Tokens:
    """An article's words as alignment compares them."""

    segments: Segments
    stems: list[int]  # one a word; equal where the stems are
    idf: NDArray[np.float32]  # shape (words,), nats
    sentence_stems: tuple[frozenset[int], ...]

    @cached_property
    def sentence_lists(self) -> list[list[int]]:
        """The stems of each sentence, in order."""
        return [self.stems[a:b] for a, b in self.segments.sentence_words]

    @cached_property
    def rarity(self) -> dict[int, float]:
        """Idf of each stem: its commonest word's."""
        rarity: dict[int, float] = {}
        for stem, idf in zip(self.stems, self.idf.tolist(), strict=True):
            rarity[stem] = min(idf, rarity.get(stem, idf))
        return rarity

    @cached_property
    def incidence(self) -> tuple[list[int], list[int]]:
        """A row (sentence) and a column (stem) for each stem of each sentence."""
        found = [(k, stem) for k, stems in enumerate(self.sentence_stems) for stem in stems]
        return [row for row, _ in found], [stem for _, stem in found]

    @cached_property
    def runs(self) -> list[tuple[int, ...]]:
        """Each run of RUN_WORDS stems."""
        return list(zip(*(self.stems[k:] for k in range(RUN_WORDS)), strict=False))

    @cached_property
    def places(self) -> dict[tuple[int, ...], list[int]]:
        """Where each run of RUN_WORDS stems stands, as far as it is followed up."""
        places: dict[tuple[int, ...], list[int]] = {}
        for k, run in enumerate(self.runs):
            found = places.setdefault(run, [])
            if len(found) < RUN_PLACES:
                found.append(k)
        return places


class _Vocabulary:
    """A number for each stem and a weight for each word, remembered across articles."""

    def __init__(self, lex: Lexicon) -> None:
        self.lex = lex
        self.known: OrderedDict[int, Tokens] = OrderedDict()  # by the identity of their segments
        self.of_word: dict[str, tuple[int, float]] = {}
        self.of_stem: dict[str, int] = {}

    def __call__(self, word: str) -> tuple[int, float]:
        entry = self.of_word.get(word)
        if entry is None:
            stem = self.lex.stem(self.lex.spelling_key(word))
            idf = 0.0 if word in self.lex.stop_words else self.lex.idf(word)
            number = self.of_stem.setdefault(stem, len(self.of_stem))
            entry = self.of_word[word] = (number, idf)
        return entry

    def tokens(self, segments: Segments) -> Tokens:
        """Look an article's words up; in a crawl, one stands in many pairs, soon one after another.

        By identity, for equal articles would have to be compared word by word; what is remembered
        keeps its segments alive, so that no others can have taken their place.
        """
        tokens = self.known.pop(id(segments), None) or self._tokens(segments)
        self.known[id(segments)] = tokens
        if len(self.known) > TOKENS_LIMIT:
            self.known.popitem(last=False)
        return tokens

    def _tokens(self, segments: Segments) -> Tokens:
        entries = [self(word) for word in segments.words]
        stems = [number for number, _ in entries]
        idf = np.array([weight for _, weight in entries], dtype=np.float32)
        sentences = tuple(frozenset(stems[a:b]) for a, b in segments.sentence_words)
        return Tokens(segments, stems, idf, sentences)


# Articles whose tokens are remembered: a suspect and its candidates, several times over.
TOKENS_LIMIT = 64
# Words remembered before the table starts anew: about 100 MB.
VOCABULARY_LIMIT = 500_000
_vocabulary: _Vocabulary | None = None


def _words_of(lex: Lexicon) -> _Vocabulary:
    global _vocabulary  # noqa: PLW0603 - one table a process; articles share most of their words
    if _vocabulary is None or len(_vocabulary.of_word) > VOCABULARY_LIMIT:
        _vocabulary = _Vocabulary(lex)
    return _vocabulary


def align(pair: Pair) -> Alignment:
    """Align the suspect's words with the source's.

    Returns
    -------
    Alignment
        Its runs tile the suspect's words in order; the dropped source words follow.
    """
    vocabulary = _words_of(lexicon())
    suspect, source = vocabulary.tokens(pair.suspect), vocabulary.tokens(pair.source)
    matches = tuple(_sentence_matches(suspect, source))
    fates = _Fates(suspect, source)
    for match, kept in zip(matches, in_order([m.sources[0] for m in matches]), strict=True):
        fates.follow(match, _COPIED if kept else _MOVED)
    fates.overlay_runs()
    return Alignment(pair, matches, tuple(fates.runs()), *fates.coverage_and_degree())


def _sentence_matches(suspect: Tokens, source: Tokens) -> Iterator[SentenceMatch]:
    """Match each suspect sentence to the source sentences that hold its information."""
    if not suspect.sentence_stems or not source.sentence_stems:
        return
    ours, theirs, weights = _incidence(suspect, source)
    shared = (ours * weights) @ theirs.T
    mass, their_mass = ours @ weights, theirs @ weights
    cosine = shared / np.sqrt(np.maximum(np.outer(mass, their_mass), 1e-9))
    for i, best in enumerate(_partners(cosine, _wordings(suspect, source))):
        if best is not None and mass[i] > 0:  # function words alone are no debt
            stems = np.flatnonzero(ours[i])
            yield SentenceMatch(i, *_merged(weights[stems], theirs[:, stems], best))


def _wordings(suspect: Tokens, source: Tokens) -> list[int | None]:
    """Find for each suspect sentence the source sentence that is worded like it, if one is.

    Function words and order count here: they are what is left where every rare word was swapped.
    """
    ours, theirs = suspect.sentence_lists, source.sentence_lists
    likeness = process.cdist(ours, theirs, scorer=Indel.normalized_similarity)
    return [
        int(row.argmax()) if len(words) >= WORDING_WORDS and row.max() >= WORDING_LIKENESS else None
        for words, row in zip(ours, likeness, strict=True)
    ]


def _partners(cosine: NDArray[np.floating], wordings: Sequence[int | None]) -> list[int | None]:
    """Choose the source sentence of each suspect sentence, if it has one.

    A sentence between two that have partners, in order and near each other, gets one there on
    weaker evidence: where every content word was swapped, order is what is left.
    """
    best = zip(cosine.argmax(axis=1).tolist(), cosine.max(axis=1), wordings, strict=True)
    sure = [j if height >= MATCH_COSINE else worded for j, height, worded in best]
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
    """Sentences x stems of both sides as 0/1, over one local numbering, and the stems' weights."""
    rarity = _rarity(suspect, source)
    local = {stem: k for k, stem in enumerate(rarity)}
    weights = np.array(list(rarity.values()) or [0.0], dtype=np.float32) ** 2

    def matrix(tokens: Tokens) -> NDArray[np.float32]:
        rows, stems = tokens.incidence
        table = np.zeros((len(tokens.sentence_stems), len(weights) + 1), dtype=np.float32)
        table[rows, [local.get(stem, -1) for stem in stems]] = (
            1.0  # the last takes what is left out
        )
        return table[:, :-1]

    ours, theirs = matrix(suspect), matrix(source)
    spread = np.maximum(ours.sum(axis=0), theirs.sum(axis=0))
    return ours, theirs, weights / np.maximum(spread, 1.0) ** SPREAD_DISCOUNT


def _rarity(suspect: Tokens, source: Tokens) -> dict[int, float]:
    """Idf of each stem in either text: its commonest word's; stems of stop words are left out."""
    rarity = suspect.rarity | source.rarity
    for stem in suspect.rarity.keys() & source.rarity.keys():
        rarity[stem] = min(suspect.rarity[stem], source.rarity[stem])
    return {stem: idf for stem, idf in rarity.items() if idf > 0}


def _merged(
    weights: NDArray[np.float32], theirs: NDArray[np.float32], best: int
) -> tuple[tuple[int, ...], float]:
    """Add the source sentences that explain what the best one leaves open.

    Parameters
    ----------
    weights : shape (stems,), of the suspect sentence's stems
    theirs : shape (source sentences, stems), 1 where one has the stem

    Returns
    -------
    The source sentences, and the share of the suspect sentence's weight that they explain.
    """
    found = [best]
    mass = float(weights.sum())
    open_weights = weights * (1 - theirs[best])
    while len(found) < MERGE_LIMIT:
        gains = theirs @ open_weights / mass
        following = int(np.argmax(gains))
        if gains[following] < MERGE_GAIN:
            break
        found.append(following)
        open_weights = open_weights * (1 - theirs[following])
    return tuple(found), min(1 - float(open_weights.sum()) / mass, 1.0)


# What became of a word, as numbers: an array of them tiles the suspect.
_NEW, _SUBSTITUTED, _COPIED, _MOVED = range(4)
_KINDS: tuple[RunKind, ...] = ("new", "substituted", "copied", "moved")


class _Fates:
    """What became of each word while the alignment is being built."""

    def __init__(self, suspect: Tokens, source: Tokens) -> None:
        self.suspect, self.source = suspect, source
        self.kind = np.zeros(len(suspect.stems), dtype=np.int8)
        self.origin = np.full(len(suspect.stems), -1, dtype=np.int64)
        self.used = np.zeros(len(source.stems), dtype=bool)
        self.matched = np.zeros(len(suspect.stems), dtype=bool)
        self.followed = np.zeros(len(source.stems), dtype=bool)

    def follow(self, match: SentenceMatch, equal: int) -> None:
        """Align the words of a matched sentence with those of its sources."""
        start, end = self.suspect.segments.sentence_words[match.suspect]
        ranges = [self.source.segments.sentence_words[j] for j in sorted(match.sources)]
        places = [k for a, b in ranges for k in range(a, b)]
        self.matched[start:end] = True
        self.followed[places] = True
        ours = self.suspect.stems[start:end]
        theirs = [self.source.stems[k] for k in places]
        for op in Levenshtein.opcodes(theirs, ours):
            if op.tag not in ("equal", "replace"):
                continue
            for k in range(op.dest_end - op.dest_start):
                here, there = start + op.dest_start + k, places[op.src_start + k]
                same = op.tag == "equal" and self._same(here, there)
                self.kind[here] = equal if same else _SUBSTITUTED
                self.origin[here] = there

    def _same(self, here: int, there: int) -> bool:
        return self.suspect.segments.words[here] == self.source.segments.words[there]

    def overlay_runs(self) -> None:
        """Mark long equal runs outside the matched sentences as moved.

        Words swapped in a match may come from elsewhere after all: only then is it known which
        words of the source were used.
        """
        end = 0
        for here, run in enumerate(self.suspect.runs):
            if here < end or run not in self.source.places:
                continue
            there, length = self._longest_run(here)
            span = slice(here, here + length)
            if float(self.suspect.idf[span].sum()) < RUN_INFORMATION:
                continue
            loose = ~np.isin(self.kind[span], (_COPIED, _MOVED))
            if loose.all():
                self.kind[span] = _MOVED
                self.origin[span] = np.arange(there, there + length)
            end = here + length
        self.used[self.origin[self.origin >= 0]] = True

    def _longest_run(self, here: int) -> tuple[int, int]:
        """Longest equal run that starts here, as (place in the source, length)."""
        best = (0, 0)
        for there in self.source.places[self.suspect.runs[here]]:
            length = _common_prefix(self.suspect.stems, here, self.source.stems, there)
            best = max(best, (there, length), key=lambda run: run[1])
        return best

    def runs(self) -> Iterator[Run]:
        """Tile the suspect's words, then name the source words that nothing came from."""
        for start, end in _stretches(self.kind, self.origin):
            kind = _KINDS[self.kind[start]]
            first = int(self.origin[start])
            there = (0, 0) if kind == "new" else (first, first + end - start)
            yield Run(kind, (start, end), there)
        unused = np.flatnonzero(np.diff(np.concatenate(([1], self.used, [1]))))
        for start, end in unused.reshape(-1, 2).tolist():
            yield Run("dropped", (0, 0), (start, end))

    def coverage_and_degree(self) -> tuple[float, float]:
        """Share of words that derive from the source; share of their wording that was changed.

        Changed is what was swapped, what was inserted into matched sentences, and what was dropped
        from their sources: docs/decisions/0031-degree.md.
        """
        derived = self.kind != _NEW
        if not derived.any():
            return 0.0, nan
        touched = int((derived | self.matched).sum())
        same = int(np.isin(self.kind, (_COPIED, _MOVED)).sum())
        dropped = self._dropped_within()
        return float(derived.mean()), (touched - same + dropped) / (touched + dropped)

    def _dropped_within(self) -> int:
        """Count the words dropped from followed source sentences; an excerpt's ends are no loss."""
        used = np.flatnonzero(self.used)
        inside = slice(used[0], used[-1] + 1)
        return int((self.followed & ~self.used)[inside].sum())


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


def _common_prefix(ours: Sequence[int], here: int, theirs: Sequence[int], there: int) -> int:
    limit = min(len(ours) - here, len(theirs) - there)
    length = 0
    while length < limit and ours[here + length] == theirs[there + length]:
        length += 1
    return length


def _stretches(kind: NDArray[np.int8], origin: NDArray[np.int64]) -> Iterator[Span]:
    """Cut where the fate changes or the source place does not follow on."""
    if not len(kind):
        return
    follows = (np.diff(origin) == 1) | (kind[1:] == _NEW)
    cuts = np.flatnonzero((np.diff(kind) != 0) | ~follows) + 1
    edges = [0, *cuts.tolist(), len(kind)]
    yield from pairwise(edges)
