"""Forgetting: an article's text leaves every table, and the bytes of the file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from detector.archive.additions import note
from detector.archive.file import (
    attach,
    check_exists,
    readable,
    ready,
    rename,
    transaction,
)
from detector.archive.schema import create
from detector.engines.local import database, quoted
from detector.errors import DetectorError

_GONE = """
create or replace temp table gone as
select article, digest, id, url from archive.articles
where list_contains($wanted, id) or (url <> '' and list_contains($wanted, url))
"""
# Rejections of the same id hold no text, yet may hold its title or address.
_COPIES = {
    "runs": "select * from archive.runs",
    "articles": "select * from archive.articles anti join gone using (article) order by article",
    "terms": "select * from archive.terms anti join gone using (article) order by article",
    "rejected": "select r.* from archive.rejected r anti join gone on gone.id = r.id",
    "forgotten": "select * from archive.forgotten union select digest from gone",
    # What was made from a forgotten article keeps its verdict, and loses every word of the source.
    "verdicts": """
    select v.* replace (
      case when g.id is null then v.evidence else [] end as evidence,
      case when g.id is null then v.source_title end as source_title,
      case when g.id is null then v.source_url end as source_url,
      case when g.id is null then v.source_id end as source_id,
      list_filter(v.other_sources, lambda other: not list_contains(names.ids, other.id))
        as other_sources
    )
    from archive.verdicts v
    anti join gone on gone.article = v.article
    left join gone g on g.id = v.source_id
    cross join (select list(id) as ids from gone) names
    order by v.article
    """,
}


def forget(path: Path, wanted: Sequence[str]) -> list[str]:
    """Remove articles by id or URL; the archive has to be held.

    All that is kept is written to a new file, which takes the place of the old one: what was
    deleted never enters that file or its log. Only digests stay, so that no crawl brings the
    articles back. Results that runs wrote elsewhere are not touched.

    Returns
    -------
    The ids that were removed.

    Raises
    ------
    DetectorError
        Where the archive does not hold one of them; nothing is removed then.
    """
    check_exists(path)
    ready(path)  # brings the log of a killed run into the file that is copied
    new = path.with_name(f".{path.name}.new")
    with database(path.parent) as connection:
        attach(connection, path)
        with readable(path):
            connection.execute(_GONE, {"wanted": list(wanted)})
            gone = connection.execute("select id, url from gone order by article").fetchall()
            _check_found(path, wanted, {value for row in gone for value in row if value})
            connection.execute(f"attach '{quoted(new)}' as fresh")
            create(connection, "fresh")
            for name, query in _COPIES.items():
                connection.execute(f"insert into fresh.{name} by name {query}")
            connection.execute("detach archive")
            connection.execute("detach fresh")
        attach(connection, new, write=True)
        with readable(path), transaction(connection):
            note(connection, "takedown", " ".join(sorted(name for name, _ in gone)))
        connection.execute("detach archive")
    rename(new, path)
    return [name for name, _ in gone]


def _check_found(path: Path, wanted: Sequence[str], found: set[str]) -> None:
    missing = [name for name in wanted if name not in found]
    if missing:
        raise DetectorError(
            f"{path} holds no article with the id or URL {missing[0]}",
            hint="nothing was removed; ids and URLs are those of articles.parquet",
        )
