"""Stage 4: what an article is found by, its most telling terms and a sample of its shingles.

Rare words, names and numbers survive rewriting; six words in a row survive copying. Both are kept
as 64-bit hashes that are alike on every machine, so that SQL need only compare whole numbers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import log
from typing import TYPE_CHECKING

import numpy as np

from detector.lexicon import STOP_WORDS, lexicon
from detector.tokens import stem, tokens_of

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
SHINGLE_SAMPLE = 8  # a power of two
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
    (tokens,) = tokens_of(segments)
    terms, nats = tokens.known(_term, "q"), tokens.known(_nats, "d")
    if not len(terms):
        return Sketch({})
    order = terms.argsort()
    in_order = terms[order]
    starts = np.flatnonzero(np.append(True, in_order[1:] != in_order[:-1]))
    found, counts = in_order[starts], np.diff(starts, append=len(terms))
    rarity = np.minimum.reduceat(nats[order], starts)
    told = rarity * _repetition(counts)
    # The hashes ascend, so that of equally telling terms the one with the smaller hash comes first.
    first = np.argsort(-told, kind="stable")[:TERMS]
    telling = first[told[first] > 0]
    weights = np.rint(NAT * rarity[telling]).astype(np.int64)
    named = dict(zip(found[telling].tolist(), weights.tolist(), strict=True))
    return Sketch(named | dict.fromkeys(_shingles(terms), SHINGLE_NATS * NAT))


def _repetition(counts: NDArray[np.integer]) -> NDArray[np.float64]:
    """Give 1 + log of each count."""
    factors: NDArray[np.float64] = _factors_up_to(int(counts.max(initial=0)).bit_length())[counts]
    return factors


@lru_cache(maxsize=32)
def _factors_up_to(bits: int) -> NDArray[np.float64]:
    return np.array([0.0, *(1 + log(count) for count in range(1, 1 << bits))])


def _bare(word: str) -> str:
    return word.removesuffix("'s")


def _term(word: str) -> int:
    """Hash a word's stem to 64 bits."""
    bare = _bare(word)
    root = bare.replace(",", "") if word[0].isdigit() else stem(bare)
    digest = hashlib.blake2b(root.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def _nats(word: str) -> float:
    """Say how rare a word is; 0 for what tells nothing."""
    tells_nothing = word in STOP_WORDS or len(word) == 1
    return 0.0 if tells_nothing else lexicon().idf(_bare(word))


def _shingles(terms: NDArray[np.int64]) -> list[int]:
    """Hash each stretch of SHINGLE_WORDS words and keep one in SHINGLE_SAMPLE, by its hash.

    What is kept depends on the stretch alone, so a passage keeps the same ones wherever it stands.
    They ascend as unsigned numbers; one that stands here twice comes twice.
    """
    count = len(terms) - SHINGLE_WORDS + 1
    if count < 1:
        return []
    hashes = terms.view(np.uint64)
    mixed: NDArray[np.uint64] = np.zeros(count, dtype=np.uint64)
    for place in range(SHINGLE_WORDS):
        mixed ^= hashes[place : place + count]
        mixed = _mix(mixed)
    kept = mixed[mixed & np.uint64(SHINGLE_SAMPLE - 1) == 0]
    kept.sort()
    found: list[int] = kept.view(np.int64).tolist()
    return found


_SHIFTS = np.uint64(30), np.uint64(27), np.uint64(31)
_FACTORS = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def _mix(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Scatter 64-bit numbers (the finaliser of SplitMix64), in place."""
    shifted = np.empty_like(values)
    for shift, factor in zip(_SHIFTS, _FACTORS, strict=False):
        values ^= np.right_shift(values, shift, out=shifted)
        values *= factor
    values ^= np.right_shift(values, _SHIFTS[-1], out=shifted)
    return values
