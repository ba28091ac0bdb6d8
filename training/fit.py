"""Fit the shipped model and write its folder.

`fit_model` is the whole procedure: estimators, calibration on corpora that the estimators had not
seen, thresholds, familiarity. The evaluation calls it as it is for every split, so nothing that
the shipped model is given is ever chosen on what it is judged by.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from detector.calibrate import calibration
from detector.classify import (
    CLASSES,
    HONEST,
    MODEL_NAME,
    Ensemble,
    Familiarity,
    Model,
    Thresholds,
    blend,
)
from detector.errors import DetectorError
from detector.shift import BothWordings
from training import plain
from training.metrics import threshold_at
from training.model_files import save
from training.recipe import RECIPE, Recipe, boosted, capped, learning_weights
from training.shift import fit_direction, fit_shift
from training.splits import class_balance, clear, folds, held_out
from training.style import fit_style
from training.table import PEOPLES_WORK, Table, read_table

Floats: TypeAlias = NDArray[np.float64]
Matrix: TypeAlias = NDArray[np.float32]


# ---------------------------------------------------------------- columns


def pair_columns(table: Table) -> NDArray[np.int64]:
    """Choose what the pair model sees: measurements of the pair, and differences.

    The absolute style of either text names its corpus, and is left out.
    """
    absolute = {f"{side}_{name}" for side in ("suspect", "source") for name in table.alone_names}
    return np.array([i for i, name in enumerate(table.names) if name not in absolute])


# ---------------------------------------------------------------- estimators


def fit_pair(table: Table, recipe: Recipe) -> Ensemble:
    """Fit the estimators that tell CLASSES apart."""
    from sklearn.ensemble import ExtraTreesClassifier  # noqa: PLC0415

    columns = pair_columns(table)
    part = table.take(capped(table, recipe.cap))
    trees = ExtraTreesClassifier(
        n_estimators=recipe.trees,
        min_samples_leaf=recipe.leaf,
        max_features=recipe.features_per_split,
        random_state=recipe.seed,
        n_jobs=1,
    )
    matrix = np.ascontiguousarray(part.features[:, columns])
    trees.fit(matrix, part.classes, sample_weight=learning_weights(part))
    return Ensemble(columns, (plain.forest(trees),))


def fit_boosted(table: Table, recipe: Recipe) -> Ensemble:
    """Fit boosted trees on what the others see: machine, or not."""
    columns = pair_columns(table)
    part = table.take(capped(table, recipe.cap))
    return boosted(part.features, columns, part.machine, learning_weights(part), recipe)


# ---------------------------------------------------------------- the procedure


@dataclass(frozen=True)
class Unseen:
    """Raw scores of training pairs, each by estimators that knew nothing of its corpus."""

    pair: Floats  # shape (n, len(CLASSES))
    part: Floats  # shape (n,), machine or not, of the rewritten part; nan where none
    distance: Floats  # shape (n,), from landmarks of other corpora

    @property
    def machine(self) -> Floats:
        """Machine or not, of the whole suspect; shape (n,)."""
        total: Floats = self.pair[:, HONEST:].sum(axis=1)
        return total


def unseen_scores(table: Table, recipe: Recipe) -> Unseen:
    """Score every row by a model of the other folds of corpora."""
    fold = folds(table, recipe.folds)
    pair = np.full((len(table), len(CLASSES)), np.nan)
    part, distance = (np.full(len(table), np.nan) for _ in range(2))
    for number in np.unique(fold):
        test = fold == number
        seen, judged = table.take(clear(table, ~test, test)), table.take(test)
        ask = _estimators(seen, recipe)
        pair[test] = ask(judged.features, judged.both_wordings)
        cut = judged.take(judged.has_part)
        of_parts = ask(cut.parts, cut.part_wordings)
        part[np.flatnonzero(test)[judged.has_part]] = of_parts[:, HONEST:].sum(axis=1)
        distance[test] = landmarks(seen, recipe).distance(judged.features)
    return Unseen(pair, part, distance)


def _estimators(seen: Table, recipe: Recipe) -> Callable[[Matrix, Sequence[BothWordings]], Floats]:
    """Fit the estimators of pairs, and give what blends their answers."""
    learnt = seen.with_parts()
    trees, boosted = fit_pair(learnt, recipe), fit_boosted(learnt, recipe)
    shift = fit_shift(seen, recipe)

    def ask(matrix: Matrix, wordings: Sequence[BothWordings]) -> Floats:
        shares = trees.probabilities(matrix, len(CLASSES))
        machine = boosted.probabilities(matrix, 2)[:, 1]
        return blend(shares, machine, shift(matrix, wordings))

    return ask


def landmarks(table: Table, recipe: Recipe) -> Familiarity:
    """Choose the training pairs that familiarity is measured from."""
    columns = pair_columns(table)
    values = table.features[:, columns]
    with np.errstate(all="ignore"):
        low, center, high = np.nan_to_num(_quartiles(values))
    scale = np.where(high > low, high - low, 1.0)
    random = np.random.default_rng(recipe.seed)
    chance = class_balance(table)
    size = min(recipe.landmarks, len(table))
    chosen = random.choice(len(table), size, replace=False, p=chance / chance.sum())
    empty = np.empty((0, len(columns)), dtype=np.float32)
    bare = Familiarity(columns, center, scale, empty, np.empty(0))
    return replace(bare, landmarks=bare.scaled(table.features[np.sort(chosen)]))


def _quartiles(values: NDArray[np.float32]) -> Floats:
    """Quartiles of each column over what could be measured; 0 where nothing could."""
    measured = np.where(np.isfinite(values).any(axis=0), values, 0.0)
    quartiles: Floats = np.nanquantile(measured, [0.25, 0.5, 0.75], axis=0)
    return quartiles


def thresholds(
    table: Table, score: Floats, part: Floats, alone: float, recipe: Recipe
) -> Thresholds:
    """Choose where to accuse, on calibrated scores by models that had not seen the corpus.

    Parameters
    ----------
    score, part : of the whole suspect, its rewritten part (nan where none)
    alone : threshold of the suspect's style, as it was chosen
    """
    flag = _flag_threshold(table, score, recipe)
    return Thresholds(
        flag=flag,
        part=_part_threshold(table, np.where(score < flag, part, np.nan), flag, recipe),
        unfamiliar=recipe.unfamiliar,
        alone=alone,
    )


def _part_threshold(table: Table, part: Floats, flag: float, recipe: Recipe) -> float:
    """Let few of the corpora's own honest pairs be accused for a part alone."""
    own = ~table["crossed"].astype(bool) & ~table.machine
    return max(flag, threshold_at(np.nan_to_num(part[own]), recipe.accused_for_a_part))


# A corpus with fewer pairs of people's own writing has no hundredths to speak of.
_FEWEST_OF_A_CORPUS = 100


def _flag_threshold(table: Table, score: Floats, recipe: Recipe) -> float:
    """Take the strictest of the limits: on what people wrote, on each corpus of it, on polish.

    The honest pairs that were made from the corpora's originals are many and easy; what decides
    whom a new site accuses is how people rewrite there: docs/decisions/0051-own-pairs.md.
    """
    honest = ~table["crossed"].astype(bool) & ~table.machine
    polished = honest & table.lightly_polished
    limits = [
        threshold_at(score[honest & ~polished], recipe.accused_of_people),
        threshold_at(score[polished], recipe.accused_of_polish),
    ]
    for corpus, relation in product(sorted(set(table["corpus"])), PEOPLES_WORK):
        rows = honest & (table["corpus"] == corpus) & (table["relation"] == relation)
        if rows.sum() >= _FEWEST_OF_A_CORPUS:
            limits.append(threshold_at(score[rows], recipe.accused_of_a_corpus))
    return float(np.nanmax(limits))


def fit_model(table: Table, recipe: Recipe = RECIPE) -> Model:
    """Fit everything that a model consists of.

    Parameters
    ----------
    table : the rows that may be learnt from, and no others
    """
    # Only libraries that are loaded are limited.
    import sklearn.ensemble  # noqa: F401, PLC0415

    # Sums over several threads end in other last digits: one gives the same model everywhere.
    with threadpool_limits(1):
        return _fitted_model(table, recipe)


def _fitted_model(table: Table, recipe: Recipe) -> Model:
    unseen = unseen_scores(table, recipe)
    weights, learnt = class_balance(table), table.with_parts()
    pair = calibration(unseen.machine, table.machine, weights)
    style = fit_style(table, recipe)
    familiarity = replace(landmarks(table, recipe), distances=_thinned(unseen.distance))
    return Model(
        id=MODEL_NAME,
        thresholds=thresholds(
            table, pair(unseen.machine), pair(unseen.part), style.threshold, recipe
        ),
        calibration=pair,
        calibration_alone=style.calibration,
        pair=fit_pair(learnt, recipe),
        boosted=fit_boosted(learnt, recipe),
        shift=fit_shift(table, recipe),
        alone=style.alone,
        wording=style.wording,
        familiarity=familiarity,
        direction=fit_direction(table, recipe),
        manifest={"feature_set": table.feature_set, "seed": recipe.seed},
    )


def _thinned(values: Floats) -> Floats:
    """Let a thousand quantiles stand for all values."""
    return np.quantile(values, np.linspace(0, 1, 1001))


# ---------------------------------------------------------------- the shipped model


def fit(table_path: Path, folder: Path, *, recipe: Recipe = RECIPE) -> Model:
    """Fit the shipped model on all groups that are not held out, and write its folder.

    Raises
    ------
    DetectorError
        Where the table is of another feature set than this code computes.
    """
    from detector.features import set_id  # noqa: PLC0415

    table = read_table(table_path)
    if table.feature_set != set_id():
        raise DetectorError(
            f"{table_path} is of feature set {table.feature_set}, this code computes {set_id()}",
            hint="measure the pairs again: python -m training table",
        )
    seen = table.take(~held_out(table))
    model = fit_model(seen, recipe)
    save(model, folder, seen, recipe)
    return model
