"""A floor under the model's figures that rises quietly and falls only loudly.

The gate measures the shipped files on pairs of held-out groups, which no shipped model is fitted
on (`training.splits.is_held_out`), through all stages from text to verdict. The pairs are pinned by
hash, so a corpus that shrank or changed is seen before any figure is compared.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from detector.classify import load_model
from detector.errors import DetectorError
from training import metrics
from training.evaluation.figures import SLICE_PAIRS, number
from training.evaluation.predictions import Predictions, judge
from training.splits import is_held_out
from training.table import Table, measured_table

Json: TypeAlias = dict[str, Any]

# Pairs that the gate measures: 2,500 take under three minutes on two cores. Round trips are dealt
# apart, and are not pinned: the translator breaks down over some texts now and then, so that one
# build of the pairs holds a few more than the next.
GATE_PAIRS = 2200
GATE_ROUND_TRIPS = 300
# Library versions move a tree's split now and then; a figure may move this much without anyone
# having changed anything.
EPSILON = 0.01


@dataclass(frozen=True)
class Drop:
    """A figure that fell below its floor."""

    figure: str
    floor: float
    found: float | None

    def __str__(self) -> str:
        shown = "no figure" if self.found is None else f"{self.found:.4f}"
        return f"{self.figure}: {shown}, floor {self.floor:.4f}"


def sample(pairs: pa.Table) -> pa.Table:
    """Choose pairs of held-out groups, the same ones whatever else the table holds."""
    return pa.concat_tables(
        [
            dealt(pairs.filter(pc.invert(_round_trips(pairs))), GATE_PAIRS),
            dealt(pairs.filter(_round_trips(pairs)), GATE_ROUND_TRIPS),
        ]
    )


def _round_trips(pairs: pa.Table) -> pa.BooleanArray:
    return pc.equal(pc.fill_null(pairs["family"], ""), "round_trip_translation")


def dealt(pairs: pa.Table, size: int) -> pa.Table:
    """Choose pairs of held-out groups.

    Each corpus and relation is dealt in turn, in the order of the hashes of their pair ids.
    """
    keys = pairs.select(["pair_id", "group", "corpus", "relation", "family"]).to_pylist()
    cells: dict[tuple[str, ...], list[tuple[bytes, int]]] = {}
    for i, key in enumerate(keys):
        if is_held_out(key["group"]):
            cell = (key["corpus"], key["relation"], key["family"] or "")
            digest = hashlib.sha256(key["pair_id"].encode()).digest()
            cells.setdefault(cell, []).append((digest, i))
    ranked = [
        (place, cell, i) for cell, c in cells.items() for place, (_, i) in enumerate(sorted(c))
    ]
    chosen = sorted(i for _, _, i in sorted(ranked)[:size])
    return pairs.take(pa.array(chosen, pa.int64()))


def pairs_hash(pairs: pa.Table) -> str:
    """Identify pairs by their texts and labels, round trips left aside."""
    digest = hashlib.sha256()
    pairs = pairs.filter(pc.invert(_round_trips(pairs)))
    columns = (pairs[name].to_pylist() for name in ("pair_id", "relation", "suspect", "source"))
    for row in sorted(zip(*columns, strict=True)):
        digest.update("\x00".join(row).encode() + b"\x01")
    return digest.hexdigest()[:16]


# ---------------------------------------------------------------- figures


def measure(table: Table, told: Predictions) -> dict[str, float]:
    """Give the figures that have floors; higher is better in each.

    Slices with too few pairs on either side have no figure.
    """
    part = table.take(told.rows)
    found: dict[str, float | None] = {
        "auc": number(metrics.auc(told.score, part.machine)),
        "tpr at 1 %": number(metrics.tpr_at(told.score, part.machine, 0.01)),
        "not accused": number(1 - float(told.flagged[~part.machine].mean())),
        "found": number(float(told.flagged[part.machine].mean())),
        "told": number(float((told.doubt == "").mean())),
        "well calibrated": number(1 - metrics.expected_calibration_error(told.score, part.machine)),
        **_honest_slices(part, told),
        **_machine_slices(part, told),
    }
    return {name: value for name, value in found.items() if value is not None}


def _honest_slices(part: Table, told: Predictions) -> dict[str, float | None]:
    """Share not accused, by relation and by corpus: an average hides the slice that broke."""
    found = {}
    for column in ("relation", "corpus"):
        for value in sorted(set(part[column][~part.machine].tolist())):
            rows = ~part.machine & (part[column] == value)
            if rows.sum() >= SLICE_PAIRS:
                share = 1 - float(told.flagged[rows].mean())
                found[f"not accused, {column} {value}"] = number(share)
    return found


def _machine_slices(part: Table, told: Predictions) -> dict[str, float | None]:
    """Share found, by family."""
    found = {}
    for family in sorted(set(part["family"][part.machine].tolist())):
        rows = part.machine & (part["family"] == family)
        if rows.sum() >= SLICE_PAIRS:
            found[f"found, {family}"] = number(float(told.flagged[rows].mean()))
    return found


# ---------------------------------------------------------------- floors


def drops(floors: Mapping[str, float], found: Mapping[str, float]) -> list[Drop]:
    """List the figures that fell below their floor by more than `EPSILON`."""
    return [
        Drop(name, floor, found.get(name))
        for name, floor in floors.items()
        if found.get(name, -1.0) < floor - EPSILON
    ]


def gate(pairs_path: Path, folder: Path, *, jobs: int = 2) -> dict[str, float]:
    """Measure the shipped model and compare it with its floors.

    Raises
    ------
    DetectorError
        Where the pairs are not the pinned ones, or a figure fell.
    """
    pinned = _pinned(folder)
    digest, found = _measured(pairs_path, folder, jobs)
    if digest != pinned["pairs"]:
        raise DetectorError(
            f"the gate's pairs are {digest}, the floors were measured on {pinned['pairs']}",
            hint="restore the pairs, or pin these: python -m training gate --update",
        )
    fallen = drops(pinned["floors"], found)
    if fallen:
        raise DetectorError(
            f"{len(fallen)} figures fell below their floor: {'; '.join(map(str, fallen))}",
            hint="mend the model, or state why: "
            'python -m training gate --update --allow-regression --because "..."',
        )
    return found


def update(
    pairs_path: Path,
    folder: Path,
    *,
    allow_regression: bool = False,
    because: str = "",
    jobs: int = 2,
) -> dict[str, float]:
    """Raise the floors to what is measured now; lower one only when told to, and why.

    Raises
    ------
    DetectorError
        Where a floor would fall and that is not allowed, or no reason is given.
    """
    digest, found = _measured(pairs_path, folder, jobs)
    pinned = _pinned(folder) if (folder / "floors.json").is_file() else {"floors": {}}
    written = raised(pinned, found, allow_regression=allow_regression, because=because)
    written["pairs"] = digest
    text = json.dumps(written, indent=1, sort_keys=True) + "\n"
    (folder / "floors.json").write_text(text, encoding="utf-8")
    return found


def raised(
    pinned: Mapping[str, Any],
    found: Mapping[str, float],
    *,
    allow_regression: bool,
    because: str,
) -> Json:
    """Give the floors that follow, with the record of every time that one was lowered.

    Raises
    ------
    DetectorError
        Where a floor would fall and that is not allowed, or no reason is given.
    """
    fallen = drops(pinned["floors"], found)
    lowered = list(pinned.get("lowered", []))
    if fallen and not (allow_regression and because.strip()):
        raise DetectorError(
            f"this would lower {len(fallen)} floors: {'; '.join(map(str, fallen))}",
            hint='add --allow-regression --because "..."; the reason is kept in floors.json',
        )
    if fallen:
        lowered.append({"because": because.strip(), "figures": [str(drop) for drop in fallen]})
        return {"floors": dict(found), "lowered": lowered}
    kept = {name: max(value, pinned["floors"].get(name, value)) for name, value in found.items()}
    return {"floors": kept, "lowered": lowered}


def _pinned(folder: Path) -> Json:
    path = folder / "floors.json"
    if not path.is_file():
        raise DetectorError(
            f"{path} is missing: there is no floor to compare with",
            hint="measure it: python -m training gate --update",
        )
    pinned: Json = json.loads(path.read_text(encoding="utf-8"))
    return pinned


def _measured(pairs_path: Path, folder: Path, jobs: int) -> tuple[str, dict[str, float]]:
    """Measure the gate's pairs from their texts on, and judge them."""
    pairs = sample(pq.read_table(pairs_path))
    table = measured_table(pairs, jobs=jobs)
    told = judge(load_model(folder), table, np.arange(len(table)))
    return pairs_hash(pairs), measure(table, told)
