"""Promises of `detector.rollup`: what is said of a site, and what is never said."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from math import isnan, nan
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector.mixture import FEWEST_ARTICLES, rates_of
from detector.records import FAMILIES, RELATIONS
from detector.rollup import SITE_LABELS, Finding, finding, judge_site, reuse
from detector.verdict import EITHER_FIRST, SUSPECT_FIRST
from training import simulate_sites
from training.simulate_sites import Outcome, simulate, summary

# Truth in rows, what was told in columns, `cannot_tell` last; in thousandths, the shape of the
# confusion that the model shows on corpora that it had not seen.
CONFUSION = np.array(
    [
        [985, 10, 1, 0, 0, 1, 3],
        [50, 880, 10, 5, 20, 10, 25],
        [10, 20, 850, 80, 20, 5, 15],
        [0, 10, 50, 880, 30, 10, 20],
        [0, 120, 20, 80, 450, 100, 230],
        [0, 40, 0, 20, 100, 620, 220],
    ],
    dtype=np.float64,
)
RATES = rates_of(CONFUSION)
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MACHINE = Finding("automated_rewrite", "language_model", NOON, "a.example", 2.0)
COPY = Finding("copy", None, NOON, "a.example", 1.0)
OWN = Finding("unrelated", None, NOON)
UNORDERED = Finding(None, published=NOON, ordered=False)
DOUBTED = Finding(None, published=NOON)

FINDINGS = st.builds(
    Finding,
    relation=st.sampled_from([*RELATIONS, None]),
    family=st.sampled_from([*FAMILIES, None]),
    published=st.one_of(st.none(), st.just(NOON), st.just(NOON + timedelta(hours=30))),
    source_site=st.sampled_from(["", "a.example", "b.example", "c.example"]),
    lag=st.sampled_from([nan, 0.5, 3.0, 70.0]),
    credited=st.booleans(),
    ordered=st.booleans(),
)


def row(**changes: object) -> dict[str, object]:
    """Give a row of verdicts.parquet, as far as the roll-up reads it."""
    return {
        "relation": "copy",
        "first": "source",
        "family": None,
        "cannot_tell": None,
        "suspect_site": "s.example",
        "source_site": "a.example",
        "origin_site": "a.example",
        "suspect_published": NOON + timedelta(minutes=90),
        "source_published": NOON,
        "attributed": "no",
        **changes,
    }


# ---------------------------------------------------------------- one article


def test_a_finding_knows_source_and_lag() -> None:
    """What was taken carries its source, its hours and its credit."""
    assert finding(row(attributed="yes")) == Finding(
        "copy", None, NOON + timedelta(minutes=90), "a.example", 1.5, True
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"relation": None, "cannot_tell": "no_source", "source_site": None},
        {"relation": "automated_rewrite", "source_site": "s.example"},
        {"relation": "copy", "origin_site": "s.example"},
    ],
)
def test_own_work_is_own_work(changes: dict[str, object]) -> None:
    """No source, and a rewrite of the site's own story, count as the site's own."""
    found = finding(row(**changes))

    assert found.relation == "unrelated"
    assert found.source_site == ""


@pytest.mark.parametrize("missing", ["suspect_published", "source_published"])
def test_a_lag_needs_both_times(missing: str) -> None:
    """Where a time is missing the lag is not measured."""
    assert isnan(finding(row(**{missing: None})).lag)


def test_an_independent_report_takes_nothing() -> None:
    """An independent report names no source that it took from."""
    assert finding(row(relation="independent", attributed="yes")).source_site == ""


def test_the_first_of_a_chain_is_the_one_taken_from() -> None:
    """A copy of a copy counts as taken from the origin, as long after the source as it came."""
    found = finding(row(origin_site="o.example"))

    assert (found.source_site, found.lag) == ("o.example", 1.5)


@pytest.mark.parametrize(
    ("changes", "taken", "ordered"),
    [
        ({}, "taken", True),
        ({"attributed": "yes"}, "credited", True),
        ({"first": "unknown"}, None, False),
        ({"first": "unknown", "relation": "human_rewrite"}, None, False),
        ({"first": "unknown", "relation": None, "cannot_tell": EITHER_FIRST}, None, False),
        ({"first": "unknown", "relation": "automated_rewrite"}, "taken", True),
        ({"first": "unknown", "relation": "independent"}, None, True),
        ({"first": "suspect"}, None, True),
        ({"first": "suspect", "relation": None, "cannot_tell": SUSPECT_FIRST}, None, True),
    ],
)
def test_only_what_was_there_later_was_taken(
    changes: dict[str, object], taken: str | None, ordered: bool
) -> None:
    """Of a pair one side was taken at most: the later one, or the one that a machine made."""
    found = finding(row(**changes))

    assert reuse(row(**changes)) == taken
    assert (found.source_site != "") == (taken is not None)
    assert found.ordered == ordered
    assert (found.relation is None) == (not ordered)
    assert (found.relation == "unrelated") == (changes.get("first") == "suspect")


@pytest.mark.parametrize("time", [NOON, NOON.replace(hour=0)])
def test_a_lag_needs_an_order(time: datetime) -> None:
    """Of two equal times, or of a day and a time of it, no hours are told."""
    assert isnan(finding(row(source_published=time, suspect_published=NOON)).lag)


# ---------------------------------------------------------------- one site


@pytest.mark.parametrize(
    ("found", "label", "reason"),
    [
        ([OWN] * 9, "cannot_tell", "fewer_than_10_articles"),
        ([MACHINE] * 9, "cannot_tell", "fewer_than_10_articles"),
        ([OWN] * 20, "original", "mostly_own_articles"),
        ([MACHINE] * 15 + [OWN] * 5, "content_farm", "machine_rewrites_uncredited"),
        (
            [replace(MACHINE, credited=True)] * 15 + [OWN] * 5,
            "cannot_tell",
            "machine_rewrites_credited",
        ),
        ([MACHINE] * 3 + [OWN] * 7, "cannot_tell", "machine_rewrites_within_error"),
        ([DOUBTED] * 50, "cannot_tell", "taken_in_doubt"),
        ([DOUBTED] * 30 + [MACHINE] * 6, "cannot_tell", "machine_rewrites_in_doubt"),
        ([COPY] * 15 + [OWN] * 5, "copier", "mostly_taken_uncredited"),
        (
            [replace(COPY, credited=True)] * 15 + [OWN] * 5,
            "aggregator",
            "mostly_taken_and_credited",
        ),
        ([UNORDERED] * 9, "cannot_tell", "fewer_than_10_articles"),
        ([UNORDERED] * 50, "cannot_tell", "order_unknown"),
        ([UNORDERED] * 40 + [OWN] * 20, "cannot_tell", "order_unknown"),
        ([UNORDERED] * 40 + [COPY] * 20, "cannot_tell", "order_unknown"),
        ([UNORDERED] * 85 + [MACHINE] * 15, "cannot_tell", "order_unknown"),
        ([UNORDERED] * 20 + [OWN] * 40, "original", "mostly_own_articles"),
        ([UNORDERED] * 20 + [MACHINE] * 40, "content_farm", "machine_rewrites_uncredited"),
        (
            [replace(COPY, credited=True)] * 6 + [COPY] * 8 + [OWN] * 6,
            "cannot_tell",
            "credited_now_and_then",
        ),
    ],
)
def test_the_rule(found: Sequence[Finding], label: str, reason: str) -> None:
    """Each clause of the rule gives its label and its reason."""
    verdict = judge_site("s.example", found, RATES)

    assert (verdict.label, verdict.reason) == (label, reason)


@settings(max_examples=20)
@given(st.lists(FINDINGS, max_size=40), st.randoms())
def test_the_order_of_articles_does_not_matter(found: list[Finding], random: object) -> None:
    """A site's verdict is the same in whatever order its articles come."""
    shuffled = list(found)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = (judge_site("s.example", order, RATES) for order in (found, shuffled))

    assert repr(one) == repr(other)  # nan is equal to nothing
    assert one.label in SITE_LABELS


@settings(max_examples=20)
@given(st.lists(FINDINGS, max_size=FEWEST_ARTICLES - 1))
def test_little_is_said_of_few_articles(found: list[Finding]) -> None:
    """Below the least number of articles there is no label and no share."""
    verdict = judge_site("s.example", found, RATES)

    assert verdict.label == "cannot_tell"
    assert all(isnan(share.estimate) for share in verdict.shares)


def test_what_has_no_order_may_be_of_any_kind() -> None:
    """Shares are of all articles, and their intervals hold what the unordered ones may be."""
    known = judge_site("s.example", [OWN] * 30, RATES).shares
    shares = judge_site("s.example", [OWN] * 30 + [UNORDERED] * 10, RATES).shares

    for share, before in zip(shares, known, strict=True):
        assert share.estimate == pytest.approx(0.75 * before.estimate)
        assert share.low == pytest.approx(0.75 * before.low)
        assert share.high == pytest.approx(0.75 * before.high + 0.25)


def test_sources_are_ranked_and_lags_sorted() -> None:
    """The site most taken from comes first; lags ascend, and what has none is left out."""
    other = Finding("automated_rewrite", "round_trip_translation", NOON, "b.example", 9.0, True)
    verdict = judge_site("s.example", [COPY, replace(COPY, lag=nan), MACHINE, other], RATES)

    assert [(s.site, s.articles, s.credited, s.by_machine) for s in verdict.sources] == [
        ("a.example", 3, 0, 1),
        ("b.example", 1, 1, 1),
    ]
    assert verdict.lags == (1.0, 2.0, 9.0)
    assert verdict.families == (("round_trip_translation", 1), ("language_model", 1))


def test_cadence_counts_days_and_hours() -> None:
    """Days run from the first article to the last, and hours are UTC."""
    times = [NOON, NOON, NOON + timedelta(days=3, hours=2)]
    cadence = judge_site("s.example", [replace(OWN, published=t) for t in times], RATES).cadence

    assert (cadence.dated, cadence.days, cadence.per_day, cadence.busiest) == (3, 4, 0.75, 2)
    assert (cadence.hours[12], cadence.hours[14], sum(cadence.hours)) == (2, 1, 3)


def test_a_site_without_times_has_no_cadence() -> None:
    """Where no time is known, nothing is said of how often the site publishes."""
    cadence = judge_site("s.example", [replace(OWN, published=None)], RATES).cadence

    assert cadence.dated == 0
    assert isnan(cadence.per_day)


# ---------------------------------------------------------------- simulation


@cache
def simulated(fewest: int, most: int, correlation: float) -> list[Outcome]:
    """Simulate 200 sites."""
    return simulate(RATES, 7, sizes=(fewest, most), correlation=correlation)


@pytest.mark.parametrize(
    ("fewest", "most", "right"), [(20, 20, 0.95), (50, 50, 0.99), (10, 500, 0.99)]
)
def test_labels_are_right(fewest: int, most: int, right: float) -> None:
    """Of 200 sites with known mixtures, 95 % are labelled rightly at 20 articles, 99 % from 50."""
    least = min(most, 50)
    large = [o for o in simulated(fewest, most, 0.0) if o.verdict.articles >= least]

    assert summary(large)["right"] >= right


@pytest.mark.parametrize("correlation", [0.0, RATES.correlation])
@pytest.mark.parametrize(("fewest", "most"), [(20, 20), (10, 500)])
def test_no_honest_site_is_called_a_farm(fewest: int, most: int, correlation: float) -> None:
    """Own reporting, own updates and licensed wire are never called a farm."""
    assert summary(simulated(fewest, most, correlation))["honest_called_farm"] == 0


@pytest.mark.parametrize("correlation", [0.0, RATES.correlation])
def test_intervals_hold_the_truth(correlation: float) -> None:
    """The intervals hold the true share at least as often as they claim."""
    figures = summary(simulated(10, 500, correlation))

    assert figures["covered"] >= 0.95
    assert figures["machine_covered"] >= 0.95


def test_a_worse_classifier_says_less_not_worse() -> None:
    """With a classifier that errs on one rewrite in two, farms escape and no honest site falls."""
    poor = CONFUSION.copy()
    poor[-1] = [0, 250, 0, 100, 200, 300, 150]
    poor[-2] = [0, 100, 20, 80, 300, 300, 200]
    outcomes = simulate(rates_of(poor), 3, sites=60, sizes=(20, 60))

    assert summary(outcomes)["honest_called_farm"] == 0
    assert summary(outcomes)["covered"] >= 0.95


def test_the_figures_are_printed_from_an_evaluation(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line of JSON is printed for each range of sizes, without and with alike errors."""
    path = tmp_path / "evaluation.json"
    told = {"leave_one_corpus_out": {"relation": {"counts": CONFUSION.tolist()}}}
    path.write_text(json.dumps(told))
    simulate_sites.main(path, runs=1, sites=5)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    assert len(lines) == 2 * len(simulate_sites.SIZES)
    assert {line["correlation"] for line in lines} == {0.0, RATES.correlation}
    assert all(line["honest_called_farm"] == 0 for line in lines)
