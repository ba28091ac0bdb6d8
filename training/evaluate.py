"""Measure the model on splits that it cannot have learnt by heart, and write what came out.

``evaluation.json`` holds every figure that is published; the plots and the card are drawn from it.
What a split gave is kept beside the table until all is written: it takes an hour, and an
interrupted evaluation goes on where it was.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from shutil import rmtree
from time import monotonic
from typing import Any, TypeAlias

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

import detector
import training
from detector.classify import load_model
from training import rivals
from training.evaluation import figures, plots
from training.evaluation.predictions import Predictions, judge, pooled, run
from training.fit import fit_model
from training.recipe import RECIPE
from training.splits import (
    Split,
    in_corpus,
    leave_corpus_out,
    leave_family_out,
    leave_tool_out,
)
from training.table import Table, read_table

Json: TypeAlias = dict[str, Any]

# Reading character n-grams of all pairs took longer than fitting the model; a sample this large
# leaves the rivals' intervals narrower than the distance to them.
RIVAL_ROWS = 12_000
LEFT_OUT: Mapping[str, Callable[[Table], Iterable[Split]]] = {
    "corpora": leave_corpus_out,
    "tools": leave_tool_out,
    "families": leave_family_out,
}


def evaluate(
    table_path: Path, pairs_path: Path, folder: Path, figures_folder: Path, *, jobs: int = 2
) -> Json:
    """Evaluate the shipped model and the procedure that made it.

    Parameters
    ----------
    table_path, pairs_path : what `training.table` and `training.pairs` wrote
    folder : the model's; ``evaluation.json`` is written into it
    figures_folder : where the plots go

    Returns
    -------
    What was written.
    """
    table = read_table(table_path)
    kept = _kept(table_path)
    told: dict[str, Any] = {"in_corpus": _timed("in corpus", lambda: _shipped(table, folder))}
    for name, splits in LEFT_OUT.items():
        judged = partial(
            run,
            table,
            splits(table),
            partial(fit_model, recipe=RECIPE),
            kept=kept / name,
            jobs=jobs,
        )
        told[name] = _timed(name, judged)
    found: Json = _timed("figures", lambda: report(table, **told))
    found["rivals"] = _timed("rivals", lambda: _rivals(table, pairs_path))
    write(found, folder / "evaluation.json")
    plots.draw(found, figures_folder)
    rmtree(kept)
    return found


def _kept(table_path: Path) -> Path:
    """Name the folder of what the splits gave: by this table, and by this very code."""
    sources = (
        p for package in (detector, training) for p in Path(package.__path__[0]).rglob("*.py")
    )
    digest = hashlib.sha256(table_path.read_bytes())
    for source in sorted(sources):
        digest.update(source.read_bytes())
    return table_path.with_name(f"evaluation.{digest.hexdigest()[:12]}.parts")


def _timed(name: str, work: Callable[[], Any]) -> Any:
    start = monotonic()
    result = work()
    print(f"evaluate: {name} {monotonic() - start:.0f} s", file=sys.stderr)
    return result


def _shipped(table: Table, folder: Path) -> Predictions:
    """Judge the held-out groups with the very files that are shipped."""
    return judge(load_model(folder), table, np.flatnonzero(in_corpus(table).test))


def report(
    table: Table,
    in_corpus: Predictions,
    corpora: Mapping[str, Predictions],
    tools: Mapping[str, Predictions],
    families: Mapping[str, Predictions],
) -> Json:
    """Turn predictions into every published figure."""
    out = pooled(list(corpora.values()))
    return {
        "pairs": _counts(table),
        "in_corpus": _full(table, in_corpus),
        "leave_one_corpus_out": {
            **_full(table, out),
            "mean_of_corpora": _mean_of(table, corpora),
        },
        "leave_one_tool_out": {name: figures.summary(table, p) for name, p in tools.items()},
        "leave_one_family_out": {name: figures.summary(table, p) for name, p in families.items()},
        "family_of_unseen_tool": figures.family_confusion(table, _machine_only(table, tools)),
        "no_source": {
            "in_corpus": figures.without_source(table, in_corpus),
            "leave_one_corpus_out": figures.without_source(table, out),
            "leave_one_tool_out": {
                name: figures.without_source(table, p) for name, p in tools.items()
            },
        },
        "degree": figures.degree(table),
    }


def _full(table: Table, told: Predictions) -> Json:
    return {
        "all": figures.summary(table, told),
        "own_pairs": figures.summary(table, told.take(_own(table)[told.rows])),
        "slices": figures.slices(table, told),
        "corpora": figures.by_corpus(table, told),
        "relation": figures.relation_confusion(table, told),
        "family": figures.family_confusion(table, told),
        "direction": figures.direction(table, told),
        "reliability": figures.reliability(table, told),
        "roc": figures.roc(table, told),
    }


def _own(table: Table) -> NDArray[np.bool_]:
    """Mark the pairs that the corpora hold; the others were made from their originals."""
    own: NDArray[np.bool_] = ~table["crossed"].astype(bool)
    return own


def _mean_of(table: Table, corpora: Mapping[str, Predictions]) -> Json:
    """Unweighted means over the corpora left out: a large corpus counts no more than a small."""
    rows = [figures.ranking(p.score, *_truth(table, p), draws=0) for p in corpora.values()]
    return {
        name: figures.number(_mean([row[name]["value"] for row in rows]))
        for name in ("auc", "tpr_at_1", "tpr_at_01")
    }


def _mean(values: list[float | None]) -> float:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else np.nan


def _truth(table: Table, told: Predictions) -> tuple[NDArray[np.bool_], NDArray[Any]]:
    part = table.take(told.rows)
    return part.machine, part["group"]


def _machine_only(table: Table, tools: Mapping[str, Predictions]) -> Predictions:
    """Rewrites by each tool, judged by the model that had not seen it."""
    return pooled([p.take(table.machine[p.rows]) for p in tools.values()])


def _counts(table: Table) -> Json:
    counts: Json = {}
    keys = zip(table["corpus"].tolist(), table["relation"].tolist(), strict=True)
    for corpus, relation in keys:
        row = counts.setdefault(corpus, {})
        row[relation] = row.get(relation, 0) + 1
    return {corpus: dict(sorted(row.items())) for corpus, row in sorted(counts.items())}


# ---------------------------------------------------------------- rivals


def _rivals(table: Table, pairs_path: Path) -> Json:
    """Judge the same splits by every rival, on one sample of the pairs."""
    random = np.random.default_rng(0)
    size = min(RIVAL_ROWS, len(table))
    table = table.take(np.sort(random.choice(len(table), size, replace=False)))
    found = rivals.measures(texts_of(table, pairs_path), _phrases())
    split = in_corpus(table)
    inside = rivals.judge(table, split, found)
    parts = [(part, rivals.judge(table, part, found)) for part in leave_corpus_out(table)]
    rows = np.concatenate([np.flatnonzero(part.test) for part, _ in parts])
    outside = {name: np.concatenate([scores[name] for _, scores in parts]) for name in inside}
    return {
        "in_corpus": _rank_all(table, inside, np.flatnonzero(split.test)),
        "leave_one_corpus_out": _rank_all(table, outside, rows),
    }


def _rank_all(
    table: Table, scores: Mapping[str, NDArray[np.float64]], rows: NDArray[np.int64]
) -> Json:
    part = table.take(rows)
    return {
        name: figures.ranking(values, part.machine, part["group"], draws=50)
        for name, values in scores.items()
    }


def texts_of(table: Table, pairs_path: Path) -> list[tuple[str, str]]:
    """Give the texts of each row of the table, in its order."""
    pairs = pq.read_table(pairs_path, columns=["pair_id", "suspect", "source"])
    place = {pair_id: i for i, pair_id in enumerate(pairs["pair_id"].to_pylist())}
    wanted = pairs.take([place[pair_id] for pair_id in table["pair_id"]])
    return list(zip(wanted["suspect"].to_pylist(), wanted["source"].to_pylist(), strict=True))


def _phrases() -> dict[str, str]:
    from training.corpora import default_mirror, tortured_phrases  # noqa: PLC0415

    return rivals.phrase_table(tortured_phrases(default_mirror()))


def write(found: Json, path: Path) -> None:
    """Write figures as JSON, keys in a fixed order."""
    path.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")
