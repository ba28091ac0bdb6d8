"""The articles of an archive that one article may come from; the archive stays as it is."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from detector import archive
from detector.archive.schema import BEFORE
from detector.batch import statements
from detector.batch.stages import FOUND, prepared, terms_of
from detector.candidates import CANDIDATE_SOURCES, FIRSTS, TELLING
from detector.engines.local import database
from detector.records import Article
from detector.store import ARTICLES, article_of, article_row, batch_of

_SOURCES = f"""
select {", ".join(f"a.{name}" for name in ARTICLES.names)}
from found f
join archive.articles a on a.article = f.source + {BEFORE}
order by f.place
"""  # noqa: S608 - constants


def possible_sources(path: Path, suspect: Article) -> list[Article]:
    """Find the articles of an archive that share an article's telling terms, likeliest first.

    Found as in a run with that archive and no window; what was published later, or under the
    article's own URL, is not among them. An article that cannot be judged has none.

    Raises
    ------
    DetectorError
        Where the archive is damaged, newer than this program, or in use.
    """
    terms = terms_of(prepared(batch_of([article_row(suspect) | {"article": 0}], FOUND)))
    with database(path.parent) as connection, archive.attached(connection, path):
        connection.register("asked", pa.Table.from_batches([terms]))
        for name, query in (
            ("kept_terms", "select * from asked"),
            ("terms", statements.ALL_TERMS),
            ("frequencies", statements.FREQUENCIES),
            ("telling", TELLING),
            ("bound", "select cast(null as bigint) as oldest"),
            ("firsts", FIRSTS),
            ("suspects", "select cast(0 as bigint) as article, cast(null as bigint) as earliest"),
            ("found", CANDIDATE_SOURCES),
        ):
            kind = "view" if name == "terms" else "table"  # as large as the archive
            connection.execute(f"create {kind} {name} as {query}")
        rows = connection.execute(_SOURCES).fetchall()
        connection.execute("drop view terms")
    return [article_of(dict(zip(ARTICLES.names, row, strict=True))) for row in rows]
