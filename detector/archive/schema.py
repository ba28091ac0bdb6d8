"""The tables of an archive, their version, and what a run reads of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from detector.errors import DetectorError
from detector.store import ARTICLES, REJECTED, VERDICTS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

VERSION = 2
# Statements that bring an archive of a version to the next one; `{archive}` is its name in SQL.
MIGRATIONS: Mapping[int, Sequence[str]] = {
    # Of what was kept before, nobody counted disguised words. Such articles are sources from then
    # on, and what is said of disguise is said of suspects alone.
    1: [
        f"alter table {{archive}}.articles add column {name} integer default 0"
        for name in ("lookalike_words", "parted_words", "hidden_words")
    ],
}

_NUMBER = pa.field("article", pa.int64())  # ascending in the order of arrival
TABLES: Mapping[str, pa.Schema] = {
    "about": pa.schema([("schema_version", pa.int32())]),
    # One row an addition or takedown. `link` is a hash of the link before, of the run and of what
    # it added: two archives with one link hold the same.
    "runs": pa.schema(
        [(name, pa.string()) for name in ("link", "previous", "run", "content", "version")]
        + [("number", pa.int64()), ("added", pa.timestamp("us", tz="UTC"))]
    ),
    # `id` is the name that the article goes by here, unlike any other's.
    "articles": pa.schema([_NUMBER, ("digest", pa.string()), *ARTICLES]),
    "terms": pa.schema(
        [
            _NUMBER,
            ("term", pa.int64()),
            ("weight", pa.int32()),
            ("published", pa.int64()),
            ("page", pa.int64()),
        ]
    ),
    "verdicts": pa.schema([_NUMBER, *VERDICTS]),
    "rejected": pa.schema([*REJECTED]),
    # What was taken down, by digest, and by traces, which have a colon; lest a crawl bring it back.
    "forgotten": pa.schema([("digest", pa.string())]),
}

# In a run, articles of the archive bear numbers far below its own, so that they come first where
# all else is equal, as they would in one run over both.
BEFORE = 1 << 40

# What a run reads of an archive, by the names that its statements know. All statements about
# archives run unchanged on DuckDB and on Spark; `{archive}` stands before the names of its tables.
VIEWS: Mapping[str, str] = {
    "archived": "select * from {archive}articles",
    "seen": """
    select digest, id as name from {archive}articles
    union all
    select digest, cast(null as string) as name from {archive}forgotten
    """,
    "earlier_terms": f"""
    select article - {BEFORE} as article, term, weight, published, page from {{archive}}terms
    """,  # noqa: S608 - a constant
}


def ordered(table: str, query: str) -> str:
    """Put rows for a table into the order that a file keeps them in."""
    order = " order by article" if "article" in TABLES[table].names else ""
    return f"select * from ({query}){order}"  # noqa: S608 - a query of ours


def check_version(path: str | Path, found: int, *, older: str = "") -> None:
    """Refuse an archive of another schema than this program's.

    Parameters
    ----------
    older : what to do about an older one; by default it is let pass

    Raises
    ------
    DetectorError
        Where it is newer, or older and not to be let pass.
    """
    if found > VERSION:
        raise DetectorError(
            f"{path} was written by a newer unspun: schema {found}, this one knows {VERSION}",
            hint="upgrade unspun, or give --archive another place",
        )
    if found < VERSION and older:
        raise DetectorError(
            f"{path} was written by an older unspun: schema {found}, this one reads {VERSION}",
            hint=older,
        )


def link_of(previous: str, run: str, content: str) -> str:
    """Give the link of a change: 32 hexadecimal digits."""
    return hashlib.blake2b("\n".join((previous, run, content)).encode(), digest_size=16).hexdigest()


def create(connection: DuckDBPyConnection, archive: str) -> None:
    """Make the tables of an empty archive in the attached database of that name."""
    for name, schema in TABLES.items():
        connection.register("empty", schema.empty_table())
        connection.execute(f"create table {archive}.{name} as select * from empty limit 0")  # noqa: S608
        connection.unregister("empty")
    connection.execute(f"insert into {archive}.about values ({VERSION})")  # noqa: S608
