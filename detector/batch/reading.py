"""From the inputs to record batches of what was found in them, numbered in their order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import BinaryIO

import pyarrow as pa

from detector.batch import shards
from detector.batch.stages import FOUND
from detector.errors import DetectorError
from detector.ingest import read
from detector.ingest.inputs import Input
from detector.records import Article, Rejected
from detector.store import Row, article_row, batch_of, rejected_row, spelt_out


def found(
    entries: Iterable[Input | Rejected], *, stdin: BinaryIO | None = None
) -> Iterator[pa.RecordBatch]:
    """Read the inputs one after another; all batches but the last have `shards.PREPARED_ROWS` rows.

    Yields
    ------
    RecordBatch
        FOUND. There is at least one, which may be empty.
    """
    return numbered(_rows(entries, stdin))


def numbered(rows: Iterable[Row], first: int = 0) -> Iterator[pa.RecordBatch]:
    """Lay out what was found in batches, numbered from ``first`` on: rows -> FOUND."""
    coming = ((row | {"article": number}) for number, row in enumerate(rows, start=first))
    batch = list(islice(coming, shards.PREPARED_ROWS))
    yield batch_of(batch, FOUND)
    while batch := list(islice(coming, shards.PREPARED_ROWS)):
        yield batch_of(batch, FOUND)


def _rows(entries: Iterable[Input | Rejected], stdin: BinaryIO | None) -> Iterator[Row]:
    for entry in entries:
        if isinstance(entry, Rejected):
            yield rejected_row(entry)
            continue
        yield from located(_outcomes(entry, stdin), entry.name)


def located(outcomes: Iterable[Article | Rejected], name: str) -> Iterator[Row]:
    """Lay out what was found in one input, each with its place there."""
    for count, outcome in enumerate(outcomes, start=1):
        if isinstance(outcome, Rejected):
            yield rejected_row(outcome)
        else:
            place = {"input": spelt_out(name), "position": f"article {count}"}
            yield article_row(outcome) | place


def _outcomes(entry: Input, stdin: BinaryIO | None) -> Iterator[Article | Rejected]:
    """Read one input; what was only found in a folder may be unreadable."""
    try:
        yield from read([entry.name], stdin=stdin)
    except DetectorError as error:
        if entry.named:
            raise
        yield Rejected(entry.name, "", "unreadable", str(error))
