"""The same crawl on Spark, with two executors in processes of their own: the same rows."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

import detector
from detector import archive
from detector.archive.cluster import Folder, opened
from detector.archive.file import attach
from detector.archive.folder import read_head
from detector.archive.schema import VERSION
from detector.batch import Machine, Rules, add, cluster, run
from detector.candidates import Reach
from detector.classify import MODEL_NAME
from detector.cli import main
from detector.demo import crawl
from detector.engines import spark
from detector.errors import DetectorError
from detector.lexicon import models_folder
from detector.licences import read_licences
from detector.pages.crawl_rows import load_crawl, whole_verdicts
from detector.pages.site_lines import shipped_error_rates

PYSPARK = find_spec("pyspark") is not None
JAVA = shutil.which("java") is not None or "JAVA_HOME" in os.environ
needs_pyspark = pytest.mark.skipif(not PYSPARK, reason="pyspark is not installed")
needs_spark = pytest.mark.skipif(not (PYSPARK and JAVA), reason="pyspark or Java is not installed")
pytestmark = [
    # py4j leaves its sockets to the garbage collector.
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
    # Where pandas is newer than the extra asks for: pyspark looks at its version, and we use none.
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
]

MASTER = "local-cluster[2,1,1024]"
# Two cores are few for four JVMs: they compile in a hurry, and show no pages.
JVM = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
SETTINGS = (
    f'--driver-java-options "{JVM}" --conf "spark.executor.extraJavaOptions={JVM}" '
    "--conf spark.ui.enabled=false --conf spark.ui.showConsoleProgress=false pyspark-shell"
)
ROOT = Path(__file__).resolve().parents[2]
TABLES = ("articles", "rejected", "verdicts")
FERRY = (
    "The ferry to Wick Holm sails twice a day again from Monday. Skipper Dunstan Ravel said that "
    "the new boat takes sixty passengers and nine cars, and that she rolls less than the old one. "
    "The council paid 412,000 crowns for her, a third of it out of the harbour dues of last year. "
    "Islanders had waited since the storm in November, when the pier lost its outermost piles."
)
LIBRARY = (
    "Ostermouth keeps its library. After five hours the council voted by eleven to ten to repair "
    "the roof instead of selling the house, which a brewer had given to the town in 1903. Nobody "
    "will borrow a book before spring, said the librarian, Ottoline Marsh, for the cellar has to "
    "dry first; until then a van with four thousand volumes goes round the villages of the bay."
)


def news(number: int, site: str, text: str, **more: str) -> dict[str, str]:
    """Invent a record."""
    return {"id": f"n{number}", "url": f"https://{site}/{number}", "text": text, **more}


RECORDS = (
    news(1, "wickpost.example", FERRY, date="2026-03-02T08:00:00.250001Z", title="Ferry"),
    news(2, "baygazette.example", FERRY, date="2026-03-03"),  # copied, and licensed
    news(3, "quickbay.example", FERRY.replace("sails", "goes").replace("paid", "spent")),  # no date
    news(4, "wickpost.example", LIBRARY, date="2026-03-01T23:30:00+05:30"),
    news(4, "baygazette.example", f"{LIBRARY} {FERRY}", date="2026-03-04"),  # of two, same id
    news(1, "wickpost.example", FERRY, date="2026-03-02T08:00:00.250001Z"),  # the first once more
    news(7, "wickpost.example", "Too short."),
    news(4, "annals.example", LIBRARY) | {"id": "n4~98254cf3"},  # as the second n4 is called
    news(4, "annals.example", FERRY) | {"id": f"n4~{'0' * 32}"},  # as if lengthened by a digest
    news(8, "annals.example", f"{LIBRARY} Nothing else.", date="1888-03-01T12:00:00Z"),
)


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lay out the demo's crawl and invented records, under names that stores treat specially."""
    folder = tmp_path_factory.mktemp("inputs") / "crawl"
    shutil.copytree(crawl(), folder)
    (folder / "old [2026]").mkdir()
    lines = "\n".join(map(json.dumps, RECORDS))
    (folder / "old [2026]" / "bay news, 100%.jsonl").write_text(lines, "utf-8")
    (folder / "cut.jsonl.gz").write_bytes(b"\x1f\x8b\x08\x00cut off")
    (folder / ".hidden.jsonl").write_text(lines, "utf-8")
    return folder


@pytest.fixture(scope="module")
def licences(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """License one invented site."""
    path = tmp_path_factory.mktemp("licences") / "licences.csv"
    path.write_text("from,to\nwickpost.example,baygazette.example\n", "utf-8")
    return path


@pytest.fixture(scope="module")
def local(
    inputs: Path, licences: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, list[Any]], dict[str, Any]]:
    """Judge the crawl on this machine."""
    out = tmp_path_factory.mktemp("local") / "out"
    rules = Rules(Reach(window=400), read_licences(licences))
    summary = run([inputs], out, machine=Machine(jobs=1), rules=rules)
    return rows(out), summary


@pytest.fixture(scope="module")
def app() -> Iterator[str]:
    """Start Spark with two executors that import this checkout, and give the application's id."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        patch.setenv("PYTHONPATH", str(ROOT))
        patch.setenv("PYSPARK_SUBMIT_ARGS", SETTINGS)
        session = spark.session(MASTER)
        session.conf.set("spark.sql.shuffle.partitions", "2")
        yield str(session.sparkContext.applicationId)
        session.stop()


def rows(out: Path) -> dict[str, list[Any]]:
    """Read the results, sorted."""
    return {n: sorted(pq.read_table(out / f"{n}.parquet").to_pylist(), key=repr) for n in TABLES}


def told(summary: dict[str, Any]) -> dict[str, Any]:
    """Leave out of a summary what differs from run to run."""
    passing = ("run", "seconds", "peak_megabytes", "versions")
    return {name: value for name, value in summary.items() if name not in passing}


def executors(app: str) -> set[int]:
    """List the processes that are executors of the application."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        if any(word.endswith("CoarseGrainedExecutorBackend") for word in words) and app in words:
            found.add(int(path.parent.name))
    return found


def until(true: Callable[[], bool]) -> None:
    """Wait for something, but not forever."""
    end = monotonic() + 100
    while not true() and monotonic() < end:
        sleep(0.02)


# ---------------------------------------------------------------- the same rows


@needs_spark
def test_spark_gives_the_rows_of_the_local_engine(
    app: str,
    inputs: Path,
    licences: Path,
    local: tuple[dict[str, list[Any]], dict[str, Any]],
    tmp_path: Path,
) -> None:
    """The command with --engine spark writes the articles, rejections and verdicts that it writes
    without it, equal in every column, and a summary with the same counts; pages can read them.
    """
    out = tmp_path / "weight=4" / "out [1]*"  # no column, and no pattern
    call = ["batch", str(inputs), "--out", str(out), "--licences", str(licences), "--json"]
    result = CliRunner().invoke(main, [*call, "--window", "400", "--engine", "spark"])

    assert result.exit_code == 3, result.output
    found = rows(out)
    for name in TABLES:
        assert found[name] == local[0][name]
    assert told(json.loads((out / "summary.json").read_bytes())) == told(local[1])
    assert not (out / "work").exists()
    reasons = {row["reason"] for row in found["rejected"]}
    assert {"duplicate_record", "broken_gzip"} <= reasons
    assert {"n4"} < {row["id"] for row in found["articles"] if row["id"].startswith("n4")}
    assert {"licensed", None} <= {row["attributed"] for row in found["verdicts"]}

    read = load_crawl(out, shipped_error_rates())
    assert len(list(whole_verdicts(out, read.verdicts))) == len(found["verdicts"])
    with pytest.raises(DetectorError, match="holds the results of a run"):
        cluster.run([inputs], str(out))


@needs_spark
def test_a_killed_executor_changes_no_row(
    app: str,
    inputs: Path,
    licences: Path,
    local: tuple[dict[str, list[Any]], dict[str, Any]],
    tmp_path: Path,
) -> None:
    """With one of two executors killed while articles are judged, the rows are the same."""
    out, before, killed = tmp_path / "out", executors(app), []
    judged = out / "work" / "judged"

    def kill() -> None:
        until(lambda: any(files for *_, files in os.walk(judged)))
        os.kill(min(before), signal.SIGKILL)
        if not (judged / "_SUCCESS").exists():
            killed.append(min(before))

    killer = Thread(target=kill)
    killer.start()
    rules = Rules(Reach(window=400), read_licences(licences))
    model = models_folder() / MODEL_NAME
    cluster.run([f"{inputs}/*"], str(out), model=model, rules=rules)
    killer.join()

    assert len(before) == 2
    assert killed == [min(before)]
    assert rows(out) == local[0]
    until(lambda: len(executors(app) - before) == 1)  # Spark noticed, and started another
    assert executors(app) - before


@needs_spark
def test_nothing_but_rejects_is_a_result(app: str, inputs: Path, tmp_path: Path) -> None:
    """A crawl without an article ends like any other, with empty tables."""
    crawls = [inputs / "cut.jsonl.gz"]
    told_here = told(run(crawls, tmp_path / "local", machine=Machine(jobs=1)))

    assert told(cluster.run(crawls, str(tmp_path / "out"))) == told_here
    assert rows(tmp_path / "out") == rows(tmp_path / "local")
    assert [len(table) for table in rows(tmp_path / "out").values()] == [0, 1, 0]


# ---------------------------------------------------------------- an archive of its own

MILL = (
    "The mill at Sallow Ford grinds again. Its wheel stood still for thirty-one years, until the "
    "brothers Ivo and Lambert Thrale dug out the race and set seven new oak paddles. They sell "
    "flour of spelt and rye on Fridays, and the school comes to see how bread began. The county "
    "gave 90,000 crowns, and asked for a rail along the weir, which the brothers forged themselves."
)
REWRITTEN = FERRY.replace("said", "told us").replace("paid", "spent").replace("waited", "hoped")
FIRST = (
    news(1, "wickpost.example", FERRY, date="2026-03-02", title="Ferry"),
    news(2, "wickpost.example", LIBRARY, date="2026-03-01T23:30:00+05:30"),
    news(3, "sallow.example", MILL, date="2025-03-01"),
    news(4, "wickpost.example", "Too short."),
)
SECOND = (
    news(5, "baygazette.example", FERRY, date="2026-03-03"),  # copied from the first crawl
    news(6, "quickbay.example", REWRITTEN),  # from both, without a date
    news(2, "annals.example", f"{LIBRARY} {FERRY}", date="2026-03-04"),  # of two, with a known id
    news(7, "millers.example", MILL, date="2026-03-05"),  # a year late
    news(1, "wickpost.example", FERRY, date="2026-03-02", title="Ferry"),  # known
    news(4, "wickpost.example", "Too short."),
)
KEPT = ("articles", "terms", "verdicts", "rejected", "forgotten")


def called(*words: str | Path, code: int = 0) -> str:
    """Run a command, and give what it printed."""
    result = CliRunner().invoke(main, [*map(str, words)])
    assert result.exit_code == code, (result.output, result.exception)
    return result.output


def held_by(path: Path) -> dict[str, list[Any]]:
    """Read all that an archive holds, apart from when it was added; numbers included."""
    with duckdb.connect() as connection:
        attach(connection, path)
        tables = {n: connection.execute(f"from archive.{n}").fetchall() for n in KEPT}
    return {name: sorted(map(plain, table), key=repr) for name, table in tables.items()}


def plain(value: Any) -> Any:
    """Give lists for tuples: a file has lists of two of a kind of their own."""
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list | tuple) else value


def files_in(folder: Path) -> dict[str, bytes]:
    """Read every file of a folder."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


@pytest.fixture(scope="module")
def crawls(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Write two crawls, the second of which takes from the first."""
    folder = tmp_path_factory.mktemp("crawls")
    paths = [folder / "first.jsonl", folder / "second.jsonl"]
    for path, records in zip(paths, (FIRST, SECOND), strict=True):
        path.write_text("\n".join(map(json.dumps, records)), "utf-8")
    return paths


@pytest.fixture(scope="module")
def seen(app: str, crawls: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Judge both crawls with an archive, here and on Spark; there the second fails at first."""
    folder = tmp_path_factory.mktemp("seen")
    spark.session().conf.set("spark.sql.parquet.compression.codec", "uncompressed")
    for number, crawled in enumerate(crawls, start=1):
        call = ["batch", crawled, "--archive"]
        local = [folder / "seen.duckdb", "--out", folder / f"local-{number}", "--jobs", "1"]
        called(*call, *local)
        on_spark = [*call, folder / "seen", "--engine", "spark", "--out"]
        if number == 2:
            before = files_in(folder / "seen")
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(Folder, "_commit", lambda *_: 1 / 0)
                with pytest.raises(ZeroDivisionError):
                    cluster.add([crawled], str(folder / "seen"))
            after = files_in(folder / "seen")
            assert before.items() < after.items()  # a part that no head names
            (folder / "before.json").write_text(json.dumps(sorted(after.keys() - before)))
        called(*on_spark, folder / f"spark-{number}")
    return folder


@needs_spark
def test_two_runs_with_an_archive_give_the_rows_of_the_local_engine(seen: Path) -> None:
    """Sources, names, verdicts and rejections are those that a file gives, and so is what the
    archive holds afterwards, in every column.
    """
    for number in (1, 2):
        assert rows(seen / f"spark-{number}") == rows(seen / f"local-{number}")
    assert held_by(seen / "seen") == held_by(seen / "seen.duckdb")

    late = {row["id"]: row for row in rows(seen / "spark-2")["verdicts"]}
    assert late["n5"]["source_id"] == "n1"
    assert late["n7"]["source_id"] is None  # of more than thirty days before
    assert sorted(late)[0].startswith("n2~")
    reasons = [row["reason"] for row in rows(seen / "spark-2")["rejected"]]
    assert sorted(reasons) == ["fewer_than_40_words", "known"]


@needs_spark
def test_a_run_that_failed_before_its_commit_leaves_the_archive_as_it_was(seen: Path) -> None:
    """What it had written was seen by nobody, and is gone since the next run."""
    left = json.loads((seen / "before.json").read_text())

    assert any("articles" in name for name in left)
    assert not left & files_in(seen / "seen").keys()
    assert not (seen / "seen" / "lock").exists()
    heads = [path.name for path in (seen / "seen").glob("head-*")]
    assert heads == ["head-00000002.json"]


@needs_spark
def test_the_same_crawl_again_changes_nothing_on_spark(
    seen: Path, crawls: list[Path], tmp_path: Path
) -> None:
    """Not a byte of the archive is another one."""
    before = files_in(seen / "seen")
    call = ["batch", crawls[1], "--archive", seen / "seen", "--engine", "spark", "--json"]
    summary = json.loads(called(*call, "--out", tmp_path / "out"))

    assert (summary["articles"], summary["rejections"]["known"]) == (0, 5)
    assert files_in(seen / "seen") == before


@needs_spark
def test_the_commands_count_and_check_a_folder(seen: Path, tmp_path: Path) -> None:
    """Without Spark, stats are those of a file, verify finds nothing wrong and names lost rows,
    and an article is held against all of the folder.
    """
    folder, file = seen / "seen", seen / "seen.duckdb"
    both = [json.loads(called("archive", "stats", path, "--json")) for path in (folder, file)]
    told = [{k: v for k, v in s.items() if k not in ("archive", "bytes")} for s in both]
    assert told[0] == told[1]
    assert called("archive", "verify", folder).endswith("is whole.\n")

    (tmp_path / "copy.txt").write_text(MILL)
    verdict = json.loads(called("score", tmp_path / "copy.txt", "--against", folder, "--json"))
    assert verdict["source"]["id"] == "n3"

    shutil.copytree(folder, tmp_path / "lost")
    part = min((tmp_path / "lost").glob("part-*"))
    full = max((part / "rejected").glob("*.parquet"), key=lambda path: path.stat().st_size)
    pq.write_table(pq.read_table(full).slice(0, 0), full)
    lost = called("archive", "verify", tmp_path / "lost", code=1)
    assert f"{part.name} has 0 rows of rejected, and should have 1" in lost


@needs_spark
def test_a_site_is_judged_from_a_folder_as_from_a_file(seen: Path) -> None:
    """`unspun site --archive` reads either, and tells the same."""
    sites = {row["suspect_site"] for row in rows(seen / "spark-2")["verdicts"]}
    for site in sites:
        of_folder, of_file = (
            called("site", site, "--archive", seen / name, "--json")
            for name in ("seen", "seen.duckdb")
        )
        assert of_folder == of_file


@needs_spark
def test_a_damaged_or_newer_folder_is_refused(seen: Path, tmp_path: Path) -> None:
    """A head of a newer schema, a head cut off and a missing part are each told, by reading
    commands and by runs on Spark; nothing is changed.
    """
    folder = tmp_path / "seen"
    shutil.copytree(seen / "seen", folder)
    (folder / ".head-00000002.json.crc").unlink()
    head = folder / "head-00000002.json"
    whole = head.read_text()
    newer = whole.replace(f'"schema_version": {VERSION}', '"schema_version": 99')
    for text, message in (
        (newer, "written by a newer unspun: schema 99"),
        (whole[:100], "damaged, or no archive"),
        (whole.replace("part-00000001", "../../1"), "a part lies elsewhere"),
    ):
        head.write_text(text)
        before = files_in(folder)
        with pytest.raises(DetectorError, match=message):
            archive.stats(folder)
        with pytest.raises(DetectorError, match=message):
            cluster.add([crawl()], str(folder))
        assert files_in(folder) == before
    head.write_text(whole)
    shutil.rmtree(min(folder.glob("part-*")) / "terms")
    with pytest.raises(DetectorError, match="has no terms"):
        archive.stats(folder)
    with pytest.raises(DetectorError, match="a table is missing"):
        cluster.add([crawl()], str(folder))


@needs_spark
def test_a_held_folder_is_refused_and_names_its_holder(
    app: str, seen: Path, tmp_path: Path
) -> None:
    """A second run is told process, machine and time, and what to remove where the first died."""
    held = pytest.raises(DetectorError, match=rf"held by process {os.getpid()} on .* since 20")
    with opened(spark.session(), str(tmp_path / "new")), held as error:
        cluster.run([crawl()], str(tmp_path / "out"), rules=Rules(archive=str(tmp_path / "new")))
    assert f"remove {tmp_path / 'new' / 'lock'}" in error.value.hint

    with opened(spark.session(), str(tmp_path / "new")) as first:
        (tmp_path / "new" / "lock").unlink()
        with opened(spark.session(), str(tmp_path / "new")) as second:
            second._commit(second.head.after("one", ""))
        with pytest.raises(DetectorError, match="was removed under this run"):
            first._commit(first.head.after("other", ""))

    files = spark.Files(spark.session())
    with pytest.raises(DetectorError, match="is there already"):
        files.write(f"{tmp_path}/new/head-00000001.json", "")
    with pytest.raises(DetectorError, match=r"cannot write .*json/lock"):
        files.claim(f"{tmp_path}/new/head-00000001.json/lock", "")


@needs_spark
@pytest.mark.parametrize("name", ["work/thesis.txt", "articles.parquet"])
def test_what_no_run_wrote_is_not_removed_on_spark(
    app: str, inputs: Path, tmp_path: Path, name: str
) -> None:
    """A folder or a table that a run did not make is left as it is, beside an archive too."""
    for folder in ("out", "seen.adding"):
        own = tmp_path / folder / name
        own.parent.mkdir(parents=True)
        own.write_text("mine")
    with pytest.raises(DetectorError, match="is in the way"):
        cluster.run([inputs], str(tmp_path / "out"))
    with pytest.raises(DetectorError, match="is in the way"):
        cluster.add([inputs], str(tmp_path / "seen"))

    assert (tmp_path / "out" / name).read_text() == "mine"
    assert (tmp_path / "seen.adding" / name).read_text() == "mine"


@needs_spark
def test_results_of_a_run_that_died_after_its_addition_are_kept(
    seen: Path, crawls: list[Path], tmp_path: Path
) -> None:
    """The same command then writes the summary alone, instead of judging nothing new."""
    out = tmp_path / "out"
    shutil.copytree(seen / "spark-2", out)
    summary = json.loads((out / "summary.json").read_text())
    for left in out.glob("*summary*"):
        left.unlink()
    run_id = read_head(seen / "seen").runs[-1]["run"]
    (out / "work").mkdir()
    note = {"run": run_id, "summary": summary}
    (out / "work" / "summary.json").write_text(json.dumps(note))
    with pytest.raises(DetectorError, match="holds the results"):
        cluster.run([crawls[1]], str(out), rules=Rules(archive=str(seen / "seen")))

    assert json.loads((out / "summary.json").read_text()) == summary
    assert not (out / "work").exists()


@needs_spark
def test_archives_of_the_other_engine_are_refused(
    app: str, seen: Path, crawls: list[Path], tmp_path: Path
) -> None:
    """A folder is no archive for the local engine, nor a file or any other folder one for Spark."""
    spark_only = pytest.raises(DetectorError, match="only Spark writes")
    with spark_only as error:
        run([crawls[0]], tmp_path / "out", rules=Rules(archive=seen / "seen"))
    assert "--engine spark" in error.value.hint
    assert "only Spark writes" in called("archive", "forget", seen / "seen", "n1", code=1)
    for path in (seen / "seen.duckdb", crawls[0].parent):
        with pytest.raises(DetectorError, match="is no archive of Spark's: it holds"):
            cluster.add([crawls[0]], str(path))
    with pytest.raises(DetectorError, match="there is no archive"):
        cluster.forget(str(tmp_path / "typo"), ["n1"])
    assert not (tmp_path / "typo").exists()
    with pytest.raises(DetectorError, match="no archive of Spark's"):
        archive.stats(crawls[0].parent)
    for call in (["stats", "hdfs://host/seen"], ["add", "hdfs://host/seen", crawls[0]]):
        assert "Spark alone reaches it" in called("archive", *call, code=1)


@needs_spark
def test_a_forgotten_article_leaves_no_word_in_a_folder(
    seen: Path, crawls: list[Path], tmp_path: Path
) -> None:
    """Its text leaves every row and every byte, with what quoted it; what stays is what stays in
    a file; and no crawl brings it back, changed or not, while what is new is added unjudged.
    """
    folder, file = tmp_path / "seen", tmp_path / "seen.duckdb"
    shutil.copytree(seen / "seen", folder)
    shutil.copy(seen / "seen.duckdb", file)
    word = b"Dunstan Ravel"
    assert any(word in content for content in files_in(folder).values())
    with pytest.raises(DetectorError, match="no article with the id or URL n9"):
        cluster.forget(str(folder), ["n1", "n9"])

    ferries = [row["id"] for row in rows(seen / "spark-2")["articles"] if "Ravel" in row["text"]]
    wanted = ["https://wickpost.example/1", *ferries]
    said = called("archive", "forget", folder, *wanted, "--engine", "spark")
    archive.forget(file, wanted)
    assert said.startswith(f"Removed {len(wanted)} from")
    assert [name for name, content in files_in(folder).items() if word in content] == []
    assert held_by(folder) == held_by(file)
    assert called("archive", "verify", folder).endswith("is whole.\n")

    (tmp_path / "third.jsonl").write_text(json.dumps(news(9, "sallow.example", LIBRARY)))
    third = [crawls[1], tmp_path / "third.jsonl"]
    added = json.loads(called("archive", "add", folder, *third, "--engine", "spark", "--json"))
    assert added == add(third, file, machine=Machine(jobs=1))
    assert (added["added"], added["rejections"]["forgotten"]) == (1, len(wanted))
    assert held_by(folder) == held_by(file)

    before, fourth = held_by(folder), tmp_path / "fourth.jsonl"
    changed = (
        news(1, "www.wickpost.example", MILL),
        news(8, "else.example", FERRY.replace(".", ";")),
    )
    fourth.write_text("\n".join(map(json.dumps, changed)))
    called("archive", "add", folder, fourth, "--engine", "spark")
    assert held_by(folder) == before
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == ["seen"]


# ---------------------------------------------------------------- what goes wrong


@needs_spark
def test_an_executor_with_another_program_is_told(
    app: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where an executor has another version than the driver, the run ends and names both."""
    path = tmp_path / "one.jsonl"
    path.write_text(json.dumps(RECORDS[0]), "utf-8")
    version = detector.__version__
    monkeypatch.setattr(detector, "__version__", "99")

    with pytest.raises(DetectorError, match=f"executor has unspun {version}.*driver unspun 99"):
        cluster.run([path], str(tmp_path / "out"))


@needs_spark
def test_inputs_that_stand_for_nothing_are_told(app: str, tmp_path: Path) -> None:
    """A missing name, an empty folder and standard input are refused by name."""
    (tmp_path / "empty").mkdir()
    out = str(tmp_path / "out")
    for name, message in (
        ("missing*.xml", "there is no .*missing"),
        ("empty", "empty holds no file"),
    ):
        with pytest.raises(DetectorError, match=message):
            cluster.run([tmp_path / name], out)
    with pytest.raises(DetectorError, match="no standard input"):
        cluster.run(["-"], out)


def batch_on_spark(code: str, out: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own, with code before it."""
    words = ["unspun", "batch", str(crawl()), "--engine", "spark", "--out", str(out)]
    script = f"import sys\n{code}\nsys.argv = {words!r}\nfrom detector.cli import main\nmain()"
    return subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=environment,
    )


@needs_pyspark
def test_without_java_the_command_says_how_to_get_it(tmp_path: Path) -> None:
    """Where no Java is found, the command ends with 1 and says what to install."""
    done = batch_on_spark("", tmp_path / "out", PATH=str(tmp_path))

    assert done.returncode == 1
    assert "needs Java" in done.stderr
    assert "openjdk-17" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_pyspark_the_command_says_how_to_get_it(tmp_path: Path) -> None:
    """Where pyspark cannot be imported, the command ends with 1 and says what to install."""
    done = batch_on_spark("sys.modules['pyspark'] = None", tmp_path / "out")

    assert done.returncode == 1
    assert "pip install 'unspun[spark]'" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "option",
    [["--wait"], ["--memory", "1GB"], ["--jobs", "2"]],
    ids=lambda option: option[0],
)
def test_options_of_the_local_engine_are_wrong_usage_with_spark(
    option: list[str], tmp_path: Path
) -> None:
    """Waiting for an archive, and what the local engine may take do not go with Spark."""
    call = ["batch", str(crawl()), "--out", str(tmp_path / "out"), "--engine", "spark"]
    result = CliRunner().invoke(main, [*call, *option])

    assert result.exit_code == 2
    assert f"{option[0]} is for --engine local" in result.output
    assert "archive" in result.output


def test_a_master_without_spark_is_wrong_usage(tmp_path: Path) -> None:
    """The local engine has no master."""
    call = ["batch", str(crawl()), "--out", str(tmp_path / "out"), "--master", "yarn"]
    result = CliRunner().invoke(main, call)

    assert result.exit_code == 2
    assert "--engine spark" in result.output
