"""Stage 4: what an article is found by, its most telling terms and a sample of its shingles.

Rare words, names and numbers survive rewriting; six words in a row survive copying. Both are kept
as 64-bit hashes that are alike on every machine, so that SQL need only compare whole numbers.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log
from typing import TYPE_CHECKING

import numpy as np

from detector.lexicon import lexicon

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from detector.records import Segments

# Swept on 30,573 articles of the mirror and 5,312 rewrites, excerpts and merged articles, with
# terms of up to 3,000 articles and no shingles: source among the first ten .963, .980, .985, .987
# with 16, 32, 48, 64 terms; articles touched 728, 3,241, 7,557, 13,085. Reopen with a larger pool.
TERMS = 48
# With shingles .985 becomes .992, an excerpt of 60 words .958 becomes 1.000, and nothing more is
# touched. One in 16 does as well there; one in 8 leaves an excerpt of 60 words 7 of them.
SHINGLE_WORDS = 6
SHINGLE_SAMPLE = 8
# A shared shingle says as much as a word of one article in 3,000; swept 4 and 8: the source stands
# first in .955 and .959.
SHINGLE_NATS = 8
# Weights are whole numbers, so that sums do not depend on the order of addition.
NAT = 1000


@dataclass(frozen=True, slots=True)
class Sketch:
    """What an article is found by."""

    weights: Mapping[int, int]  # signed 64-bit hash -> thousandths of a nat, most telling first


def sketch(segments: Segments) -> Sketch:
    """Pick an article's most telling terms and sample its shingles.

    A term is the stem of a word in American spelling, or a number without its separators; function
    words are none. It is as telling as it is rare in the background, times how often it stands
    here (1 + log). Its weight is its rarity.

    Parameters
    ----------
    segments : of a cleaned article
    """
    known = [_term(word) for word in segments.words]
    terms = [term for term, _ in known]
    counts = Counter(terms)
    rarity: dict[int, float] = {}
    for term, nats in known:
        rarity[term] = min(nats, rarity.get(term, nats))
    told = {term: nats * (1 + log(counts[term])) for term, nats in rarity.items() if nats > 0}
    telling = sorted(told, key=lambda term: (-told[term], term))[:TERMS]
    shingles = dict.fromkeys(_shingles(terms), SHINGLE_NATS * NAT)
    return Sketch({term: round(NAT * rarity[term]) for term in telling} | shingles)


@lru_cache(maxsize=1 << 18)
def _term(word: str) -> tuple[int, float]:
    """Hash a word's stem to 64 bits, and say how rare the word is; 0 for what tells nothing."""
    lex = lexicon()
    bare = word.removesuffix("'s")
    stem = bare.replace(",", "") if word[0].isdigit() else lex.stem(lex.spelling_key(bare))
    digest = hashlib.blake2b(stem.encode(), digest_size=8).digest()
    tells_nothing = word in lex.stop_words or len(word) == 1
    return int.from_bytes(digest, "big", signed=True), 0.0 if tells_nothing else lex.idf(bare)


def _shingles(terms: Sequence[int]) -> list[int]:
    """Hash each stretch of SHINGLE_WORDS words and keep one in SHINGLE_SAMPLE, by its hash.

    What is kept depends on the stretch alone, so a passage keeps the same ones wherever it stands.
    """
    count = len(terms) - SHINGLE_WORDS + 1
    if count < 1:
        return []
    hashes = np.array(terms, dtype=np.int64).view(np.uint64)
    mixed: NDArray[np.uint64] = np.zeros(count, dtype=np.uint64)
    for place in range(SHINGLE_WORDS):
        mixed = _mix(mixed ^ hashes[place : place + count])
    kept = np.unique(mixed[mixed % np.uint64(SHINGLE_SAMPLE) == 0])
    found: list[int] = kept.view(np.int64).tolist()
    return found


def _mix(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Scatter 64-bit numbers (the finaliser of SplitMix64)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
