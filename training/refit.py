"""Refit what judges a suspect alone, and leave all else of a model as it is, to the byte."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np

from detector.classify import FILES, MODEL_NAME
from detector.features.wording import VERSION
from training.model_files import archive, curve, part_arrays, plain_archive
from training.recipe import RECIPE, Recipe
from training.splits import held_out
from training.style import fit_style
from training.table import read_table

REFITTED = ("estimators.npz", "wording.npz")


def refit_alone(
    table_path: Path, base: Path, folder: Path, *, recipe: Recipe = RECIPE
) -> dict[str, Any]:
    """Write a model whose opinion of pairs is the base's, and that of suspects alone is new.

    Parameters
    ----------
    table_path : its columns of pairs are not read
    base : folder of the model that is taken over
    folder : of the new model

    Returns
    -------
    The new manifest.
    """
    table = read_table(table_path)
    style = fit_style(table.take(~held_out(table)), recipe)
    with np.load(base / "estimators.npz", allow_pickle=False) as arrays:
        kept = {name: arrays[name] for name in arrays.files if not name.startswith("alone.")}
    files = {
        "estimators.npz": archive(kept | part_arrays("alone", style.alone)),
        "wording.npz": plain_archive(vars(style.wording)),
        **{name: (base / name).read_bytes() for name in FILES if name not in REFITTED},
    }
    manifest = json.loads((base / "manifest.json").read_text(encoding="utf-8"))
    manifest |= {"id": MODEL_NAME, "wording": VERSION}
    manifest["thresholds"]["alone"] = style.threshold
    manifest["calibration"]["alone"] = curve(style.calibration)
    manifest["columns"]["alone"] = style.alone.columns.tolist()
    manifest["files"] = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    text = json.dumps(manifest, indent=1)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")
    return dict(manifest)
