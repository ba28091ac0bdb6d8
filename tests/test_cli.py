"""Promises of the command line."""

from __future__ import annotations

import json
import runpy
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from math import nan
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result

import detector
from detector import cli, console, pipeline
from detector.errors import DetectorError
from detector.records import Article, Relation, Verdict

ROOT = Path(__file__).resolve().parent.parent
SCHEMA = json.loads((Path(__file__).parent / "golden" / "verdict_schema.json").read_text())
TEXT = "The harbour council approved a new ferry pier on Tuesday after a long debate. " * 5
VERDICT = Verdict(
    id="s",
    relation="automated_rewrite",
    score=0.97,
    family="synonym_spinner",
    coverage=0.9,
    degree=nan,
    cannot_tell=None,
    suspect=Article(id="s", text=TEXT),
    source=Article(id="o", text=TEXT),
    first="unknown",
    other_sources=(),
    attributed=None,
    evidence=(),
    model="m-1",
    version="0.1.0",
)


def run(*arguments: object, stdin: str | bytes | None = None) -> Result:
    """Run the command in this process; a bug comes out as itself."""
    return CliRunner().invoke(cli.main, list(map(str, arguments)), input=stdin)


@pytest.fixture
def article(tmp_path: Path) -> Path:
    """Write a file with one article."""
    path = tmp_path / "article.txt"
    path.write_text(TEXT)
    return path


@pytest.fixture
def judge(monkeypatch: pytest.MonkeyPatch) -> Callable[[Verdict], None]:
    """Make every judgement a given verdict, without a model."""

    def answer(verdict: Verdict) -> None:
        monkeypatch.setattr("detector.classify.load_model", lambda _: SimpleNamespace(id="m-1"))
        monkeypatch.setattr(pipeline, "judge_pair", lambda *_: verdict)
        monkeypatch.setattr(pipeline, "judge", lambda *_: verdict)
        monkeypatch.setattr(
            pipeline, "judge_pairs", lambda pairs, _: (replace(verdict, id=p[0]) for p in pairs)
        )

    return answer


# ---------------------------------------------------------------- statuses and output


@pytest.mark.parametrize(
    ("relation", "cannot_tell", "status"),
    [
        ("automated_rewrite", None, 3),
        ("human_rewrite", None, 0),
        ("copy", None, 0),
        (None, "uncertain", 0),
    ],
)
def test_the_exit_status_tells_whether_something_was_flagged(
    article: Path,
    judge: Callable[[Verdict], None],
    relation: Relation | None,
    cannot_tell: str | None,
    status: int,
) -> None:
    """A flagged article ends with 3, anything else that was judged with 0."""
    judge(replace(VERDICT, relation=relation, family=None, cannot_tell=cannot_tell))

    assert run("score", article, "--source", article).exit_code == status


@pytest.mark.parametrize("flag", ["--json", "--jsonl"])
def test_json_is_one_object_a_verdict(
    article: Path, judge: Callable[[Verdict], None], flag: str
) -> None:
    """With --json or --jsonl, stdout is one object of the schema and nothing else."""
    judge(VERDICT)

    result = run("score", article, "--source", article, flag)

    (line,) = result.stdout.splitlines()
    jsonschema.validate(json.loads(line), SCHEMA)
    assert result.stderr == ""


def test_one_flagged_pair_among_many_is_enough(
    tmp_path: Path, judge: Callable[[Verdict], None]
) -> None:
    """A file of pairs with one flagged verdict ends with 3, and every line is answered."""
    judge(VERDICT)
    path = tmp_path / "pairs.jsonl"
    path.write_text('{"id": "bad"}\n' + json.dumps({"id": "p", "suspect": TEXT, "source": TEXT}))

    result = run("score", "--pairs", path, "--jsonl")

    told = [json.loads(line) for line in result.stdout.splitlines()]
    assert [verdict["id"] for verdict in told] == ["bad", "p"]
    assert told[0]["cannot_tell"] == "rejected: no_suspect"
    assert "line 1" in result.stderr
    assert result.exit_code == 3


def test_text_is_for_people(article: Path, judge: Callable[[Verdict], None]) -> None:
    """Without --json the verdict is said in words, uncoloured where nobody sees colours."""
    judge(VERDICT)

    result = run("score", article, "--source", article)

    assert "rewritten by machine from the source" in result.stdout
    assert "\x1b" not in result.stdout


def test_the_suspect_is_read_from_standard_input(
    article: Path, judge: Callable[[Verdict], None]
) -> None:
    """A hyphen stands for standard input."""
    judge(VERDICT)

    assert run("score", "-", "--source", article, stdin=TEXT).exit_code == 3


@pytest.mark.parametrize(("arguments", "count"), [([], 0), (["--against", "."], 2)])
def test_an_article_is_held_against_all_that_is_given(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    judge: Callable[[Verdict], None],
    arguments: list[str],
    count: int,
) -> None:
    """With --against every article of the folder is a source; with neither there is none."""
    judge(VERDICT)
    seen: list[Article] = []

    def answer(_: Article, known: list[Article], __: object) -> Verdict:
        seen.extend(known)
        return VERDICT

    monkeypatch.setattr(pipeline, "judge", answer)
    monkeypatch.chdir(tmp_path)
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(TEXT)

    result = run("score", "-", *arguments, stdin=TEXT)

    assert result.exit_code == 3
    assert len(seen) == count


def test_colours_are_for_terminals_that_want_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Colours are used on a terminal only, and not where NO_COLOR is set."""
    from detector import terminal

    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    wanted = console.paint()
    monkeypatch.setenv("NO_COLOR", "1")

    assert wanted is terminal.ansi
    assert console.paint() is terminal.plain


def test_progress_is_for_terminals(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Progress goes to stderr, and only where that is a terminal."""
    console.progress("shard 1 of 2")
    silent = capsys.readouterr()
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    console.progress("shard 1 of 2")
    seen = capsys.readouterr()

    assert (silent.out, silent.err, seen.out) == ("", "", "")
    assert "shard 1 of 2" in seen.err


# ---------------------------------------------------------------- mistakes


@pytest.mark.parametrize(
    "arguments",
    [
        ["score"],
        ["score", "a", "--pairs", "p"],
        ["score", "--pairs", "p", "--source", "b"],
        ["score", "a", "--source", "b", "--against", "c"],
        ["score", "-", "--source", "-"],
        ["score", "a", "--source", "b", "--source", "c"],
        ["score", "a", "--source", "b", "--html", "c", "--html", "d"],
        ["score", "a", "--wrong"],
        ["batch", "crawl"],
        ["batch", "--out", "results"],
        ["nonsense"],
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_2(arguments: list[str]) -> None:
    """Wrong usage ends with 2, with the usage on stderr and nothing on stdout."""
    result = run(*arguments)

    assert result.exit_code == 2
    assert "Usage: " in result.stderr
    assert result.stdout == ""


def test_an_error_says_what_and_what_next(article: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A DetectorError becomes one message with its hint, status 1, and no traceback."""

    def refuse(_: object) -> None:
        raise DetectorError("the model is gone", hint="reinstall the package")

    monkeypatch.setattr("detector.classify.load_model", refuse)

    result = run("score", article)

    assert result.exit_code == 1
    assert result.stderr == "Error: the model is gone\nTry: reinstall the package\n"


@pytest.mark.parametrize("option", ["--html", "--evidence"])
def test_an_input_is_never_written_over(
    article: Path, judge: Callable[[Verdict], None], option: str
) -> None:
    """`unspun score` refuses to keep a verdict in the file of its source, before it judges."""
    judge(VERDICT)

    result = run("score", "-", "--source", article, option, article, stdin=TEXT)

    assert result.exit_code == 1
    assert f"{option} {article} would be written over" in result.stderr
    assert article.read_text() == TEXT
    assert result.stdout == ""


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """A suspect that is not there ends with 1 and a message that names it."""
    result = run("score", tmp_path / "absent.txt")

    assert result.exit_code == 1
    assert "absent.txt" in result.stderr
    assert "Try: " in result.stderr


def test_a_bug_keeps_its_traceback(article: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Anything but a DetectorError comes out as it is."""
    monkeypatch.setattr("detector.classify.load_model", lambda _: 1 / 0)

    assert isinstance(run("score", article).exception, ZeroDivisionError)


def test_an_interrupt_ends_quietly(article: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends with 130 and one line."""

    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("detector.classify.load_model", interrupt)

    result = run("score", article)

    assert result.exit_code == 130
    assert result.stderr.strip() == "Stopped."


def test_an_interrupt_that_explains_itself_ends_with_130(
    article: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C in a long run that can go on later ends with 130 and says how it goes on."""

    def interrupt(_: object) -> None:
        raise DetectorError("interrupted", hint="run it again") from KeyboardInterrupt()

    monkeypatch.setattr("detector.classify.load_model", interrupt)

    result = run("score", article)

    assert result.exit_code == 130
    assert "Try: run it again" in result.stderr


def test_a_full_disk_is_the_users_to_mend(article: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No room to write ends with 1 and one message; any other OSError keeps its traceback."""
    error = OSError(28, "No space left on device")

    def fail(_: object) -> None:
        raise error

    monkeypatch.setattr("detector.classify.load_model", fail)
    full = run("score", article)
    error = OSError(5, "Input/output error")

    assert full.exit_code == 1
    assert full.stderr == "Error: cannot write: No space left on device\nTry: make room first\n"
    assert isinstance(run("score", article).exception, OSError)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
@pytest.mark.parametrize("arguments", ["--help", "features"])
def test_where_nothing_can_be_printed_the_command_says_so(arguments: str) -> None:
    """Output to a full disk ends with 1 and one message."""
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "detector", arguments],
            cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip

    assert ended.returncode == 1
    assert ended.stderr == "Error: cannot write: No space left on device\nTry: make room first\n"


@pytest.mark.parametrize(
    ("closed", "status", "said"),
    [("<&-", 1, "Error: standard input is closed\n"), (">&-", 0, ""), ("2>&-", 0, "")],
)
def test_streams_may_be_closed(article: Path, closed: str, status: int, said: str) -> None:
    """A command that was started without one of its streams does without, or says that it needs it.

    Nobody sees what is printed to a closed one, and the exit status is as ever.
    """
    suspect = "-" if closed == "<&-" else str(article)
    command = f"{sys.executable} -m detector score {suspect} --source {article} {closed}"
    ended = subprocess.run(
        ["/bin/sh", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert (ended.returncode, ended.stderr[: len(said)]) == (status, said)
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("size", ["8", "1M", "63.9M"])
def test_too_little_memory_is_wrong_usage(tmp_path: Path, article: Path, size: str) -> None:
    """A size whose unit was forgotten, or that no search comes out with, names the least one."""
    result = run("batch", article, "--out", tmp_path / "out", "--memory", size)

    assert result.exit_code == 2
    assert "give 64M or more" in result.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", [["batch", "article.txt"], ["demo"]])
def test_a_folder_without_a_name_is_wrong_usage(
    tmp_path: Path, article: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    """An empty --out does not stand for the present folder."""
    monkeypatch.chdir(tmp_path)
    result = run(*command, "--out", "")

    assert result.exit_code == 2
    assert [*tmp_path.iterdir()] == [article]


def test_a_reader_that_leaves_ends_the_command_quietly() -> None:
    """Where the pipe is closed early, the command ends with 141 and says nothing."""
    command = [sys.executable, "-m", "detector", "features", "--json"]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        complaint = process.stderr.read()
        status = process.wait(timeout=60)

    assert (status, complaint) == (141, b"")


# ---------------------------------------------------------------- the real thing


def test_the_version_is_the_packages() -> None:
    """`unspun --version` prints the version of the package."""
    assert detector.__version__ in run("--version").stdout


def test_the_package_is_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """`python -m detector` is the same as `unspun`."""
    monkeypatch.setattr("sys.argv", ["unspun", "--version"])

    with pytest.raises(SystemExit) as ended:
        runpy.run_module("detector", run_name="__main__")
    assert ended.value.code == 0


def test_features_lists_every_declared_feature() -> None:
    """`unspun features` lists each feature once, as a table and as JSON."""
    lines = run("features", "--json").stdout.splitlines()
    table = run("features").stdout

    names = [json.loads(line)["name"] for line in lines]
    assert names == [feature.name for feature in detector.FEATURES]
    assert len(table.splitlines()) == len(names) + 1


def test_readability_prints_every_formula(article: Path) -> None:
    """`unspun readability` prints each formula's value, as a table and as JSON."""
    (line,) = run("readability", article, "--json").stdout.splitlines()
    table = run("readability", article).stdout

    values = json.loads(line)["readability"]
    assert values["flesch_reading_ease"] > 0
    assert set(values) <= set(table.split())


def test_model_says_what_is_shipped() -> None:
    """`unspun model` prints id, thresholds and figures, as text and as JSON."""
    (line,) = run("model", "--json").stdout.splitlines()
    text = run("model").stdout

    described = json.loads(line)
    assert described["id"] in text
    assert described["evaluation"]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """Run the demo once."""
    out = tmp_path_factory.mktemp("demo") / "results"
    return out, run("demo", "--out", out)


def test_the_demo_tells_a_person_what_was_found(demo: tuple[Path, Result]) -> None:
    """The demo ends with 0, names relations in words, the results and the next step."""
    out, result = demo

    assert result.exit_code == 0
    for words in (
        "Rewritten by machine",
        "Excerpts",
        "Copies",
        "Rejected",
        str(out),
        "unspun batch",
    ):
        assert words in result.stdout


def test_the_demo_leaves_its_results(demo: tuple[Path, Result]) -> None:
    """The demo leaves the four files of a batch."""
    out, _ = demo

    for name in ("verdicts.parquet", "articles.parquet", "rejected.parquet", "summary.json"):
        assert (out / name).stat().st_size > 0


def test_a_batch_that_flags_ends_with_3(tmp_path: Path) -> None:
    """`unspun batch --json` prints its summary as one object and ends with 3 when it flagged."""
    from detector.demo import crawl

    result = run("batch", crawl(), "--out", tmp_path / "out", "--jobs", 1, "--json")

    summary: dict[str, Any] = json.loads(result.stdout)
    assert result.exit_code == 3
    assert summary["flagged"] > 0


def test_the_demo_ends_by_naming_its_pages(demo: tuple[Path, Result]) -> None:
    """The report that the demo wrote is named, and it is there."""
    folder, result = demo
    index = folder / "report" / "index.html"

    assert str(index) in result.output
    assert "<html" in index.read_text("utf-8")


def test_report_writes_the_pages_of_a_judged_crawl(demo: tuple[Path, Result]) -> None:
    """A crawl that was judged before is written as pages again."""
    folder, _ = demo

    result = run("report", folder, "--pairs", 1)
    assert result.exit_code == 0
    assert str(folder / "report" / "index.html") in result.output


def test_site_says_too_little_where_little_is_known(demo: tuple[Path, Result]) -> None:
    """A site with a handful of articles gets no label, and the reason."""
    folder, _ = demo

    result = run("site", "infopulse24.example", "--archive", folder, "--json")
    told = json.loads(result.output)
    assert result.exit_code == 0
    assert told["label"] == "cannot_tell"


def test_a_verdict_is_kept_as_page_and_dossier(article: Path, tmp_path: Path) -> None:
    """The page and the archive that were asked for are written beside the verdict."""
    page, archive = tmp_path / "pair.html", tmp_path / "dossier.zip"

    result = run("score", article, "--source", article, "--html", page, "--evidence", archive)
    assert result.exit_code == 0
    assert page.read_text("utf-8").startswith("<!doctype html>")
    assert zipfile.is_zipfile(archive)
