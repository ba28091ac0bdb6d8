"""The work on one shard, as the workers do it: read, call the stage, write whole files."""

from __future__ import annotations

import resource
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pyarrow as pa

from detector.batch import stages
from detector.batch.journal import Mark
from detector.classify import Model, load_model
from detector.store import ARTICLES, Row, batch_of, opened_arrow, write_arrow, write_parquet

# Records of a shard of articles. An article's number tells its shard and its row there. Smaller
# shards lose less to an interruption, larger ones cost fewer files: this is about a second's work.
PREPARED_ROWS = 256
JUDGED_ROWS = 32


@dataclass(frozen=True)
class Preparation:
    """What readers found, to be cleaned, sketched and stored."""

    folder: Path
    number: int
    found: pa.RecordBatch  # FOUND

    @property
    def shard(self) -> str:
        """The shard's name."""
        return f"prepare-{self.number:06}"


@dataclass(frozen=True, slots=True)
class Suspect:
    """An article and its candidates, by number; the likeliest first."""

    article: int
    name: str  # its id in this run
    sources: tuple[tuple[int, str], ...]  # number and id


@dataclass(frozen=True)
class Judgement:
    """Suspects to be judged."""

    folder: Path
    number: int
    suspects: tuple[Suspect, ...]
    model: Path  # folder of the model

    @property
    def shard(self) -> str:
        """The shard's name."""
        return f"judge-{self.number:06}"


def prepare(task: Preparation) -> Mark:
    """Clean and sketch a shard of articles; store texts, records and terms."""
    batch = stages.prepared(task.found)
    records, terms = stages.records_of(batch), stages.terms_of(batch)
    texts = write_arrow(_texts(task.folder, task.number), [stages.texts_of(batch)], ARTICLES)
    files = (
        texts,
        write_parquet(_path(task, "records"), [records], stages.RECORDS),
        write_parquet(_path(task, "terms"), [terms], stages.TERMS),
    )
    return Mark(task.shard, files, {"read": batch.num_rows, "terms": terms.num_rows}, peak_bytes())


def judge(task: Judgement) -> Mark:
    """Judge a shard of suspects; store the verdicts."""
    verdicts = stages.judged(_asked(task), loaded(task.model))
    file = write_parquet(_path(task, "verdicts"), [verdicts], stages.JUDGED)
    alignments = sum(verdicts.column("alignments").to_pylist())
    counts = {"verdicts": verdicts.num_rows, "alignments": alignments}
    return Mark(task.shard, (file,), counts, peak_bytes())


def _asked(task: Judgement) -> pa.RecordBatch:
    """Put each suspect and its candidates side by side, under their ids in this run."""
    names = {s.article: s.name for s in task.suspects}
    names |= {number: name for s in task.suspects for number, name in s.sources}
    rows = articles(task.folder, names)
    asked = (
        {"suspect": rows[s.article], "sources": [rows[number] for number, _ in s.sources]}
        for s in task.suspects
    )
    return batch_of(asked, stages.ASKED)


def articles(folder: Path, names: Mapping[int, str]) -> dict[int, Row]:
    """Look articles up by number, as rows of ``ARTICLES``.

    Parameters
    ----------
    folder : where the shards are
    names : number -> the id that the article goes by in this run; candidates of the archive have
        negative numbers, -1 for the first
    """
    by_shard: dict[Path, list[int]] = defaultdict(list)
    for number in sorted(names):
        by_shard[_home(folder, number)].append(number)
    found: dict[int, Row] = {}
    for path, numbers in by_shard.items():
        kept = _rows_of(path, [_place(number) % PREPARED_ROWS for number in numbers])
        for number, row in zip(numbers, kept.to_pylist(), strict=True):
            found[number] = row | {"id": names[number]}
    return found


def _place(number: int) -> int:
    """Give an article's place in the run's files, or in those of the archive's candidates."""
    return number if number >= 0 else -1 - number


def _home(folder: Path, number: int) -> Path:
    shard = _place(number) // PREPARED_ROWS
    return _texts(folder, shard) if number >= 0 else earlier_texts(folder, shard)


def _rows_of(path: Path, rows: Sequence[int]) -> pa.RecordBatch:
    """Take rows of a file of articles; only their pages are read from the disk."""
    with opened_arrow(path) as reader:
        return reader.get_batch(0).take(pa.array(rows, pa.int64()))


def earlier_texts(folder: Path, shard: int) -> Path:
    """Say where a shard of the candidates that stand in the archive belongs."""
    return folder / f"earlier-{shard:06}.arrow"


def peak_bytes() -> int:
    """Most memory that this process held so far.

    On Linux by what the kernel says of its present program: what `getrusage` says begins with what
    the process that started it held.
    """
    status = Path("/proc/self/status")
    if status.exists():
        (peak,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(peak.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # elsewhere in bytes


def _texts(folder: Path, shard: int) -> Path:
    return folder / f"texts-{shard:06}.arrow"


def _path(task: Preparation | Judgement, kind: str) -> Path:
    return task.folder / f"{kind}-{task.number:06}.parquet"


@lru_cache(maxsize=1)
def loaded(folder: Path) -> Model:
    """Load a model once a process."""
    return load_model(folder)
