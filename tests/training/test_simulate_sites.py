"""What the labels of sites are worth with the errors of the shipped model itself.

The errors are those that its evaluation counted on corpora left out of its training. A refitted
model brings its own, so these promises are made anew for each.
"""

from __future__ import annotations

from functools import cache

import pytest

from detector.mixture import FEWEST_ARTICLES, LEVEL
from detector.pages.site_lines import shipped_error_rates
from training.simulate_sites import Outcome, simulate, summary

pytestmark = pytest.mark.slow

SITES = 200
SEED = 11
RATES = shipped_error_rates()
# Errors drawn each by itself, and errors that one site's articles share.
CORRELATIONS = (0.0, RATES.correlation)


@cache
def simulated(fewest: int, most: int, correlation: float) -> list[Outcome]:
    """Simulate sites of known mixtures, judged with the shipped model's errors."""
    return simulate(RATES, SEED, sites=SITES, sizes=(fewest, most), correlation=correlation)


@pytest.mark.parametrize("correlation", CORRELATIONS)
@pytest.mark.parametrize(("fewest", "most", "right"), [(20, 20, 0.95), (50, 500, 0.99)])
def test_labels_are_right(fewest: int, most: int, right: float, correlation: float) -> None:
    """Of 200 sites 95 % are labelled rightly at 20 articles, 99 % at 50 and more."""
    outcomes = simulated(fewest, most, correlation)

    assert len(outcomes) == SITES
    assert summary(outcomes)["right"] >= right


@pytest.mark.parametrize("correlation", CORRELATIONS)
@pytest.mark.parametrize(("fewest", "most"), [(20, 20), (50, 500), (FEWEST_ARTICLES, 500)])
def test_no_honest_site_is_called_a_farm(fewest: int, most: int, correlation: float) -> None:
    """Independent coverage, licensed wire and own updates make no farm, at any size."""
    outcomes = simulated(fewest, most, correlation)

    assert {o.kind.name for o in outcomes if o.kind.honest} == {
        "own reporting",
        "own updates",
        "licensed wire",
    }
    assert summary(outcomes)["honest_called_farm"] == 0


@pytest.mark.parametrize("correlation", CORRELATIONS)
def test_intervals_hold_the_truth(correlation: float) -> None:
    """Intervals hold the true share at least as often as they claim, of sites of 10 to 500."""
    figures = summary(simulated(FEWEST_ARTICLES, 500, correlation))

    assert figures["covered"] >= LEVEL
    assert figures["machine_covered"] >= LEVEL
