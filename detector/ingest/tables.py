"""Tables with a header: CSV in its dialects, and Parquet."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from detector.ingest.articles import Place
from detector.ingest.charset import decode
from detector.ingest.fields import KNOWN_FIELDS, from_record, squashed
from detector.ingest.kinds import delimiter_of
from detector.ingest.streams import MAX_LINE_BYTES, head, in_any_order, lines
from detector.records import Article, Rejected

if TYPE_CHECKING:
    from pyarrow import ChunkedArray, RecordBatch

_NO_ROWS = "a table without rows"
# Rows of Parquet held at a time: 1 MB of news at 4,000 characters each.
_BATCH_ROWS = 256


def read_csv(stream: BinaryIO, name: str) -> Iterator[Article | Rejected]:
    """Read the rows of a table whose first line names its fields.

    Yields
    ------
    Article or Rejected
        One a row, at the line where it ends; "too_many_values" where a row has
        more than the header, "broken_csv" where quoting fails. Missing values
        at the end of a row count as empty.
    """
    delimiter = delimiter_of(decode(head(stream)).lstrip("\ufeff \t\r\n")) or ","
    # A quote that is never closed would swallow the file: the limit ends it.
    csv.field_size_limit(MAX_LINE_BYTES)
    rows = csv.reader((line or "\n" for line in lines(stream)), delimiter=delimiter)
    header: list[str] = []
    empty = True
    for row in _rows(rows):
        place = Place(name, f"line {rows.line_num}")
        if isinstance(row, csv.Error):
            yield place.rejected("broken_csv", str(row))
        elif not header:
            header = [field.strip("\ufeff ") for field in row]
            continue
        elif len(row) > len(header):
            yield place.rejected("too_many_values", f"{len(row)} for {len(header)} fields")
        elif row:
            record = dict(zip(header, row, strict=False))
            yield from_record(record, input=name, position=place.position)
        empty = False
    if empty:
        yield Place(name).rejected("no_records", _NO_ROWS)


def _rows(rows: Iterator[list[str]]) -> Iterator[list[str] | csv.Error]:
    """Read rows, going on behind a broken one."""
    while True:
        try:
            yield next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield error


def read_parquet(stream: BinaryIO, name: str) -> Iterator[Article | Rejected]:
    """Read the rows of a Parquet file, of its known columns alone.

    Yields
    ------
    Article or Rejected
        One a row, at "row 12"; then "broken_parquet" where the file breaks.
    """
    number = 0
    try:
        with in_any_order(stream) as file:
            for number, record in enumerate(_parquet_records(file), start=1):
                yield from_record(record, input=name, position=f"row {number}")
    # Arrow reports hostile files as ValueError, OSError, OverflowError, NotImplementedError ...
    except Exception as error:
        yield Place(name, f"after row {number}").rejected("broken_parquet", str(error))
        return
    if not number:
        yield Place(name).rejected("no_records", _NO_ROWS)


def _parquet_records(file: BinaryIO) -> Iterator[dict[str, object]]:
    """Give the rows of a file, a batch in memory at a time."""
    from pyarrow.parquet import ParquetFile  # noqa: PLC0415 - slow to import

    table = ParquetFile(file, memory_map=False, pre_buffer=False)
    columns = [name for name in table.schema_arrow.names if squashed(name) in KNOWN_FIELDS]
    for batch in table.iter_batches(_BATCH_ROWS, columns=columns, use_threads=False):
        yield from _records(batch)


def _records(batch: RecordBatch) -> list[dict[str, object]]:
    """Give a batch's rows as mappings."""
    columns = {
        name: _values(column) for name, column in zip(batch.schema.names, batch, strict=True)
    }
    return [{name: column[row] for name, column in columns.items()} for row in range(len(batch))]


def _values(column: ChunkedArray) -> list[object]:
    """Give a column's values; stamps finer than a microsecond are cut to it."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.timestamp("us", tz=column.type.tz), safe=False)
    values: list[object] = column.to_pylist()
    return values
