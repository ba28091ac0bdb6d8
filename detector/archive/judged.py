"""What an archive was told of articles: the verdicts on a site, and on where sources came from."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from detector.archive.file import attach, readable
from detector.archive.folder import newest
from detector.engines.local import database
from detector.store import VERDICTS, Row

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_VERDICTS = f"select {', '.join(VERDICTS.names)} from archive.verdicts"  # noqa: S608 - our names


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdicts of an archive that is open for reading."""

    connection: DuckDBPyConnection

    def on_site(self, site: str) -> list[Row]:
        """Give every verdict on a site's articles."""
        return self._verdicts("where suspect_site = ? order by article", site)

    def on(self, articles: Collection[str]) -> list[Row]:
        """Give the verdicts on articles, by the names that they go by in the archive."""
        return self._verdicts("where suspect_id in (select unnest(?))", list(articles))

    def largest_sites(self, most: int) -> list[str]:
        """Name the sites with most verdicts."""
        query = """
        select suspect_site from archive.verdicts where suspect_site <> ''
        group by all order by count(*) desc, suspect_site limit ?
        """
        return [site for (site,) in self.connection.execute(query, [most]).fetchall()]

    def _verdicts(self, which: str, given: object) -> list[Row]:
        found = self.connection.execute(f"{_VERDICTS} {which}", [given]).fetchall()
        return [dict(zip(VERDICTS.names, row, strict=True)) for row in found]


@contextmanager
def judged(path: Path) -> Iterator[Judged]:
    """Open an archive to read its verdicts.

    Raises
    ------
    DetectorError
        Where there is none, or it is damaged or newer than this program.
    """
    with database(path.parent) as connection:
        attach(connection, path)
        with readable(path):
            yield Judged(connection)


def is_archive(path: Path) -> bool:
    """Tell an archive, file or folder, from the folder of a run's results."""
    if path.is_dir():
        return newest(entry.name for entry in path.iterdir()) is not None
    return path.exists()
