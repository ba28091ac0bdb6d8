"""How far each stage is from what the machine could do at best on the same input.

A stage's limit is the least that its task needs: each byte or word touched once, in C. The ratio
says how much of that speed is reached.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import copy

import numpy as np
from inputs import Material
from rapidfuzz.distance import Levenshtein
from row import Row, Work, each

from detector.align import align
from detector.clean import clean
from detector.features import PAIR_FAMILIES, measure_alone
from detector.features.comparison import Comparison, compare
from detector.features.profile import profile
from detector.records import Pair, Segments
from detector.segment import segment
from detector.sketch import sketch
from detector.tokens import Tokens, tokens_of

_WORD = re.compile(r"\w+")
_SAME = bytes(range(256))


def limits(material: Material) -> Iterator[Row]:
    """Hold every stage against its limit."""
    texts = [article.text for article in material.articles]
    encoded = [text.encode() for text in texts]
    suspects = [segment(suspect) for suspect in material.suspects]
    pairs = list(zip(suspects, material.segments, strict=True))
    words = {word for segments in material.segments for word in segments.words}
    known = dict.fromkeys(words, 1)
    numbered = [tokens_of(*pair) for pair in pairs]

    def anew() -> list[Segments]:
        return [copy(segments) for segments in material.segments]

    def aligned() -> Work:
        return each(align, [Pair(copy(a), copy(b)) for a, b in pairs])

    def compared() -> Work:
        fresh = [(copy(a), copy(b)) for a, b in pairs]
        sides = [compare(align(Pair(a, b)), profile(a), profile(b)) for a, b in fresh]
        return each(_pair_features, sides)

    yield _row("clean", "a look-up a byte", each(clean, material.articles), each(_copied, encoded))
    yield _row("segment", "words found", each(segment, material.articles), each(_words, texts))
    looked_up = each(lambda s: list(map(known.__getitem__, s.words)), material.segments)
    yield Row("sketch", "a look-up a word", None, lambda: each(sketch, anew()), lambda: looked_up)
    distances = each(lambda two: Levenshtein.distance(*(t.letters for t in two)), numbered)
    yield Row("align", "edit distance in C", None, aligned, lambda: distances)
    counted = each(lambda two: _counts(two[1]), numbered)
    alone = lambda: each(measure_alone, list(map(profile, anew())))  # noqa: E731
    yield Row("article features", "words counted in C", None, alone, lambda: counted)
    both = each(lambda two: list(map(_counts, two)), numbered)
    yield Row("pair features", "words counted in C", None, compared, lambda: both)


def _row(name: str, limit: str, ours: Work, least: Work) -> Row:
    return Row(name, limit, None, lambda: ours, lambda: least)


def _copied(data: bytes) -> bytes:
    return data.translate(_SAME)


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


def _counts(tokens: Tokens) -> object:
    return np.bincount(tokens.stem_numbers)


def _pair_features(comparison: Comparison) -> list[float]:
    return [feature(comparison) for feature in PAIR_FAMILIES]
