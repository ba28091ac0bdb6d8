"""What is chosen about a fit, and what all its parts share: rows, their weights, boosting."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from detector.classify import Ensemble
from training import plain
from training.splits import class_balance
from training.table import PART, Table

Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class Recipe:
    """Everything that is chosen about a fit; the evidence stands in docs/decisions."""

    trees: int = 80
    leaf: int = 6  # rows that a leaf holds at least
    features_per_split: float = 0.1
    rounds: int = 400  # of boosting
    rate: float = 0.06
    leaves: int = 16  # of a boosted tree
    leaf_boosted: int = 40
    bins: int = 63  # of a feature's values; 255 take twice the time and find no more
    ridge: float = 5.0
    cap: int = 200  # rows of one corpus, class and tool at most
    # What a standard deviation of each part of the shift adds to the log odds:
    # docs/decisions/0091-shift.md.
    shift_words: float = 0.6
    shift_style: float = 0.25
    folds: int = 7  # of whole corpora, for out-of-corpus scores: docs/decisions/0067-seven-folds.md
    landmarks: int = 2000
    # Allowed among the corpora's own honest pairs, unseen: docs/decisions/0068-parts-as-rows.md.
    accused_of_people: float = 0.005  # of all that people wrote
    accused_of_a_corpus: float = 0.03  # of any corpus of it
    accused_of_polish: float = 0.10  # of what a language model polished lightly
    # Allowed for their part alone: docs/decisions/0083-rewritten-part.md.
    accused_for_a_part: float = 0.001
    flagged_alone: float = 0.01  # of honest articles, by their style
    unfamiliar: float = 0.99  # share of out-of-corpus pairs that lie nearer
    seed: int = 1


RECIPE = Recipe()

# Rewriting by hand that was put together here from two human texts, not seen in the wild; it would
# outweigh the few corpora of the real thing. Evidence: docs/decisions/0017-weights.md.
IMITATED = {of + tool: 0.25 for of in ("", PART) for tool in ("desk_merge", "update")}


def learning_weights(table: Table) -> Floats:
    """Weigh rows for learning: classes alike, within a class by the root of each tool's rows."""
    return class_balance(table, groups=("corpus", "tool"), power=0.5, lighter=IMITATED)


def capped(table: Table, cap: int) -> NDArray[np.int64]:
    """Rows, at most `cap` of one corpus, class and tool, chosen by the hash of their pair id."""
    order = np.argsort([hashlib.sha256(i.encode()).digest() for i in table["pair_id"]])
    seen: Counter[tuple[Any, ...]] = Counter()
    kept = []
    for i in order.tolist():
        key = (table["corpus"][i], int(table.classes[i]), table["tool"][i])
        seen[key] += 1
        if seen[key] <= cap:
            kept.append(i)
    return np.array(sorted(kept), dtype=np.int64)


def even(weights: Floats, target: NDArray[np.bool_]) -> Floats:
    """Let both answers to a yes-or-no question weigh alike."""
    level: Floats = weights * np.where(target, weights[~target].sum() / weights[target].sum(), 1.0)
    return level


def boosted(
    matrix: NDArray[np.float32],
    columns: NDArray[np.int64],
    target: NDArray[np.bool_],
    weights: Floats,
    recipe: Recipe,
) -> Ensemble:
    """Boost trees towards a yes-or-no target, both answers weighing alike."""
    from sklearn.ensemble import HistGradientBoostingClassifier  # noqa: PLC0415

    trees = HistGradientBoostingClassifier(
        max_iter=recipe.rounds,
        learning_rate=recipe.rate,
        max_leaf_nodes=recipe.leaves,
        min_samples_leaf=recipe.leaf_boosted,
        l2_regularization=recipe.ridge,
        max_features=recipe.features_per_split,
        max_bins=recipe.bins,
        early_stopping=False,
        random_state=recipe.seed,
    )
    level = even(weights, target)
    trees.fit(matrix[:, columns], target.astype(np.int64), sample_weight=level)
    return Ensemble(columns, (plain.boosted(trees),))
