"""The tables of a run in SQL: what is kept, what it is called, what may be its source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from detector.archive.schema import BEFORE
from detector.batch import statements
from detector.batch.shards import PREPARED_ROWS, Suspect
from detector.candidates import CANDIDATE_SOURCES, FIRSTS, TELLING, Reach
from detector.engines.local import parquet
from detector.store import ARTICLES, REJECTED, batch_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

CANDIDATES = pa.schema(
    [
        ("suspect", pa.int64()),
        ("source", pa.int64()),
        ("shared", pa.int64()),  # thousandths of a nat
        ("place", pa.int32()),  # 1 for the likeliest
    ]
)
# Rows that are taken out of a result at a time.
FETCHED = 10_000

# In their order in the archive; `place` tells the row of their text among the files that are
# written for this run.
EARLIER = f"""
select source, name, row_number() over (order by source) - 1 as place
from ({statements.EARLIER})
"""  # noqa: S608 - a constant
EARLIER_TEXTS = f"""
select {", ".join(f"a.{name}" for name in ARTICLES.names)}
from earlier e
join archived a on a.article = e.source + {BEFORE}
order by e.place
"""  # noqa: S608 - constants


class Tables:
    """The tables of a run.

    Parameters
    ----------
    connection : a database to make them in
    folder : where the shards' files are
    """

    def __init__(self, connection: DuckDBPyConnection, folder: Path) -> None:
        self.connection = connection
        self.folder = folder
        self._view("records")
        self._make("table", "kept", statements.KEPT)

    def _view(self, kind: str, name: str = "") -> None:
        """Read all shards of a kind as one table."""
        files = parquet(self.folder / f"{kind}-*.parquet")
        self._make("view", name or kind, f"select * from {files}")  # noqa: S608

    def _make(self, kind: str, name: str, query: str) -> None:
        """Keep the result of a query as a table, or the query itself as a view."""
        self.connection.execute(f"create or replace {kind} {name} as {query}")

    def rejections(self) -> Iterator[pa.RecordBatch]:
        """Give all rejected records and duplicates, in the order of the inputs."""
        yield from self._batches(statements.REJECTIONS, REJECTED)

    def names(self) -> Iterator[tuple[int, str]]:
        """Give each kept article's number and id, in the order of the inputs."""
        return self._rows("select article, name from kept order by article")

    def kept(self) -> list[int]:
        """Give the numbers of the kept articles, ascending."""
        return [number for number, _ in self.names()]

    def gather_terms(self, reach: Reach) -> None:
        """Store the terms of the kept articles, and what tells them and common ones apart."""
        self._view("terms", "found_terms")
        self._make("table", "kept_terms", statements.KEPT_TERMS)
        self._make("view", "terms", statements.ALL_TERMS)
        self._make("view", "frequencies", statements.FREQUENCIES)
        self._make("table", "telling", TELLING)
        self._make("table", "bound", reach.bound)
        self._make("table", "firsts", FIRSTS)

    def candidates(self, first: int, last: int, reach: Reach) -> Iterator[pa.RecordBatch]:
        """Find the candidates of the kept articles with numbers from first to last."""
        self.connection.execute(
            f"create or replace table suspects as select article, {reach.earliest} as earliest"  # noqa: S608
            " from kept where article >= ? and article <= ?",
            [first, last],
        )
        yield from self._batches(CANDIDATE_SOURCES, CANDIDATES)

    def earlier(self) -> Iterator[pa.RecordBatch]:
        """Give the candidates that stand in the archive, in the order of their places."""
        self._view("candidates")
        self._make("table", "earlier", EARLIER)
        yield from self._batches(EARLIER_TEXTS, ARTICLES, PREPARED_ROWS)

    def suspects(self) -> Iterator[Suspect]:
        """Give each kept article with its candidates, in the order of the inputs.

        Candidates of the archive are called by their place: -1 is the first.
        """
        for (article, name), rows in groupby(
            self._rows(statements.SUSPECTS), key=lambda row: row[:2]
        ):
            sources = tuple((row[2], row[3]) for row in rows if row[2] is not None)
            yield Suspect(article, name, sources)

    def _rows(self, query: str) -> Iterator[Any]:
        for rows in self._fetched(query):
            yield from rows

    def _batches(
        self, query: str, schema: pa.Schema, size: int = FETCHED
    ) -> Iterator[pa.RecordBatch]:
        for rows in self._fetched(query, size):
            yield batch_of((dict(zip(schema.names, row, strict=True)) for row in rows), schema)

    def _fetched(self, query: str, size: int = FETCHED) -> Iterator[list[Any]]:
        result = self.connection.cursor().execute(query)
        while rows := result.fetchmany(size):
            yield rows


def slices(numbers: Sequence[int], size: int) -> Iterator[tuple[int, int]]:
    """Cut ascending numbers into ranges of so many, each as (first, last).

    >>> list(slices([1, 2, 5, 8, 9], 2))
    [(1, 2), (5, 8), (9, 9)]
    """
    for start in range(0, len(numbers), size):
        part = numbers[start : start + size]
        yield part[0], part[-1]
