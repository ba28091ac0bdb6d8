"""A small model that is written, checked and loaded like the shipped one; it knows nothing."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
from sklearn.ensemble import RandomForestClassifier

from detector.classify import CLASSES
from detector.features import ARTICLE_FEATURES, FEATURES, set_id
from training.canonical import skops_bytes

ROWS = 80
COLUMNS = [len(FEATURES) - 2, len(FEATURES) - 1]


def write_small_model(folder: Path) -> Path:
    """Write the model and give its folder."""
    random = np.random.default_rng(0)
    matrix = random.normal(size=(ROWS, 2)).astype(np.float32)
    forests = {
        "pair": [_forest(matrix, random.permutation(ROWS) % len(CLASSES))],
        "linear": [_forest(matrix, random.permutation(ROWS) % 2)],
        "boosted": [_forest(matrix, random.permutation(ROWS) % 2)],
        "alone": [_forest(matrix, random.permutation(ROWS) % 2)],
    }
    folder.mkdir(exist_ok=True)
    (folder / "model.skops").write_bytes(skops_bytes(forests))
    np.savez(
        folder / "familiarity.npz",
        columns=np.array(COLUMNS),
        center=np.zeros(2),
        scale=np.ones(2),
        landmarks=matrix,
        distances=np.array([1.0, 2.0]),
    )
    (folder / "manifest.json").write_text(json.dumps(_manifest(folder)))
    return folder


def _forest(matrix: np.ndarray, target: np.ndarray) -> RandomForestClassifier:
    return RandomForestClassifier(n_estimators=3, random_state=0).fit(matrix, target)


def _manifest(folder: Path) -> dict[str, object]:
    line = [[0.0, 1.0], [0.1, 0.9]]
    files = ("model.skops", "familiarity.npz")
    return {
        "id": "small-1",
        "feature_set": set_id(),
        "versions": {"unspun": "0.1.0"},
        "thresholds": {"flag": 0.5, "part": 0.5, "unfamiliar": 1.0, "alone": 0.9},
        "calibration": {"pair": line, "alone": line},
        "columns": {"pair": COLUMNS, "alone": [0, len(ARTICLE_FEATURES) - 1]},
        "direction": {"columns": [0], "scale": [1.0], "weights": [0.0]},
        "files": {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in files},
    }
