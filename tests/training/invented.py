"""A small invented feature table of the real shape, for the tests of fitting and evaluating.

Real column names, made-up numbers: ``degree`` tells machine from hand in every corpus, the first
article features betray the corpus and nothing else.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from detector.classify import CLASSES, HONEST
from detector.features import ARTICLE_FEATURES, FEATURES, set_id
from training.recipe import Recipe
from training.table import Table

NAMES = tuple(feature.name for feature in FEATURES)
ALONE_NAMES = tuple(feature.name for feature in ARTICLE_FEATURES)
CORPORA = ("harbour", "meadow", "orchard", "quarry", "summit")
TOOLS = {"synonym_spinner": "thesaurus", "round_trip_translation": "pivot", "language_model": "lm"}

# Enough to learn from, little enough to fit in a second.
TINY = Recipe(
    trees=12, leaf=2, rounds=12, leaf_boosted=5, bins=3, cap=1000, folds=2, landmarks=50, seed=3
)


def invented(rows: int = 400, *, seed: int = 0, copies: int = 2) -> Table:
    """Make a table of pairs, `copies` of them on each original."""
    random = np.random.default_rng(seed)
    group = np.arange(rows) // copies
    corpus = np.array([CORPORA[g % len(CORPORA)] for g in group], dtype=object)
    kind = random.integers(0, len(CLASSES), rows)
    features = random.normal(size=(rows, len(NAMES))).astype(np.float32)
    features[:, NAMES.index("degree")] += 3 * (kind >= HONEST)
    features[:, NAMES.index("coverage")] += kind
    features[random.random(features.shape) < 0.02] = np.nan
    # Every third suspect has a part of its own, measured like the whole.
    parts = np.where(np.arange(rows)[:, None] % 3 == 0, features, np.nan).astype(np.float32)
    alone = random.normal(size=(rows, len(ALONE_NAMES))).astype(np.float32)
    alone[:, 0] += 1.5 * (kind >= HONEST)
    alone[:, 1] += 5 * np.array([CORPORA.index(name) for name in corpus])
    columns = _columns(kind, group, corpus)
    return Table(features, NAMES, parts, alone, ALONE_NAMES, columns, set_id())


def _columns(
    kind: NDArray[np.int64], group: NDArray[np.int64], corpus: NDArray[np.object_]
) -> dict[str, NDArray[np.generic]]:
    machine = kind >= HONEST
    names = np.array(CLASSES, dtype=object)[kind]
    rows = len(kind)
    random = np.random.default_rng(rows)
    return {
        "pair_id": np.array([f"pair {i:05}" for i in range(rows)], dtype=object),
        "corpus": corpus,
        "tool": np.array([TOOLS.get(name, "") for name in names], dtype=object),
        "family": np.where(machine, names, ""),
        "relation": np.where(machine, "automated_rewrite", names),
        "degree": np.where(machine, random.random(rows), np.nan),
        "strength": np.where((names == "copy") & (corpus == "summit"), "polish 5", "").astype(
            object
        ),
        "genre": np.where(corpus == "meadow", "other", "news").astype(object),
        "group": np.array([f"group {g}" for g in group], dtype=object),
        "crossed": group % 2 == 0,
        "coverage": random.random(rows),
        "measured_degree": random.random(rows),
        "suspect_words": random.integers(40, 600, rows).astype(np.float64),
        "source_words": random.integers(40, 600, rows).astype(np.float64),
        "numbers_told": random.integers(0, 9, rows).astype(np.float64),
        "numbers_known": random.integers(0, 9, rows).astype(np.float64),
        "wording": _wordings(machine, random),
        "source_wording": _wordings(np.zeros(rows, bool), random),
        "part_wording": _wordings(machine, random),
    }


def _wordings(machine: NDArray[np.bool_], random: np.random.Generator) -> NDArray[np.object_]:
    """Deal out 20 of 200 buckets each; a machine's are lower on the whole."""
    found = np.empty(len(machine), dtype=object)
    for i, made in enumerate(machine.tolist()):
        row = random.choice(150, 20, replace=False) + (0 if made else 50)
        found[i] = np.sort(row).astype(np.uint32)
    return found


def with_features(table: Table, **columns: NDArray[np.generic]) -> Table:
    """Replace feature columns by name, of suspects and of their parts."""
    features, parts = table.features.copy(), table.parts.copy()
    for name, values in columns.items():
        features[:, NAMES.index(name)] = values
        parts[table.has_part, NAMES.index(name)] = values[table.has_part]
    return replace(table, features=features, parts=parts)


def with_columns(table: Table, **columns: NDArray[np.generic]) -> Table:
    """Replace columns of the pairs by name."""
    return replace(table, columns={**table.columns, **columns})
