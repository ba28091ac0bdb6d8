"""What the pair features share: an alignment seen word by word, computed once a pair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import nan
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from detector.align import edges, in_order
from detector.features.profile import Profile
from detector.lexicon import lexicon
from detector.quoting import Quoted, compare_quotations
from detector.records import COPIED, NEW, SUBSTITUTED, Alignment
from detector.tokens import Letters, Tokens, among, tokens_of

SwapKind: TypeAlias = Literal["spelling", "inflection", "synonym", "grammar", "other"]
Words: TypeAlias = tuple[str, ...]

# Fewer swaps or edits than this and a share of them is a coin toss.
FEWEST_SWAPS = 4
# Words that fewer than one background article in 500 holds: names, places, terms.
TELLING_IDF = 6.2


class Swap(NamedTuple):  # a pair has hundreds, and tuples are made three times as fast
    """One word of the source that stands as another in the suspect."""

    suspect: int  # index into the suspect's words
    source: int  # index into the source's words
    by: str
    replaced: str
    kind: SwapKind


@dataclass(frozen=True)
class Comparison:
    """A pair's alignment, both profiles, and what several features need of them."""

    alignment: Alignment
    suspect: Profile
    source: Profile

    @property
    def ours(self) -> Words:
        """The suspect's words."""
        return self.alignment.pair.suspect.words

    @property
    def theirs(self) -> Words:
        """The source's words."""
        return self.alignment.pair.source.words

    @property
    def kind(self) -> NDArray[np.int8]:
        """What became of each suspect word: NEW, SUBSTITUTED, COPIED or MOVED."""
        return self.alignment.kind

    @property
    def origin(self) -> NDArray[np.int64]:
        """Which source word each suspect word comes from; -1 for new ones."""
        return self.alignment.origin

    @cached_property
    def changed(self) -> NDArray[np.bool_]:
        """Which suspect words are not the source's own."""
        changed: NDArray[np.bool_] = self.kind <= SUBSTITUTED
        return changed

    @cached_property
    def used(self) -> NDArray[np.bool_]:
        """Which source words something in the suspect comes from."""
        used = np.zeros(len(self.theirs), dtype=bool)
        used[self.origin[self.origin >= 0]] = True
        return used

    @cached_property
    def copied_lengths(self) -> list[int]:
        """How many words each run has that was copied or moved."""
        cuts = edges(self.alignment)
        lengths: list[int] = np.diff(cuts)[self.kind[cuts[:-1]] >= COPIED].tolist()
        return lengths

    @cached_property
    def matched(self) -> NDArray[np.bool_]:
        """Which suspect words stand in a matched sentence."""
        mask = np.zeros(len(self.ours), dtype=bool)
        for match in self.alignment.matches:
            mask[slice(*self.alignment.pair.suspect.sentence_words[match.suspect])] = True
        return mask

    @cached_property
    def origin_matched(self) -> NDArray[np.bool_]:
        """Which source words stand in a sentence that some suspect sentence comes from."""
        mask = np.zeros(len(self.theirs), dtype=bool)
        for match in self.alignment.matches:
            for sentence in match.sources:
                mask[slice(*self.alignment.pair.source.sentence_words[sentence])] = True
        return mask

    @cached_property
    def tokens(self) -> tuple[Tokens, Tokens]:
        """The words of suspect and source by number; letters are alike in both."""
        suspect, source = tokens_of(self.suspect.segments, self.source.segments)
        return suspect, source

    @property
    def our_idf(self) -> NDArray[np.float64]:
        """Idf of each suspect word, nats; 0 for stop words."""
        return self.tokens[0].telling

    @property
    def their_idf(self) -> NDArray[np.float64]:
        """Idf of each source word, nats; 0 for stop words."""
        return self.tokens[1].telling

    @cached_property
    def sentence_stems(self) -> tuple[tuple[Letters, Letters], ...]:
        """Stems of each matched suspect sentence, and of its sources in the source's order."""
        ours, theirs = (side.sentences for side in self.tokens)
        return tuple(
            (ours[m.suspect], "".join(theirs[j] for j in sorted(m.sources)))
            for m in self.alignment.matches
        )

    @cached_property
    def swaps(self) -> tuple[Swap, ...]:
        """Every word of the source that stands as another in the suspect."""
        places = np.flatnonzero(self.kind == SUBSTITUTED)
        return tuple(
            Swap(i, j, self.ours[i], self.theirs[j], swap_kind(self.theirs[j], self.ours[i]))
            for i, j in zip(places.tolist(), self.origin[places].tolist(), strict=True)
        )

    @cached_property
    def content_swaps(self) -> tuple[Swap, ...]:
        """The swaps of one content word for another."""
        stop = lexicon().stop_words
        return tuple(s for s in self.swaps if s.by not in stop and s.replaced not in stop)

    @cached_property
    def inserted(self) -> NDArray[np.bool_]:
        """Which suspect words are new inside a matched sentence."""
        inserted: NDArray[np.bool_] = self.matched & (self.kind == NEW)
        return inserted

    @cached_property
    def deleted(self) -> NDArray[np.bool_]:
        """Which source words were dropped from a sentence that was otherwise used."""
        return self.origin_matched & ~self.used

    @cached_property
    def kept(self) -> NDArray[np.bool_]:
        """Which source words stand as they are in the suspect."""
        mask = np.zeros(len(self.theirs), dtype=bool)
        mask[self.origin[self.kind > SUBSTITUTED]] = True
        return mask

    @cached_property
    def quotations(self) -> tuple[Quoted, ...]:
        """What became of the suspect's quotations."""
        said = self.suspect.quoted_words, self.source.quoted_words
        return compare_quotations(self.alignment.pair, *said)

    @cached_property
    def change_per_sentence(self) -> NDArray[np.float64]:
        """Share of changed words in each matched suspect sentence."""
        ranges = self.alignment.pair.suspect.sentence_words
        spans = [ranges[match.suspect] for match in self.alignment.matches]
        starts, ends = np.array([(a, b) for a, b in spans if b > a], np.int64).reshape(-1, 2).T
        changed = np.concatenate(([0], np.cumsum(self.changed)))
        shares: NDArray[np.float64] = (changed[ends] - changed[starts]) / (ends - starts)
        return shares

    @cached_property
    def in_order(self) -> tuple[bool, ...]:
        """Which matches lie on the longest run that follows the source's order."""
        return tuple(in_order([match.sources[0] for match in self.alignment.matches]))


def compare(alignment: Alignment, suspect: Profile, source: Profile) -> Comparison:
    """Bring an alignment and the profiles of its two articles together."""
    return Comparison(alignment, suspect, source)


# The same words are swapped alike again and again.
@lru_cache(maxsize=1 << 16)
def swap_kind(replaced: str, by: str) -> SwapKind:
    """Say what kind of swap it is.

    >>> swap_kind("colour", "color"), swap_kind("ordered", "orders"), swap_kind("the", "a")
    ('spelling', 'inflection', 'grammar')
    """
    lex = lexicon()
    if lex.spelling_key(replaced) == lex.spelling_key(by):
        return "spelling"
    if lex.stem(replaced) == lex.stem(by) or lex.lemma(replaced) == lex.lemma(by):
        return "inflection"
    if replaced in lex.stop_words or by in lex.stop_words:
        return "grammar"
    return "synonym" if lex.synonyms(replaced, by) else "other"


def ratio(part: float, whole: float) -> float:
    """Divide, or say that there is nothing to measure.

    >>> ratio(1, 4), ratio(0, 0)
    (0.25, nan)
    """
    return float(part) / float(whole) if whole else nan


def share(part: float, whole: float) -> float:
    """Divide what cannot exceed the whole but for rounding; nan stays nan.

    >>> share(3, 2), share(0, 0)
    (1.0, nan)
    """
    return float(np.minimum(1.0, ratio(part, whole)))


def mean(values: Sequence[float] | NDArray[np.floating | np.bool_]) -> float:
    """Average, or nan of nothing."""
    return float(np.asarray(values).sum() / len(values)) if len(values) else nan


def spread(values: Sequence[float] | NDArray[np.floating]) -> float:
    """Take the population standard deviation, or nan of fewer than two."""
    return float(np.std(values)) if len(values) > 1 else nan


def quantile(values: Sequence[float] | NDArray[np.floating], part: float) -> float:
    """Interpolate a quantile as numpy does, to the last digit; nan of nothing.

    >>> quantile([1.0, 2.0, 4.0], 0.75), quantile([], 0.5)
    (3.0, nan)
    """
    if not len(values):
        return nan
    ordered = sorted(values)
    place = part * (len(ordered) - 1)
    low = int(place)
    below, above = float(ordered[low]), float(ordered[min(low + 1, len(ordered) - 1)])
    over = place - low
    return above - (above - below) * (1 - over) if over >= 0.5 else below + (above - below) * over


def correlation(ours: NDArray[np.float64], theirs: NDArray[np.float64]) -> float:
    """Pearson's correlation of two rows that vary, as numpy has it, to the last digit."""
    rows = np.stack([ours, theirs])
    rows -= rows.mean(axis=1)[:, None]
    products = rows @ rows.T * (1 / (rows.shape[1] - 1))
    first, second = np.sqrt(np.diag(products))
    return float(np.clip(products[0, 1] / first / second, -1, 1))


def contained(part: NDArray[np.uint64], whole: NDArray[np.uint64]) -> float:
    """Share of the distinct n-grams of one text, sorted, that stand in the other."""
    return ratio(int(among(part, whole).sum()), len(part))
