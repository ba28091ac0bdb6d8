"""Fit what the step from source to suspect says: in style and in words.

A rewrite and its source make two rows, one each way round, so that nothing but the step is learnt:
not what either text is about, not how either of them is written.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from detector.shift import Direction, Shift
from training.recipe import Recipe, learning_weights
from training.table import Table
from training.wording import fit_step, sparse

Floats: TypeAlias = NDArray[np.float64]

TEACHING = "language_model"  # the family whose manner is learnt
# Fewer rewrites by it than this teach nothing of it; then all families' are learnt from.
_FEWEST = 100


def fit_direction(table: Table, recipe: Recipe) -> Shift:
    """Fit which of the two looks like the machine's, from every rewrite; both say as much."""
    return _fit(table.take(table.machine), table, 1.0, 1.0, recipe.seed)


def fit_shift(table: Table, recipe: Recipe) -> Shift:
    """Fit what is added to a score, from every rewrite by a language model."""
    taught = table.machine & (table["family"] == TEACHING)
    part = table.take(taught if taught.sum() >= _FEWEST else table.machine)
    return _fit(part, table, recipe.shift_style, recipe.shift_words, recipe.seed)


def _fit(part: Table, table: Table, style_weight: float, words_weight: float, seed: int) -> Shift:
    """Fit style and words from all of a part, for words need many rows.

    Each is given its weight by the standard deviation of what it says of the table's pairs.
    """
    suspects, sources = (sparse(of) for of in zip(*part.both_wordings, strict=True))
    words = fit_step((suspects - sources).tocsr(), learning_weights(part), seed)
    style = _fit_style(part)
    of_style = style(table.features).std()
    of_words = Shift(style, words).of_words(table.both_wordings).std()
    return Shift(
        replace(style, weights=style.weights * _weight(style_weight, of_style)),
        replace(words, step=words.step * _weight(words_weight, of_words)),
    )


def _weight(share: float, spread: float) -> float:
    """Weigh a part of the shift; one that says the same of every pair says nothing."""
    return share / spread if spread > 0 else 0.0


def _fit_style(rewrites: Table) -> Direction:
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    columns = np.flatnonzero([name.startswith("gap_") for name in rewrites.names])
    level = Direction(columns, _typical(rewrites.features[:, columns]), np.zeros(len(columns)))
    forth, weights = level.squeezed(rewrites.features), learning_weights(rewrites)
    line = LogisticRegression(fit_intercept=False, max_iter=300)
    line.fit(
        np.vstack([forth, -forth]),
        np.repeat([1, 0], len(rewrites)),
        sample_weight=np.concatenate([weights, weights]),
    )
    return replace(level, weights=line.coef_[0])


def _typical(differences: NDArray[np.float32]) -> Floats:
    """Median size of each difference that is not 0; 1 where there is none."""
    sizes = np.abs(differences, dtype=np.float64)
    measured = [column[np.isfinite(column) & (column > 0)] for column in sizes.T]
    return np.array([np.median(column) if len(column) else 1.0 for column in measured])
