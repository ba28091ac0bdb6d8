"""Promises of `detector.mixture`: shares behind what was told, and how sure they are."""

from __future__ import annotations

from math import isnan, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector import mixture
from detector.errors import DetectorError
from detector.mixture import ErrorRates, Mixture, error_rates, rates_of
from detector.records import RELATIONS, Relation

MACHINE = "automated_rewrite"
COLUMNS = len(RELATIONS) + 1
COUNTS = st.lists(st.integers(0, 60), min_size=COLUMNS, max_size=COLUMNS).map(tuple)


def perfect(correlation: float = 0.0) -> ErrorRates:
    """Give the rates of a classifier that never errs."""
    told = np.full((len(RELATIONS), COLUMNS), 1e-9)
    np.fill_diagonal(told, 1.0)
    return ErrorRates(tuple(map(tuple, told.tolist())), correlation)


def blunt() -> ErrorRates:
    """Give rates with a fifth of all relations told wrongly, most of that as cannot_tell."""
    told = np.full((len(RELATIONS), COLUMNS), 0.02)
    np.fill_diagonal(told, 0.8)
    told[:, -1] = 0.1
    return ErrorRates(tuple(map(tuple, told.tolist())))


def counts(**told: int) -> tuple[int, ...]:
    """Count by relation; what is not named is nought."""
    return (*(told.get(relation, 0) for relation in RELATIONS), told.get("untold", 0))


@settings(max_examples=25)
@given(COUNTS)
def test_shares_are_shares(told: tuple[int, ...]) -> None:
    """Estimates lie within their intervals, those within 0 to 1, and the estimates sum to 1."""
    mix = Mixture(told, blunt())
    shares = [mix.share(relation) for relation in RELATIONS]

    if sum(told) < mixture.FEWEST_ARTICLES:
        assert all(isnan(s.estimate) for s in shares)
    else:
        assert all(0 <= s.low <= s.estimate <= s.high <= 1 + 1e-9 for s in shares)
        assert sum(s.estimate for s in shares) == pytest.approx(1, abs=1e-6)


def test_without_error_the_share_is_the_share_counted() -> None:
    """A classifier that never errs is taken at its word."""
    mix = Mixture(counts(unrelated=30, copy=10), perfect())

    assert mix.estimate(["copy"]) == pytest.approx(0.25, abs=1e-4)


def test_known_errors_are_taken_out() -> None:
    """What the classifier says wrongly of honest articles is not held against a site."""
    mix = Mixture(counts(unrelated=96, automated_rewrite=2, untold=12), blunt())

    assert mix.estimate([MACHINE]) == pytest.approx(0, abs=0.01)
    assert mix.interval(MACHINE)[0] == 0


def test_the_interval_without_error_is_the_likelihood_interval() -> None:
    """For a classifier that never errs, the ends are those of the binomial likelihood."""
    low, high = Mixture(counts(unrelated=30, automated_rewrite=10), perfect()).interval(MACHINE)

    def lost(share: float) -> float:
        return 2 * (10 * log(0.25 / share) + 30 * log(0.75 / (1 - share)))

    grid = [k / 1000 for k in range(1, 1000) if lost(k / 1000) <= 3.8415]
    assert low == pytest.approx(grid[0], abs=0.011)
    assert high == pytest.approx(grid[-1], abs=0.011)


def test_more_articles_say_more() -> None:
    """The interval narrows with the number of articles, but no further than alike errors allow."""
    widths = [
        np.diff(Mixture(counts(copy=n, unrelated=n), blunt()).interval("copy"))[0]
        for n in (10, 50, 250, 1250)
    ]

    assert widths == sorted(widths, reverse=True)
    assert widths[-1] > 0.1


@pytest.mark.parametrize("relation", RELATIONS)
def test_a_few_errors_are_not_beyond_error(relation: Relation) -> None:
    """One odd verdict in twenty is explained by error; twenty in twenty are not."""
    other = next(r for r in RELATIONS if r != relation)

    assert not Mixture(counts(**{other: 19, relation: 1}), blunt()).beyond_error(relation)
    assert Mixture(counts(**{relation: 20}), blunt()).beyond_error(relation)


def test_rates_come_from_the_evaluation() -> None:
    """Counts of the evaluation become rates, with half a pair added to each cell."""
    table = (np.eye(len(RELATIONS), COLUMNS) * 96.5).tolist()
    rates = error_rates({"leave_one_corpus_out": {"relation": {"counts": table}}})

    assert rates == rates_of(np.array(table))
    assert rates.told[0][0] == pytest.approx(0.97)
    assert all(sum(row) == pytest.approx(1) for row in rates.told)


def test_an_evaluation_without_counts_is_refused() -> None:
    """Without error rates nothing is said of sites, and the message says how to get them."""
    with pytest.raises(DetectorError, match="no relation counts") as caught:
        error_rates({"in_corpus": {}})

    assert "training evaluate" in caught.value.hint
