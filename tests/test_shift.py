from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from detector.estimators import Wording
from detector.shift import Direction, Shift

WIDTH = 5
BUCKETS = 30
ROWS = st.lists(st.floats(-50, 50, width=32), min_size=WIDTH, max_size=WIDTH)
WORDS = st.sets(st.integers(0, BUCKETS - 1), max_size=12)


def direction() -> Direction:
    """Give one that sees five differences."""
    return Direction(np.arange(WIDTH), np.full(WIDTH, 3.0), np.arange(WIDTH) - 1.7)


def shift() -> Shift:
    """Give one of some style and some words; the intercept must not matter."""
    weights = (np.arange(BUCKETS) % 7 - 3).astype(np.int8)
    return Shift(direction(), Wording(np.arange(2), weights, np.array([0.25]), np.array([0.8])))


def buckets(words: set[int]) -> np.ndarray:
    """List a text's buckets as they are listed."""
    return np.array(sorted(words), dtype=np.uint32)


@given(ROWS)
def test_swapping_the_sides_turns_the_direction(differences: list[float]) -> None:
    """What points from the source to the suspect points back when they are swapped, exactly."""
    there = np.array([differences], dtype=np.float32)

    assert direction()(there) == -direction()(-there)
    assert direction()(np.full((1, WIDTH), np.nan, dtype=np.float32)) == 0


@given(ROWS, WORDS, WORDS)
def test_swapping_the_sides_turns_the_shift(
    differences: list[float], suspect: set[int], source: set[int]
) -> None:
    """It never speaks against both of two articles, and says nothing of one and itself."""
    there, ours, theirs = np.array([differences], np.float32), buckets(suspect), buckets(source)

    assert shift()(there, [(ours, theirs)]) == -shift()(-there, [(theirs, ours)])
    assert shift()(np.zeros((1, WIDTH), np.float32), [(ours, ours)]) == 0


@given(ROWS, WORDS, WORDS)
def test_the_shift_is_the_style_and_what_the_words_weigh(
    differences: list[float], suspect: set[int], source: set[int]
) -> None:
    """Each side's weights are summed over the root of how many buckets it fills."""
    whole, row = shift(), np.array([differences], np.float32)
    weighed = [
        0.25 * sum(i % 7 - 3 for i in side) / max(1, len(side)) ** 0.5 for side in (suspect, source)
    ]
    (found,) = whole(row, [(buckets(suspect), buckets(source))])

    assert abs(found - (direction()(row)[0] + weighed[0] - weighed[1])) < 1e-5


def test_only_words_that_weigh_much_lean() -> None:
    """A word of 20 steps and more is liked, or dropped; a lighter one is neither."""
    weights = np.array([19, 20, -19, -20, 127, 0], dtype=np.int8)
    words = Wording(np.arange(2), weights, np.ones(1), np.zeros(1))

    assert Shift(direction(), words).leanings(range(6)) == [0, 20, 0, -20, 127, 0]
    assert Shift(direction(), words).leanings([]) == []
