"""``python tests/bench``: print and store how fast we are against what people use.

Every row is measured on one input in one run, ours and the rival's in turn; the ratio is the median
of the ratios of the repetitions.
"""

from __future__ import annotations

import json
import platform
import subprocess
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import click
from growth import LENGTHS, growth, table
from inputs import Material, material
from rows import STUDY_PAIRS_A_SECOND, Row, Work, pairs, rows

RIVALS = ("textstat", "lexicalrichness", "nupunkt", "pysbd", "datasketch", "rensa")


@click.command()
@click.option("--mirror", type=click.Path(path_type=Path), help="Folder of the corpora's archives.")
@click.option("--count", default=500, show_default=True, help="Articles.")
@click.option("--repeat", default=5, show_default=True, help="Repetitions of each row.")
@click.option("--longest", default=LENGTHS[-1], show_default=True, help="Words, for the growth.")
@click.option("--only", default="", help="Rows whose name or rival holds this.")
@click.option("--out", type=click.Path(path_type=Path), help="JSON to write.")
def main(
    mirror: Path | None, count: int, repeat: int, longest: int, only: str, out: Path | None
) -> None:
    """Measure all rows."""
    over = material(mirror, count)
    click.echo(f"{len(over.articles)} articles, {over.name}")
    measured = [
        _measured(row, repeat) for row in rows(over) if only in f"{row.name} against {row.rival}"
    ]
    if only in "features and score of a pair":
        measured.append(_pairs(over, repeat))
    grown = list(growth(over, longest, repeat)) if only in "growth" else []
    if grown:
        click.echo("\n".join(table(grown)))
    if out:
        told = _facts(over, repeat) | {"rows": measured, "growth": grown}
        out.write_text(json.dumps(told, indent=1) + "\n")


def _measured(row: Row, repeat: int) -> dict[str, Any]:
    """Time both sides in turn, once before it counts."""
    times = [(_seconds(row.ours), _seconds(row.theirs)) for _ in range(repeat + 1)][1:]
    ratio = median(theirs / ours for ours, theirs in times)
    ours, theirs = (median(side) for side in zip(*times, strict=True))
    click.echo(
        f"{row.name:28} {row.rival:16} {ours:9.3f} s {theirs:9.3f} s {ratio:8.2f}x"
        f"  (reach {row.reach:g}x)"
    )
    told = {"what": row.name, "rival": row.rival, "reach": row.reach, "ratio": round(ratio, 3)}
    return told | {"seconds": round(ours, 4), "rival_seconds": round(theirs, 4)}


def _seconds(fresh: Callable[[], Work]) -> float:
    work = fresh()
    start = perf_counter()
    work()
    return perf_counter() - start


def _pairs(over: Material, repeat: int) -> dict[str, Any]:
    work = pairs(over)
    work()
    rate = median(len(over.articles) / _seconds(lambda: work) for _ in range(repeat))
    click.echo(f"{'features and score of a pair':28} {rate:.1f} pairs a second")
    return {"what": "features and score of a pair", "pairs_a_second": round(rate, 1)} | {
        "study_pairs_a_second": STUDY_PAIRS_A_SECOND
    }


def _facts(over: Material, repeat: int) -> dict[str, Any]:
    commit = ["git", "rev-parse", "--short", "HEAD"]
    found = subprocess.run(commit, check=False, capture_output=True, text=True)
    return {
        "commit": found.stdout.strip(),
        "machine": platform.machine(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "versions": {name: version(name) for name in RIVALS},
        "input": over.name,
        "articles": len(over.articles),
        "repetitions": repeat,
    }


if __name__ == "__main__":
    main()
