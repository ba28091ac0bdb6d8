"""``python tests/bench``: print and store how fast we are against what people use.

Every row is measured on one input in one run, ours and the rival's in turn; the ratio is the median
of the ratios of the repetitions.
"""

from __future__ import annotations

import json
import platform
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import click
from end_to_end import end_to_end
from growth import LENGTHS, growth, table
from inputs import Material, material
from installed import install_size
from limits import limits
from row import LONG_SECONDS, Row, Work
from rows import BUILDERS, STUDY_PAIRS_A_SECOND, pairs
from web import web

RIVALS = ("textstat", "lexicalrichness", "nupunkt", "pysbd", "datasketch", "rensa", "trafilatura")


@click.command()
@click.option("--mirror", type=click.Path(path_type=Path), help="Folder of the corpora's archives.")
@click.option("--count", default=500, show_default=True, help="Articles.")
@click.option("--crawl", default=300, show_default=True, help="New articles, from end to end.")
@click.option("--earlier", default=600, show_default=True, help="Articles known before those.")
@click.option("--longest", default=LENGTHS[-1], show_default=True, help="Words, for the growth.")
@click.option("--repeat", default=5, show_default=True, help="Repetitions of each row.")
@click.option("--only", default="", help="Rows whose name or rival holds this.")
@click.option("--out", type=click.Path(path_type=Path), help="JSON to write.")
def main(mirror: Path | None, count: int, repeat: int, only: str, **more: Any) -> None:
    """Measure all rows."""
    over = material(mirror, count)
    click.echo(f"{len(over.articles)} articles, {over.name}")
    with tempfile.TemporaryDirectory() as folder:
        measured = list(_compared(over, more, Path(folder), repeat, only))
    if only in "features and score of a pair":
        measured.append(_pairs(over, repeat))
    if only in "install size, base":
        measured.append(install_size())
        click.echo(", ".join(f"{name} {value}" for name, value in measured[-1].items()))
    grown = list(growth(over, more["longest"], repeat)) if only in "growth" else []
    if grown:
        click.echo("\n".join(table(grown)))
    if more["out"]:
        told = _facts(over, repeat) | {"rows": measured, "growth": grown}
        more["out"].write_text(json.dumps(told, indent=1) + "\n")


def _compared(
    over: Material, more: Mapping[str, Any], folder: Path, repeat: int, only: str
) -> Iterator[dict[str, Any]]:
    """Measure us against every rival that is installed."""
    last = {
        "limits": limits,
        "pages": web,
        "end to end": partial(
            end_to_end, size=more["crawl"], earlier=more["earlier"], folder=folder
        ),
    }
    for name, build in (BUILDERS | last).items():
        try:
            for row in build(over):
                if only in f"{row.name} against {row.rival}":
                    yield _measured(row, repeat)
        except ModuleNotFoundError as missing:
            click.echo(f"{name}: skipped, {missing}")
            yield {"what": name, "skipped": str(missing)}


def _measured(row: Row, repeat: int) -> dict[str, Any]:
    """Time both sides in turn, once before it counts unless once takes long."""
    times = [(_seconds(row.ours), _seconds(row.theirs))]
    if sum(times[0]) <= LONG_SECONDS:
        times = [(_seconds(row.ours), _seconds(row.theirs)) for _ in range(repeat)]
    ratio = median(theirs / ours for ours, theirs in times)
    ours, theirs = (median(side) for side in zip(*times, strict=True))
    reach = f"reach {row.reach:g}x" if row.reach else "no reach set"
    facts = {"repetitions": len(times)} | row.facts()
    click.echo(
        f"{row.name:28} {row.rival:16} {ours:9.3f} s {theirs:9.3f} s {ratio:8.3g}x"
        f"  ({reach}; {', '.join(f'{name} {value}' for name, value in facts.items())})"
    )
    told = {"what": row.name, "rival": row.rival, "reach": row.reach, "ratio": round(ratio, 5)}
    return told | {"seconds": round(ours, 7), "rival_seconds": round(theirs, 7)} | facts


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
        "versions": dict(_versions()),
        "input": over.name,
        "articles": len(over.articles),
        "repetitions": repeat,
    }


def _versions() -> Iterator[tuple[str, str]]:
    for name in RIVALS:
        try:
            yield name, version(name)
        except PackageNotFoundError:
            continue


if __name__ == "__main__":
    main()
