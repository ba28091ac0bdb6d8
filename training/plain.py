"""scikit-learn's fitted estimators, taken apart into the plain arrays that are shipped.

It is done before calibration and evaluation, so that every figure is of the very arrays that are
shipped. Some of the fields read here are not scikit-learn's public ones: the tests hold what the
arrays say against what its estimators say.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector.estimators import Boosted, Forest

# Leaves hold class shares; so many steps of them is finer than any of our figures, and a threshold
# of so many bits parts the same training rows but for one in a thousand.
SHARE_STEPS = 512
THRESHOLD_BITS = 14


def forest(fitted: Any) -> Forest:
    """Take a forest of classification trees apart; thresholds and leaves are rounded."""
    trees = [estimator.tree_ for estimator in fitted.estimators_]
    sizes = [tree.node_count for tree in trees]
    nodes = np.concatenate([tree.__getstate__()["nodes"] for tree in trees])
    inner = nodes["left_child"] >= 0
    here = np.concatenate([np.arange(size) for size in sizes])
    return Forest(
        roots=_roots(sizes),
        column=np.where(inner, nodes["feature"], 0).astype(np.uint16),
        threshold=np.where(inner, _rounded(nodes["threshold"]), 0.0),
        left=_ahead(nodes["left_child"], here, inner),
        right=_ahead(nodes["right_child"], here, inner),
        unmeasured_left=nodes["missing_go_to_left"].astype(bool) & inner,
        values=np.where(inner[:, None], 0, _shares(trees)).astype(np.float16),
        classes_=fitted.classes_,
    )


def boosted(fitted: Any) -> Boosted:
    """Take boosted trees for two classes apart, as they are."""
    trees = [predictor.nodes for (predictor,) in fitted._predictors]
    sizes = [len(tree) for tree in trees]
    nodes = np.concatenate(trees)
    inner = nodes["is_leaf"] == 0
    here = np.concatenate([np.arange(size) for size in sizes])
    return Boosted(
        roots=_roots(sizes),
        column=np.where(inner, nodes["feature_idx"], 0).astype(np.uint16),
        threshold=np.where(inner, nodes["num_threshold"], 0.0),
        left=_ahead(nodes["left"], here, inner),
        right=_ahead(nodes["right"], here, inner),
        unmeasured_left=nodes["missing_go_to_left"].astype(bool) & inner,
        values=np.where(inner, 0.0, nodes["value"]),
        baseline=np.ravel(fitted._baseline_prediction).astype(np.float64),
        classes_=fitted.classes_,
    )


def _roots(sizes: list[int]) -> NDArray[np.uint32]:
    return np.cumsum([0, *sizes[:-1]]).astype(np.uint32)


def _ahead(
    children: NDArray[Any], here: NDArray[np.int64], inner: NDArray[np.bool_]
) -> NDArray[np.uint32]:
    """How far ahead of its node a child stands; 0 of a leaf."""
    return np.where(inner, children.astype(np.int64) - here, 0).astype(np.uint32)


def _rounded(thresholds: NDArray[np.float64]) -> NDArray[np.float64]:
    mantissa, exponent = np.frexp(thresholds)
    steps = 2.0**THRESHOLD_BITS
    rounded: NDArray[np.float64] = np.ldexp(np.round(mantissa * steps) / steps, exponent)
    return rounded


def _shares(trees: list[Any]) -> NDArray[np.float64]:
    """Round the shares of each node, which still sum to 1; shape (nodes, classes)."""
    values = np.concatenate([tree.value[:, 0, :] for tree in trees])
    shares = values / values.sum(axis=-1, keepdims=True)
    down = np.floor(np.cumsum(shares, axis=-1) * SHARE_STEPS + 0.5)
    return np.diff(down, axis=-1, prepend=0) / SHARE_STEPS
