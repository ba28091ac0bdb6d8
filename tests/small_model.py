"""A small model that is written, checked and loaded like the shipped one.

It knows nothing: most of what it sees it takes for a copy.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier

from detector.classify import CLASSES, FILES
from detector.estimators import Estimator, Wording
from detector.features import ARTICLE_FEATURES, FEATURES, set_id
from detector.features.wording import BUCKETS, VERSION
from training import plain

ROWS = 80
COLUMNS = [len(FEATURES) - 2, len(FEATURES) - 1]


def write_small_model(folder: Path) -> Path:
    """Write the model and give its folder."""
    random = np.random.default_rng(0)
    matrix = random.normal(size=(ROWS, 2)).astype(np.float32)
    classes, binary = random.permutation(ROWS) % len(CLASSES), random.permutation(ROWS) % 2
    classes[random.random(ROWS) < 0.8] = CLASSES.index("copy")
    forest = RandomForestClassifier(n_estimators=3, random_state=0).fit(matrix, classes)
    boosted = HistGradientBoostingClassifier(max_iter=3, random_state=0).fit(matrix, binary)
    parts: dict[str, Estimator] = {
        "pair": plain.forest(forest),
        "boosted": plain.boosted(boosted),
        "alone": plain.boosted(boosted),
    }
    folder.mkdir(exist_ok=True)
    arrays = {f"{part}.{name}": a for part, of in parts.items() for name, a in vars(of).items()}
    np.savez(folder / "estimators.npz", **arrays)
    words = Wording(np.arange(2), np.zeros(BUCKETS, np.int8), np.ones(1), np.zeros(1))
    np.savez(folder / "wording.npz", **vars(words))
    np.savez(folder / "shift.npz", **vars(words))
    np.savez(folder / "direction.npz", **vars(words))
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


def _manifest(folder: Path) -> dict[str, object]:
    line = [[0.0, 1.0], [0.1, 0.9]]
    direction = {"columns": [0], "scale": [1.0], "weights": [0.0]}
    return {
        "id": "small-1",
        "feature_set": set_id(),
        "wording": VERSION,
        "versions": {"unspun": "0.1.0"},
        "thresholds": {"flag": 0.5, "part": 0.5, "unfamiliar": 1.0, "alone": 0.9},
        "calibration": {"pair": line, "alone": line},
        "columns": {"pair": COLUMNS, "alone": [0, len(ARTICLE_FEATURES) - 1]},
        "direction": direction,
        "shift": direction,
        "files": {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in FILES},
    }
