"""What an archive holds, and whether it is whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detector.archive.file import attach, check_exists, readable
from detector.archive.folder import files_of, read_head
from detector.archive.schema import TABLES, VERSION, link_of
from detector.engines.local import counted, database, parquet
from detector.store import ARTICLES, Row, article_of, digest_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Texts that are hashed at a time.
_FETCHED = 1000

_TOTALS = """
select count(*), count(distinct site), min(published), max(published)
from archive.articles
"""
_TIES = {
    "verdicts": "verdicts of no article",
    "terms": "terms of no article",
}


def stats(path: Path) -> dict[str, Any]:
    """Count what the archive holds.

    Returns
    -------
    dict
        ``articles``, ``sites``, ``from`` and ``to`` (times of publication), ``runs``,
        ``relations``, ``cannot_tell`` and ``rejections`` with counts, ``forgotten``,
        ``schema_version`` and ``bytes``.
    """
    check_exists(path)
    with database(path.parent) as connection:
        attach(connection, path)
        with readable(path):
            articles, sites, first, last = connection.execute(_TOTALS).fetchone() or (0, 0, 0, 0)
            return {
                "archive": str(path),
                "articles": articles,
                "sites": sites,
                "from": first.isoformat() if first else None,
                "to": last.isoformat() if last else None,
                "runs": _count(connection, "runs"),
                "verdicts": _count(connection, "verdicts"),
                "relations": counted(connection, "archive.verdicts", "relation"),
                "cannot_tell": counted(connection, "archive.verdicts", "cannot_tell"),
                "rejections": counted(connection, "archive.rejected", "reason"),
                "forgotten": _count(connection, "forgotten where not contains(digest, ':')"),
                "schema_version": VERSION,
                "bytes": _bytes(path),
            }


def _count(connection: DuckDBPyConnection, table: str) -> int:
    row = connection.execute(f"select count(*) from archive.{table}").fetchone()  # noqa: S608
    return int(row[0]) if row else 0


def _bytes(path: Path) -> int:
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())


def verify(path: Path) -> Iterator[str]:
    """Read every byte of the archive that is in use, and name what is wrong.

    Yields
    ------
    str
        One fault; nothing where all is whole.

    Raises
    ------
    DetectorError
        Where it cannot be read at all.
    """
    check_exists(path)
    with database(path.parent) as connection:
        attach(connection, path)
        with readable(path):
            for name in TABLES:
                connection.execute(f"select bit_xor(hash(t)) from archive.{name} t").fetchall()  # noqa: S608
            if path.is_dir():
                yield from _lost_rows(connection, path)
            yield from _broken_chain(connection)
            yield from _loose_rows(connection)
            yield from _altered(connection)


def _lost_rows(connection: DuckDBPyConnection, path: Path) -> Iterator[str]:
    """Name parts of a folder with other counts than its head has."""
    for part, counts in read_head(path).parts.items():
        for table, rows in counts.items():
            files = [parquet(file) for file in files_of(path, part, table)]
            counting = " union all ".join(f"select count(*) as n from {file}" for file in files)  # noqa: S608
            (found,) = connection.execute(f"select sum(n) from ({counting})").fetchone() or (0,)  # noqa: S608
            if found != rows:
                yield f"{part} has {found} rows of {table}, and should have {rows}"


def _broken_chain(connection: DuckDBPyConnection) -> Iterator[str]:
    link = ""
    query = "select number, link, previous, run, content from archive.runs order by number"
    for number, found, previous, run, content in connection.execute(query).fetchall():
        if previous != link or found != link_of(previous, run, content):
            yield f"change {number} does not follow from the one before"
        link = found


def _loose_rows(connection: DuckDBPyConnection) -> Iterator[str]:
    for table, what in _TIES.items():
        query = f"select count(*) from archive.{table} anti join archive.articles using (article)"  # noqa: S608
        (count,) = connection.execute(query).fetchone() or (0,)
        if count:
            yield f"{count} {what}"
    twice = "select count(*) - count(distinct digest) from archive.articles"
    (count,) = connection.execute(twice).fetchone() or (0,)
    if count:
        yield f"{count} articles are there twice"


def _altered(connection: DuckDBPyConnection) -> Iterator[str]:
    """Name articles whose text or address is not what was added."""
    result = connection.execute(f"select digest, {', '.join(ARTICLES.names)} from archive.articles")  # noqa: S608
    while rows := result.fetchmany(_FETCHED):
        for digest, *values in rows:
            row = dict(zip(ARTICLES.names, values, strict=True))
            if digest not in _digests(row):
                yield f"article {row['id']} is not what was added"


def _digests(row: Row) -> set[str]:
    """Give the digests that an article may have; its id may have been lengthened by one."""
    given = row["id"].rpartition("~")[0] or row["id"]
    return {digest_of(article_of(row)), digest_of(article_of(row | {"id": given}))}
