"""Whole crawls: the demo's articles find their sources, and a run that stops goes on."""

from __future__ import annotations

import io
import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from small_model import write_small_model

from detector import archive, store
from detector.batch import Machine, Rules, add, run, shards, statements
from detector.batch.folder import held
from detector.batch.progress import Pace, duration
from detector.batch.shards import peak_bytes
from detector.candidates import Reach
from detector.classify import load_model
from detector.cli import main
from detector.demo import crawl
from detector.errors import DetectorError
from detector.ingest import read
from detector.licences import read_licences
from detector.pipeline import judge
from detector.records import Article
from detector.rollup import reuse

EXPECTED = json.loads((Path(__file__).parent / "golden" / "demo_expected.json").read_text("utf-8"))
TABLES = ("articles", "rejected", "verdicts")
STORY = (
    "Harbour wardens in Saltmere counted 1,204 kittiwakes on the roof of the pier theatre on "
    "Tuesday. Councillor Oriel Banfield said the colony had doubled since the storm of 1987. "
    "The engineers will leave the scaffolding where it is until the chicks have fledged in July, "
    "she told a meeting in the old customs house, and the repainting can wait another summer."
)
ORCHARD = (
    "Brindle growers replanted fourteen thousand apple trees after the winter floods. A barrel of "
    "cider costs a third more than it did a year ago, and the press at Lower Wexholm stands idle "
    "for the first time since the war. Nobody expects a harvest worth the name before the autumn "
    "after next, said the chairwoman of the growers, whose own orchard lies beside the river."
)
Lines = Callable[..., Path]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a small model."""
    return write_small_model(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="module")
def demo(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Judge the demo's crawl."""
    out = tmp_path_factory.mktemp("demo") / "out"
    run([crawl()], out, machine=Machine(jobs=1), model=model)
    return out


@pytest.fixture
def lines(tmp_path: Path) -> Lines:
    """Write records, one JSON object a line."""

    def write(*records: dict[str, object], name: str = "crawl.jsonl") -> Path:
        path = tmp_path / name
        path.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
        return path

    return write


@pytest.fixture
def small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut the demo's crawl into many shards."""
    monkeypatch.setattr(shards, "PREPARED_ROWS", 4)
    monkeypatch.setattr(shards, "JUDGED_ROWS", 5)
    monkeypatch.setattr("detector.batch.running.SLICE", 8)


def table(out: Path, name: str) -> list[dict[str, Any]]:
    """Read a table of results."""
    return pq.read_table(out / f"{name}.parquet").to_pylist()


def tables(out: Path) -> list[list[dict[str, Any]]]:
    """Read all tables of results."""
    return [table(out, name) for name in TABLES]


# ---------------------------------------------------------------- what it finds


@pytest.mark.parametrize("story", EXPECTED["articles"], ids=lambda story: story["url"])
def test_each_article_of_the_demo_finds_its_source(demo: Path, story: dict[str, Any]) -> None:
    """What was made from another article is judged against it, the rest against next to nothing."""
    (verdict,) = [row for row in table(demo, "verdicts") if row["suspect_url"] == story["url"]]

    assert verdict["source_url"] in story["sources"] or (verdict["coverage"] or 0) < 0.2
    if story["sources"] and story["relation"] != "independent":
        assert verdict["source_url"] in story["sources"]
        assert verdict["coverage"] > 0.3
        assert verdict["first"] == "source"
        assert verdict["evidence"]


def test_what_has_no_source_is_scored_by_its_style(demo: Path) -> None:
    """Without a source nothing is told, and the score is the weaker one."""
    alone = [row for row in table(demo, "verdicts") if row["cannot_tell"] == "no_source"]

    assert len(alone) > 15
    for row in alone:
        assert row["relation"] is row["source_id"] is row["coverage"] is None
        assert 0 < row["score"] < 1
        assert row["first"] == "unknown"


def test_one_article_against_the_folder_is_told_what_the_crawl_tells(
    demo: Path, model: Path
) -> None:
    """Held against all articles of the crawl, each gets the crawl's verdict, source and all."""
    found = [item for item in read([crawl()]) if isinstance(item, Article)]
    known = {row["id"]: row for row in table(demo, "verdicts")}
    opinion = load_model(model)
    told = {a.id: store.verdict_row(judge(a, found, opinion)) for a in found if a.id in known}

    rows = store.batch_of(told.values(), store.VERDICTS).to_pylist()
    assert {row["id"]: row for row in rows} == known


def test_every_record_is_an_article_or_rejected(demo: Path) -> None:
    """The three tables and the summary agree, and nothing is dropped silently."""
    summary = json.loads((demo / "summary.json").read_text())
    articles, rejected, verdicts = tables(demo)

    assert summary["read"] == len(articles) + len(rejected)
    assert [row["id"] for row in articles] == [row["id"] for row in verdicts]
    assert summary["articles"] == len(verdicts)
    assert summary["rejected"] == sum(summary["rejections"].values()) == len(rejected) == 3
    assert summary["with_source"] == sum(row["source_id"] is not None for row in verdicts)
    assert {row["input"] for row in rejected} == {str(crawl() / "articles.jsonl")}


def test_rejections_say_where_and_why(demo: Path) -> None:
    """A malformed line, a short article and a foreign one have their places and reasons."""
    found = [(row["position"], row["reason"]) for row in table(demo, "rejected")]

    assert [reason for _, reason in found] == ["broken_json", "fewer_than_40_words", "not_english"]
    assert all(position.startswith(("line", "article")) for position, _ in found)


def test_the_tables_have_the_schemas_of_the_store(demo: Path) -> None:
    """Columns and types are the declared ones, in order."""
    schemas = [pq.read_schema(demo / f"{name}.parquet") for name in TABLES]

    assert schemas == [store.ARTICLES, store.REJECTED, store.VERDICTS]


def test_spans_of_the_evidence_lie_in_the_stored_texts(demo: Path) -> None:
    """Every span of a verdict's evidence can be cut out of the articles as they are stored."""
    texts = {row["id"]: row["text"] for row in table(demo, "articles")}
    for row in table(demo, "verdicts"):
        for item in row["evidence"]:
            for side in ("suspect", "source"):
                for start, end in item[side]:
                    assert 0 <= start < end <= len(texts[row[f"{side}_id"]])


def test_the_summary_tells_times_memory_and_versions(demo: Path) -> None:
    """Each step is timed, memory is stated, and the results' makers are named."""
    summary = json.loads((demo / "summary.json").read_text())

    assert list(summary["seconds"]) == [
        "prepare",
        "candidates",
        "judge",
        "publish",
        "archive",
        "total",
    ]
    assert 50 < summary["peak_megabytes"]["main"] < 4000
    assert {"python", "duckdb", "scikit-learn"} <= set(summary["versions"])
    assert summary["flagged"] == summary["relations"].get("automated_rewrite", 0)


# ---------------------------------------------------------------- ids, duplicates, times


def test_the_same_article_twice_is_judged_once(lines: Lines, model: Path, tmp_path: Path) -> None:
    """A record with the URL and text of an earlier one is rejected, and names it."""
    record = {"id": "first", "url": "https://a.example/1", "text": STORY}
    path = lines(record, {"url": "https://a.example/2", "text": STORY}, record | {"id": "second"})
    summary = run([path], tmp_path / "out", machine=Machine(jobs=1), model=model)
    (rejected,) = table(tmp_path / "out", "rejected")

    assert (summary["articles"], summary["rejections"]) == (2, {"duplicate_record": 1})
    assert (rejected["id"], rejected["detail"]) == ("second", "the same as first")
    assert rejected["position"] == "article 3"


def test_articles_that_share_an_id_are_told_apart(
    lines: Lines, model: Path, tmp_path: Path
) -> None:
    """The later of two articles with one id gets a longer one, in all tables."""
    first = lines({"id": "7", "url": "https://a.example/1", "text": STORY}, name="a.jsonl")
    second = lines({"id": "7", "url": "https://b.example/1", "text": STORY}, name="b.jsonl")
    run([first, second], tmp_path / "out", machine=Machine(jobs=1), model=model)
    verdicts = table(tmp_path / "out", "verdicts")
    names = [row["id"] for row in table(tmp_path / "out", "articles")]

    assert names[0] == "7"
    assert names[1].startswith("7~")
    assert [row["id"] for row in verdicts] == [row["suspect_id"] for row in verdicts] == names


def test_no_name_is_given_twice(lines: Lines, model: Path, tmp_path: Path) -> None:
    """An article that came with another's longer id gets a name of its own, in the archive too."""
    first, second = {"id": "a", "text": STORY}, {"id": "a", "text": ORCHARD}
    run([lines(first, second)], tmp_path / "1", machine=Machine(jobs=1), model=model)
    longer = table(tmp_path / "1", "articles")[1]["id"]
    both = lines(first, second, {"id": longer, "text": f"{STORY} {ORCHARD}"}, name="b.jsonl")
    rules = Rules(archive=tmp_path / "seen")
    run([both], tmp_path / "2", machine=Machine(jobs=1), model=model, rules=rules)
    names = [row["id"] for row in table(tmp_path / "2", "articles")]

    assert names[:2] == ["a", longer]
    assert names[2].startswith(f"{longer}~")
    assert archive.stats(tmp_path / "seen")["articles"] == 3
    assert list(archive.verify(tmp_path / "seen")) == []


IDS = st.sampled_from(["a", "b", "a~0000000f", "a~1000000f", "a~" + "0" * 31 + "f"])
DIGESTS = [f"{start:x}{'0' * 6}f{end:024x}" for start in (0, 1) for end in range(6)]
DIGESTS.append("0" * 31 + "f")


@given(st.lists(IDS, min_size=1, max_size=12), st.randoms(use_true_random=False), st.integers(0, 8))
def test_names_are_unlike_each_other_and_those_of_the_archive(
    ids: list[str], chance: random.Random, split: int
) -> None:
    """However ids and the beginnings of digests meet: in a run, and in one after it."""
    digests = chance.sample(DIGESTS, len(ids))
    with duckdb.connect() as connection:
        columns = "article bigint, digest text, id text, time bigint, reason text"
        connection.execute(f"create table records ({columns})")
        connection.execute("create table seen (digest text, name text)")
        keep = f"insert into seen select digest, name from ({statements.KEPT})"  # noqa: S608 - ours
        for part in (slice(split), slice(split, None)):
            for number, row in enumerate(zip(digests[part], ids[part], strict=True)):
                connection.execute("insert into records values (?, ?, ?, 0, null)", [number, *row])
            connection.execute(keep)
            connection.execute("delete from records")
        names = connection.execute("select name from seen").fetchall()

    assert len(names) == len({*names}) == len(ids)


def test_the_earlier_of_two_is_the_source(lines: Lines, model: Path, tmp_path: Path) -> None:
    """Of two alike, the one published later is judged against the other, never the reverse."""
    path = lines(
        {"id": "late", "url": "https://a.example/1", "date": "2026-03-02", "text": STORY},
        {"id": "early", "url": "https://b.example/1", "date": "2026-03-01", "text": STORY},
    )
    run([path], tmp_path / "out", machine=Machine(jobs=1), model=model)

    found = {row["id"]: row["source_id"] for row in table(tmp_path / "out", "verdicts")}
    assert found == {"late": "early", "early": None}


def test_of_several_copies_the_earliest_is_the_source(
    lines: Lines, model: Path, tmp_path: Path
) -> None:
    """Among sources that cover an article alike, the first published one is reported."""
    path = lines(
        *(
            {"id": f"n{day}", "url": f"https://a.example/{day}", "date": f"2026-03-0{day}"}
            | {"text": STORY}
            for day in (4, 2, 3, 1)
        )
    )
    run([path], tmp_path / "out", machine=Machine(jobs=1), model=model)

    found = {row["id"]: row["source_id"] for row in table(tmp_path / "out", "verdicts")}
    assert found == {"n4": "n1", "n3": "n1", "n2": "n1", "n1": None}


OLD = {"id": "old", "url": "https://a.example/1", "date": "2026-01-02", "text": STORY}
NEW = {"id": "new", "url": "https://b.example/1", "date": "2026-03-01", "text": STORY}


def test_a_window_and_a_date_bound_how_far_back_sources_lie(
    lines: Lines, model: Path, tmp_path: Path
) -> None:
    """A copy that is older than the window, or than the date, is no source."""
    path = lines(
        OLD,
        NEW,
        {"id": "late", "url": "https://c.example/1", "date": "2026-03-20", "text": STORY},
    )

    def sources(name: str, reach: Reach) -> dict[str, str | None]:
        run([path], tmp_path / name, machine=Machine(jobs=1), model=model, rules=Rules(reach))
        return {row["id"]: row["source_id"] for row in table(tmp_path / name, "verdicts")}

    assert sources("all", Reach()) == {"old": None, "new": "old", "late": "old"}
    assert sources("window", Reach(window=30)) == {"old": None, "new": None, "late": "new"}
    assert sources("since", Reach(since=date(2026, 3, 2))) == dict.fromkeys(["old", "new", "late"])


def test_where_a_time_is_missing_the_window_ends_when_the_article_was_fetched(
    lines: Lines, model: Path, tmp_path: Path
) -> None:
    """An article that says no time is held against what was published before it was fetched."""
    path = lines(
        OLD,
        NEW,
        {"id": "undated", "url": "https://c.example/1", "text": STORY}
        | {"date_download": "2026-03-20T08:00:00Z"},
    )
    run(
        [path],
        tmp_path / "out",
        machine=Machine(jobs=1),
        model=model,
        rules=Rules(Reach(window=30)),
    )

    fetched = {row["id"]: row["fetched"] for row in table(tmp_path / "out", "articles")}
    found = {row["id"]: row["source_id"] for row in table(tmp_path / "out", "verdicts")}
    assert fetched["undated"].isoformat() == "2026-03-20T08:00:00+00:00"
    assert found["undated"] == "new"


def test_another_window_is_another_run(lines: Lines, model: Path, tmp_path: Path) -> None:
    """Results of one window are not taken for those of another."""
    path = lines({"text": STORY})
    run([path], tmp_path / "out", machine=Machine(jobs=1), model=model)

    with pytest.raises(DetectorError, match="results of another run"):
        run(
            [path],
            tmp_path / "out",
            machine=Machine(jobs=1),
            model=model,
            rules=Rules(Reach(window=30)),
        )


def test_other_limits_are_another_run(lines: Lines, model: Path, tmp_path: Path) -> None:
    """Results under one bound of the readers are not taken for those under another."""
    path = lines({"text": STORY})
    run([path], tmp_path / "out", machine=Machine(jobs=1), model=model)
    command = [sys.executable, "-m", "detector", "batch", str(path), "--out", str(tmp_path / "out")]
    changed = os.environ | {"UNSPUN_MAX_ARTICLE_CHARACTERS": "10000"}
    told = [
        subprocess.run(
            [*command, "--trust-model", "--model", str(model)],
            env=environment, check=False, capture_output=True, text=True,
        )
        for environment in (changed, os.environ)
    ]  # fmt: skip

    assert [process.returncode for process in told] == [1, 0]
    assert "holds the results of another run" in told[0].stderr


def test_the_command_takes_a_window_and_a_date(lines: Lines, tmp_path: Path) -> None:
    """Both options reach the run; what is no day, or no number of days, is wrong usage."""
    path = lines(
        OLD,
        NEW,
    )

    def command(name: str, *options: str) -> int:
        call = ["batch", str(path), "--out", str(tmp_path / name), "--jobs", "1", *options]
        return CliRunner().invoke(main, call).exit_code

    codes = [command("window", "--window", "30"), command("since", "--since", "2026-02-01")]
    found = [
        row["source_id"]
        for name in ("window", "since")
        for row in table(tmp_path / name, "verdicts")
    ]
    assert (codes, found) == ([0, 0], [None] * 4)
    assert [command("x", "--since", "spring"), command("x", "--window", "-1")] == [2, 2]


def test_nothing_but_rejects_is_a_result(lines: Lines, model: Path, tmp_path: Path) -> None:
    """A crawl without a single fit article ends with empty tables."""
    summary = run(
        [lines({"text": "Too short."})], tmp_path / "out", machine=Machine(jobs=1), model=model
    )

    assert summary["articles"] == summary["flagged"] == 0
    assert [len(rows) for rows in tables(tmp_path / "out")] == [0, 1, 0]


def test_standard_input_is_read(model: Path, tmp_path: Path) -> None:
    """The input "-" is judged like a file."""
    stream = io.BytesIO(json.dumps({"text": STORY}).encode())
    summary = run(["-"], tmp_path / "out", machine=Machine(jobs=1), model=model, stdin=stream)

    assert summary["articles"] == 1


# ---------------------------------------------------------------- stopping and going on


def test_shards_and_workers_change_nothing(
    demo: Path, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two workers and small shards give the rows of one process and one shard."""
    monkeypatch.setattr(shards, "JUDGED_ROWS", 9)
    run([crawl()], tmp_path / "out", machine=Machine(jobs=2), model=model)

    assert tables(tmp_path / "out") == tables(demo)


@pytest.mark.usefixtures("small_shards")
@pytest.mark.parametrize(
    "moment", ["reading and cleaning: 8", "looking for sources: 16", "judging: 20", "writing"]
)
def test_an_interrupted_run_goes_on_where_it_stopped(
    demo: Path, model: Path, tmp_path: Path, moment: str
) -> None:
    """Ctrl-C says how to go on; the rest is done then, and the tables are those of a calm run."""
    out, told = tmp_path / "out", []

    def stop(state: str) -> None:
        if state.startswith(moment):
            raise KeyboardInterrupt

    with pytest.raises(DetectorError, match="keeps what is done") as error:
        run([crawl()], out, machine=Machine(jobs=1), model=model, progress=stop)
    done = {path.name: path.stat().st_mtime_ns for path in (out / "work").glob("*-0*")}
    again: dict[str, int] = {}

    def look(state: str) -> None:
        told.append(state)
        if state.startswith("writing"):
            again.update((p.name, p.stat().st_mtime_ns) for p in (out / "work").glob("*-0*"))

    run([crawl()], out, machine=Machine(jobs=1), model=model, progress=look)

    assert "run the same command again" in error.value.hint
    assert tables(out) == tables(demo)
    assert done
    assert {name: again[name] for name in done} == done
    assert not (out / "work").exists()


@pytest.mark.usefixtures("small_shards")
def test_a_damaged_shard_is_done_again(demo: Path, model: Path, tmp_path: Path) -> None:
    """A shard whose file or mark is not what was written counts as not done."""
    out = tmp_path / "out"

    def stop(state: str) -> None:
        if state.startswith("judging: 20"):
            raise KeyboardInterrupt

    with pytest.raises(DetectorError):
        run([crawl()], out, machine=Machine(jobs=1), model=model, progress=stop)
    (out / "work" / "texts-000001.arrow").write_bytes(b"")
    (out / "work" / "terms-000002.parquet").unlink()
    (out / "work" / "prepare-000003.done.json").write_text("")
    (out / "work" / "judge-000000.done.json").write_text('{"shard": "judge-000000"}')
    (out / "work" / "judge-000001.done.json").write_text("[]")
    (out / "work" / ".verdicts-000009.parquet.123").write_bytes(b"left by a killed process")
    run([crawl()], out, machine=Machine(jobs=1), model=model)

    assert tables(out) == tables(demo)


def test_a_finished_run_is_not_repeated(demo: Path, model: Path) -> None:
    """The same call again gives the summary that is there, and touches nothing."""
    before = {path.name: path.stat().st_mtime_ns for path in demo.iterdir()}
    summary = run([crawl()], demo, machine=Machine(jobs=1), model=model)

    assert summary == json.loads((demo / "summary.json").read_text())
    assert {path.name: path.stat().st_mtime_ns for path in demo.iterdir()} == before


def test_results_of_another_run_are_not_overwritten(demo: Path, model: Path, lines: Lines) -> None:
    """A folder with other results is refused, and the error says what to do."""
    with pytest.raises(DetectorError, match="holds the results of another run") as error:
        run([lines({"text": STORY})], demo, machine=Machine(jobs=1), model=model)
    assert "new folder" in error.value.hint


@pytest.mark.parametrize("content", ["", "mine", "[]", '{"name": "mine"}', b"\xff"])
def test_a_summary_that_no_run_wrote_is_kept(
    lines: Lines, model: Path, tmp_path: Path, content: str | bytes
) -> None:
    """Another file called summary.json is named, and nothing is written beside it."""
    path = tmp_path / "out" / "summary.json"
    path.parent.mkdir()
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(DetectorError, match="no summary of a run") as error:
        run([lines({"text": STORY})], path.parent, machine=Machine(jobs=1), model=model)

    assert "another folder" in error.value.hint
    assert [*path.parent.iterdir()] == [path]


def test_an_unfinished_run_of_other_inputs_is_kept(
    lines: Lines, model: Path, tmp_path: Path
) -> None:
    """Changed inputs do not go on with the shards of the old ones; standard input starts anew."""
    out = tmp_path / "out"

    def stop(state: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(DetectorError):
        run([lines({"text": STORY})], out, machine=Machine(jobs=1), model=model, progress=stop)
    with pytest.raises(DetectorError, match="holds an unfinished run") as error:
        run([lines({"text": STORY + " "})], out, machine=Machine(jobs=1), model=model)
    assert str(out / "work") in error.value.hint

    shutil.rmtree(out)
    for _ in range(2):
        with pytest.raises(DetectorError, match="interrupted"):
            run(["-"], out, machine=Machine(jobs=1), model=model, progress=stop, stdin=io.BytesIO())


def killed(*_: object, **__: object) -> None:
    """Stand in for a step at which the process is killed: what follows on an error is not done."""
    raise KeyboardInterrupt


def test_what_no_run_made_is_not_removed(lines: Lines, model: Path, tmp_path: Path) -> None:
    """Anything called work that is no run's is left as it is, and the error says what to do."""
    out, path = tmp_path / "out", lines({"text": STORY})
    own = out / "work" / "thesis.txt"
    own.parent.mkdir(parents=True)
    own.write_text("mine")
    for note in (None, "", "[]", '{"id": "x"}'):
        if note is not None:
            (out / "work" / "plan.json").write_text(note)
        with pytest.raises(DetectorError, match="work is in the way") as error:
            run([path], out, machine=Machine(jobs=1), model=model)
        assert "another folder" in error.value.hint
    shutil.rmtree(out / "work")
    (out / "work").touch()
    with pytest.raises(DetectorError, match="work is in the way"):
        run([path], out, machine=Machine(jobs=1), model=model)

    assert [entry.name for entry in out.iterdir()] == ["work"]


def test_a_folder_beside_an_archive_keeps_what_is_not_of_the_addition(
    lines: Lines, tmp_path: Path
) -> None:
    """Of the folder that an addition works in only its own work is removed."""
    own = tmp_path / "seen.adding" / "articles.txt"
    own.parent.mkdir()
    own.write_text("mine")
    add([lines({"text": STORY})], tmp_path / "seen", machine=Machine(jobs=1))

    assert [entry.name for entry in own.parent.iterdir()] == ["articles.txt"]


@pytest.mark.parametrize("name", ["articles", "rejected", "verdicts"])
def test_tables_that_no_run_wrote_are_not_overwritten(
    lines: Lines, model: Path, tmp_path: Path, name: str
) -> None:
    """A file that happens to be called as a table of results stays, and no run is begun."""
    own = tmp_path / "out" / f"{name}.parquet"
    own.parent.mkdir()
    own.write_text("mine")
    with pytest.raises(DetectorError, match=f"{name}.parquet is in the way"):
        run([lines({"text": STORY})], own.parent, machine=Machine(jobs=1), model=model)

    assert own.read_text() == "mine"
    assert [*own.parent.iterdir()] == [own]


def test_inputs_are_not_overwritten(
    demo: Path, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An input that is called as a table of results is refused where those would replace it."""
    shutil.copy(demo / "articles.parquet", tmp_path)
    before = (tmp_path / "articles.parquet").read_bytes()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DetectorError, match=r"write over its input articles\.parquet"):
        run(["articles.parquet"], Path(), machine=Machine(jobs=1), model=model)

    assert (tmp_path / "articles.parquet").read_bytes() == before
    assert [*tmp_path.iterdir()] == [tmp_path / "articles.parquet"]


def test_nothing_is_left_of_a_run_that_was_killed(
    lines: Lines, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed while it publishes, ends or tidies up, a run is repeated, and leaves its results."""
    out, path = tmp_path / "out", lines({"text": STORY})
    results = sorted(["summary.json", *(f"{name}.parquet" for name in TABLES)])

    def again() -> list[str]:
        run([path], out, machine=Machine(jobs=1), model=model)
        return sorted(entry.name for entry in out.iterdir())

    removing = SimpleNamespace(rmtree=killed)
    for name, fake in (("running.discard", killed), ("folder.shutil", removing)):
        with monkeypatch.context() as patch:
            patch.setattr(f"detector.batch.{name}", fake)
            with pytest.raises(KeyboardInterrupt):
                again()
        assert len([*out.iterdir()]) > len(results)
        assert again() == results
        shutil.rmtree(out)
    with monkeypatch.context() as patch:
        patch.setattr("detector.batch.running.summarise", killed)
        with pytest.raises(DetectorError, match="interrupted"):
            again()
    for name in ("verdicts.parquet", "summary.json"):
        (out / f".{name}.123").write_bytes(b"half")
    assert again() == results


@pytest.mark.parametrize("out", ["crawl", "crawl/out"])
@pytest.mark.parametrize("inputs", [["crawl"], ["crawl/*"], ["crawl", "crawl/out"]])
def test_what_a_run_writes_is_no_input_of_it(
    model: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    inputs: list[str],
    out: str,
) -> None:
    """A run whose results and archive lie in an input's folder goes on, and is not repeated."""
    monkeypatch.chdir(tmp_path)
    Path("crawl").mkdir()
    Path("crawl/story.txt").write_text(STORY)
    if "crawl/out" in inputs:  # as a shell names it among the others
        Path("crawl/out").mkdir()
        Path("crawl/out/other.txt").write_text(ORCHARD)
    rules = Rules(archive="crawl/seen")

    def again(**more: Any) -> dict[str, Any]:
        return run(inputs, Path(out), machine=Machine(jobs=1), model=model, rules=rules, **more)

    def stop(state: str) -> None:
        if state.startswith("adding"):
            raise KeyboardInterrupt

    with pytest.raises(DetectorError, match="interrupted"):
        again(progress=stop)
    first, second = again(), again()

    assert first == second
    assert first["rejected"] == len(inputs) - 1 == first["articles"] - 1
    assert not Path(out, "work").exists()


def test_results_alone_are_no_inputs(demo: Path, model: Path) -> None:
    """A folder that holds nothing but results has nothing to be judged."""
    with pytest.raises(DetectorError, match="nothing but what a run wrote"):
        run([demo], demo, machine=Machine(jobs=1), model=model)


def test_two_runs_do_not_share_a_folder(model: Path, tmp_path: Path) -> None:
    """While one run is at work in a folder, another is told so."""
    with held(tmp_path), pytest.raises(DetectorError, match="another run is at work"):
        run([crawl()], tmp_path, machine=Machine(jobs=1), model=model)


def test_a_full_disk_is_the_users_to_mend(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No space left: an error with a hint, and what is done stays; other errors keep their type."""
    error = OSError(28, "No space left on device")

    def full(*_: object) -> None:
        raise error

    monkeypatch.setattr(os, "fsync", lambda _: None)
    monkeypatch.setattr("detector.batch.running.Run.do", full)
    with pytest.raises(DetectorError, match="no space left"):
        run([crawl()], tmp_path / "out", machine=Machine(jobs=1), model=model)
    error = OSError(5, "Input/output error")
    with pytest.raises(OSError, match="Input/output"):
        run([crawl()], tmp_path / "out", machine=Machine(jobs=1), model=model)


def test_a_folder_that_cannot_be_made_is_named(model: Path, tmp_path: Path) -> None:
    """A file in the way of the results' folder is the user's to mend."""
    (tmp_path / "out").touch()

    with pytest.raises(DetectorError, match="cannot write to"):
        run([crawl()], tmp_path / "out", machine=Machine(jobs=1), model=model)


def test_addresses_are_left_to_spark(
    tmp_path: Path, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An address for results or archive is refused without Spark, and no folder made of it."""
    monkeypatch.chdir(tmp_path)
    crawl_file = lines({"text": STORY})
    before = sorted(tmp_path.iterdir())
    calls = (
        ["batch", str(crawl_file), "--out", "s3://bucket/out"],
        ["batch", str(crawl_file), "--out", "out", "--archive", "hdfs://host/seen"],
        ["archive", "add", "hdfs://host/seen", str(crawl_file)],
    )

    said = [CliRunner().invoke(main, call) for call in calls]

    assert [result.exit_code for result in said] == [1, 1, 1]
    assert all("Spark alone reaches it" in result.output for result in said)
    assert sorted(tmp_path.iterdir()) == before


def test_what_a_folder_holds_may_be_unreadable(model: Path, tmp_path: Path, lines: Lines) -> None:
    """Broken links in a folder are rejected; one that the user names is an error."""
    folder = tmp_path / "crawl"
    folder.mkdir()
    (folder / "gone.txt").symlink_to(tmp_path / "nowhere")
    (folder / "ring.txt").symlink_to(folder / "ring.txt")
    (folder / "story.txt").write_text(STORY)
    summary = run([folder], tmp_path / "out", machine=Machine(jobs=1), model=model)

    assert (summary["articles"], summary["rejections"]) == (1, {"unreadable": 2})
    with pytest.raises(DetectorError, match="cannot read"):
        run([folder / "gone.txt"], tmp_path / "other", machine=Machine(jobs=1), model=model)


# ---------------------------------------------------------------- progress


def test_progress_tells_rate_and_time_left() -> None:
    """What is done, how fast, and how long the rest takes."""
    told: list[str] = []
    pace = Pace("judging", told.append, 2000)
    pace.step(500)

    assert told[0] == "judging …"
    assert pace.state(100) == "judging: 500 of 2,000, 5 a second, 5 min left"


def test_what_an_earlier_run_did_is_no_measure_of_speed() -> None:
    """Known shards count as done and not towards the rate; slow rates are told by the minute."""
    pace = Pace("judging", lambda _: None, 2000)
    pace.step(900, known=True)
    quiet = pace.state(10)
    pace.step(100)

    assert quiet == "judging: 900 of 2,000"
    assert pace.state(200) == "judging: 1,000 of 2,000, 30 a minute, 33 min left"


@given(st.floats(0, 1e6))
def test_durations_are_short(seconds: float) -> None:
    """A length of time takes at most a number and a unit."""
    assert len(duration(seconds)) <= 7


# ---------------------------------------------------------------- who may print it


def test_a_wire_story_printed_by_five_is_told_apart_by_credit_and_licence(
    model: Path, lines: Lines, tmp_path: Path
) -> None:
    """Two name the wire and one is licensed: only the two that are neither count as taking."""

    def told(name: str, hour: int, text: str = STORY) -> dict[str, object]:
        """Give the wire's story as a site printed it."""
        url, time = f"https://{name}.example/pier", f"2026-03-02T{hour:02}:00:00Z"
        return {"id": name, "url": url, "published": time, "text": text}

    crawled = lines(
        told("saltwire", 8),
        told("isle", 9, f"{STORY}\n\nThis article first appeared in Saltwire."),
        told("cape", 10) | {"canonical_url": "https://saltwire.example/pier"},
        told("holm", 11),
        told("fen", 12),
        told("moor", 13),
    )
    licences = tmp_path / "licences.csv"
    licences.write_text("from,to\nsaltwire.example,holm.example\n")
    granted = read_licences(licences)
    summary = run(
        [crawled],
        tmp_path / "out",
        machine=Machine(jobs=1),
        model=model,
        rules=Rules(licences=granted),
    )
    rows = table(tmp_path / "out", "verdicts")
    reused = {row["id"]: reuse(row) for row in rows}

    assert {row["id"]: row["attributed"] for row in rows} == {
        "saltwire": None, "isle": "yes", "cape": "yes", "holm": "licensed",
        "fen": "no", "moor": "no"
    }  # fmt: skip
    assert all(row["source_id"] in ("saltwire", None) for row in rows)
    assert {name for name, told in reused.items() if told == "taken"} == {"fen", "moor"}
    assert {name for name, told in reused.items() if told == "credited"} == {"isle", "cape", "holm"}
    assert (summary["taken"], summary["credited"]) == (2, 3)
    with pytest.raises(DetectorError, match="other inputs, licences, limits, model or version"):
        run([crawled], tmp_path / "out", machine=Machine(jobs=1), model=model)


def test_a_merged_article_names_both_of_its_sources(
    model: Path, lines: Lines, tmp_path: Path
) -> None:
    """Each half's source is named with its coverage, and of two prints of one the later is not."""

    def told(name: str, hour: int, text: str) -> dict[str, object]:
        """Give an article of a site of its own."""
        url, time = f"https://{name}.example/1", f"2026-03-02T{hour:02}:00:00Z"
        return {"id": name, "url": url, "published": time, "text": text}

    crawled = lines(
        told("pier", 8, STORY),
        told("orchard", 9, ORCHARD),
        told("reprint", 10, ORCHARD),
        told("merged", 12, f"{STORY}\n\n{ORCHARD}"),
    )
    run([crawled], tmp_path / "out", machine=Machine(jobs=1), model=model)
    (merged,) = (row for row in table(tmp_path / "out", "verdicts") if row["id"] == "merged")
    roles = {other["id"]: other["role"] for other in merged["other_sources"]}
    roles |= {merged["source_id"]: "source"}
    halves = [merged["coverage"], merged["other_sources"][0]["coverage"]]

    assert sorted([roles["pier"], roles["orchard"]]) == ["further", "source"]
    assert roles["reprint"] == "runner_up"
    assert sum(halves) == pytest.approx(1, abs=0.1)


def test_the_peak_of_a_process_is_its_own() -> None:
    """Whoever started it may have held more."""
    held = bytearray(300_000_000)
    held[::4096] = b"x" * len(held[::4096])
    asked = "from detector.batch.shards import peak_bytes; print(peak_bytes())"
    child = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True)

    assert peak_bytes() >= len(held)
    assert 10_000_000 < int(child.stdout) < len(held)


def test_a_file_whose_name_is_no_utf8_is_read_like_any_other(
    lines: Lines, model: Path, tmp_path: Path
) -> None:
    """It is judged or rejected, and its name can be read in tables, on the screen, in the plan."""
    folder = tmp_path / "crawl"
    folder.mkdir()
    for name, text in ((b"\xff.txt", STORY), (b"\xfe.txt", "Short."), (b"\xfd.txt", "")):
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_text(text)
    call = ["batch", str(folder), "--out", str(tmp_path / "out"), "--jobs", "1"]
    results = [CliRunner().invoke(main, [*call, *more]) for more in ([], ["--json"])]
    rejected = {
        Path(row["input"]).name: row["reason"] for row in table(tmp_path / "out", "rejected")
    }

    assert [result.exit_code for result in results] == [0, 0], results
    assert rejected == {r"\udcfd.txt": "no_text", r"\udcfe.txt": "fewer_than_40_words"}
    assert len(table(tmp_path / "out", "articles")) == 1
