"""From predictions to the figures that are published, all JSON-ready.

Every share carries the number of pairs that it rests on. Where nothing can be told the figure is
None, never 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from math import isfinite
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from detector.records import FAMILIES, RELATIONS
from training import metrics
from training.evaluation.predictions import Predictions
from training.table import Table

Json: TypeAlias = dict[str, Any]
Mask: TypeAlias = NDArray[np.bool_]

# Words of the suspect; the ends of the classes that the card reports.
LENGTHS = ((0, 80), (80, 150), (150, 400), (400, 10**9))
DEGREES = ((0.0, 0.1), (0.1, 0.2), (0.2, 0.35), (0.35, 0.5), (0.5, 1.01))
# A slice with fewer positives or negatives has no figure worth a gate or a line in the card.
SLICE_PAIRS = 20
# Rewrites that leave four words in five as they were are light edits; they are found by luck.
FULL_REWRITE = 0.2


def number(value: float) -> float | None:
    """Round for JSON; None where there is no figure."""
    return round(float(value), 4) if isfinite(value) else None


def share(mask: Mask) -> Json:
    """Share of rows for which something holds, with their number."""
    return {"share": number(float(mask.mean()) if len(mask) else np.nan), "n": len(mask)}


def ranking(
    scores: NDArray[np.float64], positive: Mask, groups: NDArray[Any], *, draws: int = 200
) -> Json:
    """AUC and TPR at 1 % and 0.1 % FPR, with bootstrap intervals by group."""
    named: Mapping[str, Callable[[NDArray[np.int64]], float]] = {
        "auc": lambda rows: metrics.auc(scores[rows], positive[rows]),
        "tpr_at_1": lambda rows: metrics.tpr_at(scores[rows], positive[rows], 0.01),
        "tpr_at_01": lambda rows: metrics.tpr_at(scores[rows], positive[rows], 0.001),
    }
    found: Json = {"positives": int(positive.sum()), "negatives": int((~positive).sum())}
    for name, figure in named.items():
        found[name] = _interval(metrics.interval(figure, groups, draws=draws))
    return found


def _interval(found: metrics.Interval) -> Json:
    return {name: number(getattr(found, name)) for name in ("value", "low", "high")}


def summary(table: Table, told: Predictions, *, draws: int = 200) -> Json:
    """All that is said of one set of predictions as a whole."""
    part = table.take(told.rows)
    sure = told.doubt == ""
    return {
        **ranking(told.score, part.machine, part["group"], draws=draws),
        "told_only": ranking(
            told.score[sure], part.machine[sure], part["group"][sure], draws=draws
        ),
        "ece": number(metrics.expected_calibration_error(told.score, part.machine)),
        "brier": number(metrics.brier(told.score, part.machine)),
        "accused": share(told.flagged[~part.machine]),
        "found": share(told.flagged[part.machine]),
        "found_full_rewrites": share(told.flagged[part.machine & full_rewrite(part)]),
        "cannot_tell": share(~sure),
        "cannot_tell_why": {
            reason: int((told.doubt == reason).sum()) for reason in sorted(set(told.doubt[~sure]))
        },
    }


def full_rewrite(table: Table) -> Mask:
    """Pairs of which more than a fifth of the derived words were changed."""
    return np.nan_to_num(table["measured_degree"].astype(np.float64)) > FULL_REWRITE


def slices(table: Table, told: Predictions) -> Json:
    """Figures by length, genre and measured degree."""
    part = table.take(told.rows)
    words = part["suspect_words"].astype(np.float64)
    degree = part["measured_degree"].astype(np.float64)
    return {
        "length": {
            _span(low, high): _slice(part, told, (words >= low) & (words < high))
            for low, high in LENGTHS
        },
        "genre": {
            genre: _slice(part, told, part["genre"] == genre)
            for genre in sorted(set(part["genre"].tolist()))
        },
        "degree": {
            f"{low:g} to {min(high, 1.0):g}": _slice(part, told, (degree >= low) & (degree < high))
            for low, high in DEGREES
        },
    }


def _span(low: int, high: int) -> str:
    if low == 0:
        return f"under {high} words"
    return f"{low} to {high} words" if high < 10**9 else f"over {low} words"


def _slice(part: Table, told: Predictions, chosen: Mask) -> Json:
    scores, positive = told.score[chosen], part.machine[chosen]
    enough = min(positive.sum(), (~positive).sum()) >= SLICE_PAIRS
    return {
        "auc": number(metrics.auc(scores, positive)) if enough else None,
        "tpr_at_1": number(metrics.tpr_at(scores, positive, 0.01)) if enough else None,
        "accused": share(told.flagged[chosen][~positive]),
        "found": share(told.flagged[chosen][positive]),
        "cannot_tell": share(told.doubt[chosen] != ""),
    }


def by_corpus(table: Table, told: Predictions) -> Json:
    """Accusations by corpus and honest relation, finds by corpus, family and tool."""
    part = table.take(told.rows)
    found: Json = {}
    for corpus in sorted(set(part["corpus"].tolist())):
        here = part["corpus"] == corpus
        found[corpus] = {
            "auc": number(metrics.auc(told.score[here], part.machine[here])),
            "tpr_at_1": number(metrics.tpr_at(told.score[here], part.machine[here], 0.01)),
            "honest": _by(part, told, here & ~part.machine, "relation"),
            "machine": _by(part, told, here & part.machine, "family"),
            "tools": _by(part, told, here & part.machine, "tool"),
            "native": _by(part, told, here & ~part["crossed"].astype(bool), "relation"),
        }
    return found


def _by(part: Table, told: Predictions, rows: Mask, column: str) -> Json:
    full = full_rewrite(part)
    return {
        value: {
            "flagged": share(told.flagged[rows & (part[column] == value)]),
            "flagged_full": share(told.flagged[rows & (part[column] == value) & full]),
            "cannot_tell": share(told.doubt[rows & (part[column] == value)] != ""),
        }
        for value in sorted(set(part[column][rows].tolist()))
    }


def relation_confusion(table: Table, told: Predictions) -> Json:
    """Six relations against what was told; the last column counts `cannot_tell`."""
    part = table.take(told.rows)
    truth = np.array([RELATIONS.index(name) for name in part["relation"]], dtype=np.int64)
    likely = np.argmax(told.relations, axis=1)
    answer = told.answer
    forced = metrics.confusion(truth, likely, len(RELATIONS))
    counts = np.zeros((len(RELATIONS), len(RELATIONS) + 1), dtype=np.int64)
    np.add.at(counts, (truth, answer), 1)
    sure = answer < len(RELATIONS)
    told_only = metrics.confusion(truth[sure], answer[sure], len(RELATIONS))
    return {
        "labels": list(RELATIONS),
        "counts": counts.tolist(),
        "macro_f1": number(metrics.macro_f1(forced)),
        "macro_f1_told_only": number(metrics.macro_f1(told_only)),
    }


def family_confusion(table: Table, told: Predictions) -> Json:
    """Three families against the likeliest, over all automated rewrites and over those found."""
    part = table.take(told.rows)
    machine = part.machine
    truth = np.array([FAMILIES.index(name) for name in part["family"][machine]], dtype=np.int64)
    likely = np.argmax(told.families[machine], axis=1)
    counts = metrics.confusion(truth, likely, len(FAMILIES))
    flagged = told.flagged[machine]
    found = metrics.confusion(truth[flagged], likely[flagged], len(FAMILIES))
    return {
        "labels": list(FAMILIES),
        "counts": counts.tolist(),
        "macro_f1": number(metrics.macro_f1(counts)),
        "macro_f1_found_only": number(metrics.macro_f1(found)),
    }


def direction(table: Table, told: Predictions) -> Json:
    """How many accused rewrites look like the copy and not like the original, were times unknown.

    By family, and by corpus where it holds rewrites of its own.
    """
    part = table.take(told.rows)
    accused = part.machine & told.flagged
    own = accused & ~part["crossed"].astype(bool)
    return {
        "families": _rightly_turned(told, accused, part["family"]),
        "corpora": _rightly_turned(told, own, part["corpus"]),
    }


def _rightly_turned(told: Predictions, chosen: Mask, names: NDArray[Any]) -> Json:
    return {
        name: share(told.direction[chosen & (names == name)] > 0)
        for name in sorted(set(names[chosen].tolist()))
    }


def reliability(table: Table, told: Predictions) -> Json:
    """Give the reliability curve of the score."""
    curve = metrics.reliability(told.score, table.take(told.rows).machine)
    return {name: list(values) for name, values in asdict(curve).items()}


def roc(table: Table, told: Predictions, *, points: int = 120) -> Json:
    """Give the ROC curve, thinned to points even in the logarithm of the false positive rate."""
    positive = table.take(told.rows).machine
    honest = told.score[~positive]
    rates = np.unique(np.round(np.geomspace(1e-4, 1, points), 6))
    if not len(honest) or not positive.any():
        return {"false_positive_rate": [], "true_positive_rate": []}
    return {
        "false_positive_rate": rates.tolist(),
        "true_positive_rate": [
            number(metrics.tpr_at(told.score, positive, min(rate, 1 - 1e-9))) for rate in rates
        ],
    }


def degree(table: Table) -> Json:
    """How well the measured degree follows the degree that a corpus states, by corpus and tool.

    As many pairs of each stated degree count: with most of them at one end of the scale, the
    correlation would be that of the other end.
    """
    stated = table["degree"].astype(np.float64)
    native = np.isfinite(stated) & ~table["crossed"].astype(bool)
    native &= np.isfinite(table["measured_degree"].astype(np.float64))
    found: Json = {}
    for corpus in sorted(set(table["corpus"][native].tolist())):
        rows = _evenly(np.flatnonzero(native & (table["corpus"] == corpus)), stated)
        tools = table["tool"][rows]
        by_tool = {tool: _followed(table, rows[tools == tool]) for tool in sorted(set(tools))}
        found[corpus] = {**_followed(table, rows), "tools": by_tool}
    return found


def _evenly(rows: NDArray[np.int64], stated: NDArray[np.float64]) -> NDArray[np.int64]:
    """Keep as many rows of each stated degree: the first ones, as their ids are hashes."""
    levels = [rows[stated[rows] == level] for level in np.unique(stated[rows])]
    fewest = min(map(len, levels))
    return np.sort(np.concatenate([level[:fewest] for level in levels]))


def _followed(table: Table, rows: NDArray[np.int64]) -> Json:
    stated, measured = (table[c][rows].astype(np.float64) for c in ("degree", "measured_degree"))
    return {
        "rank_correlation": number(metrics.rank_correlation(stated, measured)),
        "mean_absolute_error": number(float(np.abs(stated - measured).mean())),
        "n": len(rows),
    }


def without_source(table: Table, told: Predictions, *, draws: int = 200) -> Json:
    """Give the figures of the weaker statement, from the suspect's style alone.

    Here the truth is whether the suspect is a machine's text, of this source or of another.
    """
    part = table.take(told.rows)
    rewritten = part.rewritten
    return {
        **ranking(told.alone, rewritten, part["group"], draws=draws),
        "ece": number(metrics.expected_calibration_error(told.alone, rewritten)),
        "accused": share(told.flagged_alone[~rewritten]),
        "found": share(told.flagged_alone[rewritten]),
        "f1_spinning": number(_spinning_f1(part, told)),
    }


def _spinning_f1(part: Table, told: Predictions) -> float:
    """F1 of synonym and translation spinning among as many human texts, as studies publish it."""
    family = part["family"].astype(str)
    spun = part.machine & (family != "language_model")
    said = told.alone >= 0.5
    if not spun.any() or part.rewritten.all():
        return np.nan
    hits, false = said[spun].mean(), said[~part.rewritten].mean()
    return float(2 * hits / (hits + false + 1))
