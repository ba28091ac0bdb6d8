"""The archive as a folder of Parquet files: its head says which parts there are.

A part is a folder with one folder of Parquet files a table, and is never changed once the head
names it. The head is one small file, written last and by rename; its name bears the number of the
change, so that none is ever overwritten. What no head names does not exist.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

import detector
from detector.archive.schema import TABLES, VERSION, check_version, create, link_of
from detector.engines.local import parquet
from detector.errors import DetectorError
from detector.store import Row

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Tables that lie in the parts; the head holds the others.
PARTED = ("articles", "terms", "verdicts", "rejected")
_OF_HEAD = ("runs", "forgotten")
LOCK = "lock"
_HEAD = re.compile(r"head-\d{8}\.json")
_OURS = re.compile(r"(head|part)-\d{8}\b.*")


@dataclass(frozen=True)
class FolderHead:
    """What an archive consists of after a change."""

    number: int = 0  # of changes
    parts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)  # rows by part and table
    runs: tuple[Row, ...] = ()
    forgotten: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Name the file that this head is written to."""
        return f"head-{self.number:08}.json"

    @property
    def text(self) -> str:
        """Give the content of that file."""
        return json.dumps({"schema_version": VERSION, **asdict(self)}, indent=1) + "\n"

    def part(self, token: str) -> str:
        """Name the part that the next change adds; no other run's bears the token."""
        return f"part-{self.number + 1:08}-{token}"

    def after(self, run: str, content: str, **changed: Any) -> FolderHead:
        """Give the head after one more change: a link of the chain, and the fields that change."""
        previous = self.runs[-1]["link"] if self.runs else ""
        link = {
            "link": link_of(previous, run, content),
            "previous": previous,
            "run": run,
            "content": content,
            "version": detector.__version__,
            "number": self.number + 1,
            "added": datetime.now(UTC).isoformat(),
        }
        return replace(self, number=self.number + 1, runs=(*self.runs, link), **changed)

    def table(self, name: str) -> pa.Table:
        """Give a table that lies in no part.

        Raises
        ------
        ValueError, KeyError, TypeError, AttributeError
            Where a value is missing, or is none of its column.
        """
        found = pa.Table.from_pylist([*self._rows(name)], TABLES[name])
        if any(column.null_count for column in found.columns):
            raise ValueError(f"a value of {name} is missing")
        return found

    def _rows(self, table: str) -> Iterator[Row]:
        if table == "forgotten":
            yield from ({"digest": digest} for digest in self.forgotten)
        else:
            yield from (row | {"added": datetime.fromisoformat(row["added"])} for row in self.runs)

    def superseded(self, names: Iterable[str]) -> list[str]:
        """Name what a killed run, or a head before this one, left in the folder."""
        return [
            name
            for name in names
            if _OURS.fullmatch(name) and name != self.name and name not in self.parts
        ]


def newest(names: Iterable[str]) -> str | None:
    """Name the head that counts among the names in a folder, if it is an archive."""
    return max(filter(_HEAD.fullmatch, names), default=None)


def head_of(text: str, path: str | Path) -> FolderHead:
    """Read a head.

    Parameters
    ----------
    path : of the archive, for people

    Raises
    ------
    DetectorError
        Where it is damaged, or of another schema than this program's.
    """
    try:
        found = json.loads(text)
        version = int(found.pop("schema_version"))
        check_version(path, version, older="begin a new one from the crawls")
        runs, forgotten = map(tuple, (found.pop("runs"), found.pop("forgotten")))
        head = FolderHead(runs=runs, forgotten=forgotten, **found)
        if not all(map(_OURS.fullmatch, head.parts)):
            raise ValueError("a part lies elsewhere")
        if any(sorted(counts) != sorted(PARTED) for counts in head.parts.values()):
            raise ValueError("a part has other tables")
        for table in _OF_HEAD:
            head.table(table)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise damaged(path, f"its head is no head: {error}") from error
    return head


def damaged(path: str | Path, why: str) -> DetectorError:
    """Say that an archive is not whole."""
    return DetectorError(
        f"{path} is damaged, or no archive of unspun: {why}",
        hint="restore it from a copy, or begin a new one from the crawls",
    )


# ---------------------------------------------------------------- reading on a local disk


def read_head(path: Path) -> FolderHead:
    """Read the head of an archive on a local disk.

    Raises
    ------
    DetectorError
        Where the folder is no archive, or a damaged or newer one.
    """
    name = newest(entry.name for entry in path.iterdir())
    if name is None:
        raise DetectorError(
            f"{path} is a folder, and no archive of Spark's",
            hint="make one: unspun archive add PATH INPUT... --engine spark",
        )
    return head_of((path / name).read_text("utf-8", errors="replace"), path)


def attach_folder(connection: DuckDBPyConnection, path: Path, name: str) -> None:
    """Attach an archive on a local disk, to be read; its tables are views of the files.

    Raises
    ------
    DetectorError
        Where the folder is no archive, or a damaged or newer one.
    """
    head = read_head(path)
    connection.execute(f"attach ':memory:' as {name}")
    create(connection, name)
    for table in _OF_HEAD:
        connection.register("held", head.table(table))
        connection.execute(f"insert into {name}.{table} from held")
        connection.unregister("held")
    for table in PARTED if head.parts else ():
        files = [file for part in head.parts for file in files_of(path, part, table)]
        columns = ", ".join(TABLES[table].names)
        connection.execute(f"drop table {name}.{table}")
        query = f"select {columns} from {parquet(*files)}"  # noqa: S608 - names of ours
        connection.execute(f"create view {name}.{table} as {query}")


def files_of(path: Path, part: str, table: str) -> list[Path]:
    """List the files of a table in a part.

    Raises
    ------
    DetectorError
        Where there is none: of no rows there is one, too.
    """
    files = sorted((path / part / table).glob("*.parquet"))
    if not files:
        raise damaged(path, f"{part} has no {table}")
    return files
