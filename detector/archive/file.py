"""The archive as a file: made, held by one run at a time, attached, refused where it is damaged."""

from __future__ import annotations

import errno
import fcntl
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from detector.archive.folder import attach_folder, damaged
from detector.archive.schema import MIGRATIONS, VERSION, VIEWS, check_version, create
from detector.engines.local import check_path, database, quoted
from detector.errors import DetectorError
from detector.store import check_local, synced

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Tell = Callable[[str], None]


# ---------------------------------------------------------------- one run at a time


@contextmanager
def held(
    path: Path | None, *, wait: bool = False, tell: Tell | None = None, make: bool = True
) -> Iterator[None]:
    """Keep other runs off the archive; nothing is to be kept off where there is none.

    Parameters
    ----------
    path : the archive
    wait : wait for the one that holds it
    tell : is told whom for
    make : whether it may be one that does not exist yet

    Raises
    ------
    DetectorError
        Where another process holds it, which is named, it cannot be written there, or what is
        there is none, or one of Spark's.
    """
    if path is None:
        yield
        return
    if path.is_dir():
        raise DetectorError(
            f"{path} is a folder, and only Spark writes to such an archive",
            hint="give --engine spark, or the archive another place",
        )
    check_path(path)
    if not make:
        check_exists(path)
    check_kind(path)
    descriptor = _lock_file(path)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = f"process {os.pread(descriptor, 32, 0).decode(errors='replace') or 'unknown'}"
            if not wait:
                raise DetectorError(
                    f"{path} is held by {holder}", hint="wait for it to end, or give --wait"
                ) from error
            if tell is not None:
                tell(f"waiting for {holder}, which holds {path}")
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(descriptor)  # and the lock with it, as when the process is killed


def _lock_file(path: Path) -> int:
    try:
        return os.open(path.with_name(f"{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise DetectorError(
            f"cannot write beside {path}: {error.strerror}", hint="give --archive another place"
        ) from error


# ---------------------------------------------------------------- attaching


# Of a database of DuckDB the bytes after the first checksum.
_MAGIC, _MAGIC_END = b"DUCK", 12
# What DuckDB raises of a file that is cut off, altered or none of its own.
_DAMAGE = (
    duckdb.IOException,
    duckdb.FatalException,
    duckdb.InternalException,
    duckdb.SerializationException,
    duckdb.InvalidInputException,
)


@contextmanager
def readable(path: Path | None) -> Iterator[None]:
    """Say of what DuckDB cannot read or write that it is the archive, and what to do.

    Parameters
    ----------
    path : of the archive; without one it is the run's own files that are read

    Raises
    ------
    DetectorError
        Where they are damaged, in use, or the disk is full.
    """
    try:
        yield
    except duckdb.Error as error:
        full = os.strerror(errno.ENOSPC) in str(error)
        if isinstance(error, duckdb.OutOfMemoryException) or not (full or _tells_damage(error)):
            raise
        raise (_full if full else _unreadable)(path, str(error)) from error


def _tells_damage(error: duckdb.Error) -> bool:
    """Tell what DuckDB says of a file from what it says of a query."""
    # Of a wrong checksum DuckDB 2.0 says "Corrupt database file", as an error of no class.
    return isinstance(error, _DAMAGE) or type(error) is duckdb.Error


def _full(path: Path | None, why: str) -> DetectorError:
    again = "make room, then run the same command again; the archive is as it was before"
    first = why.partition("\n")[0]
    return DetectorError(f"no space left for {path or 'the results'}: {first}", hint=again)


def _unreadable(path: Path | None, why: str) -> DetectorError:
    first = why.partition("\n")[0]
    if path is None:
        again = "run the same command with a new --out"
        return DetectorError(f"the run's own files cannot be read: {first}", hint=again)
    if "Could not set lock" in why:
        holder = why[why.find("(PID") :].partition(")")[0].removeprefix("(PID ") or "unknown"
        return DetectorError(f"{path} is in use by process {holder}", hint="try again later")
    return damaged(path, first)


def attach(
    connection: DuckDBPyConnection, path: Path, name: str = "archive", *, write: bool = False
) -> None:
    """Attach an archive and check its version; a folder of Spark's only to be read.

    Raises
    ------
    DetectorError
        Where it is missing, damaged, newer than this program, or older and only to be read.
    """
    check_exists(path)
    if path.is_dir():
        with readable(path):
            attach_folder(connection, path, name)
        return
    check_kind(path)
    with readable(path):
        mode = "" if write else " (read_only)"
        connection.execute(f"attach '{quoted(path)}' as {name}{mode}")
        found = _version(connection, name)
    if found is None:
        raise _unreadable(path, "it has no table of ours")
    update = f"bring it up to date by a run that adds to it: unspun archive add {path} INPUT"
    check_version(path, found, older="" if write else update)


def check_exists(path: Path) -> None:
    """Refuse to go on where there is no archive.

    Raises
    ------
    DetectorError
        Where there is none.
    """
    check_local(path)
    if not path.exists():
        raise DetectorError(
            f"there is no archive at {path}", hint="make one: unspun archive add PATH INPUT..."
        )


def check_kind(path: Path) -> None:
    """Refuse a file that is no database, before anything is made beside it.

    Raises
    ------
    DetectorError
        Where there is one, and where it cannot be read.
    """
    check_local(path)
    if not path.is_file():
        return
    try:
        with path.open("rb") as file:
            begins = file.read(_MAGIC_END)
    except OSError as error:
        raise DetectorError(
            f"cannot read {path}: {error.strerror}", hint="see whose it is, and that it may be read"
        ) from error
    if not begins.endswith(_MAGIC) or len(begins) < _MAGIC_END:
        raise damaged(path, "it is no database of DuckDB")


def _version(connection: DuckDBPyConnection, name: str) -> int | None:
    try:
        row = connection.execute(f"select schema_version from {name}.about").fetchone()  # noqa: S608
    except duckdb.CatalogException:
        return None
    return None if row is None else int(row[0])


def ready(path: Path | None, memory: int | None = None) -> None:
    """Make the archive where there is none, and bring an old one to the present schema.

    The archive has to be held.
    """
    if path is None:
        return
    _sweep(path)
    if path.exists():
        _migrate(path, memory)
        return
    new = new_beside(path)
    with readable(path), database(path.parent, memory=memory) as connection:
        connection.execute(f"attach '{quoted(new)}' as archive")
        create(connection, "archive")
        connection.execute("detach archive")
    rename(new, path)


# What Python puts behind the name of a folder of its own.
_SPILLED = re.compile(r"-[a-z0-9_]{8}")


def new_beside(path: Path) -> Path:
    """Say where the file is written that takes the archive's place."""
    return path.with_name(f".{path.name}.new")


def _sweep(path: Path) -> None:
    """Remove what a killed process was writing: the new file, its log, and what it spilled."""
    new = new_beside(path)
    for left in (new, new.with_name(f"{new.name}.wal")):
        left.unlink(missing_ok=True)
    for left in path.parent.iterdir():
        begins, end = left.name[: len(new.name)], left.name[len(new.name) :]
        if begins == new.name and _SPILLED.fullmatch(end) and left.is_dir():
            shutil.rmtree(left)


def _migrate(path: Path, memory: int | None) -> None:
    """Take an old archive from version to version, in one transaction."""
    with readable(path), database(path.parent, memory=memory) as connection:
        attach(connection, path, write=True)
        found = _version(connection, "archive") or VERSION
        if found == VERSION:
            return
        with transaction(connection):
            for version in range(found, VERSION):
                for statement in MIGRATIONS[version]:
                    connection.execute(statement.format(archive="archive"))
            connection.execute(f"update archive.about set schema_version = {VERSION}")  # noqa: S608


@contextmanager
def transaction(connection: DuckDBPyConnection) -> Iterator[None]:
    """Do all of it or nothing, and bring it from the log into the file."""
    connection.execute("begin")
    try:
        yield
    except BaseException:
        with suppress(duckdb.Error):  # a failed statement may have ended it
            connection.execute("rollback")
        raise
    connection.execute("commit")
    connection.execute("checkpoint archive")


def rename(new: Path, path: Path) -> None:
    """Put a finished file in its place, on the disk as well."""
    synced(new)
    new.replace(path)
    synced(path.parent)


@contextmanager
def attached(connection: DuckDBPyConnection, path: Path | None) -> Iterator[None]:
    """Give a run what it reads of the archive, as views.

    Without an archive there is an empty one, in memory, so that the statements are the same.
    """
    if path is None:
        connection.execute("attach ':memory:' as archive")
        create(connection, "archive")
    else:
        attach(connection, path)
    for name, query in VIEWS.items():
        connection.execute(f"create view {name} as {query.format(archive='archive.')}")
    with readable(path):
        yield
    for name in VIEWS:
        connection.execute(f"drop view {name}")
    connection.execute("detach archive")


def head(path: Path | None) -> str:
    """Give the link of the archive's last change, "" where there is none."""
    if path is None:
        return ""
    with database(path.parent) as connection:
        attach(connection, path)
        query = "select link from archive.runs order by number desc limit 1"
        with readable(path):
            row = connection.execute(query).fetchone()
    return str(row[0]) if row else ""
