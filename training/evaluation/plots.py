"""Three small plots of an evaluation: ranking, reliability, and who is accused or found."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

SIDES = (("in_corpus", "same corpora, other articles"), ("leave_one_corpus_out", "corpus left out"))
# What sets text as paths makes the files four times as large.
STYLE: Any = {"svg.fonttype": "none", "svg.hashsalt": "unspun", "font.size": 9}


def draw(found: Mapping[str, Any], folder: Path) -> list[Path]:
    """Draw the plots of an evaluation as SVG; the same figures give the same files.

    Parameters
    ----------
    found : what `training.evaluate` wrote
    """
    import matplotlib as mpl  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    with mpl.rc_context(STYLE):
        for name, plot in (("roc", _roc), ("reliability", _reliability), ("corpora", _corpora)):
            figure = Figure(figsize=(5, 3.6), layout="constrained")
            plot(figure.subplots(), found)
            path = folder / f"{name}.svg"
            figure.savefig(path, metadata={"Date": None})
            paths.append(path)
    return paths


def _roc(axes: Any, found: Mapping[str, Any]) -> None:
    for side, label in SIDES:
        curve = found[side]["roc"]
        axes.plot(curve["false_positive_rate"], curve["true_positive_rate"], label=label)
    axes.axvline(0.01, color="0.7", linewidth=0.8)
    axes.set(xscale="log", xlim=(1e-4, 1), ylim=(0, 1))
    axes.set(xlabel="honest pairs accused", ylabel="automated rewrites found")
    axes.legend(loc="lower right")


def _reliability(axes: Any, found: Mapping[str, Any]) -> None:
    axes.plot([0, 1], [0, 1], color="0.7", linewidth=0.8)
    for side, label in SIDES:
        curve = found[side]["reliability"]
        axes.plot(curve["predicted"], curve["observed"], marker=".", label=label)
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="score", ylabel="share that are automated rewrites")
    axes.legend(loc="upper left")


def _corpora(axes: Any, found: Mapping[str, Any]) -> None:
    rows = found["leave_one_corpus_out"]["corpora"]
    names = sorted(rows)
    for i, name in enumerate(names):
        for kind, color in (("honest", "tab:red"), ("machine", "tab:blue")):
            shares = [cell["flagged"]["share"] for cell in rows[name][kind].values()]
            axes.scatter(shares, [i] * len(shares), color=color, s=14, alpha=0.7)
    axes.set_yticks(range(len(names)), names)
    axes.set(xlim=(-0.02, 1.02), xlabel="flagged, corpus left out (red honest, blue machine)")
