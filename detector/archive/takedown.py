"""Forgetting: an article's text leaves every table, and the bytes of the file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from detector.archive.additions import note, trace
from detector.archive.file import (
    attach,
    check_exists,
    new_beside,
    readable,
    ready,
    rename,
    transaction,
)
from detector.archive.schema import create, ordered
from detector.archive.traces import REDACTED, TRACED
from detector.engines.local import database, quoted
from detector.errors import DetectorError

TAKEDOWN = "takedown"  # the name of such a run in the chain of changes
# Of the table `wanted (name)`.
GONE = """
select article, digest, id, url from {archive}articles
where id in (select name from wanted) or (url <> '' and url in (select name from wanted))
"""
# What stays, of `gone`. Rejections of the same id hold no text, yet may hold its title or address.
STAYING: Mapping[str, str] = {
    "articles": "select a.* from {archive}articles a anti join gone on gone.article = a.article",
    "terms": "select t.* from {archive}terms t anti join gone on gone.article = t.article",
    "rejected": "select r.* from {archive}rejected r anti join gone on gone.id = r.id",
    "verdicts": f"""
    select v.article, {REDACTED}
    from {{archive}}verdicts v
    anti join gone on gone.article = v.article
    left join gone g on g.id = v.source_id
    cross join (select array_agg(id) as ids from gone) names
    """,  # noqa: S608 - columns of ours
}
# What the traces of `gone` are taken from.
LEAVING = f"""
select {", ".join(f"a.{name}" for name in TRACED)}
from {{archive}}articles a join gone on gone.article = a.article
"""  # noqa: S608 - columns of ours
_CHANGES = {
    "runs": "select * from {archive}runs",
    "forgotten": """
    select digest from {archive}forgotten
    union select digest from gone
    union select trace from traces
    """,
}


def forget(path: Path, wanted: Sequence[str]) -> list[str]:
    """Remove articles by id or URL; the archive has to be held.

    All that is kept is written to a new file, which takes the place of the old one: what was
    deleted never enters that file or its log. Only hashes stay, of address, page and words, so that
    no crawl brings the articles back. Results that runs wrote elsewhere are not touched.

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
    new = new_beside(path)
    with database(path.parent, spill=new.with_name(f"{new.name}-")) as connection:
        attach(connection, path)
        with readable(path):
            connection.execute("create temp table wanted (name varchar)")
            connection.executemany("insert into wanted values (?)", [[name] for name in wanted])
            connection.execute(f"create temp table gone as {GONE.format(archive='archive.')}")
            gone = connection.execute(
                "select id, url, digest from gone order by article"
            ).fetchall()
            check_found(path, wanted, [row[:2] for row in gone])
            trace(connection, LEAVING.format(archive="archive."))
            connection.execute(f"attach '{quoted(new)}' as fresh")
            create(connection, "fresh")
            for name, query in {**STAYING, **_CHANGES}.items():
                kept = ordered(name, query.format(archive="archive.", item="lambda item:"))
                connection.execute(f"insert into fresh.{name} by name {kept}")
            connection.execute("detach archive")
            connection.execute("detach fresh")
        attach(connection, new, write=True)
        with readable(path), transaction(connection):
            note(connection, TAKEDOWN, taken_down(digest for *_, digest in gone))
        connection.execute("detach archive")
    rename(new, path)
    return [name for name, *_ in gone]


def taken_down(digests: Iterable[str]) -> str:
    """Say in the chain of changes what was taken down; an id may be an address, or a title."""
    return " ".join(sorted(digests))


def check_found(path: str | Path, wanted: Sequence[str], gone: Iterable[Sequence[str]]) -> None:
    """Refuse to forget where something is not there.

    Parameters
    ----------
    gone : id and URL of each article that is

    Raises
    ------
    DetectorError
        Where an id or URL stands for none of them.
    """
    found = {value for row in gone for value in row if value}
    missing = [name for name in wanted if name not in found]
    if missing:
        raise DetectorError(
            f"{path} holds no article with the id or URL {missing[0]}",
            hint="nothing was removed; ids and URLs are those of articles.parquet",
        )
