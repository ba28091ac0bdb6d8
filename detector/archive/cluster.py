"""The archive that Spark writes: held by one run at a time, read, added to, and made to forget.

All that is here works on any store that Hadoop reaches; `detector.archive.folder` is its layout.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial, reduce
from typing import TYPE_CHECKING
from uuid import uuid4

from detector.archive.additions import ADDITIONS, NUMBERED
from detector.archive.folder import LOCK, PARTED, FolderHead, head_of, newest
from detector.archive.schema import TABLES, VIEWS
from detector.archive.takedown import GONE, LEAVING, STAYING, TAKEDOWN, check_found, taken_down
from detector.archive.traces import RETURNED, TRACED, TRACES, traces_of
from detector.engines import spark
from detector.errors import DetectorError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

# Before the names of the archive's tables among the views of a session.
_PREFIX = "archive_"
# What was added, whatever order it is in.
_CONTENT = "select bit_xor(xxhash64(digest)) from numbered"


@contextmanager
def opened(session: SparkSession, path: str | None, *, make: bool = True) -> Iterator[Folder]:
    """Keep other runs off an archive, and give a run what it reads of it, as views.

    Parameters
    ----------
    path : folder on any store; without one there is an empty archive, that keeps nothing
    make : make it where there is none

    Raises
    ------
    DetectorError
        Where another process holds it, which is named, it is no archive of Spark's, or a damaged
        or newer one.
    """
    if path is None:
        yield Folder(session, None, FolderHead())
        return
    files = spark.Files(session)
    _check(path, files.names(path), make=make)
    lock = _Lock(files, path)
    try:
        yield Folder(session, lock, _head(files, path))
    finally:
        lock.release()


class _Lock:
    """A file that says who holds an archive; a process that is killed leaves it.

    Raises
    ------
    DetectorError
        Where another process holds the archive.
    """

    def __init__(self, files: spark.Files, path: str) -> None:
        self.path = path
        self._files = files
        self._name = f"{path}/{LOCK}"
        self._mine = f"process {os.getpid()} on {platform.node()} since {datetime.now(UTC)}"
        found = files.claim(self._name, self._mine)
        if found != self._mine:
            raise DetectorError(
                f"{path} is held by {found or 'a run that has just begun'}",
                hint=f"wait for it to end; where it was killed, remove {self._name}",
            )

    def check(self) -> None:
        """Refuse to go on where somebody removed the lock under a living run.

        Raises
        ------
        DetectorError
            Where that is so: the next run has swept away what this one wrote.
        """
        if not self._is_mine():
            raise DetectorError(
                f"{self._name} was removed under this run",
                hint="nothing was added; run the same command again with a new --out",
            )

    def release(self) -> None:
        """Let others in."""
        if self._is_mine():
            self._files.remove(self._name)

    def _is_mine(self) -> bool:
        return self._files.exists(self._name) and self._files.read(self._name) == self._mine


def _check(path: str, names: Sequence[str], *, make: bool) -> None:
    """Refuse what is no archive, before anything is written into it."""
    if newest(names):
        return
    if not make:
        raise DetectorError(
            f"there is no archive at {path}",
            hint="make one: unspun archive add PATH INPUT... --engine spark",
        )
    others = [name for name in names if name != LOCK and not name.endswith(".writing")]
    if others:
        raise DetectorError(
            f"{path} is no archive of Spark's: it holds {others[0]}",
            hint="give --archive a new folder; a file is for --engine local",
        )


def _head(files: spark.Files, path: str) -> FolderHead:
    """Read the head, and remove what a killed run left; a new archive gets its first one."""
    name = newest(files.names(path))
    if name is None:
        head = FolderHead()
        files.write(f"{path}/{head.name}", head.text)
        return head
    head = head_of(files.read(f"{path}/{name}"), path)
    _sweep(files, path, head)
    return head


def _sweep(files: spark.Files, path: str, head: FolderHead) -> None:
    for name in head.superseded(files.names(path)):
        files.remove(f"{path}/{name}")


def _both(rows: DataFrame, others: DataFrame) -> DataFrame:
    return rows.union(others)


class Folder:
    """An archive that this run holds.

    Parameters
    ----------
    lock : None for an empty archive that keeps nothing
    head : what it consists of
    """

    def __init__(self, session: SparkSession, lock: _Lock | None, head: FolderHead) -> None:
        self._session = session
        self._files = spark.Files(session)
        self._lock = lock
        self._path = path = lock and lock.path
        self.head = head
        for name in PARTED:
            parts = [f"{path}/{part}/{name}" for part in head.parts]
            table = spark.table(session, parts, TABLES[name])
            table.createOrReplaceTempView(_PREFIX + name)
        digests = [(digest,) for digest in head.forgotten]
        none = spark.table(session, [], TABLES["forgotten"])
        forgotten = spark.rows(session, digests, "digest string") if digests else none
        forgotten.createOrReplaceTempView(f"{_PREFIX}forgotten")
        for name, query in VIEWS.items():
            self._view(name, query)

    def _view(self, name: str, query: str) -> None:
        self._session.sql(query.format(archive=_PREFIX)).createOrReplaceTempView(name)

    def take_in(self, run: str) -> bool:
        """Add what the run published, as one part.

        Parameters
        ----------
        run : identifies it

        Returns
        -------
        Whether anything was new.
        """
        if self._path is None:
            return False
        self._trace_returned()
        name = self._new_part()
        numbers = f"{self._path}/{name}/numbered"
        # Stored, for it is made in one task: the order of all that is new, though of no texts.
        numbered = self._session.sql(NUMBERED.format(archive=_PREFIX))
        spark.stored(numbered, numbers).createOrReplaceTempView("numbered")
        rows = self._fill(name, ADDITIONS)
        if not rows["articles"] and not rows["rejected"]:
            self._files.remove(f"{self._path}/{name}")
            return False
        ((digests,),) = self._session.sql(_CONTENT).collect()
        self._files.remove(numbers)
        content = f"{rows['articles']} {digests or 0:x} {rows['rejected']}"
        self._commit(self.head.after(run, content, parts={**self.head.parts, name: rows}))
        return True

    def _trace_returned(self) -> None:
        """Name what comes again of what was forgotten."""
        if self.head.forgotten:
            self._trace(self._session.table("articles"))
        else:
            spark.table(self._session, [], TRACES).createOrReplaceTempView("traces")
        self._view("returned", RETURNED)

    def _trace(self, articles: DataFrame) -> None:
        traces = spark.mapped(articles.select(*TRACED), partial(map, traces_of), TRACES)
        traces.createOrReplaceTempView("traces")

    def forget(self, wanted: Sequence[str]) -> list[str]:
        """Remove articles by id or URL: what stays is written anew, as one part.

        Returns
        -------
        The ids that were removed.

        Raises
        ------
        DetectorError
            Where the archive does not hold one of them; nothing is removed then.
        """
        asked = spark.rows(self._session, [(name,) for name in wanted], "name string")
        asked.createOrReplaceTempView("wanted")
        gone = self._session.sql(f"{GONE.format(archive=_PREFIX)} order by article").collect()
        check_found(str(self._path), wanted, [(row.id, row.url) for row in gone])
        columns = "article long, digest string, id string, url string"
        spark.rows(self._session, gone, columns).createOrReplaceTempView("gone")
        self._trace(self._session.sql(LEAVING.format(archive=_PREFIX)))
        digests = [str(row.digest) for row in gone]
        traces = sorted(row.trace for row in self._session.table("traces").collect())
        name = self._new_part()
        rows = self._fill(name, STAYING)
        forgotten = tuple(dict.fromkeys((*self.head.forgotten, *digests, *traces)))
        change = {"parts": {name: rows}, "forgotten": forgotten}
        self._commit(self.head.after(TAKEDOWN, taken_down(digests), **change))
        return [str(row.id) for row in gone]

    def _new_part(self) -> str:
        """Name a part that no other run writes to, whatever became of the lock."""
        return self.head.part(uuid4().hex[:8])

    def _fill(self, name: str, queries: Mapping[str, str]) -> dict[str, int]:
        """Write the tables of a part, which no head names yet, and count their rows."""
        counts = []
        for table, query in queries.items():
            found = self._session.sql(query.format(archive=_PREFIX, item="item ->"))
            kept = found.select(TABLES[table].names)
            stored = spark.stored(kept, f"{self._path}/{name}/{table}")
            counts.append(stored.selectExpr(f"'{table}' as table", "count(*) as rows"))
        return {row.table: row.rows for row in reduce(_both, counts).collect()}

    def _commit(self, head: FolderHead) -> None:
        """Make a change seen, and remove what it leaves behind."""
        if self._lock is not None:
            self._lock.check()
        self._files.write(f"{self._path}/{head.name}", head.text)
        self.head = head
        _sweep(self._files, str(self._path), head)
