"""The registry: what is declared is what is measured, in one order, under one id."""

from __future__ import annotations

from dataclasses import replace
from math import inf, isnan

import numpy as np
import pytest

from detector.align import align
from detector.features import (
    ARTICLE_FEATURES,
    FEATURES,
    PAIR_FAMILIES,
    measure,
    measure_alone,
    on_each_side,
    set_id,
)
from detector.features.comparison import Comparison, compare
from detector.features.profile import profile
from detector.features.registry import Feature, feature, feature_set_id, gap
from detector.lexicon import lexicon
from detector.records import Article, Pair
from detector.segment import segment

SOURCE = (
    "The ferry to Saint Brannoc was late again on Friday, its owners said. A storm had closed the "
    "harbour for two days. “Nobody likes it less than we do,” said Mara Quill, who runs the line."
)
SUSPECT = (
    "The boat to Saint Brannoc was again delayed on Friday, its proprietors stated. A tempest had "
    "shut the port for two days. “Nobody likes it less than we do,” remarked Mara Quill."
)


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    """Compare a spun article with its source."""
    suspect, source = (segment(Article(id=t[:9], text=t)) for t in (SUSPECT, SOURCE))
    return compare(align(Pair(suspect, source)), profile(suspect), profile(source))


def test_names_are_unique() -> None:
    """No two columns share a name."""
    names = [f.name for f in FEATURES]

    assert len(set(names)) == len(names)


@pytest.mark.parametrize("declared", FEATURES, ids=lambda f: f.name)
def test_feature_declares_what_a_reader_needs(declared: Feature[Comparison]) -> None:
    """Each feature says in one sentence what it is, its unit, range, source and version."""
    assert declared.doc.endswith(".")
    assert declared.unit
    assert declared.source
    assert declared.low < declared.high
    assert declared.version >= 1


def test_article_features_become_three_columns_each() -> None:
    """Columns are the suspect's, the source's, the gaps, then what only a pair has."""
    names = [f.name for f in FEATURES]
    alone = [f.name for f in ARTICLE_FEATURES]
    sides = [f"{side}_{name}" for side in ("suspect", "source", "gap") for name in alone]

    assert names == sides + [f.name for f in PAIR_FAMILIES]


def test_row_holds_each_feature_in_its_column(comparison: Comparison) -> None:
    """Measuring all at once gives what each feature gives by itself."""
    expected = np.array([f(comparison) for f in FEATURES], dtype=np.float32)
    row = measure(comparison)

    assert row.dtype == np.float32
    np.testing.assert_array_equal(row, expected)


def test_row_of_one_article_is_its_part_of_the_pair(comparison: Comparison) -> None:
    """The suspect alone has the values that it has in the pair."""
    alone = measure_alone(comparison.suspect)

    assert alone.dtype == np.float32
    np.testing.assert_array_equal(alone, measure(comparison)[: len(ARTICLE_FEATURES)])


def test_row_is_the_caller_s_own(comparison: Comparison) -> None:
    """Changing a row that was handed out changes no later one."""
    first = measure_alone(comparison.suspect)
    first[:] = -1

    assert not (measure_alone(comparison.suspect) == -1).all()


def test_gap_has_the_difference_and_its_range(comparison: Comparison) -> None:
    """A gap is suspect - source, and its range follows from the feature's own."""
    for measured in ARTICLE_FEATURES:
        suspect, source, difference = on_each_side(measured)
        value = difference(comparison)

        assert isnan(value) or value == suspect(comparison) - source(comparison)
        assert (suspect.low, suspect.high) == (measured.low, measured.high)
        assert (difference.low, difference.high) == gap(measured)


def test_gap_of_an_open_range_is_open() -> None:
    """Where a feature has no ceiling its gap has none."""

    @feature(unit="points", low=0, source="test")
    def points(record: str) -> float:
        """Count the letters."""
        return float(len(record))

    assert points("abc") == 3
    assert gap(points) == (-inf, inf)
    assert gap(replace(points, high=10.0)) == (-10, 10)


def test_set_id_changes_with_what_is_computed() -> None:
    """A feature's new version, another order or other word lists make another set."""
    newer = (replace(FEATURES[0], version=FEATURES[0].version + 1), *FEATURES[1:])
    ids = {
        feature_set_id(FEATURES, lexicon().id),
        feature_set_id(FEATURES, "other"),
        feature_set_id(FEATURES[::-1], lexicon().id),
        feature_set_id(newer, lexicon().id),
    }

    assert set_id() in ids
    assert len(ids) == 4
