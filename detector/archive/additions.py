"""What a run adds to the archive: one transaction, all of it or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

import detector
from detector.archive.file import attach, readable, transaction
from detector.archive.schema import link_of, ordered
from detector.archive.traces import REDACTED, RETURNED, TRACED, TRACES, traces_of
from detector.engines.local import parquet
from detector.store import hash_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_TRACED_ROWS = 1000  # texts that are hashed at a time
# What says nothing about the article itself is not kept.
_PASSING = "('known', 'duplicate_record', 'forgotten')"

# The numbers that new articles bear in the archive, beside those that they bear in the run; none
# for those `returned`, which were forgotten.
NUMBERED = """
select k.article as own, k.name, k.digest,
  l.last + row_number() over (order by k.article) as article
from kept k
anti join returned g on g.id = k.name
cross join (select coalesce(max(article), 0) as last from {archive}articles) l
"""
# What the archive's tables gain by a run, of its tables `numbered`, `kept_terms`, `articles`,
# `verdicts` and `rejected`.
ADDITIONS: Mapping[str, str] = {
    "articles": "select n.article, n.digest, a.* from articles a join numbered n on n.name = a.id",
    "terms": """
    select n.article, t.term, t.weight, t.published, t.page
    from kept_terms t
    join numbered n on n.own = t.article
    """,
    "verdicts": f"""
    select n.article, {REDACTED}
    from verdicts v
    join numbered n on n.name = v.id
    left join returned g on g.id = v.source_id
    cross join (select array_agg(id) as ids from returned) names
    """,  # noqa: S608 - columns of ours
    "rejected": f"""
    select r.* from rejected r anti join returned g on g.id = r.id where r.reason not in {_PASSING}
    except
    select * from {{archive}}rejected
    """,  # noqa: S608 - a constant
}
RUN = """
insert into archive.runs by name
select $link as link, $previous as previous, $run as run, $content as content,
  $version as version, now() as added,
  (select coalesce(max(number), 0) + 1 from archive.runs) as number
"""
PREVIOUS = "select coalesce((select link from archive.runs order by number desc limit 1), '')"


def take_in(connection: DuckDBPyConnection, archive: Path, folder: Path, run: str) -> bool:
    """Add the published tables of a run; the archive has to be held, and not attached.

    Parameters
    ----------
    connection : the run's database, with its tables ``kept`` and ``kept_terms``
    folder : where ``articles``, ``rejected`` and, of a run that judged, ``verdicts.parquet`` are
    run : the id of the run's plan

    Returns
    -------
    Whether anything was new.
    """
    attach(connection, archive, write=True)
    published = {name: folder / f"{name}.parquet" for name in ("articles", "verdicts", "rejected")}
    for name, path in published.items():
        if path.is_file():
            connection.execute(f"create view {name} as select * from {parquet(path)}")  # noqa: S608
    with readable(archive):
        before = _rows(connection)
        with transaction(connection):
            _trace_returned(connection)
            for name, query in (("returned", RETURNED), ("numbered", NUMBERED)):
                make = f"create temp table {name} as {query}"
                connection.execute(make.format(archive="archive."))
            for name, query in ADDITIONS.items():
                if name not in published or published[name].is_file():
                    added = query.format(archive="archive.", item="lambda item:")
                    new_rows = ordered(name, added)
                    connection.execute(f"insert into archive.{name} by name {new_rows}")
            new = _rows(connection) != before
            if new:
                note(connection, run, hash_of(folder / "articles.parquet"))
        connection.execute("detach archive")
    return new


def _trace_returned(connection: DuckDBPyConnection) -> None:
    """Take the traces of all that is new; of nothing where nothing was forgotten."""
    columns = ", ".join(TRACED)
    some = "exists (select 1 from archive.forgotten)"
    trace(connection, f"select {columns} from articles where {some}")  # noqa: S608 - our names


def trace(connection: DuckDBPyConnection, articles: str) -> None:
    """Make the table ``traces`` of what a query gives: the columns that traces are taken from."""
    result, traces = connection.execute(articles), []
    while rows := result.fetchmany(_TRACED_ROWS):
        named = [dict(zip(TRACED, row, strict=True)) for row in rows]
        traces.append(traces_of(pa.RecordBatch.from_pylist(named)))
    connection.register("found", pa.Table.from_batches(traces, TRACES))
    connection.execute("create temp table traces as select * from found")
    connection.unregister("found")


def _rows(connection: DuckDBPyConnection) -> tuple[int, ...]:
    names = ("articles", "rejected", "verdicts")
    counts = (connection.execute(f"select count(*) from archive.{n}").fetchone() for n in names)  # noqa: S608
    return tuple(row[0] for row in counts if row)


def note(connection: DuckDBPyConnection, run: str, content: str) -> None:
    """Add a link to the chain of changes."""
    (previous,) = connection.execute(PREVIOUS).fetchone() or ("",)
    values = {"previous": previous, "run": run, "content": content}
    link = link_of(previous, run, content)
    connection.execute(RUN, {"link": link, **values, "version": detector.__version__})
