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

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

import detector
from detector.batch import Machine, Rules, cluster, run
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
    out = tmp_path / "out"
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
    """A missing name, an empty folder, standard input and an archive are refused by name."""
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
    with pytest.raises(DetectorError, match="no archive"):
        cluster.run([crawl()], out, rules=Rules(archive=tmp_path / "seen.duckdb"))


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
    [["--archive", "seen.duckdb"], ["--wait"], ["--memory", "1GB"], ["--jobs", "2"]],
    ids=lambda option: option[0],
)
def test_options_of_the_local_engine_are_wrong_usage_with_spark(
    option: list[str], tmp_path: Path
) -> None:
    """The archive, waiting for it, and what the local engine may take do not go with Spark."""
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
