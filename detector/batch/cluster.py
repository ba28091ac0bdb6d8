"""A whole run on a cluster: the stages and the statements of `detector.batch.running`, on Spark."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

import detector
from detector.batch import shards, stages, statements
from detector.batch.plan import SUMMARY, WORK, Rules
from detector.batch.reading import located, numbered
from detector.batch.summary import Clock, summed
from detector.candidates import CANDIDATE_SOURCES, TELLING, Reach
from detector.classify import MODEL_NAME
from detector.engines import spark
from detector.errors import DetectorError
from detector.ingest import read_bytes
from detector.lexicon import lexicon, models_folder
from detector.licences import Licences
from detector.rollup import reuse
from detector.store import ARTICLES, VERDICTS, batch_of, hash_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

# Inputs are numbered above the articles in them: numbers ascend in the order of the inputs without
# anybody counting what is in each.
MOST_ARTICLES = 2**32
TASKS_A_CORE = 4
# What the statements read of an archive; there is none here.
NO_ARCHIVE = {
    "seen": "digest string, name string",
    "earlier_terms": "article long, term long, weight int, published long, page long",
    "earlier": "source long, name string, place long",
}
REUSE = pa.schema([("reuse", pa.string())])

_COLUMNS = ", ".join(f"p.{name}" for name in ARTICLES.names if name != "id")
NAMED = f"""
select k.article, k.name as id, {_COLUMNS}
from kept k
join prepared p on p.article = k.article
"""  # noqa: S608 - columns of ours
# ASKED, with the suspect's number.
ASKED = f"""
with sides as (select article, struct({", ".join(ARTICLES.names)}) as side from named),
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
    rules : how far back sources are looked for, and who may republish whom

    Returns
    -------
    dict
        What ``summary.json`` holds: that of `detector.batch.run` without ``run`` and
        ``peak_megabytes``.

    Raises
    ------
    DetectorError
        Where pyspark, Java or an input is missing, the folder holds results, an archive is asked
        for, or an executor fails again and again.
    """
    rules = rules or Rules()
    if rules.archive:
        raise DetectorError("Spark has no archive", hint="leave the archive out, or run locally")
    session = spark.session(master)
    files = spark.Files(session)
    if files.exists(f"{out}/{SUMMARY}"):
        raise DetectorError(
            f"{out} holds the results of a run", hint="give --out a new folder, or remove this one"
        )
    with spark.failures():
        result = _Run(session, files, out, model).do([str(name) for name in inputs], rules)
    files.write(f"{out}/{SUMMARY}", json.dumps(result, indent=2) + "\n")
    files.remove(f"{out}/{WORK}")
    return result


class _Run:
    """A run at work: its tables are views of the session, stored where they are read twice."""

    def __init__(
        self, session: SparkSession, files: spark.Files, out: str, model: Path | None
    ) -> None:
        self.session = session
        self.files = files
        self.out = out
        self.model = model
        for name, columns in NO_ARCHIVE.items():
            session.sql(spark.empty(columns)).createOrReplaceTempView(name)

    def do(self, inputs: list[str], rules: Rules) -> dict[str, Any]:
        """Do the steps of a run, one after another."""
        model, clock = shards.loaded(_home(self.model)), Clock()
        identity = _identity(self.model)
        with clock.timed("prepare"):
            found = self._prepare(inputs, identity)
        with clock.timed("candidates"):
            self._find(rules.reach)
        with clock.timed("judge"):
            self._judge(identity)
        with clock.timed("publish"):
            self._publish(rules.licences)
        result = summed(self._counts(), self._count, clock, model=model.id, inputs=found)
        result["versions"]["pyspark"] = version("pyspark")
        return result

    def _keep(self, name: str, table: DataFrame) -> None:
        """Store a table in the work folder, and call it by its name from there."""
        spark.stored(table, f"{self.out}/{WORK}/{name}").createOrReplaceTempView(name)

    def _publish_as(self, name: str, table: DataFrame) -> None:
        spark.stored(table, f"{self.out}/{name}.parquet").createOrReplaceTempView(name)

    def _prepare(self, inputs: list[str], identity: str) -> list[str]:
        """Read, clean and sketch all articles, and give the files that they were in."""
        entries = [(n, entry.name, path) for n, (entry, path) in enumerate(self.files.find(inputs))]
        listed = self.session.createDataFrame(entries, "input long, name string, path string")
        listed.createOrReplaceTempView("entries")
        self.files.contents({path for _, _, path in entries}).createOrReplaceTempView("contents")
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
        return [name for _, name, _ in entries]

    def _find(self, reach: Reach) -> None:
        for name, query in (
            ("kept", statements.KEPT),
            ("kept_terms", statements.KEPT_TERMS),
            ("terms", statements.ALL_TERMS),
            ("frequencies", statements.FREQUENCIES),
            ("telling", TELLING),
            ("suspects", f"select article, {reach.earliest} as earliest from kept"),  # noqa: S608
            ("candidates", CANDIDATE_SOURCES),
        ):
            table = self.session.sql(query)
            if name in ("terms", "frequencies", "suspects"):
                table.createOrReplaceTempView(name)
            else:
                self._keep(name, table)

    def _judge(self, identity: str) -> None:
        self.session.sql(NAMED).createOrReplaceTempView("named")
        judge = partial(_judged, folder=self.model, identity=identity)
        asked = _spread(self.session.sql(ASKED))
        self._keep("judged", spark.mapped(asked, judge, stages.JUDGED))

    def _publish(self, licences: Licences) -> None:
        named, judged = self.session.table("named"), self.session.table("judged")
        self._publish_as("articles", named.select(ARTICLES.names))
        self._publish_as("rejected", self.session.sql(statements.REJECTIONS))
        grant = partial(map, partial(stages.granted, licences=licences))
        granted = spark.mapped(judged.select(VERDICTS.names), grant, VERDICTS)
        self._publish_as("verdicts", granted)

    def _counts(self) -> dict[str, int]:
        tables = {"read": "records", "verdicts": "verdicts", "candidates": "candidates"}
        columns = ["relation", "attributed", "suspect_site", "source_site"]
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
