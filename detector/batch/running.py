"""A whole run: prepare, find candidates, judge, publish; each step in named shards."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from itertools import groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from detector import archive
from detector.batch import shards, stages
from detector.batch.folder import ADDED, SUMMARY, TABLES, WORK, discard, held
from detector.batch.journal import Journal, Mark
from detector.batch.plan import Machine, Plan, Rules, begun, check_spared, finished, plan
from detector.batch.progress import Pace, Tell
from detector.batch.reading import found
from detector.batch.summary import Clock, summarise
from detector.batch.tables import CANDIDATES, Tables, slices
from detector.classify import MODEL_NAME
from detector.engines.local import Workers, check_path, counted, database, parquet
from detector.errors import DetectorError
from detector.lexicon import models_folder
from detector.store import (
    ARTICLES,
    REJECTED,
    VERDICTS,
    batch_of,
    write_arrow,
    write_json,
    write_parquet,
)

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Task = TypeVar("Task", shards.Preparation, shards.Judgement)
Item = TypeVar("Item")

# Suspects that candidates are looked for at a time. Each touches some thousand articles, and a
# sum is kept for each touched article: 1,000 suspects keep DuckDB well below a gigabyte.
SLICE = 1000


def run(
    inputs: Sequence[str | Path],
    out: Path,
    *,
    machine: Machine | None = None,
    model: Path | None = None,
    rules: Rules | None = None,
    progress: Tell | None = None,
    stdin: BinaryIO | None = None,
) -> dict[str, Any]:
    """Judge every article of the inputs against the earlier ones, among them and in the archive.

    Writes ``verdicts.parquet``, ``rejected.parquet``, ``articles.parquet`` and, when all is done,
    ``summary.json`` into ``out``; what is new goes into the archive, too. Interrupted, it leaves
    what is done in ``out/work``, and the same call goes on from there.

    Parameters
    ----------
    inputs : files, folders, globs, "-"
    out : folder; made where it is absent
    machine : workers, memory, and whether to wait for the archive
    model : a model's folder; the shipped model by default
    rules : the archive, how far back sources are looked for, and who may republish whom
    progress : is told the state in words, again and again
    stdin : stands in for the process's standard input

    Returns
    -------
    dict
        What ``summary.json`` holds; see `detector.batch.summary`.

    Raises
    ------
    DetectorError
        Where an input or the model is missing, the folder holds another run, the disk is full,
        workers are killed again and again, or somebody presses Ctrl-C.
    """
    planned = plan(inputs, model or models_folder() / MODEL_NAME, rules or Rules(), out)
    check_path(out)
    with held(out):
        result = finished(planned, out)
        if result is None:
            with _at_work(planned, out, machine or Machine(), progress or _silent) as work:
                result = work.do(stdin)
        discard(out)
    return result


def add(
    inputs: Sequence[str | Path],
    path: Path,
    *,
    machine: Machine | None = None,
    progress: Tell | None = None,
) -> dict[str, Any]:
    """Put the articles of the inputs into an archive, unjudged: sources for what comes later.

    Returns
    -------
    dict
        ``read`` = ``added`` + ``rejected``, and ``rejections`` by reason.

    Raises
    ------
    DetectorError
        As `run` does.
    """
    out = path.with_name(f"{path.name}.adding")
    planned = plan(inputs, models_folder() / MODEL_NAME, Rules(archive=path), out)
    try:
        with held(out):
            with _at_work(planned, out, machine or Machine(), progress or _silent) as work:
                result = work.add()
            discard(out)
    finally:
        with suppress(OSError):  # it holds what is no run's, or a run that can go on
            out.rmdir()
    return result


@contextmanager
def _at_work(planned: Plan, out: Path, machine: Machine, tell: Tell) -> Iterator[Run]:
    """Hold the archive, and open the run's work folder."""
    path = planned.rules.file
    check_spared(planned, out)
    with _resumable(out), archive.held(path, wait=machine.wait, tell=tell):
        archive.ready(path, machine.memory)
        begin = begun(planned, out, archive.head(path), partial(_took_in, planned, out))
        yield Run(planned, out, *begin, machine, Workers(machine.workers), tell)


def _took_in(planned: Plan, out: Path, link: str) -> bool:
    """Tell whether the archive took this run in right after a change, whatever came later.

    What it takes in lies ready before. Where it does not, it was the same run for another folder.
    """
    path = planned.rules.file
    ready = {out: TABLES, out / WORK: ADDED}
    if path is None or not any(
        all((folder / name).is_file() for name in names) for folder, names in ready.items()
    ):
        return False
    with database(path.parent) as connection, archive.attached(connection, path):
        query = "select 1 from archive.runs where run = ? and previous = ?"
        return connection.execute(query, [planned.id, link]).fetchone() is not None


def _silent(_: str) -> None:
    """Tell nobody."""


@contextmanager
def _resumable(out: Path) -> Iterator[None]:
    """Say of what stopped a run from outside that the run can go on."""
    again = "run the same command again: it goes on where it stopped"
    try:
        yield
    except KeyboardInterrupt as stop:
        raise DetectorError(f"interrupted; {out / WORK} keeps what is done", hint=again) from stop
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            what, hint = f"no space left in {out}", f"make room, then {again}"
        elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            what = f"cannot write to {error.filename or out}: {error.strerror}"
            hint = f"give --out another folder, or see to its rights and {again}"
        else:
            raise
        raise DetectorError(what, hint=hint) from error


@dataclass(frozen=True)
class Run:
    """A run at work: where, by whom, and whom to tell."""

    plan: Plan
    out: Path
    journal: Journal
    added: bool  # whether the archive has it already
    machine: Machine
    workers: Workers  # of all stages, so that they are started once
    tell: Tell

    def do(self, stdin: BinaryIO | None) -> dict[str, Any]:
        """Do what is not done yet, publish the results, and add them to the archive."""
        model = shards.loaded(self.plan.model)  # before the work, lest it fail after it
        clock, marks = Clock(), []
        with clock.timed("prepare"):
            marks += self._prepare(found(self.plan.entries, stdin=stdin))
        with self._database() as connection:
            if not self.added:
                with archive.attached(connection, self.plan.rules.file):
                    tables = Tables(connection, self.journal.folder)
                    with clock.timed("candidates"):
                        marks += self._find(tables)
                    with clock.timed("judge"):
                        marks += self._judge(tables)
                    with clock.timed("publish"):
                        self._publish(tables, marks)
                with clock.timed("archive"):
                    self._take_in(connection, self.out)
            else:
                marks += self.journal.all()
            result = summarise(self.plan, model.id, marks, clock, connection, self.out)
        write_json(self.out / SUMMARY, result)
        return result

    def add(self) -> dict[str, Any]:
        """Read, clean and sketch, and add the articles to the archive."""
        folder = self.journal.folder  # of all that it writes, lest it leave anything elsewhere
        self._prepare(found(self.plan.entries))
        with self._database() as connection:
            if not self.added:
                with archive.attached(connection, self.plan.rules.file):
                    tables = Tables(connection, folder)
                    tables.gather_terms(self.plan.rules.reach)
                    self._publish_articles(tables, folder)
                self._take_in(connection, folder)
            rejections = counted(connection, parquet(folder / "rejected.parquet"), "reason")
        added = pq.read_metadata(folder / "articles.parquet").num_rows
        refused = sum(rejections.values())
        read = added + refused
        return {"read": read, "added": added, "rejected": refused, "rejections": rejections}

    @contextmanager
    def _database(self) -> Iterator[DuckDBPyConnection]:
        """Open the run's database, anew: all that is in it follows from the shards."""
        name = "run.duckdb"
        self.journal.path(name).unlink(missing_ok=True)
        folder, memory = self.journal.folder, self.machine.memory
        with database(folder, name, threads=self.machine.workers, memory=memory) as connection:
            yield connection

    def _take_in(self, connection: DuckDBPyConnection, folder: Path) -> None:
        if self.plan.rules.file is not None:
            self.tell("adding to the archive")
            archive.take_in(connection, self.plan.rules.file, folder, self.plan.id)

    def _prepare(self, batches: Iterable[pa.RecordBatch]) -> list[Mark]:
        folder = self.journal.folder
        tasks = (shards.Preparation(folder, i, batch) for i, batch in enumerate(batches))
        return self._shards(shards.prepare, tasks, Pace("reading and cleaning", self.tell), "read")

    def _find(self, tables: Tables) -> list[Mark]:
        """Find the candidates of all articles, some suspects at a time."""
        kept = tables.kept()
        pace = Pace("looking for sources", self.tell, len(kept))
        tables.gather_terms(self.plan.rules.reach)
        return list(self._found(tables, kept, pace))

    def _found(self, tables: Tables, kept: Sequence[int], pace: Pace) -> Iterator[Mark]:
        for number, (first, last) in enumerate(slices(kept, SLICE) if kept else [(0, -1)]):
            shard = f"candidates-{number:06}"
            mark = self.journal.done(shard)
            if mark is None:
                path = self.journal.path(f"{shard}.parquet")
                file = write_parquet(
                    path, tables.candidates(first, last, self.plan.rules.reach), CANDIDATES
                )
                counts = {"candidates": file.rows}
                mark = self.journal.add(Mark(shard, (file,), counts, shards.peak_bytes()))
            pace.step(min(SLICE, len(kept) - number * SLICE))
            yield mark

    def _judge(self, tables: Tables) -> list[Mark]:
        folder, model = self.journal.folder, self.plan.model
        for number, batch in enumerate(tables.earlier()):
            write_arrow(shards.earlier_texts(folder, number), [batch], ARTICLES)
        tasks = (
            shards.Judgement(folder, number, suspects, model)
            for number, suspects in enumerate(_groups(tables.suspects(), shards.JUDGED_ROWS))
        )
        pace = Pace("judging", self.tell, len(tables.kept()))
        return self._shards(shards.judge, tasks, pace, "verdicts")

    def _shards(
        self, do: Callable[[Task], Mark], tasks: Iterable[Task], pace: Pace, counted: str
    ) -> list[Mark]:
        """Do the tasks that are not done, and give the marks of all in the order of the shards."""
        marks: list[Mark] = []

        def open_tasks() -> Iterator[Task]:
            for task in tasks:
                mark = self.journal.done(task.shard)
                if mark is None:
                    yield task
                else:
                    marks.append(mark)
                    pace.step(mark.counts[counted], known=True)

        for mark in self.workers.map(do, open_tasks()):
            marks.append(self.journal.add(mark))
            pace.step(mark.counts[counted])
        return sorted(marks, key=lambda mark: mark.shard)

    def _publish(self, tables: Tables, marks: Sequence[Mark]) -> None:
        """Put the shards together, in the order of the inputs."""
        self.tell("writing the results")
        self._publish_articles(tables, self.out)
        write_parquet(self.out / "verdicts.parquet", self._verdicts(marks), VERDICTS)

    def _publish_articles(self, tables: Tables, folder: Path) -> None:
        write_parquet(folder / "articles.parquet", self._articles(tables), ARTICLES)
        write_parquet(folder / "rejected.parquet", tables.rejections(), REJECTED)

    def _articles(self, tables: Tables) -> Iterator[pa.RecordBatch]:
        for _, kept in groupby(tables.names(), key=lambda row: row[0] // shards.PREPARED_ROWS):
            rows = shards.articles(self.journal.folder, dict(kept))
            yield batch_of(rows.values(), ARTICLES)

    def _verdicts(self, marks: Sequence[Mark]) -> Iterator[pa.RecordBatch]:
        for mark in marks:
            if mark.shard.startswith("judge"):
                with pq.ParquetFile(self.journal.path(mark.files[0].name)) as file:
                    for batch in file.iter_batches(columns=VERDICTS.names):
                        yield stages.granted(batch, self.plan.rules.licences)


def _groups(items: Iterator[Item], size: int) -> Iterator[tuple[Item, ...]]:
    """Cut a stream into groups of so many."""
    while group := tuple(islice(items, size)):
        yield group
