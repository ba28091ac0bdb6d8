"""A whole run on a cluster: the stages and the statements of `detector.batch.running`, on Spark."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import uuid4

import pyarrow as pa

import detector
from detector.archive import cluster as archive
from detector.archive.schema import BEFORE
from detector.batch import shards, stages, statements
from detector.batch.folder import SUMMARY, TABLES, WORK
from detector.batch.plan import Rules
from detector.batch.reading import located, numbered
from detector.batch.summary import Clock, summed
from detector.candidates import CANDIDATE_SOURCES, FIRSTS, TELLING, Reach
from detector.classify import MODEL_NAME
from detector.engines import spark
from detector.errors import DetectorError
from detector.ingest import read_bytes
from detector.ingest.inputs import Input
from detector.lexicon import lexicon, models_folder
from detector.licences import Licences
from detector.rollup import reuse
from detector.store import ARTICLES, VERDICTS, batch_of, hash_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from detector.archive.folder import FolderHead

Entries: TypeAlias = Sequence[tuple[Input, str]]  # files as the user named them, and addresses

# Inputs are numbered above the articles in them: numbers ascend in the order of the inputs without
# anybody counting what is in each.
MOST_ARTICLES = 2**32
TASKS_A_CORE = 4
REUSE = pa.schema([("reuse", pa.string())])

_COLUMNS = ", ".join(f"p.{name}" for name in ARTICLES.names if name != "id")
NAMED = f"""
select k.article, k.name as id, {_COLUMNS}
from kept k
join prepared p on p.article = k.article
"""  # noqa: S608 - columns of ours
# No files are written for the archive's candidates, so each keeps its number as its place.
EARLIER = f"select source, name, -1 - source as place from ({statements.EARLIER})"  # noqa: S608
# ASKED, with the suspect's number.
ASKED = f"""
with sides as (
  select article, struct({", ".join(ARTICLES.names)}) as side from named
  union all
  select e.source as article, struct({", ".join(f"a.{n}" for n in ARTICLES.names)}) as side
  from earlier e
  join archived a on a.article = e.source + {BEFORE}
),
listed as (
  select w.article,
    sort_array(
      collect_list(case when w.place is not null then struct(w.place, s.side) end)
    ) as found
  from ({statements.SUSPECTS}) w
  left join sides s on s.article = w.source
  group by w.article
)
select s.article, s.side as suspect, transform(l.found, x -> x.side) as sources
from listed l
join sides s on s.article = l.article
"""  # noqa: S608 - columns of ours


def run(
    inputs: Sequence[str | Path],
    out: str,
    *,
    master: str | None = None,
    model: Path | None = None,
    rules: Rules | None = None,
) -> dict[str, Any]:
    """Judge every article of the inputs as `detector.batch.run` does, on Spark.

    Parameters
    ----------
    inputs : files, folders and globs of any store that Hadoop reads
    out : folder on such a store; the tables in it are folders of Parquet files
    master : where Spark runs; as Spark itself is set by default
    model : a model's folder, at the same place on every executor; by default the model that ships
        with the program, wherever an executor has that
    rules : the archive, a folder on such a store; how far back sources are looked for, and who may
        republish whom

    Returns
    -------
    dict
        What ``summary.json`` holds: that of `detector.batch.run` without ``run`` and
        ``peak_megabytes``.

    Raises
    ------
    DetectorError
        Where pyspark, Java or an input is missing, the folder holds results, the archive is held
        by another run, damaged or newer, or an executor fails again and again.
    """
    rules, session = rules or Rules(), spark.session(master)
    files = spark.Files(session)
    entries = [*files.find([str(name) for name in inputs])]
    work = _Run(session, files, out, model)
    path = str(rules.archive) if rules.archive else None
    with spark.failures(), archive.opened(session, path) as held:
        work.check_free(held.head)
        result = work.do(entries, rules)
        work.close(held, result)
    return result


def add(inputs: Sequence[str | Path], path: str, *, master: str | None = None) -> dict[str, Any]:
    """Put the articles of the inputs into an archive, unjudged: sources for what comes later.

    Parameters
    ----------
    inputs, master : as for `run`
    path : folder on any store that Hadoop reads

    Returns
    -------
    dict
        ``read`` = ``added`` + ``rejected``, and ``rejections`` by reason.

    Raises
    ------
    DetectorError
        As `run` does.
    """
    session = spark.session(master)
    files, out = spark.Files(session), f"{path.rstrip('/')}.adding"
    entries = [*files.find([str(name) for name in inputs])]
    with spark.failures(), archive.opened(session, path) as held:
        work = _Run(session, files, out, None)
        work.begin(files.names(out))  # all of the folder is removed at the end
        result = work.add(entries)
        held.take_in(uuid4().hex)
    files.remove(out)
    return result


def forget(path: str, wanted: Sequence[str], *, master: str | None = None) -> list[str]:
    """Remove articles from an archive by id or URL.

    Only hashes stay, of address, page and words, so that no crawl brings the articles back. Results
    that runs wrote elsewhere are not touched.

    Returns
    -------
    The ids that were removed.

    Raises
    ------
    DetectorError
        Where there is no archive, another run holds it, or it does not hold one of the articles;
        nothing is removed then.
    """
    session = spark.session(master)
    with archive.opened(session, path, make=False) as held:
        return held.forget(wanted)


class _Run:
    """A run at work: its tables are views of the session, stored where they are read twice."""

    def __init__(
        self, session: SparkSession, files: spark.Files, out: str, model: Path | None
    ) -> None:
        self.session = session
        self.files = files
        self.out = out
        self.model = model
        self.note = f"{out}/{WORK}/{SUMMARY}"  # written before the archive takes the run in

    def check_free(self, head: FolderHead) -> None:
        """Refuse a folder with results, those of a run that died after its addition among them."""
        if self.files.exists(self.note):
            noted = json.loads(self.files.read(self.note))
            if any(row["run"] == noted["run"] for row in head.runs):
                self._finish(noted["summary"])
            else:
                self.files.remove(self.note)
        if self.files.exists(f"{self.out}/{SUMMARY}"):
            raise DetectorError(
                f"{self.out} holds the results of a run",
                hint="give --out a new folder, or remove this one",
            )
        self.begin((WORK, *TABLES))

    def begin(self, written: Iterable[str]) -> None:
        """Mark the folder as a run's, and refuse one that holds what no run wrote there."""
        begun = f"{self.out}/{WORK}/begun"
        if self.files.exists(begun):
            return
        for name in written:
            if self.files.exists(f"{self.out}/{name}"):
                raise DetectorError(
                    f"{self.out}/{name} is in the way, and of no run",
                    hint="give --out another folder, or move this elsewhere first",
                )
        self.files.claim(begun, "")

    def close(self, held: archive.Folder, summary: dict[str, Any]) -> None:
        """Add the run to the archive, and say that its results are whole."""
        run = uuid4().hex
        self.files.write(self.note, json.dumps({"run": run, "summary": summary}))
        held.take_in(run)
        self._finish(summary)

    def _finish(self, summary: dict[str, Any]) -> None:
        self.files.write(f"{self.out}/{SUMMARY}", json.dumps(summary, indent=2) + "\n")
        self.files.remove(f"{self.out}/{WORK}")

    def do(self, entries: Entries, rules: Rules) -> dict[str, Any]:
        """Do the steps of a run, one after another."""
        model, clock = shards.loaded(_home(self.model)), Clock()
        identity = _identity(self.model)
        with clock.timed("prepare"):
            self._prepare(entries, identity)
        with clock.timed("candidates"):
            self._keep_new()
            self._find(rules.reach)
        with clock.timed("judge"):
            self._judge(identity)
        with clock.timed("publish"):
            self._publish_articles()
            self._publish_verdicts(rules.licences)
        inputs = [entry.name for entry, _ in entries]
        result = summed(self._counts(), self._count, clock, model=model.id, inputs=inputs)
        result["versions"]["pyspark"] = version("pyspark")
        return result

    def add(self, entries: Entries) -> dict[str, Any]:
        """Read, clean and sketch, and publish the articles without verdicts."""
        self._prepare(entries, _identity(self.model))
        self._keep_new()
        self._publish_articles()
        spark.table(self.session, [], VERDICTS).createOrReplaceTempView("verdicts")
        rejections = self._count("rejected", "reason")
        added, refused = self.session.table("kept").count(), sum(rejections.values())
        read = added + refused
        return {"read": read, "added": added, "rejected": refused, "rejections": rejections}

    def _keep(self, name: str, table: DataFrame) -> None:
        """Store a table in the work folder, and call it by its name from there."""
        spark.stored(table, f"{self.out}/{WORK}/{name}").createOrReplaceTempView(name)

    def _publish_as(self, name: str, table: DataFrame) -> None:
        spark.stored(table, f"{self.out}/{name}.parquet").createOrReplaceTempView(name)

    def _prepare(self, entries: Entries, identity: str) -> None:
        """Read, clean and sketch all articles."""
        named = [(number, entry.name, path) for number, (entry, path) in enumerate(entries)]
        listed = spark.rows(self.session, named, "input long, name string, path string")
        listed.createOrReplaceTempView("entries")
        self.files.contents({path for _, path in entries}).createOrReplaceTempView("contents")
        read = self.session.sql(
            "select /*+ broadcast(e) */ e.input, e.name, c.content "
            "from contents c join entries e on e.path = c.path"
        )
        found = _spread(spark.mapped(read, _found, stages.FOUND))
        prepare = partial(_prepared, folder=self.model, identity=identity)
        self._keep("prepared", spark.mapped(found, prepare, stages.PREPARED))
        prepared = self.session.table("prepared")
        prepared.select(stages.RECORDS.names).createOrReplaceTempView("records")
        sketches = prepared.select(stages.SKETCHED)
        terms = spark.mapped(sketches, partial(map, stages.terms_of), stages.TERMS)
        terms.createOrReplaceTempView("found_terms")

    def _keep_new(self) -> None:
        """Store which articles are kept, under what names, and their terms."""
        self._keep("kept", self.session.sql(statements.KEPT))
        self._keep("kept_terms", self.session.sql(statements.KEPT_TERMS))
        self.session.sql(NAMED).createOrReplaceTempView("named")

    def _find(self, reach: Reach) -> None:
        for name, query in (
            ("terms", statements.ALL_TERMS),
            ("frequencies", statements.FREQUENCIES),
            ("telling", TELLING),
            ("bound", reach.bound),
            ("firsts", FIRSTS),
            ("suspects", f"select article, {reach.earliest} as earliest from kept"),  # noqa: S608
            ("candidates", CANDIDATE_SOURCES),
            ("earlier", EARLIER),
        ):
            table = self.session.sql(query)
            if name in ("telling", "firsts", "candidates"):
                self._keep(name, table)
            else:
                table.createOrReplaceTempView(name)

    def _judge(self, identity: str) -> None:
        judge = partial(_judged, folder=self.model, identity=identity)
        asked = _spread(self.session.sql(ASKED))
        self._keep("judged", spark.mapped(asked, judge, stages.JUDGED))

    def _publish_articles(self) -> None:
        self._publish_as("articles", self.session.table("named").select(ARTICLES.names))
        self._publish_as("rejected", self.session.sql(statements.REJECTIONS))

    def _publish_verdicts(self, licences: Licences) -> None:
        judged = self.session.table("judged")
        grant = partial(map, partial(stages.granted, licences=licences))
        granted = spark.mapped(judged.select(VERDICTS.names), grant, VERDICTS)
        self._publish_as("verdicts", granted)

    def _counts(self) -> dict[str, int]:
        tables = {"read": "records", "verdicts": "verdicts", "candidates": "candidates"}
        columns = ["relation", "first", "attributed", "suspect_site", "source_site"]
        sides = self.session.table("verdicts").select(columns)
        reuses = spark.counted(spark.mapped(sides, partial(map, _reuses), REUSE), "reuse")
        (alignments,) = self.session.sql("select sum(alignments) from judged").collect()[0]
        return {
            **{name: self.session.table(table).count() for name, table in tables.items()},
            "taken": reuses.get("taken", 0),
            "credited": reuses.get("credited", 0),
            "alignments": alignments or 0,
        }

    def _count(self, table: str, column: str) -> dict[str, int]:
        return spark.counted(self.session.table(table), column)


def _spread(frame: DataFrame) -> DataFrame:
    """Deal articles out evenly: what one costs, its bytes do not tell."""
    cores = frame.sparkSession.sparkContext.defaultParallelism
    return frame.repartition(TASKS_A_CORE * cores, "article")


# ---------------------------------------------------------------- on the executors


def _found(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Read whole inputs: their numbers, names and bytes -> FOUND."""
    for entry in (row for batch in batches for row in batch.to_pylist()):
        outcomes = read_bytes(entry["content"], name=entry["name"])
        yield from numbered(located(outcomes, entry["name"]), entry["input"] * MOST_ARTICLES)


def _prepared(
    batches: Iterator[pa.RecordBatch], folder: Path | None, identity: str
) -> Iterator[pa.RecordBatch]:
    _check(folder, identity)
    return map(stages.prepared, batches)


def _judged(
    batches: Iterator[pa.RecordBatch], folder: Path | None, identity: str
) -> Iterator[pa.RecordBatch]:
    _check(folder, identity)
    return map(partial(stages.judged, model=shards.loaded(_home(folder))), batches)


def _check(folder: Path | None, identity: str) -> None:
    """Refuse to work where results would be another program's than the driver's."""
    own = _identity(folder)
    if own != identity:
        raise DetectorError(
            f"an executor has {own}, the driver {identity}",
            hint="give all of them the same environment",
        )


def _identity(folder: Path | None) -> str:
    """Name all that results depend on."""
    model = hash_of(_home(folder) / "manifest.json")[:12]
    return f"unspun {detector.__version__}, model {model}, word lists {lexicon().id[:12]}"


def _home(folder: Path | None) -> Path:
    return folder or models_folder() / MODEL_NAME


def _reuses(verdicts: pa.RecordBatch) -> pa.RecordBatch:
    return batch_of(({"reuse": reuse(row)} for row in verdicts.to_pylist()), REUSE)
