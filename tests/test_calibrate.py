from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.isotonic import IsotonicRegression

from detector.calibrate import BINS, Calibration, calibration, pool_adjacent_violators

SCORES = arrays(np.float64, st.integers(1, 200), elements=st.floats(0, 1, allow_subnormal=False))


@given(SCORES, st.integers(0, 999))
def test_a_map_never_reorders_or_ties_scores(scores: np.ndarray, seed: int) -> None:
    """The map rises strictly from knot to knot, from 0 to 1, and stays inside (0, 1)."""
    positive = np.random.default_rng(seed).random(len(scores)) < scores
    fitted = calibration(scores, positive)

    assert fitted.raw[0] == 0
    assert fitted.raw[-1] == 1
    assert (np.diff(fitted.raw) > 0).all()
    assert (np.diff(fitted.probability) > 0).all()
    assert fitted.probability[0] > 0
    assert fitted.probability[-1] < 1


def test_a_map_corrects_scores_that_are_too_sure() -> None:
    """Scores squared away from the truth come back to it within .03."""
    random = np.random.default_rng(0)
    truth = random.random(40_000)
    positive = random.random(40_000) < truth
    fitted = calibration(truth**2, positive)

    assert fitted(np.array([0.04, 0.25, 0.81])) == pytest.approx([0.2, 0.5, 0.9], abs=0.03)


def test_weights_count_as_repetition() -> None:
    """A row of weight 3 moves the map like three rows."""
    scores = np.array([0.1, 0.4, 0.6, 0.9])
    positive = np.array([False, True, False, True])
    weights = np.array([1, 3, 2, 1])
    weighted = calibration(scores, positive, weights)
    repeated = calibration(np.repeat(scores, weights), np.repeat(positive, weights))

    assert weighted.raw == pytest.approx(repeated.raw)
    assert weighted.probability == pytest.approx(repeated.probability)


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(1, 5)), min_size=1, max_size=BINS))
def test_pooling_is_isotonic_regression(rates: list[tuple[float, int]]) -> None:
    """The pooled blocks give every bin the value that scikit-learn's isotonic fit gives it."""
    blocks = [(float(i), rate, float(weight)) for i, (rate, weight) in enumerate(rates)]
    pooled = pool_adjacent_violators(blocks)
    found = np.repeat([rate for _, rate, _ in pooled], [round(weight) for *_, weight in pooled])
    values, weights = (np.array(column) for column in zip(*rates, strict=True))
    expected = (
        IsotonicRegression()
        .fit(np.arange(len(rates)), values, weights)
        .predict(np.arange(len(rates)))
    )

    assert found == pytest.approx(np.repeat(expected, weights), abs=1e-6)


@pytest.mark.parametrize("answer", [True, False])
def test_one_sided_data_never_prove_certainty(answer: bool) -> None:
    """A map fitted on one class alone says neither 0 nor 1."""
    fitted = calibration(np.linspace(0, 1, 50), np.full(50, answer))

    assert 0 < fitted(0.0) < fitted(1.0) < 1


def test_the_shape_of_the_scores_is_kept() -> None:
    """A matrix of scores gives a matrix of probabilities."""
    plain = Calibration((0.0, 1.0), (0.25, 0.75))

    assert plain(np.array([[0.0, 0.5], [1.0, 0.2]])) == pytest.approx(
        np.array([[0.25, 0.5], [0.75, 0.35]])
    )
