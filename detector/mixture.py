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
        low, high = self.interval(relation)
        estimate = self.estimate([relation])
        return Share(relation, counted, estimate, min(low, estimate), max(high, estimate))

    def estimate(self, group: Sequence[Relation]) -> float:
        """Estimate the share of a group of relations: the most likely one."""
        shares = _likeliest(self.counts, self.rates)
        return float(sum(shares[RELATIONS.index(r)] for r in group))

    def interval(self, relation: Relation, level: float = LEVEL) -> tuple[float, float]:
        """Bound a relation's share: every share whose likelihood is not too far below the best.

        Twice the difference in log-likelihood is held against the chi-square distribution, with
        the other shares free (profile likelihood).
        """
        deviance = _deviances(self.counts, self.rates)[RELATIONS.index(relation)]
        inside = np.flatnonzero(deviance <= _critical(level))
        low, high = max(inside[0] - 1, 0), min(inside[-1] + 1, len(_GRID) - 1)
        return float(_GRID[low]), float(_GRID[high])

    def beyond_error(self, relation: Relation) -> bool:
        """Tell whether the classifier's errors alone cannot explain what was told."""
        deviance = _deviances(self.counts, self.rates)[RELATIONS.index(relation)]
        return bool(deviance[0] > _critical(2 * ACCUSING_LEVEL - 1))


@lru_cache(maxsize=1024)
def _likeliest(counts: tuple[int, ...], rates: ErrorRates) -> Floats:
    """Climb to the likeliest mixture by expectation and maximisation, shape (6,).

    The multinomial form of Rogan and Gladen's correction, which cannot leave 0 to 1.
    """
    told, observed = np.array(rates.told), np.array(counts, dtype=np.float64)
    shares = np.full(len(told), 1 / len(told))
    for _ in range(_STEPS):
        shares = _expected(shares, told, observed)
        shares /= shares.sum() + _TINY
    return shares


@lru_cache(maxsize=1024)
def _deviances(counts: tuple[int, ...], rates: ErrorRates) -> Floats:
    """Twice the log-likelihood lost by each share of each relation, shape (6, 201).

    Correlated errors make n articles worth fewer (Kish's design effect).
    """
    told, observed = np.array(rates.told), np.array(counts, dtype=np.float64)
    held = np.eye(len(told))[:, None, :]  # in row k the share of relation k stays what it is
    given = _GRID[None, :, None]
    shares = held * given + (1 - held) * (1 - given) / (len(told) - 1)
    for _ in range(_STEPS):
        others = (1 - held) * _expected(shares, told, observed)
        shares = held * given + others * (1 - given) / (others.sum(axis=2, keepdims=True) + _TINY)
    likelihood = np.log(shares @ told + _TINY) @ observed
    worth = 1 / (1 + (sum(counts) - 1) * rates.correlation)
    lost: Floats = 2 * worth * (likelihood.max(axis=1, keepdims=True) - likelihood)
    return lost


def _expected(shares: Floats, told: Floats, observed: Floats) -> Floats:
    """Expect how many articles are of each relation, given what was told of them."""
    expected: Floats = shares * ((observed / (shares @ told + _TINY)) @ told.T)
    return expected


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
