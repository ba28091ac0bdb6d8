"""What a run adds to the archive: one transaction, all of it or nothing."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import detector
from detector.archive.file import attach, readable, transaction
from detector.engines.local import quoted
from detector.store import hash_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# What says nothing about the article itself is not kept.
_PASSING = "('known', 'duplicate_record', 'forgotten')"

_ARTICLES = """
insert into archive.articles by name
select (select coalesce(max(article), 0) from archive.articles)
    + row_number() over (order by k.article) as article,
  k.digest, a.*
from kept k
join read_parquet('{folder}/articles.parquet') a on a.id = k.name
order by k.article
"""
_TERMS = """
insert into archive.terms by name
select n.article, t.term, t.weight, t.published, t.page
from kept_terms t
join kept k on k.article = t.article
join archive.articles n on n.digest = k.digest
order by n.article
"""
_VERDICTS = """
insert into archive.verdicts by name
select n.article, v.*
from read_parquet('{folder}/verdicts.parquet') v
join kept k on k.name = v.id
join archive.articles n on n.digest = k.digest
order by n.article
"""
_REJECTED = f"""
insert into archive.rejected by name
select * from read_parquet('{{folder}}/rejected.parquet') where reason not in {_PASSING}
except
select * from archive.rejected
"""  # noqa: S608 - a constant
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
    verdicts = folder / "verdicts.parquet"
    steps = [_ARTICLES, _TERMS, _REJECTED, *([_VERDICTS] if verdicts.is_file() else [])]
    with readable(archive):
        before = _rows(connection)
        with transaction(connection):
            for step in steps:
                connection.execute(step.format(folder=quoted(folder)))
            new = _rows(connection) != before
            if new:
                note(connection, run, hash_of(folder / "articles.parquet"))
        connection.execute("detach archive")
    return new


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


def link_of(previous: str, run: str, content: str) -> str:
    """Give the link of a change: 32 hexadecimal digits."""
    return hashlib.blake2b("\n".join((previous, run, content)).encode(), digest_size=16).hexdigest()
