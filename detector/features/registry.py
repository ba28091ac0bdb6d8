"""How a feature is declared, and what the declaration is used for.

A feature is one decorated function of a `Profile` (one article) or of a `Comparison` (a pair). The
declaration is the only place where its name, unit, range and source stand: columns, `unspun
features`, the model card and the tests are derived from it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from math import inf, nan
from typing import Any, Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Feature(Generic[T]):
    """A declared measurement; call it on a record to take it.

    It returns ``nan`` where it cannot be measured, never 0, and otherwise a value in [low, high].
    """

    name: str
    unit: str
    low: float
    high: float
    source: str
    version: int
    family: str
    doc: str
    measure: Callable[[T], float]

    def __call__(self, record: T) -> float:
        """Take the measurement."""
        return self.measure(record)


def feature(
    *, unit: str, low: float = -inf, high: float = inf, source: str, version: int = 1
) -> Callable[[Callable[[T], float]], Feature[T]]:
    """Declare the decorated function as a feature of its module's family.

    Parameters
    ----------
    unit : what one step of the value is, and which direction means what
    low, high : the range that the value never leaves
    source : publication, or "unspun" for our own
    version : raised whenever the same input may give another value
    """

    def declare(function: Callable[[T], float]) -> Feature[T]:
        return Feature(
            name=function.__name__,
            unit=unit,
            low=low,
            high=high,
            source=source,
            version=version,
            family=function.__module__.rpartition(".")[2],
            doc=(function.__doc__ or "").strip(),
            measure=function,
        )

    return declare


def gap(measured: Feature[Any]) -> tuple[float, float]:
    """Range of ``suspect - source`` for a feature of one article."""
    span = measured.high - measured.low
    return (-span, span) if span < inf else (-inf, inf)


def feature_set_id(features: tuple[Feature[Any], ...], lexicon: str) -> str:
    """Identify what is computed: names, units and versions in order, and the word lists' hash.

    >>> feature_set_id((), "") != feature_set_id((), "other word lists")
    True
    """
    lines = [f"{f.name}|{f.unit}|{f.version}" for f in features]
    return hashlib.sha256("\n".join([*lines, lexicon]).encode()).hexdigest()[:12]


__all__ = ["Feature", "feature", "feature_set_id", "gap", "nan"]
