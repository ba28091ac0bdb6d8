"""What a run came to, as plain data: counts a stage, reasons, relations, times, memory."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq

import detector
from detector.batch.journal import Mark, total
from detector.batch.plan import Plan
from detector.batch.shards import peak_bytes
from detector.engines.local import counted, parquet
from detector.ingest.inputs import Input
from detector.rollup import reuse
from detector.verdict import MACHINE, NO_SOURCE

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

LIBRARIES = ("duckdb", "joblib", "numpy", "pyarrow", "scikit-learn", "trafilatura")
MEGABYTE = 1_000_000


class Clock:
    """Seconds that each step took in this call; a resumed run counts only what was left."""

    def __init__(self) -> None:
        self.start = monotonic()
        self.seconds: dict[str, float] = {}

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        """Time a step."""
        before = monotonic()
        yield
        self.seconds[step] = round(monotonic() - before, 2)

    def total(self) -> float:
        """Give the seconds since the start."""
        return round(monotonic() - self.start, 2)


def summarise(
    plan: Plan,
    model: str,
    marks: Sequence[Mark],
    clock: Clock,
    connection: DuckDBPyConnection,
    out: Path,
) -> dict[str, Any]:
    """Sum a run up from its marks and its published tables.

    Returns
    -------
    dict
        ``read`` (records) = ``articles`` + ``rejected``; ``flagged`` counts the accusations,
        ``with_source`` the articles that something was found for, ``taken`` those from another
        site with neither credit nor licence, ``credited`` those with one, as far as is known which
        was first; ``seconds`` and ``peak_megabytes`` are of the call that finished the run.
    """

    def count(table: str, column: str) -> dict[str, int]:
        return counted(connection, parquet(out / f"{table}.parquet"), column)

    inputs = [e.name if isinstance(e, Input) else e.input for e in plan.entries]
    counts = total(marks)  # nothing of what no shard counted
    counts.update(_reuses(out / "verdicts.parquet"))
    return {
        "run": plan.id,
        **summed(counts, count, clock, model=model, inputs=inputs),
        "peak_megabytes": {
            "main": peak_bytes() // MEGABYTE,
            "worker": max((mark.peak_bytes for mark in marks), default=0) // MEGABYTE,
        },
    }


def summed(
    counts: Mapping[str, int],
    count: Callable[[str, str], dict[str, int]],
    clock: Clock,
    *,
    model: str,
    inputs: Sequence[str],
) -> dict[str, Any]:
    """Lay out what every engine tells of a run.

    Parameters
    ----------
    counts : ``read``, ``verdicts``, ``candidates``, ``alignments``, ``taken``, ``credited``
    count : counts the values of a column of ``verdicts`` or ``rejected``, nulls aside
    clock : of the run
    model : its id
    inputs : as the user named them
    """
    rejections, relations = count("rejected", "reason"), count("verdicts", "relation")
    doubts = count("verdicts", "cannot_tell")
    return {
        "version": detector.__version__,
        "model": model,
        "inputs": list(inputs),
        "read": counts["read"],
        "rejected": sum(rejections.values()),
        "articles": counts["verdicts"],
        "candidates": counts["candidates"],
        "alignments": counts["alignments"],
        "with_source": counts["verdicts"] - doubts.get(NO_SOURCE, 0),
        "taken": counts["taken"],
        "credited": counts["credited"],
        "flagged": relations.get(MACHINE, 0),
        "rejections": rejections,
        "relations": relations,
        "cannot_tell": doubts,
        "families": count("verdicts", "family"),
        "seconds": {**clock.seconds, "total": clock.total()},
        "versions": {"python": platform.python_version(), **{n: version(n) for n in LIBRARIES}},
    }


def _reuses(path: Path) -> dict[str, int]:
    """Count what was taken from other sites, and what is credited or licensed."""
    columns = ["relation", "first", "attributed", "suspect_site", "source_site"]
    with pq.ParquetFile(path) as file:
        batches = file.iter_batches(columns=columns)
        counts = Counter(reuse(row) for batch in batches for row in batch.to_pylist())
    return {"taken": counts["taken"], "credited": counts["credited"]}
