"""What models say of pairs that they may not have learnt from.

Every split is judged by the whole procedure `training.fit.fit_model` on its training side alone, so
calibration, thresholds and abstention are as blind to the test side as the estimators are.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Self, TypeAlias

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray

from detector.classify import Model
from detector.records import RELATIONS, Opinion
from detector.verdict import MACHINE, counting, judge_opinion
from training.splits import Split
from training.table import Table

Fit: TypeAlias = Callable[[Table], Model]


@dataclass(frozen=True)
class Predictions:
    """Verdicts on rows of a table, as arrays of one length."""

    rows: NDArray[np.int64]  # indices into the table
    score: NDArray[np.float64]  # calibrated probability of automated_rewrite
    relations: NDArray[np.float64]  # probabilities, shape (n, 6)
    answer: NDArray[np.int64]  # the relation told, in the order of RELATIONS; 6 where none is
    families: NDArray[np.float64]  # shape (n, 3)
    unfamiliarity: NDArray[np.float64]
    flagged: NDArray[np.bool_]  # accused at the model's own threshold
    doubt: NDArray[np.object_]  # why nothing is told; "" where something is
    alone: NDArray[np.float64]  # probability from the suspect alone
    flagged_alone: NDArray[np.bool_]  # at the threshold of the suspect alone
    direction: NDArray[np.float64]  # log odds that the suspect is the copy, by style and words

    def __len__(self) -> int:
        return len(self.rows)

    def take(self, chosen: NDArray[Any]) -> Predictions:
        """Keep the chosen predictions (a mask or indices)."""
        return Predictions(*(getattr(self, field.name)[chosen] for field in fields(self)))

    def write(self, path: Path) -> None:
        """Write the predictions; the file is whole or not there."""
        path.parent.mkdir(parents=True, exist_ok=True)
        told = {field.name: getattr(self, field.name) for field in fields(self)}
        temporary = path.with_suffix(".tmp")
        with temporary.open("wb") as file:
            np.savez(file, **told | {"doubt": self.doubt.astype(str)})
        temporary.rename(path)

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read what `write` wrote."""
        with np.load(path, allow_pickle=False) as told:
            columns = {field.name: told[field.name] for field in fields(cls)}
        return cls(**columns | {"doubt": columns["doubt"].astype(object)})


def judge(model: Model, table: Table, rows: NDArray[np.int64]) -> Predictions:
    """Judge rows of a table exactly as pairs are judged when they are scored."""
    part = table.take(rows)
    opinions = opinions_of(model, part)
    told = [
        judge_opinion(opinion, coverage, used, numbers, model.thresholds)
        for opinion, coverage, used, numbers in zip(
            opinions,
            part["coverage"].tolist(),
            part.measured("source_used_share"),
            zip(part["numbers_told"].tolist(), part["numbers_known"].tolist(), strict=True),
            strict=True,
        )
    ]
    alone = np.array(model.opinions_alone(part.alone, part.wordings))
    return Predictions(
        rows=rows,
        score=np.array([opinion.score for opinion in opinions]),
        relations=np.array([opinion.relations for opinion in opinions]).reshape(-1, len(RELATIONS)),
        answer=np.array(
            [RELATIONS.index(relation) if relation else len(RELATIONS) for relation, _ in told],
            dtype=np.int64,
        ),
        families=np.array([opinion.families for opinion in opinions]).reshape(len(rows), -1),
        unfamiliarity=np.array([opinion.unfamiliarity for opinion in opinions]),
        flagged=np.array([relation == MACHINE for relation, _ in told], dtype=bool),
        doubt=np.array([doubt or "" for _, doubt in told], dtype=object),
        alone=alone,
        flagged_alone=alone >= model.thresholds.alone,
        direction=model.direction(part.features, part.both_wordings),
    )


def opinions_of(model: Model, table: Table) -> list[Opinion]:
    """Ask for each row's opinion that counts: the whole suspect's, or its rewritten part's."""
    has_part = table.has_part
    parts, wholes = table.take(has_part), model.opinions(table.features, table.both_wordings)
    of_parts = iter(model.opinions(parts.parts, parts.part_wordings))
    return [
        counting(whole, next(of_parts) if part else None, model.thresholds)
        for whole, part in zip(wholes, has_part.tolist(), strict=True)
    ]


def run(
    table: Table, splits: Iterable[Split], fit: Fit, *, kept: Path | None = None, jobs: int = 1
) -> dict[str, Predictions]:
    """Judge the test side of each split by a model of its training side.

    Parameters
    ----------
    kept : folder that each split's predictions are written into as soon as they are there; what it
        holds already is not judged again

    Returns
    -------
    Predictions by the split's name.
    """
    waiting = list(splits)
    places = [kept / f"{number:02}.npz" if kept else None for number in range(len(waiting))]
    work = (
        delayed(_judge_split)(table, split, fit, place)
        for split, place in zip(waiting, places, strict=True)
    )
    done: dict[str, Predictions] = {}
    for name, told in Parallel(n_jobs=jobs, return_as="generator_unordered")(work):
        done[name] = told
        print(f"evaluate: {name}, {len(done)} of {len(waiting)}", file=sys.stderr)
    return {split.name: done[split.name] for split in waiting}


def _judge_split(
    table: Table, split: Split, fit: Fit, place: Path | None
) -> tuple[str, Predictions]:
    if place and place.is_file():
        return split.name, Predictions.read(place)
    told = judge(fit(table.take(split.train)), table, np.flatnonzero(split.test))
    if place:
        told.write(place)
    return split.name, told


def pooled(parts: Sequence[Predictions]) -> Predictions:
    """Put the predictions of several splits together; each row is judged once."""
    columns = ([getattr(part, field.name) for part in parts] for field in fields(Predictions))
    together = Predictions(*(np.concatenate(column) for column in columns))
    if len(np.unique(together.rows)) != len(together):
        raise ValueError("a row is judged in two of the splits that are pooled")
    return together
