"""Fit what judges a suspect by its style alone: measurements, words, and where it is told.

A procedure of its own, so that it can be refitted beside a pair model that stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from detector.calibrate import Calibration, calibration
from detector.classify import Ensemble, blend_alone
from detector.estimators import Wording
from training.metrics import threshold_at
from training.recipe import Recipe, boosted, capped, even, learning_weights
from training.splits import class_balance, clear, folds
from training.table import Table
from training.wording import fit_wording

Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class Style:
    """All that a model holds of suspects alone."""

    alone: Ensemble
    wording: Wording
    calibration: Calibration
    threshold: float  # of the calibrated score


def fit_alone(table: Table, recipe: Recipe) -> Ensemble:
    """Fit the estimators that tell a machine's style from the suspect alone."""
    columns = np.arange(len(table.alone_names))
    part = table.take(capped(table, recipe.cap))
    return boosted(part.alone, columns, part.rewritten, learning_weights(part), recipe)


def fit_words(table: Table, recipe: Recipe) -> Wording:
    """Fit the weights of the suspects' words and couples, from every row: rare words need many."""
    weights = even(learning_weights(table), table.rewritten)
    return fit_wording(table.wordings, table.rewritten, weights, recipe.seed)


def unseen_alone(table: Table, recipe: Recipe) -> Floats:
    """Score every row by estimators of the other folds of corpora; shape (n,)."""
    fold = folds(table, recipe.folds)
    scores = np.full(len(table), np.nan)
    for number in np.unique(fold):
        test = fold == number
        seen, judged = table.take(clear(table, ~test, test)), table.take(test)
        style, words = fit_alone(seen, recipe), fit_words(seen, recipe)
        scores[test] = blend_alone(style, words, judged.alone, judged.wordings)
    return scores


def fit_style(table: Table, recipe: Recipe) -> Style:
    """Fit everything that a suspect is judged alone by.

    Both answers weigh alike in the calibration, as they do in learning: how many of the articles
    without a source are a machine's, nobody knows.
    """
    raw = unseen_alone(table, recipe)
    curve = calibration(raw, table.rewritten, even(class_balance(table), table.rewritten))
    return Style(
        alone=fit_alone(table, recipe),
        wording=fit_words(table, recipe),
        calibration=curve,
        threshold=threshold_at(curve(raw)[~table.rewritten], recipe.flagged_alone),
    )
