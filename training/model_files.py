"""A fitted model as the files of its folder; the same model gives the same bytes."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from dataclasses import asdict
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

import detector
from detector.calibrate import Calibration
from detector.classify import CLASSES, PARTS, Ensemble, Familiarity, Model
from detector.features.wording import VERSION
from detector.shift import Direction
from training.table import Table

if TYPE_CHECKING:
    from training.recipe import Recipe


def save(model: Model, folder: Path, table: Table, recipe: Recipe) -> None:
    """Write the model's files; the same model gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        "estimators.npz": archive(_estimator_arrays(model)),
        "wording.npz": plain_archive(vars(model.wording)),
        "shift.npz": plain_archive(vars(model.shift.words)),
        "direction.npz": plain_archive(vars(model.direction.words)),
        "familiarity.npz": archive(_familiarity_arrays(model.familiarity)),
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    text = json.dumps(manifest(model, table, recipe, digests), indent=1)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")


def _estimator_arrays(model: Model) -> dict[str, NDArray[Any]]:
    """Name each array after its part of the model and its field."""
    found: dict[str, NDArray[Any]] = {}
    for part in PARTS:
        found |= part_arrays(part, getattr(model, part))
    return found


def part_arrays(part: str, ensemble: Ensemble) -> dict[str, NDArray[Any]]:
    """Name the arrays of one part of a model."""
    (estimator,) = ensemble.members
    return {f"{part}.{name}": array for name, array in vars(estimator).items()}


def _familiarity_arrays(familiarity: Familiarity) -> dict[str, NDArray[Any]]:
    landmarks = familiarity.landmarks.astype(np.float16).astype(np.float32)
    return vars(familiarity) | {"landmarks": landmarks}


def archive(arrays: Mapping[str, Any]) -> bytes:
    """Pack arrays; the same arrays in the same order give the same bytes."""
    buffer = BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def plain_archive(arrays: Mapping[str, Any]) -> bytes:
    """Pack arrays as they are: to unpack them would take longer than to read all of them."""
    buffer = BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def manifest(model: Model, table: Table, recipe: Recipe, digests: dict[str, str]) -> dict[str, Any]:
    """Say what the model is and what it was made from."""
    from detector.lexicon import lexicon  # noqa: PLC0415

    return {
        "id": model.id,
        "feature_set": table.feature_set,
        "wording": VERSION,
        "lexicon": lexicon().id,
        "versions": _versions(),
        "seed": recipe.seed,
        "recipe": asdict(recipe),
        "classes": list(CLASSES),
        "thresholds": asdict(model.thresholds),
        "calibration": {
            "pair": curve(model.calibration),
            "alone": curve(model.calibration_alone),
        },
        "columns": {
            "pair": model.pair.columns.tolist(),
            "alone": model.alone.columns.tolist(),
        },
        "direction": _lists(model.direction.style),
        "shift": _lists(model.shift.style),
        "trained_on": _training_counts(table),
        "files": digests,
    }


def _lists(direction: Direction) -> dict[str, list[float]]:
    return {name: values.tolist() for name, values in vars(direction).items()}


def curve(chosen: Calibration) -> list[list[float]]:
    """Give a calibration map as it is written."""
    return [list(chosen.raw), list(chosen.probability)]


def _versions() -> dict[str, str]:
    libraries = {name: version(name) for name in ("numpy", "scikit-learn")}
    return {"unspun": detector.__version__, "python": platform.python_version(), **libraries}


def _training_counts(table: Table) -> dict[str, dict[str, int]]:
    """Pairs by corpus and class."""
    counts: dict[str, dict[str, int]] = {}
    for corpus, number in zip(table["corpus"].tolist(), table.classes.tolist(), strict=True):
        row = counts.setdefault(corpus, {})
        row[CLASSES[number]] = row.get(CLASSES[number], 0) + 1
    return {corpus: dict(sorted(row.items())) for corpus, row in sorted(counts.items())}
