"""Figures of a classifier's scores: ranking, calibration, agreement and their intervals.

Every figure is a plain function of arrays, so that no harness can compute it in two ways.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import nan

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Labels = NDArray[np.bool_]


def _sides(scores: Floats, positive: Labels) -> tuple[Floats, Floats]:
    scores = np.asarray(scores, dtype=np.float64)
    positive = np.asarray(positive, dtype=bool)
    return scores[positive], scores[~positive]


def auc(scores: Floats, positive: Labels) -> float:
    """Share of (positive, negative) pairs that the scores put in order; ties count one half.

    Parameters
    ----------
    scores : shape (n,), higher says positive
    positive : shape (n,)

    Returns
    -------
    In [0, 1]; nan where one of the two sides is empty.
    """
    found, honest = _sides(scores, positive)
    if not len(found) or not len(honest):
        return nan
    honest = np.sort(honest)
    below = np.searchsorted(honest, found, side="left")
    not_above = np.searchsorted(honest, found, side="right")
    return float((below + not_above).mean() / (2 * len(honest)))


def threshold_at(honest: Floats, rate: float) -> float:
    """Lowest threshold t at which at most `rate` of the negatives have a score >= t.

    Parameters
    ----------
    honest : shape (n,), scores of negatives
    rate : false positive rate that is allowed, in [0, 1)
    """
    if not len(honest):
        return nan
    ordered = np.sort(np.asarray(honest, dtype=np.float64))
    allowed = int(np.floor(rate * len(ordered) + 1e-9))
    return float(np.nextafter(ordered[len(ordered) - 1 - allowed], np.inf))


def tpr_at(scores: Floats, positive: Labels, rate: float) -> float:
    """Share of positives above the threshold that lets at most `rate` of the negatives pass.

    Ties never help: a threshold lies above every tied negative that would break the rate.
    """
    found, honest = _sides(scores, positive)
    if not len(found) or not len(honest):
        return nan
    return float((found >= threshold_at(honest, rate)).mean())


def brier(probabilities: Floats, positive: Labels) -> float:
    """Mean squared distance of the probability from what was the case; lower is better."""
    if not len(probabilities):
        return nan
    return float(np.mean((np.asarray(probabilities) - np.asarray(positive)) ** 2))


@dataclass(frozen=True)
class Reliability:
    """What was said against what was the case, by bin of equal count."""

    predicted: tuple[float, ...]  # mean probability in the bin
    observed: tuple[float, ...]  # share of positives in the bin
    count: tuple[int, ...]


def reliability(probabilities: Floats, positive: Labels, *, bins: int = 15) -> Reliability:
    """Compare predicted probability with observed frequency.

    Parameters
    ----------
    probabilities : shape (n,), in [0, 1]
    positive : shape (n,)
    bins : number of equal-count bins; fewer when ``n < bins``
    """
    order = np.argsort(probabilities, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    values, truth = np.asarray(probabilities, dtype=np.float64), np.asarray(positive, dtype=bool)
    return Reliability(
        tuple(float(values[part].mean()) for part in parts),
        tuple(float(truth[part].mean()) for part in parts),
        tuple(len(part) for part in parts),
    )


def expected_calibration_error(probabilities: Floats, positive: Labels, *, bins: int = 15) -> float:
    """Mean distance of predicted from observed over the bins of `reliability`.

    References
    ----------
    Naeini, Cooper & Hauskrecht, AAAI 2015; bins of equal count after Nguyen & O'Connor 2015.
    """
    curve = reliability(probabilities, positive, bins=bins)
    if not curve.count:
        return nan
    distance = np.abs(np.subtract(curve.predicted, curve.observed))
    return float(np.average(distance, weights=curve.count))


def confusion(truth: NDArray[np.int64], told: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """Count what is (rows) against what was told (columns).

    Parameters
    ----------
    truth, told : shape (n,), class numbers from 0 to ``size - 1``

    Returns
    -------
    Shape (size, size).
    """
    table = np.zeros((size, size), dtype=np.int64)
    np.add.at(table, (truth, told), 1)
    return table


def macro_f1(counts: NDArray[np.int64]) -> float:
    """Mean over the classes that occur of the harmonic mean of precision and recall.

    Parameters
    ----------
    counts : shape (k, k), as `confusion` gives it; further columns are told classes of no row
    """
    size = counts.shape[0]
    hits = np.diag(counts[:, :size]).astype(np.float64)
    present = counts.sum(axis=1)
    told = counts[:, :size].sum(axis=0)
    occurs = present > 0
    if not occurs.any():
        return nan
    return float(np.mean(2 * hits[occurs] / (present + told)[occurs]))


def rank_correlation(left: Floats, right: Floats) -> float:
    """Spearman's rho, ties sharing their mean rank; nan where a side is constant."""
    if len(left) < 2:
        return nan
    ranks = [_mean_ranks(np.asarray(side, dtype=np.float64)) for side in (left, right)]
    if not all(np.ptp(side) for side in ranks):
        return nan
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


def _mean_ranks(values: Floats) -> Floats:
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    ranks: Floats = (last - (counts - 1) / 2.0)[inverse]
    return ranks


@dataclass(frozen=True)
class Interval:
    """A figure with the middle 95 % of its bootstrap."""

    value: float
    low: float
    high: float
    n: int


def interval(
    figure: Callable[[NDArray[np.int64]], float],
    groups: NDArray[np.object_],
    *,
    draws: int = 200,
    seed: int = 0,
) -> Interval:
    """Bootstrap a figure by drawing groups, as the pairs of one original are not independent.

    Parameters
    ----------
    figure : the figure of the rows with these indices
    groups : shape (n,), the group of each row
    draws : resamples; those on which the figure is nan are left out
    """
    rows = len(groups)
    value = figure(np.arange(rows))
    _, inverse = np.unique(np.asarray(groups).astype(str), return_inverse=True)
    order = np.argsort(inverse, kind="stable")
    members = np.split(order, np.cumsum(np.bincount(inverse))[:-1]) if rows else []
    random = np.random.default_rng(seed)
    values = [figure(_draw(members, random)) for _ in range(draws if rows else 0)]
    kept = [v for v in values if not np.isnan(v)]
    low, high = np.quantile(kept, [0.025, 0.975]) if kept else (nan, nan)
    return Interval(value, float(low), float(high), rows)


def _draw(members: list[NDArray[np.int64]], random: np.random.Generator) -> NDArray[np.int64]:
    chosen = random.integers(0, len(members), len(members))
    return np.concatenate([members[i] for i in chosen])
