from __future__ import annotations

from math import isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import f1_score, roc_auc_score

from training import metrics


@st.composite
def judged(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Draw scores with ties and labels with both sides present."""
    size = draw(st.integers(2, 60))
    scores = draw(arrays(np.float64, size, elements=st.integers(0, 20).map(lambda i: i / 20)))
    positive = draw(arrays(bool, size))
    positive[:2] = True, False
    return scores, positive


@given(judged())
def test_auc_is_what_scikit_learn_computes(case: tuple[np.ndarray, np.ndarray]) -> None:
    """The AUC equals scikit-learn's, ties included."""
    scores, positive = case

    assert metrics.auc(scores, positive) == pytest.approx(roc_auc_score(positive, scores))


@given(judged(), st.floats(0, 0.99))
def test_a_threshold_keeps_its_false_positive_rate(
    case: tuple[np.ndarray, np.ndarray], rate: float
) -> None:
    """No more negatives than allowed pass the threshold, and the next lower one lets more pass."""
    scores, positive = case
    honest = scores[~positive]
    threshold = metrics.threshold_at(honest, rate)
    lower = honest[honest < threshold].max(initial=-1.0)

    assert (honest >= threshold).mean() <= rate + 1e-9
    assert lower == -1.0 or (honest >= lower).mean() > rate - 1e-9


@given(judged(), st.floats(0, 0.99))
def test_the_true_positive_rate_is_the_best_that_the_false_one_allows(
    case: tuple[np.ndarray, np.ndarray], rate: float
) -> None:
    """Trying every threshold finds nothing better."""
    scores, positive = case
    allowed = [
        (scores[positive] >= t).mean()
        for t in [*scores, 2.0]
        if (scores[~positive] >= t).mean() <= rate + 1e-9
    ]

    assert metrics.tpr_at(scores, positive, rate) == pytest.approx(max(allowed))


def test_ties_do_not_help_a_constant_model() -> None:
    """A constant score finds nothing at 1 % FPR and ranks like a coin."""
    scores, positive = np.full(100, 0.5), np.arange(100) < 50

    assert metrics.auc(scores, positive) == 0.5
    assert metrics.tpr_at(scores, positive, 0.01) == 0.0


def test_one_sided_data_have_no_figure() -> None:
    """Without positives or without negatives a figure is nan, never 0."""
    scores, positive = np.array([0.1, 0.9]), np.array([True, True])

    assert isnan(metrics.auc(scores, positive))
    assert isnan(metrics.tpr_at(scores, ~positive, 0.01))
    assert isnan(metrics.threshold_at(np.empty(0), 0.01))
    assert isnan(metrics.brier(np.empty(0), np.empty(0, dtype=bool)))
    assert isnan(metrics.expected_calibration_error(np.empty(0), np.empty(0, dtype=bool)))
    assert isnan(metrics.macro_f1(np.zeros((3, 3), dtype=np.int64)))


def test_calibration_error_of_an_honest_score_is_small() -> None:
    """Scores that are true probabilities have an ECE near 0, halved ones a large one."""
    random = np.random.default_rng(0)
    scores = random.random(20_000)
    positive = random.random(20_000) < scores

    assert metrics.expected_calibration_error(scores, positive) < 0.02
    assert metrics.expected_calibration_error(scores / 2, positive) > 0.2
    assert metrics.brier(scores, positive) < metrics.brier(scores / 2, positive)


@given(judged())
def test_reliability_bins_hold_every_row_once(case: tuple[np.ndarray, np.ndarray]) -> None:
    """The bins of a reliability curve share out all rows and rise from left to right."""
    curve = metrics.reliability(*case)

    assert sum(curve.count) == len(case[0])
    # Means of equal values differ in their last digits.
    assert (np.diff(curve.predicted) >= -1e-12).all()
    assert max(curve.count) - min(curve.count) <= 1


@given(arrays(np.int64, 50, elements=st.integers(0, 3)), st.integers(0, 99))
def test_macro_f1_is_what_scikit_learn_computes(truth: np.ndarray, seed: int) -> None:
    """Macro-F1 over the classes that occur equals scikit-learn's over those labels."""
    told = np.random.default_rng(seed).integers(0, 4, 50)
    expected = f1_score(truth, told, average="macro", labels=np.unique(truth), zero_division=0)

    assert metrics.macro_f1(metrics.confusion(truth, told, 4)) == pytest.approx(expected)


def test_rank_correlation_sees_order_only() -> None:
    """A rising map leaves rho at 1, a falling one makes it -1, a constant has none."""
    values = np.array([0.3, 0.1, 0.7, 0.5])

    assert metrics.rank_correlation(values, np.exp(values)) == pytest.approx(1)
    assert metrics.rank_correlation(values, -values) == pytest.approx(-1)
    assert isnan(metrics.rank_correlation(values, np.zeros(4)))
    assert isnan(metrics.rank_correlation(values[:1], values[:1]))


def test_rank_correlation_shares_ranks_between_ties() -> None:
    """Tied values have their mean rank, as scipy gives it."""
    from scipy.stats import spearmanr

    left, right = np.array([1.0, 1, 2, 3, 3]), np.array([2.0, 1, 1, 5, 4])

    assert metrics.rank_correlation(left, right) == pytest.approx(spearmanr(left, right)[0])


def test_an_interval_is_wider_where_rows_of_a_group_agree() -> None:
    """Rows that only repeat their group's answer do not narrow the interval."""
    random = np.random.default_rng(1)
    answers = np.repeat(random.random(40), 10)
    apart = np.arange(400).astype(object)
    together = np.repeat(np.arange(40), 10).astype(object)
    alone = metrics.interval(lambda rows: float(answers[rows].mean()), apart)
    grouped = metrics.interval(lambda rows: float(answers[rows].mean()), together)

    assert alone.value == grouped.value == pytest.approx(answers.mean())
    assert grouped.high - grouped.low > 2 * (alone.high - alone.low)
    assert grouped.low < grouped.value < grouped.high


def test_an_interval_of_nothing_is_nan() -> None:
    """No rows, no interval."""
    found = metrics.interval(lambda rows: float("nan"), np.empty(0, dtype=object))

    assert isnan(found.value)
    assert isnan(found.low)
    assert found.n == 0
