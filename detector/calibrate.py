"""Stage 8: probabilities that mean what they say.

One monotone map from a model's raw scores to probabilities, fitted on scores of pairs whose corpus
the scoring model had not seen. A few knots with straight lines between them: it is stored as two
short lists and applied with numpy alone. It never makes two different scores equal, so that it
leaves every ranking as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

# Scores are pooled into this many bins of equal weight before the isotonic fit, so that the ends of
# the map rest on 2 % of the pairs each and not on a few lucky ones.
BINS = 50
# No finite sample proves certainty; the map stays this far from 0 and 1.
MARGIN = 0.002


@dataclass(frozen=True)
class Calibration:
    """A strictly increasing, piecewise linear map from [0, 1] into (0, 1)."""

    raw: tuple[float, ...]  # knots, strictly increasing from 0 to 1
    probability: tuple[float, ...]  # their values, strictly increasing

    def __call__(self, scores: ArrayLike) -> Floats:
        """Map raw scores to probabilities, shape kept."""
        mapped: Floats = np.interp(np.asarray(scores, np.float64), self.raw, self.probability)
        return mapped


def calibration(
    scores: Floats, positive: NDArray[np.bool_], weights: Floats | None = None
) -> Calibration:
    """Fit the map by isotonic regression over bins of equal weight.

    Parameters
    ----------
    scores : shape (n,), raw scores in [0, 1] of pairs that the scoring model had not seen
    positive : shape (n,), what was the case
    weights : shape (n,), how much each pair counts; equal by default

    References
    ----------
    Zadrozny & Elkan, KDD 2002; pooled adjacent violators after Ayer et al. 1955.
    """
    weights = np.ones(len(scores)) if weights is None else np.asarray(weights, np.float64)
    blocks = pool_adjacent_violators(_bins(np.asarray(scores, np.float64), positive, weights))
    return _knots([(raw, rate) for raw, rate, _ in blocks])


Block = tuple[float, float, float]  # mean score, share of positives, weight


def _bins(scores: Floats, positive: NDArray[np.bool_], weights: Floats) -> list[Block]:
    """Pool equal scores, then neighbours until each bin holds its share of the weight."""
    values, inverse = np.unique(scores, return_inverse=True)
    weight = np.bincount(inverse, weights=weights)
    hits = np.bincount(inverse, weights=weights * positive)
    middle = np.cumsum(weight) - weight / 2
    label = np.minimum((middle / weight.sum() * BINS).astype(int), BINS - 1)
    _, inverse = np.unique(label, return_inverse=True)
    total = np.bincount(inverse, weights=weight)
    mean = np.bincount(inverse, weights=weight * values) / total
    rate = np.bincount(inverse, weights=hits) / total
    return list(zip(mean.tolist(), rate.tolist(), total.tolist(), strict=True))


def pool_adjacent_violators(blocks: Sequence[Block]) -> list[Block]:
    """Merge neighbours until the share of positives strictly rises from block to block."""
    pooled: list[Block] = []
    for block in blocks:
        pooled.append(block)
        while len(pooled) > 1 and pooled[-2][1] >= pooled[-1][1]:
            right, left = pooled.pop(), pooled.pop()
            pooled.append(_merge(left, right))
    return pooled


def _merge(left: Block, right: Block) -> Block:
    weight = left[2] + right[2]
    raw = (left[0] * left[2] + right[0] * right[2]) / weight
    rate = (left[1] * left[2] + right[1] * right[2]) / weight
    return raw, rate, weight


def _knots(points: list[tuple[float, float]]) -> Calibration:
    """Keep the rates off 0 and 1 and carry the ends half way to the corners."""
    knots = [(x, MARGIN + (1 - 2 * MARGIN) * rate) for x, rate in points]
    if knots[0][0] > 0:
        knots.insert(0, (0.0, knots[0][1] / 2))
    if knots[-1][0] < 1:
        knots.append((1.0, (1 + knots[-1][1]) / 2))
    return Calibration(tuple(x for x, _ in knots), tuple(y for _, y in knots))
