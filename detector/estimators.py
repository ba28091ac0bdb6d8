"""Fitted estimators as plain arrays: read without running anything, asked with numpy alone.

They are fitted by scikit-learn and taken apart by `training.plain`; they say what scikit-learn
says of the same rows, and speak its protocol (``classes_``, ``predict_proba``). To import
scikit-learn takes longer than to judge a pair: docs/decisions/0071-plain-arrays.md.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Matrix = NDArray[np.float32]


@dataclass(frozen=True)
class Estimator(ABC):
    """What was fitted: one array a field, named as in a model's file."""

    classes_: NDArray[np.int64]  # ascending

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], columns: int, classes: int) -> Self:
        """Put an estimator together that is asked about so many columns, for so many classes.

        Raises
        ------
        KeyError, ValueError
            Where an array is missing, or they do not fit one another.
        """
        made = cls(**{field.name: arrays[field.name] for field in fields(cls)})
        if not len(made.classes_) or made.classes_.max() >= classes or made.classes_.min() < 0:
            raise ValueError("an estimator tells other classes apart")
        made.check(columns)
        return made

    @abstractmethod
    def check(self, columns: int) -> None:
        """Refuse arrays that lead out of one another."""


@dataclass(frozen=True)
class Trees(Estimator):
    """Decision trees one after another, all their nodes in one set of arrays.

    The children of a node stand so many nodes ahead of it, and 0 ahead where it is a leaf; so
    every way ends, whatever a file says.
    """

    roots: NDArray[np.uint32]  # shape (trees,), the node that each begins with
    column: NDArray[np.uint16]  # shape (nodes,), what a node asks for
    threshold: Floats  # up to it the left child is next
    left: NDArray[np.uint32]
    right: NDArray[np.uint32]
    unmeasured_left: NDArray[np.bool_]  # where a value that is nan goes on
    values: NDArray[Any]  # shape (nodes, ...), what a leaf says

    def check(self, columns: int) -> None:
        """Refuse nodes that lead out of the arrays."""
        nodes = len(self.column)
        ahead = np.maximum(self.left, self.right) + np.arange(nodes)
        ends = (self.left == 0) == (self.right == 0)
        parts = (self.threshold, self.left, self.right, self.unmeasured_left, self.values)
        ahead_only = self.left.dtype.kind == self.right.dtype.kind == "u"
        if any(len(part) != nodes for part in parts) or not ends.all() or not ahead_only:
            raise ValueError("the nodes of its trees are not whole")
        if not len(self.roots) or max(self.roots.max(), ahead.max()) >= nodes:
            raise ValueError("its trees lead out of themselves")
        if self.column.max() >= columns:
            raise ValueError("its trees ask for columns that there are not")

    def leaves(self, matrix: Matrix) -> NDArray[np.int64]:
        """Find the leaf that each row ends in, shape (trees, rows)."""
        rows = np.tile(np.arange(len(matrix)), len(self.roots))
        node = np.repeat(self.roots.astype(np.int64), len(matrix))
        under_way = np.flatnonzero(self.left[node])
        while len(under_way):
            at = node[under_way]
            value = matrix[rows[under_way], self.column[at]]
            left = np.where(np.isnan(value), self.unmeasured_left[at], value <= self.threshold[at])
            at = at + np.where(left, self.left[at], self.right[at])
            node[under_way] = at
            under_way = under_way[self.left[at] > 0]
        return node.reshape(len(self.roots), len(matrix))


@dataclass(frozen=True)
class Forest(Trees):
    """Trees whose leaves hold shares of classes; the shares are averaged."""

    def check(self, columns: int) -> None:
        """Refuse leaves of other classes as well."""
        super().check(columns)
        if self.values.shape[1:] != self.classes_.shape:
            raise ValueError("the leaves of its trees are of other classes")

    def predict_proba(self, matrix: Matrix) -> Floats:
        """Probability of each class, shape (n, classes)."""
        shares = self.values[self.leaves(matrix)]
        mean: Floats = shares.sum(axis=0, dtype=np.float64) / len(self.roots)
        return mean


@dataclass(frozen=True)
class Boosted(Trees):
    """Trees whose leaves hold steps of the log odds of the second class; the steps add up."""

    baseline: Floats  # shape (1,), the log odds that they start from

    def predict_proba(self, matrix: Matrix) -> Floats:
        """Probability of each class, shape (n, 2)."""
        steps = self.values[self.leaves(matrix)]
        start = np.full((1, len(matrix)), self.baseline[0])
        # One after another: a sum in pairs would end in other last digits for one row than for two.
        odds = np.add.accumulate(np.vstack([start, steps]), axis=0)[-1]
        return _both(odds)


@dataclass(frozen=True)
class Wording(Estimator):
    """A logistic regression on which buckets of `detector.features.wording` an article fills.

    A text's length tells nothing: the weights are summed over the root of the number of buckets.
    """

    weights: NDArray[np.int8]  # shape (buckets,), in steps
    step: Floats  # shape (1,), log odds
    intercept: Floats  # shape (1,)

    def check(self, columns: int) -> None:
        """Refuse weights for another number of buckets, or of another kind."""
        if self.weights.shape != (columns,) or self.weights.dtype != np.int8:
            raise ValueError("the weights of its wording are of other buckets")

    def predict_proba(self, rows: Sequence[NDArray[np.uint32]]) -> Floats:
        """Probability of each class, shape (n, 2); a row lists the buckets of one article."""
        return _both(self.log_odds(rows))

    def log_odds(self, rows: Sequence[NDArray[np.uint32]]) -> Floats:
        """Log odds of the second class, shape (n,)."""
        # Whole numbers: their sum is the same in whatever order they are added.
        sums = np.array([int(self.weights[row].sum(dtype=np.int64)) for row in rows], np.float64)
        roots = np.sqrt([max(1, len(row)) for row in rows])
        odds: Floats = sums / roots * self.step[0] + self.intercept[0]
        return odds


def _both(odds: Floats) -> Floats:
    """Turn log odds into the probabilities of both classes."""
    second = 1 / (1 + np.exp(-odds))
    return np.column_stack([1 - second, second])
