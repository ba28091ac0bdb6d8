"""Fitting the weights of words, and what rounding them costs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import SGDClassifier

from detector.estimators import Wording
from detector.features.wording import BUCKETS
from training.wording import MOST_STEPS, fit_wording, rounded, sparse

ROWS = st.lists(st.sets(st.integers(0, 30), max_size=12), min_size=1, max_size=6).map(
    lambda rows: [np.array(sorted(row), dtype=np.uint32) for row in rows]
)
STEPS = st.lists(st.integers(-MOST_STEPS, MOST_STEPS), min_size=31, max_size=31)


def weighed(steps: list[int]) -> Wording:
    """Give weights to the first buckets."""
    weights = np.zeros(BUCKETS, dtype=np.int8)
    weights[:31] = steps
    return Wording(np.arange(2), weights, np.array([0.02]), np.array([-0.3]))


@given(ROWS, STEPS)
def test_shipped_weights_say_what_scikit_learn_says_of_them(
    rows: list[np.ndarray], steps: list[int]
) -> None:
    """The sums over buckets are the products with scikit-learn's sparse rows."""
    words = weighed(steps)
    line = SGDClassifier(loss="log_loss")
    line.coef_, line.intercept_ = words.weights[None, :] * words.step[0], words.intercept
    line.classes_ = words.classes_

    np.testing.assert_allclose(words.predict_proba(rows), line.predict_proba(sparse(rows)))


@given(ROWS, STEPS)
def test_an_article_s_opinion_does_not_depend_on_the_others(
    rows: list[np.ndarray], steps: list[int]
) -> None:
    """Asked one by one or at once, the answer is the same to the last digit."""
    words = weighed(steps)
    one_by_one = np.vstack([words.predict_proba([row]) for row in rows])

    assert np.array_equal(words.predict_proba(rows), one_by_one)


@given(st.lists(st.floats(-5, 5), min_size=2, max_size=40))
def test_rounding_moves_no_weight_by_more_than_half_a_step(weights: list[float]) -> None:
    """What is shipped is within half a step of what was fitted."""
    fitted = np.array(weights)
    words = rounded(fitted, np.zeros(1), np.arange(2))
    gaps = np.abs(words.weights * words.step[0] - fitted)

    assert gaps.max() <= words.step[0] / 2 + 1e-12


def test_words_that_only_machines_use_are_learnt() -> None:
    """A bucket that goes with the answer gets the weight of that answer, and an idle one none."""
    random = np.random.default_rng(0)
    target = np.arange(400) % 2 == 0
    rows = [
        np.sort(np.append(random.choice(np.arange(10, 60), 5, replace=False), 1 if made else 2))
        for made in target
    ]
    words = fit_wording(rows, target, np.ones(400), 1)
    again = fit_wording(rows, target, np.ones(400), 1)

    assert words.weights[1] > 0 > words.weights[2]
    assert words.weights[99] == 0
    assert np.array_equal(words.weights, again.weights)


def test_weights_of_other_buckets_are_refused() -> None:
    """A file whose weights are fewer, or no bytes, is no model's."""
    arrays = vars(weighed([0] * 31))

    with pytest.raises(ValueError, match="other buckets"):
        Wording.from_arrays(arrays | {"weights": np.zeros(9, np.int8)}, BUCKETS, 2)
    with pytest.raises(ValueError, match="other buckets"):
        Wording.from_arrays(arrays | {"weights": np.zeros(BUCKETS)}, BUCKETS, 2)
