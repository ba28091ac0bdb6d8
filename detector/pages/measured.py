"""Readability and style of both texts, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from detector.features import ARTICLE_FEATURES, measure_alone
from detector.features.comparison import Comparison

FAMILY_WORDS = {
    "readability": "Readability, by textstat's formulas",
    "rhythm": "Rhythm: sentences and punctuation",
    "stylometry": "Style: words and constructions",
    "lexical": "Variety of words",
}


@dataclass(frozen=True, slots=True)
class Measured:
    """One measurement of both texts."""

    name: str
    unit: str
    explained: str
    suspect: float
    source: float

    @property
    def gap(self) -> float:
        """Suspect - source."""
        return self.suspect - self.source


def measured(comparison: Comparison) -> list[tuple[str, list[Measured]]]:
    """Measure both texts, by family, readability first."""
    suspect, source = measure_alone(comparison.suspect), measure_alone(comparison.source)
    taken = _taken(suspect, source)
    families = [feature.family for feature in ARTICLE_FEATURES]
    grouped = groupby(zip(families, taken, strict=True), key=lambda pair: pair[0])
    return [
        (FAMILY_WORDS.get(family, family), [measurement for _, measurement in group])
        for family, group in grouped
    ]


def _taken(suspect: NDArray[np.float32], source: NDArray[np.float32]) -> Sequence[Measured]:
    return [
        Measured(
            feature.name.replace("_", " "),
            feature.unit,
            feature.doc.split("\n")[0],
            float(ours),
            float(theirs),
        )
        for feature, ours, theirs in zip(ARTICLE_FEATURES, suspect, source, strict=True)
    ]
