"""One machine: worker processes for the stages, DuckDB for the SQL."""

from __future__ import annotations

import glob
import os
import signal
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Any, TypeVar

import duckdb
import pyarrow as pa
from joblib import cpu_count
from joblib.externals.loky import get_reusable_executor
from threadpoolctl import threadpool_limits

from detector.errors import DetectorError

Task = TypeVar("Task")
Result = TypeVar("Result")

# A killed worker takes the tasks of all workers with it, so an innocent task may fail twice.
TRIES = 4
# Tasks handed out ahead: one at work and one waiting for each worker.
AHEAD = 2
IDLE_SECONDS = 300
# Starting a worker takes a second of a core, in which it loads what this process has already:
# two are worth it for more work than this. docs/performance.md
ALONE_SECONDS = 2.0
ORPHAN_SECONDS = 2  # after which a worker notices that its parent is gone
# What DuckDB says, of the query that Ctrl-C has stopped.
_INTERRUPTED = "Query interrupted"
# Of the machine's memory, what DuckDB may use before it spills to disk.
MEMORY_SHARE = 1 / 3
# One process a core is what divides the work; threads below it only get in each other's way.
_ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "ARROW_NUM_THREADS"), "1"
)


class Workers:
    """Worker processes, started once there is work enough for them; until then, this process.

    Parameters
    ----------
    jobs : how many; with one, this process does everything
    alone : seconds of work after which they are started
    """

    def __init__(self, jobs: int, alone: float = ALONE_SECONDS) -> None:
        self.jobs = jobs
        self.alone = alone

    def map(self, function: Callable[[Task], Result], tasks: Iterable[Task]) -> Iterator[Result]:
        """Apply a function to each task; results come as they are finished, in any order.

        A task whose worker was killed is given to another.

        Raises
        ------
        DetectorError
            Where workers were killed TRIES times.
        """
        coming = iter(tasks)
        yield from self._here(function, coming)
        few = list(islice(coming, 2))
        if len(few) < 2:
            yield from map(function, few)
            return
        try:
            yield from self._parallel(function, chain(few, coming))
        except BaseException:
            self._executor().shutdown(wait=True, kill_workers=True)
            raise

    def _here(self, function: Callable[[Task], Result], coming: Iterator[Task]) -> Iterator[Result]:
        """Do tasks in this process: all of them with one job, else while that saves time."""
        while (self.jobs == 1 or self.alone > 0) and (got := _next(coming)):
            start = monotonic()
            # On one thread as in a worker: a second one triples what an alignment takes.
            with threadpool_limits(1, user_api="blas"):
                result = function(got[0])
            self.alone -= monotonic() - start
            yield result

    def _parallel(
        self, function: Callable[[Task], Result], coming: Iterator[Task]
    ) -> Iterator[Result]:
        running: dict[Future[Result], tuple[Task, int]] = {}
        while True:
            while len(running) < AHEAD * self.jobs and (got := _next(coming)):
                running[self._submit(function, got[0])] = (got[0], 1)
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                task, tries = running.pop(future)
                try:
                    result = future.result()
                except BrokenProcessPool:
                    running[self._again(function, task, tries)] = (task, tries + 1)
                else:
                    yield result

    def _again(self, function: Callable[[Task], Result], task: Task, tries: int) -> Future[Result]:
        if tries == TRIES:
            raise DetectorError(
                f"worker processes were killed {TRIES} times, most likely for want of memory",
                hint="run the same command with fewer --jobs; what is done is kept",
            )
        return self._submit(function, task)

    def _submit(self, function: Callable[[Task], Result], task: Task) -> Future[Result]:
        future: Future[Result] = self._executor().submit(function, task)
        return future

    def _executor(self) -> Any:
        return get_reusable_executor(
            max_workers=self.jobs,
            timeout=IDLE_SECONDS,
            initializer=_prepare_worker,
            env=_ONE_THREAD,
        )


def _next(coming: Iterator[Task]) -> tuple[Task] | None:
    return next(((task,) for task in coming), None)


def _prepare_worker() -> None:
    """Leave Ctrl-C to the parent, which stops its workers itself, and do not outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)


def _end_with(parent: int) -> None:
    """End this process soon after its parent was killed: an orphan would wait for tasks forever."""
    while os.getppid() == parent:
        sleep(ORPHAN_SECONDS)
    os._exit(1)


@contextmanager
def database(
    folder: Path,
    name: str = "",
    *,
    threads: int = 0,
    memory: int | None = None,
    spill: Path | None = None,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a DuckDB database that spills to disk.

    Parameters
    ----------
    folder : where its file is; a database in memory touches nothing there
    name : the file, made where it is absent; by default all is in memory
    threads : how many DuckDB may use; one a core by default
    memory : bytes that it may use before it spills; a third of the machine's by default
    spill : begins the path of the folder that it spills into, which a killed process leaves; by
        default that is beside the file, and without one in the system's folder for such things

    Raises
    ------
    DetectorError
        Where the file's path is none that DuckDB writes to.
    KeyboardInterrupt
        Where Ctrl-C stops a query, which DuckDB tells in its own way.
    """
    if name:
        check_path(folder / name)
    megabytes = max(1, int(memory or MEMORY_SHARE * _memory()) // 2**20)
    begin = spill or (folder if name else Path(tempfile.gettempdir())) / ".spill-"
    with tempfile.TemporaryDirectory(dir=begin.parent, prefix=begin.name) as spilled:
        config: dict[str, str | bool | int | float | list[str]] = {
            "threads": threads or cpu_count(),
            "memory_limit": f"{megabytes}MiB",
            "temp_directory": spilled,
            "preserve_insertion_order": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        with duckdb.connect(
            str(folder / name) if name else ":memory:", config=config
        ) as connection:
            connection.execute("set timezone = 'UTC'")
            try:
                yield connection
            except RuntimeError as error:
                if str(error) != _INTERRUPTED:
                    raise
                raise KeyboardInterrupt from error


def check_path(path: Path) -> None:
    """Refuse a path that DuckDB writes no database to: it puts its log beside what is before "?".

    Raises
    ------
    DetectorError
        Where there is a question mark in it.
    """
    if "?" in str(path.absolute()):
        raise DetectorError(
            f"DuckDB writes to no path with a question mark: {path.absolute()}",
            hint="give another name",
        )


def counted(connection: duckdb.DuckDBPyConnection, table: str, column: str) -> dict[str, int]:
    """Count a column's values, the most frequent first; nulls aside.

    Parameters
    ----------
    table : what SQL calls it; a table of ours, or ``read_parquet`` of one
    """
    query = f"""
    select {column}, count(*) as rows from {table}
    where {column} is not null group by all order by rows desc, {column}
    """  # noqa: S608 - names of ours
    return dict(connection.execute(query).fetchall())


def parquet(*paths: Path) -> str:
    """Write Parquet files as SQL has them among tables: their own columns, whatever folders say.

    Parameters
    ----------
    paths : all of one schema; the last part of each may be a pattern, its folder is meant literally
    """
    # DuckDB takes patterns for paths, and a folder ``key=value`` for a column of that name.
    literal = (Path(glob.escape(str(path.absolute().parent))) / path.name for path in paths)
    files = ", ".join(f"'{quoted(path)}'" for path in literal)
    return f"read_parquet([{files}], hive_partitioning = false)"


def quoted(path: Path) -> str:
    """Write a path as SQL has it between quotes."""
    return str(path).replace("'", "''")


def _memory() -> int:
    """Bytes of memory in the machine."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
