"""From what was told of many articles to the shares that are truly there, with intervals.

The classifier errs at known rates, so a share of verdicts is not a share of articles. The share
given is the one that, with those errors, makes what was told most likely; the interval holds every
share that what was told does not speak against.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import nan
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from detector.errors import DetectorError
from detector.records import RELATIONS, Relation

Floats: TypeAlias = NDArray[np.float64]

# Evidence for this and the next three constants: docs/decisions/0040-site-verdicts.md.
FEWEST_ARTICLES = 10
LEVEL = 0.95  # of the intervals
ACCUSING_LEVEL = 0.9995  # confidence that there is any of a kind at all, before a site is accused
# Errors on articles of one site are alike, for one desk writes them: the correlation that every
# interval allows for.
CORRELATION = 0.02

_GRID = np.linspace(0.0, 1.0, 201)  # shares that are tried
# Steps of expectation and maximisation: after 150 no share moves by more than 0.0002.
_STEPS = 150
_TINY = 1e-12


@dataclass(frozen=True, slots=True)
class ErrorRates:
    """How often the classifier says what of which relation."""

    # One row a true relation, one column a told one, in the order of RELATIONS; the last column
    # is `cannot_tell`. Rows sum to 1.
    told: tuple[tuple[float, ...], ...]
    correlation: float = CORRELATION  # of the errors on two articles of one site


@dataclass(frozen=True, slots=True)
class Share:
    """A share of a site's articles, corrected for the classifier's errors."""

    relation: Relation
    counted: int  # articles that were told to be so
    estimate: float  # 0 to 1; nan below FEWEST_ARTICLES
    low: float  # ends of the interval of LEVEL
    high: float


# ---------------------------------------------------------------- error rates


def error_rates(evaluation: Mapping[str, Any], split: str = "leave_one_corpus_out") -> ErrorRates:
    """Take the classifier's error rates from what its evaluation counted.

    Parameters
    ----------
    evaluation : ``evaluation.json`` of a model
    split : whose confusion counts; the default is of corpora that the model had not seen

    Raises
    ------
    DetectorError
        Where the evaluation has no such counts.
    """
    try:
        counts = np.array(evaluation[split]["relation"]["counts"], dtype=np.float64)
    except (KeyError, TypeError) as error:
        raise DetectorError(
            f"the model's evaluation has no relation counts for {split}",
            hint="evaluate the model: python -m training evaluate",
        ) from error
    return rates_of(counts)


def rates_of(counts: Floats) -> ErrorRates:
    """Turn counts of truth (rows) against what was told (columns, `cannot_tell` last) into rates.

    Half a pair is added to each cell, for what was not seen in a few hundred pairs may still be.
    """
    smoothed = counts + 0.5
    rates = smoothed / smoothed.sum(axis=1, keepdims=True)
    return ErrorRates(tuple(map(tuple, rates.tolist())))


# ---------------------------------------------------------------- shares


@dataclass(frozen=True)
class Mixture:
    """What was told of a site's articles, and what it says about their true mixture.

    ``counts`` holds one number a told relation, `cannot_tell` last.
    """

    counts: tuple[int, ...]
    rates: ErrorRates

    @classmethod
    def of(cls, told: Iterable[Relation | None], rates: ErrorRates) -> Mixture:
        """Count what was told, None for `cannot_tell`."""
        counts = Counter(told)
        return cls((*(counts[r] for r in RELATIONS), counts[None]), rates)

    @property
    def articles(self) -> int:
        """How many articles there are."""
        return sum(self.counts)

    def share(self, relation: Relation) -> Share:
        """Estimate a relation's share, with its interval."""
        counted = self.counts[RELATIONS.index(relation)]
        if self.articles < FEWEST_ARTICLES:
            return Share(relation, counted, nan, nan, nan)
        low, high = self.interval([relation])
        estimate = self.estimate([relation])
        return Share(relation, counted, estimate, min(low, estimate), max(high, estimate))

    def estimate(self, group: Sequence[Relation]) -> float:
        """Estimate the share of a group of relations: the most likely one."""
        shares = self._fit()
        return float(sum(shares[RELATIONS.index(r)] for r in group))

    def interval(self, group: Sequence[Relation], level: float = LEVEL) -> tuple[float, float]:
        """Bound the share of a group: every share whose likelihood is not too far below the best.

        Twice the difference in log-likelihood is held against the chi-square distribution, with
        the other shares free (profile likelihood).
        """
        deviance = self._profile(tuple(r in group for r in RELATIONS))
        inside = np.flatnonzero(deviance <= _critical(level))
        low, high = max(inside[0] - 1, 0), min(inside[-1] + 1, len(_GRID) - 1)
        return float(_GRID[low]), float(_GRID[high])

    def beyond_error(self, relation: Relation) -> bool:
        """Tell whether the classifier's errors alone cannot explain what was told."""
        deviance = self._profile(tuple(r == relation for r in RELATIONS))
        return bool(deviance[0] > _critical(2 * ACCUSING_LEVEL - 1))

    def _fit(self) -> Floats:
        start = np.full((1, len(RELATIONS)), 1 / len(RELATIONS))
        fitted: Floats = _expectation_maximisation(self.counts, self.rates.told, start, None)[0]
        return fitted

    def _profile(self, group: tuple[bool, ...]) -> Floats:
        """Deviance of each share of the grid, for a group of relations."""
        return _deviance(self.counts, self.rates, group)


@lru_cache(maxsize=4096)
def _deviance(counts: tuple[int, ...], rates: ErrorRates, group: tuple[bool, ...]) -> Floats:
    """Twice the log-likelihood lost by each share of the grid, shape (201,).

    Correlated errors make n articles worth fewer (Kish's design effect).
    """
    inside = np.array(group)
    start = np.where(
        inside, _GRID[:, None] / inside.sum(), (1 - _GRID[:, None]) / max((~inside).sum(), 1)
    )
    fitted = _expectation_maximisation(counts, rates.told, start, inside)
    likelihood = np.log(fitted @ np.array(rates.told) + _TINY) @ np.array(counts, dtype=np.float64)
    worth = 1 / (1 + (sum(counts) - 1) * rates.correlation)
    lost: Floats = 2 * worth * (likelihood.max() - likelihood)
    return lost


def _expectation_maximisation(
    counts: Sequence[int],
    told: Sequence[Sequence[float]],
    start: Floats,
    group: NDArray[np.bool_] | None,
) -> Floats:
    """Climb from each starting mixture to the likeliest, keeping a group's total where given.

    The multinomial form of Rogan and Gladen's correction, which cannot leave 0 to 1.

    Parameters
    ----------
    start : shape (m, 6), rows sum to 1
    group : shape (6,); the total of its shares stays in each row as it starts
    """
    matrix, observed = np.array(told), np.array(counts, dtype=np.float64)
    masks = [np.ones(len(matrix), dtype=bool)] if group is None else [group, ~group]
    totals = [start[:, mask].sum(axis=1, keepdims=True) for mask in masks]
    shares = start
    for _ in range(_STEPS):
        weighted = shares * ((observed / (shares @ matrix + _TINY)) @ matrix.T)
        shares = np.zeros_like(weighted)
        for mask, total in zip(masks, totals, strict=True):
            part = weighted[:, mask]
            shares[:, mask] = total * part / (part.sum(axis=1, keepdims=True) + _TINY)
    return shares


@lru_cache(maxsize=16)
def _critical(level: float) -> float:
    """Quantile of chi-square with one degree of freedom, by bisection of the normal integral.

    >>> round(_critical(0.95), 2)
    3.84
    """
    from math import erf, sqrt  # noqa: PLC0415 - used here only

    low, high = 0.0, 10.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if erf(middle / sqrt(2)) < level else (low, middle)
    return low * low
