"""How rich an article's vocabulary is, by measures that do not grow with its length."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from math import fsum, log2, nan

import numpy as np
from numpy.typing import NDArray

from detector.features.profile import Profile
from detector.features.registry import Feature, feature

_VARIETY = "share of different words, higher is more varied"

# McCarthy & Jarvis's constants for MTLD and HD-D; the usual window for MATTR.
_MTLD_THRESHOLD = 0.72
_HDD_DRAWS = 42
_MATTR_WINDOW = 50
# The shortest articles that are judged have 40 words; ratios of types need one length for all.
_FIRST_WORDS = 100
_FIRST_CONTENT_WORDS = 50


@feature(unit=_VARIETY, low=0, high=1, source="Covington & McFall 2010; window of 50 words")
def mattr(p: Profile) -> float:
    """Mean share of different words over all stretches of 50 words."""
    return moving_variety(p.tokens.numbers, _MATTR_WINDOW)


def moving_variety(words: NDArray[np.integer], window: int) -> float:
    """Average types / tokens over all windows; nan where the text is shorter than one.

    Parameters
    ----------
    words : by number, shape (words,)
    """
    if len(words) < window:
        return nan
    windows = len(words) - window + 1
    places = np.arange(len(words))
    # The windows that a word is the first of its kind in: those that hold it, but not the one
    # before.
    first = np.maximum(places - window, earlier(words)) + 1
    total = int(np.maximum(0, np.minimum(places, windows - 1) - first + 1).sum())
    return total / (window * windows)


def earlier(words: NDArray[np.integer]) -> NDArray[np.int64]:
    """Tell where each word stood last before; -1 where it is new; shape (words,).

    >>> earlier(np.array([7, 3, 7])).tolist()
    [-1, -1, 0]
    """
    by_word = np.argsort(words, kind="stable")
    again = words[by_word[1:]] == words[by_word[:-1]]
    found = np.full(len(words), -1, dtype=np.int64)
    found[by_word[1:][again]] = by_word[:-1][again]
    return found


@feature(unit="words, higher is more varied", low=1, source="McCarthy & Jarvis 2010")
def mtld(p: Profile) -> float:
    """Mean length of stretches whose types / tokens stay above 0.72, read both ways."""
    if not p.words:
        return nan
    both = _factors(p.words), _factors(reversed(p.words))
    return sum(len(p.words) / factors for factors in both) / 2


def _factors(words: Iterable[str]) -> float:
    """Count the stretches until variety falls to the threshold, the last one in part."""
    factors = 0.0
    tokens = 0
    types: set[str] = set()
    for word in words:
        tokens += 1
        types.add(word)
        if len(types) / tokens <= _MTLD_THRESHOLD:
            factors, tokens = factors + 1, 0
            types = set()
    if tokens:
        factors += (1 - len(types) / tokens) / (1 - _MTLD_THRESHOLD)
    # Not one word twice: a single stretch.
    return factors or 1.0


@feature(unit=_VARIETY, low=0, high=1, source="McCarthy & Jarvis 2007; 42 draws")
def hdd(p: Profile) -> float:
    """Share to be expected of different words among 42 drawn at random."""
    total = len(p.words)
    if total < _HDD_DRAWS:
        return nan
    kinds = Counter(p.frequencies.values())
    # Not `sum`, which since Python 3.12 rounds floats otherwise than before.
    present = fsum(n * (1 - p) for n, p in zip(kinds.values(), _absent(total, kinds), strict=True))
    return min(1.0, present / _HDD_DRAWS)


def _absent(total: int, times: Iterable[int]) -> list[float]:
    """Probability that no draw is a word that stands so many times, for each number of times."""
    drawn = np.arange(_HDD_DRAWS)[:, None]
    left = np.maximum(0, total - np.fromiter(times, np.int64) - drawn)
    # Multiplied one after another: in another order the last digits would differ.
    chances: list[float] = np.multiply.accumulate(left / (total - drawn))[-1].tolist()
    return chances


@feature(unit=_VARIETY, low=0, high=1, source="unspun; first 100 words")
def ttr_first_100(p: Profile) -> float:
    """Share of different words among the first 100; nan where there are fewer."""
    if len(p.words) < _FIRST_WORDS:
        return nan
    return len(set(p.words[:_FIRST_WORDS])) / _FIRST_WORDS


@feature(
    unit="share of different words, higher is more varied", low=0, high=1, source="Baayen 2001"
)
def hapax_share(p: Profile) -> float:
    """Share of the different words that stand once only."""
    once = sum(times == 1 for times in p.frequencies.values())
    return once / len(p.frequencies) if p.frequencies else nan


@feature(unit="points, higher is more repetitive", low=0, high=10_000, source="Yule 1944")
def yule_k(p: Profile) -> float:
    """10,000 (sum of squared frequencies / words squared - 1 / words)."""
    total = len(p.words)
    if not total:
        return nan
    squares = sum(times * times for times in p.frequencies.values())
    return 1e4 * (squares - total) / total**2


@feature(unit="share of the possible, 1 = no word twice", low=0, high=1, source="Shannon 1948")
def word_evenness(p: Profile) -> float:
    """Entropy of the words / the entropy that as many different words would have."""
    total = len(p.words)
    if total < 2:
        return nan
    entropy = log2(total) - fsum(n * log2(n) for n in p.frequencies.values()) / total
    return min(1.0, max(0.0, entropy / log2(total)))


@feature(unit="share of content words, 1 = all", low=0, high=1, source="unspun; first 50")
def taken_up_share(p: Profile) -> float:
    """Share of the first 50 content words whose stem stood there before; nan with fewer."""
    places = p.content.nonzero()[0][:_FIRST_CONTENT_WORDS]
    if len(places) < _FIRST_CONTENT_WORDS:
        return nan
    different = {p.lexicon.stem(p.words[place]) for place in places}
    return 1 - len(different) / _FIRST_CONTENT_WORDS


LEXICAL: tuple[Feature[Profile], ...] = (
    mattr,
    mtld,
    hdd,
    ttr_first_100,
    hapax_share,
    yule_k,
    word_evenness,
    taken_up_share,
)
