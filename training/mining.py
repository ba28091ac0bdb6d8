"""Pairs that stand in a corpus unmarked: one event told twice, and text that was used again.

Same event: telling words in common (TF-IDF cosine) and, where dates are known, within a day. How
much wording they share then says what they are: next to none, independent reports; more than half,
one text in two places; between, one made partly from the other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector.lexicon import word_hash
from training.readers.records import Original, shingles, words

# Two stories of one day that share their telling words tell one event from here on. Term counts
# are dampened, which lowers all cosines a little: undampened, two stories on one subject come as
# near as two on one event (2,562 pairs in place of 900, most of them about one politician).
SAME_EVENT = 0.3
DAYS = 1
# Without dates, only a closer likeness shows that it is one event and not one subject.
SAME_EVENT_UNDATED = 0.42
# Share of the shorter text's word 6-grams that stand in the other: below, no more than a
# quotation or two; above half, one text; near all, one text lightly edited.
INDEPENDENT = 0.15
COPIED = 0.5
NEAR_IDENTICAL = 0.7
SHINGLE = 6
# A shingle in more texts is a phrase of the trade ("was not immediately available for comment").
MOST_TEXTS = 12
# A pair counts as reuse from so many common shingles on.
LEAST_COMMON = 8


@dataclass(frozen=True, slots=True)
class Match:
    """Two originals that tell one event or share text; by position, first before second."""

    first: int
    second: int
    cosine: float  # of TF-IDF, 0 to 1; 0 where it was not asked for
    containment: float  # share of the shorter one's 6-grams in the other, 0 to 1


@lru_cache(maxsize=4096)
def _distinct(text: str) -> frozenset[tuple[str, ...]]:
    return frozenset(shingles(text, SHINGLE))


def containment(first: str, second: str) -> float:
    """Give the share of the shorter text's distinct 6-grams that the other has, 0 to 1."""
    one, other = _distinct(first), _distinct(second)
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller else 0.0


def vectors(texts: Sequence[str]) -> Any:
    """Weigh the words of each text by TF-IDF; sparse matrix, rows of length 1."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 - slow to import

    rarest = 2 if len(texts) > 50 else 1
    vectorizer = TfidfVectorizer(
        sublinear_tf=True, stop_words="english", min_df=rarest, max_df=0.2 if rarest > 1 else 1.0
    )
    return vectorizer.fit_transform(texts)


def same_event(originals: Sequence[Original]) -> list[Match]:
    """Find the pairs of originals that tell one event.

    Where originals have dates, only pairs of different sites within a day of each other count.
    The earlier one is first, else the one that stands first.
    """
    if len(originals) < 2:
        return []
    dated = originals[0].published is not None
    matrix = vectors([original.text for original in originals])
    pairs = _dated(originals, matrix) if dated else _undated(matrix)
    return [
        Match(a, b, cosine, containment(originals[a].text, originals[b].text))
        for a, b, cosine in sorted(pairs)
        if originals[a].key != originals[b].key
    ]


def _dated(originals: Sequence[Original], matrix: Any) -> Iterator[tuple[int, int, float]]:
    days: dict[int, list[int]] = defaultdict(list)
    for number, original in enumerate(originals):
        if original.published is not None:
            days[original.published.toordinal()].append(number)
    for day, rows in sorted(days.items()):
        window = [*rows, *(row for d in range(1, DAYS + 1) for row in days.get(day + d, []))]
        cosines = (matrix[rows] @ matrix[window].T).toarray()
        for i, j in zip(*np.nonzero(cosines >= SAME_EVENT), strict=True):
            a, b = rows[i], window[j]
            apart = originals[a].site != originals[b].site
            if apart and (j >= len(rows) or a < b):
                yield a, b, float(cosines[i, j])


def _undated(matrix: Any) -> Iterator[tuple[int, int, float]]:
    size = 512
    for start in range(0, matrix.shape[0], size):
        cosines = (matrix[start : start + size] @ matrix.T).toarray()
        for i, b in zip(*np.nonzero(cosines >= SAME_EVENT_UNDATED), strict=True):
            if start + i < b:
                yield int(start + i), int(b), float(cosines[i, b])


def reused(texts: Sequence[str]) -> list[Match]:
    """Find the pairs of texts that share wording, by the rare 6-grams they have in common."""
    common: Counter[tuple[int, int]] = Counter()
    for holders in _holders([_hashed_shingles(text) for text in texts]):
        common.update(combinations(sorted(holders), 2))
    return [
        Match(a, b, 0.0, containment(texts[a], texts[b]))
        for (a, b), count in sorted(common.items())
        if count >= LEAST_COMMON
    ]


def _hashed_shingles(text: str) -> NDArray[np.uint64]:
    """Hash the distinct 6-grams of a text; the same on every machine."""
    hashes = np.fromiter(map(word_hash, words(text)), dtype=np.uint64)
    count = len(hashes) - SHINGLE + 1
    if count < 1:
        return np.zeros(0, dtype=np.uint64)
    mixed = np.zeros(count, dtype=np.uint64)
    for place in range(SHINGLE):
        mixed = mixed * np.uint64(0x9E3779B97F4A7C15) + hashes[place : place + count]
    return np.unique(mixed)


def _holders(hashes: Sequence[NDArray[np.uint64]]) -> Iterator[list[int]]:
    """Yield, for each shingle that 2 to MOST_TEXTS texts have, which ones have it."""
    if not hashes:
        return
    values = np.concatenate(hashes)
    owners = np.repeat(np.arange(len(hashes)), [len(found) for found in hashes])
    order = np.argsort(values, kind="stable")
    values, owners = values[order], owners[order]
    starts = np.flatnonzero(np.r_[True, values[1:] != values[:-1]])
    ends = np.r_[starts[1:], len(values)]
    sizes = ends - starts
    for start, end in zip(
        starts[(sizes > 1) & (sizes <= MOST_TEXTS)],
        ends[(sizes > 1) & (sizes <= MOST_TEXTS)],
        strict=True,
    ):
        yield owners[start:end].tolist()
