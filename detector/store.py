"""Stage 13: how results are stored, and that a file is either whole or absent.

A file is written under a temporary name, brought to the disk, read back, hashed and only then
renamed. Columns hold null where a record holds ``nan``: SQL would count ``nan`` as a number.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from math import isfinite
from pathlib import Path
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq

from detector.errors import DetectorError
from detector.records import Article, Evidence, Rejected, Verdict

Row: TypeAlias = dict[str, Any]

TIME = pa.timestamp("us", tz="UTC")
_SPANS = pa.list_(pa.list_(pa.int32(), 2))
ARTICLES = pa.schema(
    [
        ("id", pa.string()),
        ("url", pa.string()),
        ("site", pa.string()),
        ("title", pa.string()),
        ("published", TIME),
        ("fetched", TIME),
        ("lang", pa.string()),
        ("text", pa.large_string()),
        ("credits", pa.string()),
        ("credited_url", pa.string()),
        ("lookalike_words", pa.int32()),
        ("parted_words", pa.int32()),
        ("hidden_words", pa.int32()),
    ]
)
REJECTED = pa.schema(
    [(name, pa.string()) for name in ("input", "position", "reason", "detail", "id")]
)
EVIDENCE = pa.struct(
    [("kind", pa.string()), ("text", pa.string()), ("suspect", _SPANS), ("source", _SPANS)]
)
OTHER_SOURCE = pa.struct(
    [(name, pa.string()) for name in ("role", "id", "url", "site")] + [("coverage", pa.float64())]
)
_SIDE = ("id", "url", "site", "title", "published")
VERDICTS = pa.schema(
    [
        ("id", pa.string()),
        ("relation", pa.string()),
        ("score", pa.float64()),
        ("family", pa.string()),
        ("coverage", pa.float64()),
        ("degree", pa.float64()),
        ("cannot_tell", pa.string()),
        *((f"suspect_{name}", ARTICLES.field(name).type) for name in _SIDE),
        *((f"source_{name}", ARTICLES.field(name).type) for name in _SIDE),
        ("other_sources", pa.list_(OTHER_SOURCE)),
        ("first", pa.string()),
        ("attributed", pa.string()),
        ("evidence", pa.list_(EVIDENCE)),
        ("model", pa.string()),
        ("version", pa.string()),
    ]
)


# ---------------------------------------------------------------- records and rows


def article_row(article: Article) -> Row:
    """Lay an article out as a row of ``ARTICLES``."""
    return asdict(article)


def article_of(row: Mapping[str, Any]) -> Article:
    """Take an article back from a row that holds the columns of ``ARTICLES``, among others."""
    return Article(**{name: row[name] for name in ARTICLES.names})


def digest_of(article: Article) -> str:
    """Identify an article: 32 hexadecimal digits. Without a URL, its id has to tell it apart."""
    where = article.url or f"id {article.id}"
    return hashlib.blake2b(f"{where}\n{article.text}".encode(), digest_size=16).hexdigest()


def spelt_out(text: str) -> str:
    """Write out the bytes of a file's name that are no UTF-8, which no table can hold."""
    return text.encode("utf-8", "backslashreplace").decode()


def rejected_row(rejected: Rejected) -> Row:
    """Lay a rejection out as a row of ``REJECTED``."""
    return {name: spelt_out(value) for name, value in asdict(rejected).items()}


def verdict_row(verdict: Verdict) -> Row:
    """Lay a verdict out as a row of ``VERDICTS``; of its articles all but the texts."""
    return {
        "id": verdict.id,
        "relation": verdict.relation,
        "score": _number(verdict.score),
        "family": verdict.family,
        "coverage": _number(verdict.coverage),
        "degree": _number(verdict.degree),
        "cannot_tell": verdict.cannot_tell,
        **_side("suspect", verdict.suspect),
        **_side("source", verdict.source),
        "other_sources": [asdict(other) for other in verdict.other_sources],
        "first": verdict.first,
        "attributed": verdict.attributed,
        "evidence": [_evidence(item) for item in verdict.evidence],
        "model": verdict.model,
        "version": verdict.version,
    }


def _number(value: float) -> float | None:
    return float(value) if isfinite(value) else None


def _side(side: str, article: Article | None) -> Row:
    return {f"{side}_{name}": article and getattr(article, name) for name in _SIDE}


def _evidence(item: Evidence) -> Row:
    spans = {side: [list(span) for span in getattr(item, side)] for side in ("suspect", "source")}
    return {"kind": item.kind, "text": item.text, **spans}


def batch_of(rows: Iterable[Mapping[str, Any]], schema: pa.Schema) -> pa.RecordBatch:
    """Put rows into one Arrow batch."""
    return pa.RecordBatch.from_pylist(list(rows), schema=schema)


# ---------------------------------------------------------------- whole files


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was written whole."""

    name: str
    rows: int
    sha256: str


def write_parquet(path: Path, batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> Written:
    """Write batches as one Parquet file, whole or not at all."""

    def write(temporary: Path) -> int:
        with pq.ParquetWriter(temporary, schema, compression="zstd") as writer:
            return _fed(writer, batches)

    def count(temporary: Path) -> int:
        with pq.ParquetFile(temporary) as file:
            return sum(batch.num_rows for batch in file.iter_batches())

    return _published(path, write, count)


def write_arrow(path: Path, batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> Written:
    """Write batches as one Arrow file, which readers map into memory; whole or not at all."""

    def write(temporary: Path) -> int:
        with pa.ipc.new_file(str(temporary), schema) as writer:
            return _fed(writer, batches)

    def count(temporary: Path) -> int:
        with opened_arrow(temporary) as reader:
            return sum(reader.get_batch(i).num_rows for i in range(reader.num_record_batches))

    return _published(path, write, count)


@contextmanager
def opened_arrow(path: Path) -> Iterator[pa.ipc.RecordBatchFileReader]:
    """Map an Arrow file into memory; only what is looked at is read from the disk."""
    with pa.memory_map(str(path)) as mapped, pa.ipc.open_file(mapped) as reader:
        yield reader


def write_json(path: Path, data: object) -> Written:
    """Write plain data as one JSON file, whole or not at all."""

    def write(temporary: Path) -> int:
        temporary.write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")
        return 1

    def count(temporary: Path) -> int:
        json.loads(temporary.read_bytes())
        return 1

    return _published(path, write, count)


def check_local(path: Path) -> None:
    """Refuse what is no path of this machine but an address, which only Spark reaches.

    Raises
    ------
    DetectorError
        Where it is an address.
    """
    if re.match(r"\w+:/", str(path)):
        raise DetectorError(
            f"{path} is an address, and Spark alone reaches it",
            hint="judge, add, forget with --engine spark; copy the folder to a disk for all else",
        )


def hash_of(path: Path) -> str:
    """Hash a file's bytes (SHA-256)."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _fed(writer: Any, batches: Iterable[pa.RecordBatch]) -> int:
    rows = 0
    for batch in batches:
        writer.write_batch(batch)
        rows += batch.num_rows
    return rows


def _published(path: Path, write: Callable[[Path], int], count: Callable[[Path], int]) -> Written:
    """Write, sync, read back, hash, rename."""
    temporary = path.with_name(f"{_temporary(path)}{os.getpid()}")
    try:
        rows = write(temporary)
        synced(temporary)
        found = count(temporary)
        if found != rows:
            raise OSError(f"{temporary}: wrote {rows} rows, read back {found}")
        digest = hash_of(temporary)
        temporary.replace(path)
        synced(path.parent)
    finally:
        temporary.unlink(missing_ok=True)
    return Written(path.name, rows, digest)


def sweep(path: Path) -> None:
    """Remove what killed processes were writing of a file; none may be at it."""
    begin = _temporary(path)
    for left in path.parent.iterdir():
        if left.name.startswith(begin) and left.name[len(begin) :].isdecimal() and left.is_file():
            left.unlink()


def _temporary(path: Path) -> str:
    """Say how a file is called, before the number of the process, while it is being written."""
    return f".{path.name}."


def synced(path: Path) -> None:
    """Have the operating system bring a file, or a folder's names, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
