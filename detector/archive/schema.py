"""The tables of an archive, their version, and what a run reads of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pyarrow as pa

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
    # What was taken down, by digest alone, lest the next crawl bring it back.
    "forgotten": pa.schema([("digest", pa.string())]),
}

# In a run, articles of the archive bear numbers far below its own, so that they come first where
# all else is equal, as they would in one run over both.
BEFORE = 1 << 40

SEEN_VIEW = """
create or replace view seen as
select digest, id as name from archive.articles
union all
select digest, cast(null as varchar) as name from archive.forgotten
"""
TERMS_VIEW = f"""
create or replace view earlier_terms as
select article - {BEFORE} as article, term, weight, published, page from archive.terms
"""  # noqa: S608 - a constant


def create(connection: DuckDBPyConnection, archive: str) -> None:
    """Make the tables of an empty archive in the attached database of that name."""
    for name, schema in TABLES.items():
        connection.register("empty", schema.empty_table())
        connection.execute(f"create table {archive}.{name} as select * from empty limit 0")  # noqa: S608
        connection.unregister("empty")
    connection.execute(f"insert into {archive}.about values ({VERSION})")  # noqa: S608
