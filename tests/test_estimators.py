from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier

from detector.estimators import Estimator, Forest, Trees
from training import plain

WIDTH = 4
SEEDS = st.integers(0, 40)


def rows(random: np.random.Generator, count: int) -> np.ndarray:
    """Draw rows with equal values among them, and some that could not be measured."""
    matrix = np.round(random.normal(size=(count, WIDTH)), 1).astype(np.float32)
    matrix[random.random(matrix.shape) < 0.1] = np.nan
    return matrix


def boosted(matrix: np.ndarray, target: np.ndarray) -> Any:
    """Fit boosted trees with scikit-learn."""
    return HistGradientBoostingClassifier(max_iter=5, min_samples_leaf=5).fit(matrix, target)


def forest(matrix: np.ndarray, target: np.ndarray) -> Any:
    """Fit randomised trees with scikit-learn."""
    return ExtraTreesClassifier(n_estimators=5, random_state=0).fit(matrix, target)


def estimators(random: np.random.Generator, matrix: np.ndarray) -> list[tuple[Any, Estimator]]:
    """Fit one of each kind, and take it apart."""
    binary = random.permutation(len(matrix)) % 2
    fitted = (forest(matrix, random.permutation(len(matrix)) % 5 + 2), boosted(matrix, binary))
    return [
        (fitted[0], plain.forest(fitted[0])),
        (fitted[1], plain.boosted(fitted[1])),
    ]


@given(SEEDS)
def test_plain_arrays_say_what_scikit_learn_says(seed: int) -> None:
    """On rows seen and unseen, measured and not, the probabilities agree."""
    random = np.random.default_rng(seed)
    seen = rows(random, 80)
    asked = np.concatenate([seen, 3 * rows(random, 20)])

    # A row that lies on a rounded threshold may fall to either side; so nothing is rounded here.
    with patch.object(plain, "THRESHOLD_BITS", 60):
        for fitted, taken in estimators(random, seen):
            off = 1 / plain.SHARE_STEPS if isinstance(taken, Forest) else 1e-5
            wanted = fitted.predict_proba(asked)
            assert taken.predict_proba(asked) == pytest.approx(wanted, abs=off)
            assert taken.classes_.tolist() == fitted.classes_.tolist()


@given(st.lists(st.floats(1e-3, 1), min_size=1, max_size=8), SEEDS)
def test_rounding_keeps_leaves_and_thresholds_close(shares: list[float], seed: int) -> None:
    """Shares still sum to 1, each within a step; a threshold moves by a part in 2 ** 14 at most."""
    values = np.array(shares)[None, None, :]
    rounded = plain._shares([SimpleNamespace(value=values)])
    threshold = np.random.default_rng(seed).normal(size=9)

    assert rounded.sum() == 1
    assert np.abs(rounded - values[0] / values.sum()).max() <= 1 / plain.SHARE_STEPS
    assert plain._rounded(threshold) == pytest.approx(threshold, rel=2.0**-plain.THRESHOLD_BITS)


@given(SEEDS)
def test_a_row_gets_the_same_answer_in_every_batch(seed: int) -> None:
    """One at a time or all at once, the probabilities are the same to the last bit."""
    random = np.random.default_rng(seed)
    matrix = rows(random, 40)
    for _, taken in estimators(random, matrix):
        alone = [taken.predict_proba(matrix[i : i + 1])[0].tolist() for i in range(len(matrix))]
        assert alone == taken.predict_proba(matrix).tolist()


def slow_leaf(trees: Trees, root: int, row: np.ndarray) -> int:
    """Walk down one tree as its docstring says."""
    node = root
    while trees.left[node] or trees.right[node]:
        value = row[trees.column[node]]
        left = trees.unmeasured_left[node] if np.isnan(value) else value <= trees.threshold[node]
        node += int(trees.left[node] if left else trees.right[node])
    return node


@given(SEEDS)
def test_leaves_are_found_by_walking_down(seed: int) -> None:
    """All rows at once end where each of them ends by itself."""
    random = np.random.default_rng(seed)
    matrix = rows(random, 60)
    trees = plain.forest(forest(matrix, random.permutation(60) % 3))
    expected = [[slow_leaf(trees, int(root), row) for row in matrix] for root in trees.roots]

    assert trees.leaves(matrix).tolist() == expected


def test_an_empty_batch_has_no_answers() -> None:
    """No rows give no probabilities, of the right width."""
    random = np.random.default_rng(0)
    for fitted, taken in estimators(random, rows(random, 60)):
        empty = np.empty((0, WIDTH), dtype=np.float32)
        assert taken.predict_proba(empty).shape == (0, len(fitted.classes_))


# ---------------------------------------------------------------- what a file may say


def stump() -> Forest:
    """Give one tree with one question."""
    return Forest(
        classes_=np.array([0, 1]),
        roots=np.array([0], np.uint32),
        column=np.array([1, 0, 0], np.uint16),
        threshold=np.array([0.5, 0.0, 0.0]),
        left=np.array([1, 0, 0], np.uint32),
        right=np.array([2, 0, 0], np.uint32),
        unmeasured_left=np.array([True, False, False]),
        values=np.array([[0, 0], [1, 0], [0.25, 0.75]], np.float16),
    )


def test_a_stump_explains_itself() -> None:
    """Up to the threshold a row goes left, above it right, and unmeasured where it is told."""
    asked = np.array([[9, 0.5], [9, 0.6], [9, np.nan]], dtype=np.float32)

    assert stump().predict_proba(asked).tolist() == [[1, 0], [0.25, 0.75], [1, 0]]


BROKEN = {
    "a child beyond the last node": {"right": np.array([3, 0, 0], np.uint32)},
    "steps that might lead back": {"left": np.array([1, 0, 0], np.int64)},
    "one child only": {"left": np.array([0, 0, 0], np.uint32)},
    "a tree beyond the last node": {"roots": np.array([3], np.uint32)},
    "no tree": {"roots": np.array([], np.uint32)},
    "a column that is not measured": {"column": np.array([2, 0, 0], np.uint16)},
    "fewer thresholds than nodes": {"threshold": np.zeros(2)},
    "leaves of other classes": {"values": np.zeros((3, 3), np.float16)},
    "a class that there is not": {"classes_": np.array([0, 2])},
    "no class": {"classes_": np.array([], np.int64)},
}


@pytest.mark.parametrize("changes", BROKEN.values(), ids=BROKEN)
def test_trees_that_lead_out_of_themselves_are_refused(changes: dict[str, Any]) -> None:
    """What could not be walked to its end, or would end in a traceback, is not put together."""
    assert Forest.from_arrays(vars(stump()), columns=2, classes=2).classes_.tolist() == [0, 1]
    with pytest.raises(ValueError, match=r"tree|classes"):
        Forest.from_arrays(vars(replace(stump(), **changes)), columns=2, classes=2)
