"""Fit the weights of words and couples that tell a machine's text, as they are shipped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detector.estimators import Wording
from detector.features.wording import BUCKETS

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

# Chosen on held-out groups of the training side: docs/decisions/0069-style-alone.md.
PENALTY = 1e-5
PASSES = 6
# Times the mean weight that a row counts at most: a row of a small corpus would be learnt by heart.
MOST_WEIGHT = 8.0
# Weights are one byte each.
MOST_STEPS = 127


def sparse(wordings: Sequence[NDArray[Any]]) -> csr_matrix:
    """Put rows of buckets side by side, each scaled to length 1; shape (n, BUCKETS)."""
    from scipy.sparse import csr_matrix  # noqa: PLC0415

    sizes = np.array([len(row) for row in wordings], dtype=np.int64)
    values = np.repeat(1 / np.sqrt(np.maximum(sizes, 1)), sizes)
    places = np.concatenate([*wordings, np.empty(0, np.uint32)]).astype(np.int32)
    ends = np.concatenate([[0], np.cumsum(sizes)])
    return csr_matrix((values, places, ends), shape=(len(sizes), BUCKETS))


def fit_wording(
    wordings: Sequence[NDArray[Any]],
    target: NDArray[np.bool_],
    weights: NDArray[np.float64],
    seed: int,
) -> Wording:
    """Fit a logistic regression and round its weights.

    Parameters
    ----------
    wordings : what `detector.features.wording` lists of each article
    target : which are a machine's
    weights : of the articles; those far above the mean are held down
    """
    return _fitted(sparse(wordings), target, weights, seed)


def fit_step(steps: csr_matrix, weights: NDArray[np.float64], seed: int) -> Wording:
    """Fit which words and couples lead from a source to its rewrite: each step, and the way back.

    Parameters
    ----------
    steps : `sparse` of the rewrites less that of their sources, shape (n, BUCKETS)
    weights : of the pairs; those far above the mean are held down
    """
    from scipy.sparse import vstack  # noqa: PLC0415

    there = np.repeat([True, False], steps.shape[0])
    return _fitted(vstack([steps, -steps]).tocsr(), there, np.tile(weights, 2), seed)


def _fitted(
    rows: csr_matrix, target: NDArray[np.bool_], weights: NDArray[np.float64], seed: int
) -> Wording:
    from sklearn.linear_model import SGDClassifier  # noqa: PLC0415

    line = SGDClassifier(
        loss="log_loss", alpha=PENALTY, max_iter=PASSES, tol=None, average=True, random_state=seed
    )
    held = np.minimum(weights / weights.mean(), MOST_WEIGHT)
    line.fit(rows, target.astype(np.int64), sample_weight=held)
    return rounded(line.coef_[0], line.intercept_, line.classes_)


def rounded(
    weights: NDArray[np.float64], intercept: NDArray[np.float64], classes: NDArray[np.int64]
) -> Wording:
    """Round weights to whole steps, the largest to the most that a byte holds."""
    step = max(float(np.abs(weights).max()), np.finfo(np.float64).tiny) / MOST_STEPS
    return Wording(
        weights=np.round(weights / step).astype(np.int8),
        step=np.array([step]),
        intercept=np.asarray(intercept, dtype=np.float64),
        classes_=classes,
    )
