"""A fitted model as the files of its folder; the same model gives the same bytes."""

from __future__ import annotations

import hashlib
import json
import platform
from dataclasses import asdict
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import detector
from detector.calibrate import Calibration
from detector.classify import CLASSES, Familiarity, Model
from training import canonical
from training.table import Table

if TYPE_CHECKING:
    from training.fit import Recipe


def save(model: Model, folder: Path, table: Table, recipe: Recipe) -> None:
    """Write the model's files; the same model gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = ("pair", "linear", "boosted", "alone")
    estimators = {name: list(getattr(model, name).members) for name in parts}
    files = {
        "model.skops": canonical.skops_bytes(estimators),
        "familiarity.npz": _familiarity_bytes(model.familiarity),
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    text = json.dumps(manifest(model, table, recipe, digests), indent=1)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")


def _familiarity_bytes(familiarity: Familiarity) -> bytes:
    buffer = BytesIO()
    np.savez_compressed(
        buffer,
        columns=familiarity.columns,
        center=familiarity.center,
        scale=familiarity.scale,
        landmarks=familiarity.landmarks.astype(np.float16).astype(np.float32),
        distances=familiarity.distances,
    )
    return buffer.getvalue()


def manifest(model: Model, table: Table, recipe: Recipe, digests: dict[str, str]) -> dict[str, Any]:
    """Say what the model is and what it was made from."""
    from detector.lexicon import lexicon  # noqa: PLC0415

    return {
        "id": model.id,
        "feature_set": table.feature_set,
        "lexicon": lexicon().id,
        "versions": _versions(),
        "seed": recipe.seed,
        "recipe": asdict(recipe),
        "classes": list(CLASSES),
        "thresholds": asdict(model.thresholds),
        "calibration": {
            "pair": _map(model.calibration),
            "alone": _map(model.calibration_alone),
        },
        "columns": {
            "pair": model.pair.columns.tolist(),
            "alone": model.alone.columns.tolist(),
        },
        "direction": {k: v.tolist() for k, v in vars(model.direction).items()},
        "trained_on": _training_counts(table),
        "files": digests,
    }


def _map(chosen: Calibration) -> list[list[float]]:
    return [list(chosen.raw), list(chosen.probability)]


def _versions() -> dict[str, str]:
    libraries = {name: version(name) for name in ("numpy", "scikit-learn", "skops")}
    return {"unspun": detector.__version__, "python": platform.python_version(), **libraries}


def _training_counts(table: Table) -> dict[str, dict[str, int]]:
    """Pairs by corpus and class."""
    counts: dict[str, dict[str, int]] = {}
    for corpus, number in zip(table["corpus"].tolist(), table.classes.tolist(), strict=True):
        row = counts.setdefault(corpus, {})
        row[CLASSES[number]] = row.get(CLASSES[number], 0) + 1
    return {corpus: dict(sorted(row.items())) for corpus, row in sorted(counts.items())}
