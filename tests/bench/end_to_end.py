"""Clean JSON lines to verdicts: ``unspun batch`` against the pipeline that people write.

Both know the earlier articles already, ours by an archive, the other by a pickled index. Both run
as commands from cold with two workers, and judge the same new articles, in which copies of earlier
ones are planted: a pipeline is no faster for not finding them.
"""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from inputs import Material, endless, with_swaps
from row import Row, Work

from detector.exits import CLEAR, FLAGGED
from detector.records import Article

WORKERS = "2"
PLANTED = 10  # one new article in so many is a copy of an earlier one

_NAIVE = str(Path(__file__).with_name("naive.py"))
_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def end_to_end(over: Material, size: int, earlier: int, folder: Path) -> Iterator[Row]:
    """Compare both on so many new articles.

    Parameters
    ----------
    size : new articles
    earlier : articles that are known already, as many at least
    folder : empty; for inputs and results
    """
    import datasketch  # noqa: F401 - the other pipeline, another process, needs it

    seen, index = folder / "seen.duckdb", folder / "index.pickle"
    new, results, verdicts = (folder / name for name in ("new.jsonl", "results", "verdicts.jsonl"))

    cpu: dict[str, float] = {}

    @cache
    def originals() -> dict[str, str]:
        before = folder / "earlier.jsonl"
        taken = list(islice(endless(over.news), earlier + size))
        planted = _write(taken[:earlier], taken[earlier:], before, new)
        _unspun("archive", "add", seen, before, "--jobs", WORKERS)
        _naive("index", before, index)
        return planted

    def ours() -> Work:
        originals()
        shutil.rmtree(results, ignore_errors=True)
        known = shutil.copy(seen, folder / "known.duckdb")  # a run adds what it has judged
        options = ("--archive", known, "--out", results, "--jobs", WORKERS)
        return lambda: cpu.update(ours=_unspun("batch", new, *options))

    def theirs() -> Work:
        originals()
        return lambda: cpu.update(theirs=_naive("judge", new, index, verdicts))

    def facts() -> dict[str, Any]:
        rows = pq.read_table(results / "verdicts.parquet").to_pylist()
        lines = map(json.loads, verdicts.read_text().splitlines())
        return {
            "articles": size,
            "earlier": earlier,
            "cpu_seconds": round(cpu["ours"], 1),
            "rival_cpu_seconds": round(cpu["theirs"], 1),
            "copies": len(originals()),
            "copies_found": _found(((r["suspect_id"], r["source_id"]) for r in rows), originals()),
            "rival_copies_found": _found(((v["id"], v["source"]) for v in lines), originals()),
        }

    yield Row("JSON lines to verdicts", "naive pipeline", None, ours, theirs, facts)


def _write(
    earlier: Sequence[Article], new: list[Article], before: Path, path: Path
) -> dict[str, str]:
    """Plant copies, write both, and give the original of each copy by its id."""
    originals = {}
    for place in range(0, len(new), PLANTED):
        original = earlier[place]  # of the first round, as later ones differ in names alone
        new[place] = with_swaps(original, place)
        originals[new[place].id] = original.id
    _write_lines(before, earlier, 0)
    _write_lines(path, new, len(earlier))
    return originals


def _write_lines(path: Path, articles: Iterable[Article], first: int) -> None:
    """Write records, each published on another site a minute after the one before it."""
    with path.open("w", encoding="utf-8") as file:
        for number, article in enumerate(articles, first):
            url = f"https://paper{number % 50}.example/{number}"
            date = (_BEGIN + number * timedelta(minutes=1)).isoformat()
            record = {"id": article.id, "url": url, "date": date, "text": article.text}
            file.write(json.dumps(record) + "\n")


def _found(verdicts: Iterable[tuple[str, str]], originals: dict[str, str]) -> int:
    """Count the copies whose verdict names their original."""
    return sum(originals.get(suspect) == source for suspect, source in verdicts if source)


def _unspun(*arguments: str | Path) -> float:
    return _called("-m", "detector", *arguments)


def _naive(*arguments: str | Path) -> float:
    return _called(_NAIVE, *arguments)


def _called(*arguments: str | Path) -> float:
    """Run a command, and give the CPU seconds of it and its workers."""
    before = _children()
    done = subprocess.run([sys.executable, *arguments], check=False, capture_output=True, text=True)
    if done.returncode not in {CLEAR, FLAGGED}:
        raise RuntimeError(f"{arguments}: {done.stderr}")
    return _children() - before


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
