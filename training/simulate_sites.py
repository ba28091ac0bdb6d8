"""Simulate sites of known mixtures, judged by a classifier of known errors, and roll them up.

``python -m training.simulate_sites`` prints how often the label is right and the interval covers
the truth, with the error rates of the shipped model's evaluation.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.random import Generator

from detector.mixture import ErrorRates, error_rates
from detector.records import RELATIONS, Relation
from detector.rollup import TAKEN, SiteLabel, SiteVerdict, finding, judge_site

Range: TypeAlias = tuple[float, float]
Row: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """A kind of site: what it publishes, in which shares, and what is right to call it."""

    name: str
    label: SiteLabel
    honest: bool
    shares: Mapping[Relation, Range]  # the rest is "unrelated": its own subjects
    credit: Range = (0.0, 0.0)  # share of what it takes that names its source
    updates: Range = (0.0, 0.0)  # share that are rewrites of the site's own earlier articles


KINDS = (
    Kind(
        "own reporting",
        "original",
        True,
        {"independent": (0.05, 0.6), "excerpt": (0.0, 0.06), "human_rewrite": (0.0, 0.06)},
        credit=(0.5, 1.0),
    ),
    Kind(
        "own updates",
        "original",
        True,
        {"independent": (0.05, 0.3), "copy": (0.0, 0.06)},
        credit=(0.5, 1.0),
        updates=(0.2, 0.5),
    ),
    Kind(
        "licensed wire",
        "aggregator",
        True,
        {"copy": (0.5, 0.75), "excerpt": (0.1, 0.2)},
        credit=(0.75, 1.0),
    ),
    Kind(
        "copier",
        "copier",
        False,
        {"copy": (0.45, 0.7), "excerpt": (0.1, 0.2), "human_rewrite": (0.05, 0.1)},
        credit=(0.0, 0.1),
    ),
    Kind(
        "content farm",
        "content_farm",
        False,
        {"automated_rewrite": (0.6, 0.9), "copy": (0.0, 0.1)},
        credit=(0.0, 0.1),
    ),
)


@dataclass(frozen=True)
class Outcome:
    """A simulated site and what was said of it."""

    kind: Kind
    truth: tuple[float, ...]  # share of each relation among its articles, in order of RELATIONS
    verdict: SiteVerdict

    @property
    def right(self) -> bool:
        """Whether the label is the right one."""
        return self.verdict.label == self.kind.label

    @property
    def accused_honest(self) -> bool:
        """Whether an honest site was called a farm."""
        return self.kind.honest and self.verdict.label == "content_farm"

    @property
    def covered(self) -> list[bool]:
        """Whether the interval of each relation holds the truth."""
        pairs = zip(self.verdict.shares, self.truth, strict=True)
        return [s.low - 1e-9 <= t <= s.high + 1e-9 for s, t in pairs]


def simulate(
    rates: ErrorRates,
    seed: int,
    *,
    sites: int = 200,
    sizes: tuple[int, int] = (10, 500),
    correlation: float = 0.0,
) -> list[Outcome]:
    """Judge simulated sites, as many of each kind.

    Parameters
    ----------
    rates : the classifier's errors: those that it makes, and those that the roll-up reckons with
    sizes : fewest and most articles; in between evenly on the logarithm
    correlation : how alike the errors on one site's articles are; 0 draws each by itself
    """
    random = np.random.default_rng(seed)
    return [_site(KINDS[i % len(KINDS)], rates, sizes, correlation, random) for i in range(sites)]


def _site(
    kind: Kind, rates: ErrorRates, sizes: tuple[int, int], correlation: float, random: Generator
) -> Outcome:
    articles = round(float(np.exp(random.uniform(*np.log(sizes)))))
    errors = _errors_here(np.array(rates.told), correlation, random)
    credit, updates = random.uniform(*kind.credit), random.uniform(*kind.updates)
    true = random.choice(len(RELATIONS), size=articles, p=_mixture(kind, updates, random))
    update = (true == 0) & (random.random(articles) < updates / max(1e-9, (true == 0).mean()))
    rows = [
        _row(relation, own, errors, credit, random)
        for relation, own in zip(true.tolist(), update.tolist(), strict=True)
    ]
    findings = [finding(row) for row in rows]
    truth = np.bincount(true, minlength=len(RELATIONS)) / articles
    verdict = judge_site("site.example", findings, rates)
    return Outcome(kind, tuple(truth.tolist()), verdict)


def _mixture(kind: Kind, updates: float, random: Generator) -> np.ndarray[Any, Any]:
    """Draw a site's shares; its own subjects and updates are what is left."""
    shares = np.zeros(len(RELATIONS))
    for relation, bounds in kind.shares.items():
        shares[RELATIONS.index(relation)] = random.uniform(*bounds)
    room = 1 - updates
    shares *= min(1.0, room / max(shares.sum(), 1e-9))
    shares[0] = 1 - shares.sum()
    return shares


def _errors_here(
    told: np.ndarray[Any, Any], correlation: float, random: Generator
) -> np.ndarray[Any, Any]:
    """Draw the error rates that hold on one site, around those that hold on average."""
    if not correlation:
        return told
    weight = 1 / correlation - 1
    return np.array([random.dirichlet(np.maximum(row * weight, 1e-3)) for row in told])


def _row(
    relation: int, update: bool, errors: np.ndarray[Any, Any], credit: float, random: Generator
) -> Row:
    """Lay out one verdict as the batch stores it."""
    true = RELATIONS.index("human_rewrite") if update else relation
    column = int(random.choice(len(RELATIONS) + 1, p=errors[true]))
    told = RELATIONS[column] if column < len(RELATIONS) else None
    credited = RELATIONS[relation] in TAKEN and bool(random.random() < credit)
    return {
        "relation": told,
        "family": None,
        "cannot_tell": None if told else "uncertain",
        "suspect_site": "site.example",
        "source_site": "site.example" if update else "source.example",
        "origin_site": "source.example",
        "suspect_published": None,
        "source_published": None,
        "attributed": "yes" if credited else "no",
    }


# ---------------------------------------------------------------- figures


def summary(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Sum outcomes up: labels right, honest sites accused, intervals that hold the truth."""
    covered = [held for outcome in outcomes for held in outcome.covered]
    machine = [outcome.covered[-1] for outcome in outcomes]
    return {
        "sites": len(outcomes),
        "right": float(np.mean([o.right for o in outcomes])),
        "honest_called_farm": sum(o.accused_honest for o in outcomes),
        "covered": float(np.mean(covered)),
        "machine_covered": float(np.mean(machine)),
    }


SIZES = ((10, 19), (20, 20), (21, 49), (50, 50), (50, 500), (10, 500))


def figures(
    rates: ErrorRates, *, runs: int, correlation: float, sites: int = 200
) -> Iterator[dict[str, float]]:
    """Give the summary of each range of sizes over all runs."""
    for sizes in SIZES:
        found = [
            outcome
            for seed in range(runs)
            for outcome in simulate(rates, seed, sites=sites, sizes=sizes, correlation=correlation)
        ]
        yield {"fewest": sizes[0], "most": sizes[1], **summary(found)}


def main(evaluation: Path, runs: int = 5, sites: int = 200) -> None:
    """Print the figures, with independent and with correlated errors."""
    rates = error_rates(json.loads(evaluation.read_text(encoding="utf-8")))
    for correlation in (0.0, rates.correlation):
        for line in figures(rates, runs=runs, correlation=correlation, sites=sites):
            print(json.dumps({"correlation": correlation, **line}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
