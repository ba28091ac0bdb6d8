"""Tables with a header: CSV in its dialects, and Parquet."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from detector.ingest.articles import Place
from detector.ingest.charset import decode
from detector.ingest.fields import KNOWN_FIELDS, from_record, squashed
from detector.ingest.kinds import SEPARATOR, delimiter_of
from detector.ingest.limits import MAX_COLUMNS, MAX_EMPTY_ROWS, MAX_LINE_BYTES
from detector.ingest.streams import head, in_any_order, lines
from detector.records import Article, Rejected

if TYPE_CHECKING:
    from pyarrow import Array, DataType, RecordBatch, Scalar

_NO_ROWS = "a table without rows"
# Rows of Parquet held at a time: 1 MB of news at 4,000 characters each.
_BATCH_ROWS = 256


def read_csv(stream: BinaryIO, name: str) -> Iterator[Article | Rejected]:
    """Read the rows of a table whose first line names its fields.

    Yields
    ------
    Article or Rejected
        One a row, at the line where it ends; "too_many_values" where a row has
        more than the header, "broken_csv" where quoting fails or a row does not
        end. Missing values at the end of a row count as empty. A header with
        too many columns is one Rejected, "too_many_columns".
    """
    delimiter = delimiter_of(decode(head(stream)).lstrip("\ufeff \t\r\n")) or ","
    # A quote that is never closed would swallow the file: the limit ends it.
    csv.field_size_limit(MAX_LINE_BYTES)
    text = _RowLines(lines(stream))
    rows = csv.reader(text, delimiter=delimiter)
    header: list[str] = []
    empty = True
    for row in _rows(rows, text):
        place = Place(name, f"line {rows.line_num}")
        if isinstance(row, csv.Error):
            yield place.rejected("broken_csv", str(row))
        elif not header and SEPARATOR.match(delimiter.join(row) + "\n"):
            continue  # the line with which spreadsheets name the delimiter
        elif not header:
            header = [field.strip("\ufeff ") for field in row]
            if len(header) > MAX_COLUMNS:
                yield place.rejected("too_many_columns", f"{len(header)}, over {MAX_COLUMNS}")
                return
            continue
        elif len(row) > len(header):
            yield place.rejected("too_many_values", f"{len(row)} for {len(header)} fields")
        elif row:
            record = dict(zip(header, row, strict=False))
            yield from_record(record, input=name, position=place.position)
        else:
            continue
        empty = False
    if empty:
        yield Place(name).rejected("no_records", _NO_ROWS)


class _RowLines:
    """The lines of a table, of which no row may take too many: a quote can join them for ever."""

    def __init__(self, text: Iterator[str | None]) -> None:
        self._text = text
        self._left = MAX_LINE_BYTES

    def begin_row(self) -> None:
        """Count anew."""
        self._left = MAX_LINE_BYTES

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._text)
        self._left -= len(line or "")
        if line is None or self._left < 0:
            raise csv.Error(f"a row of more than {MAX_LINE_BYTES} characters")
        return line


def _rows(rows: Iterator[list[str]], text: _RowLines) -> Iterator[list[str] | csv.Error]:
    """Read rows, going on behind a broken one."""
    while True:
        text.begin_row()
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
        One a row, at "row 12"; then "broken_parquet" where the file breaks, or
        "too_broken" where too many rows on end hold no text: 76 kB can hold 20
        million.
    """
    number = without = 0
    try:
        with in_any_order(stream) as file:
            for number, record in enumerate(_parquet_records(file), start=1):
                outcome = from_record(record, input=name, position=f"row {number}")
                yield outcome
                without = 0 if isinstance(outcome, Article) else without + 1
                if without >= MAX_EMPTY_ROWS:
                    what = f"{without} rows on end without an article; the rest is not read"
                    yield Place(name, f"row {number}").rejected("too_broken", what)
                    return
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
    known = [field for field in table.schema_arrow if squashed(field.name) in KNOWN_FIELDS]
    columns = list(dict.fromkeys(field.name for field in known))
    # A long value that all rows share stands in the file once; read so, it does in memory too.
    texts = [field.name for field in known if _is_text(field.type)]
    table = ParquetFile(file, memory_map=False, pre_buffer=False, read_dictionary=texts)
    for batch in table.iter_batches(_BATCH_ROWS, columns=columns, use_threads=False):
        yield from _records(batch)


def _is_text(kind: DataType) -> bool:
    """Tell a column of texts or bytes."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    return bool(pa.types.is_string(kind) or pa.types.is_binary(kind))


def _records(batch: RecordBatch) -> Iterator[dict[str, object]]:
    """Give a batch's rows as mappings, one in memory at a time; of a name the first column."""
    columns: dict[str, Array] = {}
    for name, column in zip(batch.schema.names, batch, strict=True):
        columns.setdefault(name, _as_python_can_hold(column))
    for row in range(len(batch)):
        yield {name: _value(column[row]) for name, column in columns.items()}


def _as_python_can_hold(column: Array) -> Array:
    """Cut stamps to microseconds, and put those with a zone into UTC, whatever names the zone."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    kind = column.type
    if not pa.types.is_timestamp(kind):
        return column
    unit = "us" if kind.unit == "ns" else kind.unit
    return column.cast(pa.timestamp(unit, tz="UTC" if kind.tz else None), safe=False)


def _value(scalar: Scalar) -> object:
    """Give a value as Python's: text that is not UTF-8 as bytes, nothing for a time beyond years.

    Arrow reports a value that Python cannot hold as ValueError, OverflowError, KeyError ...
    """
    try:
        return scalar.as_py()
    except UnicodeDecodeError:
        scalar = getattr(scalar, "value", scalar)  # of a dictionary
        return scalar.as_buffer().to_pybytes() if hasattr(scalar, "as_buffer") else None
    except Exception:
        return None
