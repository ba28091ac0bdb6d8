"""A cluster: Spark runs the stages on its executors, and the SQL, over any store of Hadoop.

pyspark is an extra, so it is imported only where a session is asked for.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from detector.errors import DetectorError
from detector.ingest.inputs import STDIN, Input

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

# Rows of a record batch: texts of suspects and of their candidates, as Python sees them at a time.
BATCH_ROWS = 64
CONFIGURATION = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.execution.arrow.maxRecordsPerBatch": str(BATCH_ROWS),
    # Spark divides the work among processes; a second thread in one triples what aligning takes.
    "spark.executorEnv.OPENBLAS_NUM_THREADS": "1",
}


def session(master: str | None = None) -> SparkSession:
    """Start Spark, or take the session that there is.

    Parameters
    ----------
    master : by default what spark-submit or Spark's settings say, else this machine's cores

    Raises
    ------
    DetectorError
        Where pyspark or Java is missing.
    """
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise DetectorError(
            "the engine spark needs pyspark", hint="pip install 'unspun[spark]'"
        ) from error
    home = os.environ.get("JAVA_HOME")
    if not shutil.which("java", path=f"{home}/bin" if home else None):
        raise DetectorError(
            "the engine spark needs Java, and finds none",
            hint="install Java 17 or 21 (Debian: openjdk-17-jre-headless), or set JAVA_HOME",
        )
    builder = SparkSession.builder.appName("unspun")
    for name, value in CONFIGURATION.items():
        builder = builder.config(name, value)
    return (builder.master(master) if master else builder).getOrCreate()


def mapped(
    frame: DataFrame,
    function: Callable[[Iterator[pa.RecordBatch]], Iterable[pa.RecordBatch]],
    schema: pa.Schema,
) -> DataFrame:
    """Apply a function of a stream of record batches on the executors.

    Parameters
    ----------
    frame : its columns are those of the batches
    function : pickled by name, so that it has to be importable where the executors run
    schema : of what the function gives
    """
    from pyspark.sql.pandas import types  # noqa: PLC0415 - an extra

    kinds = types.from_arrow_schema(schema)
    plain = types.to_arrow_schema(kinds, timezone="UTC")  # no large strings, no fixed sizes

    def each(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return (batch.cast(plain) for batch in function(batches))

    return frame.mapInArrow(each, kinds)


def table(session: SparkSession, paths: Sequence[str], schema: pa.Schema) -> DataFrame:
    """Read folders of Parquet files as one table; of no folder, joins with it cost nothing.

    Raises
    ------
    DetectorError
        Where one of them is missing.
    """
    from pyspark.errors import AnalysisException  # noqa: PLC0415 - an extra
    from pyspark.sql.pandas import types  # noqa: PLC0415 - an extra

    kinds = types.from_arrow_schema(schema)
    if not paths:
        nulls = (f"cast(null as {kind.dataType.simpleString()}) as {kind.name}" for kind in kinds)
        return session.sql(f"select {', '.join(nulls)} where false")
    try:
        return session.read.schema(kinds).parquet(*map(_literal, paths))
    except AnalysisException as error:
        what = f"a table is missing: {error.getMessage()}"
        raise DetectorError(what, hint="restore its folder from a copy") from error


def rows(session: SparkSession, found: Sequence[Sequence[Any]], columns: str) -> DataFrame:
    """Make a small table of what the driver holds; its columns are written "name type, ..."."""
    return session.createDataFrame(list(found), columns)


def counted(frame: DataFrame, column: str) -> dict[str, int]:
    """Count a column's values, the most frequent first; nulls aside."""
    rows = frame.where(frame[column].isNotNull()).groupBy(column).count().collect()
    return {row[0]: row[1] for row in sorted(rows, key=lambda row: (-row[1], row[0]))}


def stored(frame: DataFrame, path: str) -> DataFrame:
    """Write a table as a folder of Parquet files, and give it as it was stored.

    A lost executor then costs the tasks that it was at, and never an earlier step.
    """
    frame.write.mode("overwrite").parquet(path)
    # The schema is told: a job would be run to look it up.
    return frame.sparkSession.read.schema(frame.schema).parquet(_literal(path))


def _literal(path: str) -> str:
    """Write a path so that Spark takes none of its characters for a pattern."""
    return re.sub(r"([\[\]{}*?\\])", r"\\\1", path)


@contextmanager
def failures() -> Iterator[None]:
    """Say in a line what failed on an executor.

    Raises
    ------
    DetectorError
        Where Python failed there, as often as Spark tries.
    """
    from pyspark.errors import PythonException  # noqa: PLC0415 - an extra

    try:
        yield
    except PythonException as error:
        lines = [
            line for line in str(error).splitlines() if re.match(r"[\w.]+(Error|Exception)", line)
        ]
        raise DetectorError(
            f"an executor failed: {lines[-1] if lines else error}",
            hint="see that every executor has the same Python, with unspun in it: docs/spark.md",
        ) from error


class Files:
    """The files of any store that Hadoop reads.

    Parameters
    ----------
    session : whose configuration says how stores are reached
    """

    def __init__(self, session: SparkSession) -> None:
        self._session = session

    def find(self, names: Sequence[str]) -> Iterator[tuple[Input, str]]:
        """Find the files behind files, folders and globs, in the order of the local engine.

        Yields
        ------
        tuple of Input and str
            The file as the user named it, and its full address. What begins with a dot or an
            underscore is passed over in folders, as everywhere in Hadoop.

        Raises
        ------
        DetectorError
            Where a name stands for nothing, or for standard input.
        """
        for name in names:
            if name == STDIN:
                raise DetectorError("Spark reads no standard input", hint="name files or folders")
            system, path = self._at(name)
            exists = system.exists(path)
            found = [system.getFileStatus(path)] if exists else list(system.globStatus(path) or ())
            if not found:
                raise DetectorError(f"there is no {name}", hint="check the spelling and the store")
            for status in sorted(found, key=lambda status: str(status.getPath())):
                yield from _files(system, status, name if exists else _plain(system, name, status))

    def contents(self, paths: Collection[str]) -> DataFrame:
        """Read whole files: ``path`` and ``content``, among others."""
        return self._session.read.format("binaryFile").load(sorted(map(_literal, paths)))

    def exists(self, name: str) -> bool:
        """Tell whether there is such a file."""
        system, path = self._at(name)
        return bool(system.exists(path))

    def names(self, name: str) -> list[str]:
        """Name what is in a folder; nothing where there is none."""
        system, path = self._at(name)
        listed = system.listStatus(path) if system.exists(path) else ()
        return [str(status.getPath().getName()) for status in listed]

    def read(self, name: str) -> str:
        """Read a small file."""
        system, path = self._at(name)
        stream = system.open(path)
        try:
            return bytes(stream.readAllBytes()).decode(errors="replace")
        finally:
            stream.close()

    def claim(self, name: str, text: str) -> str:
        """Make a small file unless there is one, and give what it says then.

        Of those who claim at once, one finds its own words; as surely as the store tells them
        apart: HDFS does.

        Raises
        ------
        DetectorError
            Where no file can be made there.
        """
        from py4j.protocol import Py4JJavaError  # noqa: PLC0415 - comes with the extra

        system, path = self._at(name)
        try:
            _fill(system.create(path, False), text)
        except Py4JJavaError as error:
            if not system.exists(path):
                raise DetectorError(
                    f"cannot write {name}: {error.java_exception.getMessage()}",
                    hint="see that the folder is one, and that you may write to it",
                ) from error
        return self.read(name)

    def write(self, name: str, text: str) -> None:
        """Write a small file whole, or not at all.

        Raises
        ------
        DetectorError
            Where there is one of that name.
        """
        system, temporary = self._at(f"{name}.writing")
        path = self._at(name)[1]
        _fill(system.create(temporary, True), text)
        if system.exists(path) or not system.rename(temporary, path):
            raise DetectorError(
                f"{name} is there already", hint="another run wrote it meanwhile: run this again"
            )

    def remove(self, name: str) -> None:
        """Remove a folder and all that is in it."""
        system, path = self._at(name)
        system.delete(path, True)

    def _at(self, name: str) -> tuple[Any, Any]:
        context: Any = self._session.sparkContext
        path = context._jvm.org.apache.hadoop.fs.Path(name)
        return path.getFileSystem(context._jsc.hadoopConfiguration()), path


def _fill(stream: Any, text: str) -> None:
    stream.write(bytearray(text, "utf-8"))
    stream.close()


def _files(system: Any, status: Any, name: str) -> Iterator[tuple[Input, str]]:
    """Give a file, or the files in a folder, which has to have some."""
    found = _walk(system, status, name, named=True)
    first = next(found, None)
    if first is None:
        raise DetectorError(
            f"the folder {name} holds no file", hint="name a folder with articles in it"
        )
    yield first
    yield from found


def _walk(system: Any, status: Any, name: str, *, named: bool) -> Iterator[tuple[Input, str]]:
    """Walk a folder: its files first, sorted, then the folders in it."""
    if not status.isDirectory():
        yield Input(name, named=named), str(status.getPath())
        return
    listed = system.listStatus(status.getPath())
    inside = [(bool(s.isDirectory()), str(s.getPath().getName()), s) for s in listed]
    for _, last, each in sorted(inside, key=lambda item: item[:2]):
        if not last.startswith((".", "_")):
            yield from _walk(system, each, f"{name.rstrip('/')}/{last}", named=False)


def _plain(system: Any, pattern: str, status: Any) -> str:
    """Name a file as the pattern that it matched is written: relative, as a path, as an address."""
    relative = ":" not in pattern and not pattern.startswith("/")
    here = f"{system.getWorkingDirectory()}/" if relative else "file:"
    return str(status.getPath()).removeprefix(here)
