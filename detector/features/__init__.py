"""Stage 7: what is measured of an article and of a pair, in an explicit, ordered registry.

``ARTICLE_FEATURES`` measure one `Profile`. ``FEATURES`` measure a `Comparison`; they are each
article feature of the suspect, of the source, and the gap between the two, followed by the
families that only a pair has. The order is the column order.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from detector.features.comparison import Comparison
from detector.features.editing import EDITING
from detector.features.lexical import LEXICAL
from detector.features.ordering import ORDERING
from detector.features.overlap import OVERLAP
from detector.features.profile import Profile
from detector.features.quotations import QUOTATIONS
from detector.features.readability import READABILITY
from detector.features.registry import Feature, feature_set_id, gap
from detector.features.rhythm import RHYTHM
from detector.features.stylometry import STYLOMETRY
from detector.features.substitution import SUBSTITUTION
from detector.lexicon import lexicon

if TYPE_CHECKING:
    from collections.abc import Callable

Row: TypeAlias = NDArray[np.float32]

ARTICLE_FEATURES: tuple[Feature[Profile], ...] = (
    *READABILITY,
    *RHYTHM,
    *STYLOMETRY,
    *LEXICAL,
)
PAIR_FAMILIES: tuple[Feature[Comparison], ...] = (
    *OVERLAP,
    *SUBSTITUTION,
    *EDITING,
    *ORDERING,
    *QUOTATIONS,
)


def on_each_side(measured: Feature[Profile]) -> tuple[Feature[Comparison], ...]:
    """Turn a feature of an article into three of a pair: suspect, source, suspect - source."""
    return (
        _derived(measured, "suspect", lambda c: measured(c.suspect)),
        _derived(measured, "source", lambda c: measured(c.source)),
        _derived(measured, "gap", lambda c: measured(c.suspect) - measured(c.source)),
    )


def _derived(
    measured: Feature[Profile], side: str, measure: Callable[[Comparison], float]
) -> Feature[Comparison]:
    low, high = gap(measured) if side == "gap" else (measured.low, measured.high)
    frame = {"suspect": "Of the suspect", "source": "Of the source", "gap": "Suspect - source"}
    return Feature(
        name=f"{side}_{measured.name}",
        unit=measured.unit,
        low=low,
        high=high,
        source=measured.source,
        version=measured.version,
        family=measured.family,
        doc=f"{frame[side]}: {measured.doc}",
        measure=measure,
    )


_SIDES = tuple(map(on_each_side, ARTICLE_FEATURES))
FEATURES: tuple[Feature[Comparison], ...] = (
    *(suspect for suspect, _, _ in _SIDES),
    *(source for _, source, _ in _SIDES),
    *(gap_ for _, _, gap_ in _SIDES),
    *PAIR_FAMILIES,
)


def measure(comparison: Comparison) -> Row:
    """Take all measurements of a pair.

    Returns
    -------
    ndarray of float32, shape (len(FEATURES),)
        In the order of ``FEATURES``; nan where something cannot be measured.
    """
    suspect, source = _article_row(comparison.suspect), _article_row(comparison.source)
    pair = np.array([f(comparison) for f in PAIR_FAMILIES], dtype=np.float64)
    return np.concatenate([suspect, source, suspect - source, pair]).astype(np.float32)


def measure_gaps(suspect: Profile, source: Profile) -> Row:
    """Take the differences between two articles alone, as `measure` does; nan for all else."""
    row = np.full(len(FEATURES), np.nan, dtype=np.float32)
    width = len(ARTICLE_FEATURES)
    row[2 * width : 3 * width] = _article_row(suspect) - _article_row(source)
    return row


def measure_alone(profile: Profile) -> Row:
    """Take all measurements of one article, shape (len(ARTICLE_FEATURES),), as `measure` does."""
    return _article_row(profile).astype(np.float32)


# An article is compared with several others in a row.
@lru_cache(maxsize=128)
def _article_row(profile: Profile) -> NDArray[np.float64]:
    row = np.array([f(profile) for f in ARTICLE_FEATURES], dtype=np.float64)
    row.flags.writeable = False
    return row


@lru_cache(maxsize=1)
def set_id() -> str:
    """Identify what `measure` and `measure_alone` compute, word lists included."""
    return feature_set_id(FEATURES, lexicon().id)


__all__ = [
    "ARTICLE_FEATURES",
    "FEATURES",
    "PAIR_FAMILIES",
    "measure",
    "measure_alone",
    "measure_gaps",
    "on_each_side",
    "set_id",
]
