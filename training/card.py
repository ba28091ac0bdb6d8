"""Render the model card: hand-written parts with every figure filled in from the files.

The hand-written text is ``card_template.md``; a name in double braces stands for a figure or a
table. Rendering fails on a name that nothing fills and while anything is left to be written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from detector.errors import DetectorError

Json: TypeAlias = Mapping[str, Any]

TEMPLATE = Path(__file__).with_name("card_template.md")
PLACEHOLDER = re.compile(r"\{\{\s*([a-z_0-9]*)\s*\}\}")
# What an author leaves behind where a part is still to be written.
UNWRITTEN = re.compile(r"\b(?:TODO|TBD|FIXME|XXX)\b|\{\{|\}\}")
# Cells with fewer pairs are left out of the card's tables; the JSON has them.
CELL_PAIRS = 15


def card(folder: Path, *, template: Path = TEMPLATE) -> str:
    """Render ``card.md`` from the model's folder and write it there.

    Raises
    ------
    DetectorError
        Where a placeholder is unknown or something is left to be written.
    """
    found = json.loads((folder / "evaluation.json").read_text(encoding="utf-8"))
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    text = fill(template.read_text(encoding="utf-8"), parts(found, manifest))
    (folder / "card.md").write_text(text, encoding="utf-8")
    return text


def fill(template: str, values: Mapping[str, Callable[[], str]]) -> str:
    """Replace every placeholder by its value.

    Raises
    ------
    DetectorError
        Naming the placeholders that nothing fills, or what is left to be written.
    """
    unknown = sorted({name for name in PLACEHOLDER.findall(template) if name not in values})
    if unknown:
        raise DetectorError(
            f"the card asks for {', '.join(unknown) or 'an empty name'}, which nothing fills",
            hint=f"use one of: {', '.join(sorted(values))}",
        )
    text = PLACEHOLDER.sub(lambda match: values[match[1]](), template)
    left = UNWRITTEN.search(text)
    if left:
        line = text.count("\n", 0, left.start()) + 1
        raise DetectorError(
            f"line {line} of the card still says {left[0]}", hint="write that part first"
        )
    return text


def parts(found: Json, manifest: Json) -> dict[str, Callable[[], str]]:
    """Give every figure and table that a card may ask for, by name."""
    inside, outside = found["in_corpus"], found["leave_one_corpus_out"]
    return {
        "model": lambda: str(manifest["id"]),
        "feature_set": lambda: str(manifest["feature_set"]),
        "lexicon": lambda: str(manifest["lexicon"]),
        "seed": lambda: str(manifest["seed"]),
        "versions": lambda: ", ".join(f"{k} {v}" for k, v in manifest["versions"].items()),
        "flag_threshold": lambda: f"{manifest['thresholds']['flag']:.3f}",
        "part_threshold": lambda: f"{manifest['thresholds']['part']:.3f}",
        "headline": lambda: _headline(found),
        "accused_in_corpus": lambda: _flag_table(inside["corpora"], "honest"),
        "accused_left_out": lambda: _flag_table(outside["corpora"], "honest"),
        "found_in_corpus": lambda: _flag_table(inside["corpora"], "machine"),
        "found_left_out": lambda: _flag_table(outside["corpora"], "machine"),
        "honest_syndication": lambda: _copies(found),
        "tools": lambda: _summary_table("tool", found["leave_one_tool_out"]),
        "families": lambda: _summary_table("family", found["leave_one_family_out"]),
        "relation_in_corpus": lambda: _confusion(inside["relation"], abstains=True),
        "relation_left_out": lambda: _confusion(outside["relation"], abstains=True),
        "family_in_corpus": lambda: _confusion(inside["family"]),
        "family_unseen_tool": lambda: _confusion(found["family_of_unseen_tool"]),
        "slices_in_corpus": lambda: _slices(inside["slices"]),
        "slices_left_out": lambda: _slices(outside["slices"]),
        "no_source": lambda: _no_source(found["no_source"]),
        "rivals": lambda: _rivals(found),
        "training_pairs": lambda: _training(manifest["trained_on"]),
        "degree": lambda: _degree(found["degree"]),
        "direction": lambda: _direction(inside["direction"], outside["direction"]),
    }


# ---------------------------------------------------------------- cells


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Set a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def percent(value: float | None) -> str:
    """Show a share; a dash where there is none."""
    return "-" if value is None else f"{100 * value:.1f} %"


def figure(value: float | None) -> str:
    """Show a figure between 0 and 1; a dash where there is none."""
    return "-" if value is None else f"{value:.3f}"


def with_interval(found: Json) -> str:
    """Show a figure with its interval."""
    if found["value"] is None:
        return "-"
    return f"{figure(found['value'])} ({figure(found['low'])} to {figure(found['high'])})"


def _share(found: Json) -> str:
    return f"{percent(found['share'])} of {found['n']}"


# ---------------------------------------------------------------- tables


def _headline(found: Json) -> str:
    sides = [found["in_corpus"], found["leave_one_corpus_out"]]
    both = [side["all"] for side in sides]
    own = [side["own_pairs"] for side in sides]
    rows: list[list[str]] = [
        ["AUC", *(with_interval(side["auc"]) for side in both)],
        ["found at 1 % false accusations", *(with_interval(side["tpr_at_1"]) for side in both)],
        ["found at 0.1 % false accusations", *(with_interval(side["tpr_at_01"]) for side in both)],
        ["the corpora's own pairs only: AUC", *(with_interval(side["auc"]) for side in own)],
        [
            "the corpora's own pairs only: found at 1 % false accusations",
            *(with_interval(side["tpr_at_1"]) for side in own),
        ],
        ["at the shipped threshold: accused", *(_share(side["accused"]) for side in both)],
        ["at the shipped threshold: found", *(_share(side["found"]) for side in both)],
        ["cannot tell", *(_share(side["cannot_tell"]) for side in both)],
        ["calibration error (ECE)", *(figure(side["ece"]) for side in both)],
        ["Brier score", *(figure(side["brier"]) for side in both)],
        ["relation, macro-F1", *(figure(side["relation"]["macro_f1"]) for side in sides)],
        ["family, macro-F1", *(figure(side["family"]["macro_f1"]) for side in sides)],
    ]
    return table(
        ["figure (95 % interval)", "same corpora, other articles", "corpus left out"], rows
    )


def _flag_table(corpora: Json, kind: str) -> str:
    rows = []
    for corpus, row in sorted(corpora.items()):
        for name, cell in row[kind].items():
            if cell["flagged"]["n"] >= CELL_PAIRS:
                shown = [_share(cell["flagged"]), percent(cell["cannot_tell"]["share"])]
                rows.append([corpus, name.replace("_", " "), *shown])
    word = "accused" if kind == "honest" else "found"
    return table(["corpus", "pairs", word, "cannot tell"], rows)


def _copies(found: Json) -> str:
    """Share of copies and excerpts accused: what honest syndication must fear."""
    shares = []
    for side in ("in_corpus", "leave_one_corpus_out"):
        corpora = found[side]["corpora"].values()
        cells = [
            row["honest"][name]["flagged"]
            for row in corpora
            for name in ("copy", "excerpt")
            if name in row["honest"]
        ]
        total = sum(cell["n"] for cell in cells)
        hits = sum(cell["n"] * (cell["share"] or 0) for cell in cells)
        shares.append(f"{percent(hits / total if total else None)} of {total}")
    return f"{shares[0]} (same corpora), {shares[1]} (corpus left out)"


def _summary_table(kind: str, rows: Json) -> str:
    head = [kind, "AUC", "found at 1 % false accusations", "found at the threshold", "cannot tell"]
    body = [
        [
            name,
            with_interval(row["auc"]),
            with_interval(row["tpr_at_1"]),
            _share(row["found"]),
            percent(row["cannot_tell"]["share"]),
        ]
        for name, row in sorted(rows.items())
    ]
    return table(head, body)


def _confusion(found: Json, *, abstains: bool = False) -> str:
    labels = [label.replace("_", " ") for label in found["labels"]]
    head = ["is \\ told", *labels, *(["cannot tell"] if abstains else [])]
    body = [[label, *map(str, row)] for label, row in zip(labels, found["counts"], strict=True)]
    return f"{table(head, body)}\n\nMacro-F1 {figure(found['macro_f1'])}."


def _slices(found: Json) -> str:
    rows = [
        [
            name,
            figure(cell["auc"]),
            figure(cell["tpr_at_1"]),
            _share(cell["accused"]),
            _share(cell["found"]),
            percent(cell["cannot_tell"]["share"]),
        ]
        for kind in ("length", "genre", "degree")
        for name, cell in ((f"{kind}: {key}", cell) for key, cell in found[kind].items())
    ]
    head = ["slice", "AUC", "found at 1 %", "accused", "found", "cannot tell"]
    return table(head, rows)


def _no_source(found: Json) -> str:
    sides = {
        "same corpora, other articles": found["in_corpus"],
        "corpus left out": found["leave_one_corpus_out"],
        **{f"tool left out: {k}": v for k, v in sorted(found["leave_one_tool_out"].items())},
    }
    rows = [
        [
            name,
            *(with_interval(side[key]) for key in _KEYS),
            *(figure(side[key]) for key in ("f1_spinning", "ece")),
        ]
        for name, side in sides.items()
    ]
    head = ["split", "AUC", "found at 1 % false accusations", "F1, spinning and round trips", "ECE"]
    return table(head, rows)


def _rivals(found: Json) -> str:
    inside, outside = (
        {
            "unspun": found[side]["all"],
            **found["rivals"][side],
        }
        for side in ("in_corpus", "leave_one_corpus_out")
    )
    rows = [
        [
            name.replace("_", " "),
            *(figure(side[name][key]["value"]) for side in (inside, outside) for key in _KEYS),
        ]
        for name in inside
    ]
    head = ["", "AUC", "found at 1 %", "AUC, corpus left out", "found at 1 %, corpus left out"]
    return table(head, rows)


_KEYS = ("auc", "tpr_at_1")


def _direction(inside: Json, outside: Json) -> str:
    rows = [
        [name.replace("_", " "), _share(inside[by][name]), _share(outside[by][name])]
        for by in ("families", "corpora")
        for name in sorted(inside[by].keys() & outside[by].keys())
    ]
    return table(["family, or corpus's own pairs", "same corpora", "corpus left out"], rows)


def _training(counts: Json) -> str:
    names = sorted({name for row in counts.values() for name in row})
    body = [[corpus, *(str(row.get(name, 0)) for name in names)] for corpus, row in counts.items()]
    return table(["corpus", *(name.replace("_", " ") for name in names)], body)


def _degree(found: Json) -> str:
    named: dict[str, Any] = {}
    for corpus, whole in found.items():
        named[corpus] = whole
        named |= {f"{corpus}, {tool}": row for tool, row in whole["tools"].items()}
    rows = [
        [name, figure(row["rank_correlation"]), figure(row["mean_absolute_error"]), str(row["n"])]
        for name, row in named.items()
    ]
    return table(["corpus and tool", "rank correlation", "mean absolute error", "pairs"], rows)
