"""The archive: what a run adds, finds and forgets, and that nobody's death or hurry harms it."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from pages.invented_crawl import confusion
from small_model import write_small_model

from detector import archive
from detector.archive import additions, schema, takedown
from detector.archive import file as files
from detector.archive.folder import FolderHead
from detector.batch import Machine, Rules, add, run
from detector.batch.lookup import possible_sources
from detector.cli import main
from detector.demo import crawl
from detector.errors import DetectorError
from detector.pages.crawl_rows import load_crawl
from detector.pages.site_lines import site_verdict
from detector.records import Article

ONE = Machine(jobs=1)
WORDS = (
    "harbour",
    "warden",
    "lantern",
    "orchard",
    "council",
    "meadow",
    "granite",
    "ferry",
    "chapel",
    "miller",
    "quarry",
    "tide",
    "barrel",
    "beacon",
)
Lines = Callable[..., Path]


def story(seed: int, day: int = 1) -> dict[str, object]:
    """Make an article of invented sentences, unlike those of other seeds."""
    chance = random.Random(seed)
    sentences = []
    for _ in range(8):
        names = " and ".join(
            f"{chance.choice(WORDS).title()}{chance.randrange(10**6)}" for _ in "ab"
        )
        rest = " ".join(chance.choice(WORDS) for _ in range(7))
        sentences.append(f"On Monday {names} said that the {rest} was in the old town.")
    url = f"https://s{seed}.example/a"
    return {"id": f"a{seed}", "url": url, "date": f"2026-03-{day:02}", "text": " ".join(sentences)}


def copied(of: int, seed: int, day: int) -> dict[str, object]:
    """Give a later copy of an article, at another address."""
    return story(of, day) | {"id": f"a{seed}", "url": f"https://s{seed}.example/a"}


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a small model."""
    return write_small_model(tmp_path_factory.mktemp("model"))


@pytest.fixture
def lines(tmp_path: Path) -> Lines:
    """Write records, one JSON object a line."""

    def write(name: str, *records: dict[str, object]) -> Path:
        path = tmp_path / f"{name}.jsonl"
        path.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
        return path

    return write


def verdicts(out: Path) -> dict[str, dict[str, Any]]:
    """Read the verdicts by id."""
    return {row["id"]: row for row in pq.read_table(out / "verdicts.parquet").to_pylist()}


def contents(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Read all that an archive holds, apart from when and under what path it was added."""
    with duckdb.connect(str(path), read_only=True) as connection:
        tables = {
            name: connection.execute(f"select * from {name}").fetchall()  # noqa: S608
            for name in schema.TABLES
        }
    names = schema.TABLES["runs"].names
    tables["runs"] = [(row[names.index("content")],) for row in tables["runs"]]
    return {name: sorted(rows, key=repr) for name, rows in tables.items()}


# ---------------------------------------------------------------- finding and adding


GOLDEN = Path(__file__).parent / "golden" / "pairs"
STORIES = sorted({path.read_text("utf-8") for path in GOLDEN.glob("*/source.txt")})[:30]


@pytest.fixture(scope="module")
def chain(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Judge stories, copies of them, and copies of the copies, in a run each on one archive.

    A copy has the second half of what it is made of, and a story of its own after it.
    """
    folder = tmp_path_factory.mktemp("chain")
    rules = Rules(archive=folder / "seen.duckdb")
    texts = [""] * 10
    for turn, site in enumerate(("first", "middle", "last")):
        own = STORIES[10 * turn : 10 * turn + 10]
        halves = [text[text.find(". ", len(text) // 2) + 1 :] for text in texts]
        texts = [f"{half} {story}" for half, story in zip(halves, own, strict=True)]
        path = folder / f"{site}.jsonl"
        with path.open("w", encoding="utf-8") as file:
            for n, text in enumerate(texts):
                url, date = f"https://{site}.example/{n}", f"2026-03-0{2 * turn + 1}"
                record = {"id": f"{site}{n}", "url": url, "date": date, "text": text}
                file.write(json.dumps(record) + "\n")
        run([path], folder / site, machine=ONE, model=model, rules=rules)
    return folder


def test_a_chain_of_copies_leads_through_the_archive(chain: Path) -> None:
    """What was taken from a copy that an earlier run saw comes from where that was taken."""
    alone = load_crawl(chain / "last", confusion()).verdicts
    with archive.judged(chain / "seen.duckdb") as before:
        followed = load_crawl(chain / "last", confusion(), earlier=before.on).verdicts
    middle = verdicts(chain / "middle")
    through = [
        (row["origin_id"], middle[row["source_id"]]["source_id"])
        for row in followed
        if row["source_site"] == "middle.example"
    ]

    assert {row["origin_site"] for row in alone} <= {"middle.example", "last.example"}
    assert len(through) > 5  # some stories are of one event, and sources of each other
    assert all(origin == first and first.startswith("first") for origin, first in through)


def test_an_archive_says_what_a_site_lives_on(chain: Path) -> None:
    """Over all its runs, with chains followed to their beginnings, and by the command as well."""
    seen = chain / "seen.duckdb"
    sources = {
        site: site_verdict(f"{site}.example", seen, confusion()).sources
        for site in ("first", "middle", "last")
    }

    assert [source.site for source in sources["last"]] == ["first.example"]
    assert [source.site for source in sources["middle"]] == ["first.example"]
    assert sources["first"] == ()
    told = CliRunner().invoke(main, ["site", "last.example", "--archive", str(seen)]).output
    assert re.search(r"first\.example +\d", told)
    asked = CliRunner().invoke(main, ["site", "else.example", "--archive", str(seen)])
    assert asked.exit_code == 1
    assert "no verdict on else.example" in asked.output
    assert "such as first.example, last.example, middle.example" in asked.output


def test_a_report_follows_chains_through_the_archive(chain: Path) -> None:
    """`unspun report --archive` names the first site in the flow of who takes from whom."""
    told = {}
    for options in ([], ["--archive", str(chain / "seen.duckdb")]):
        ran = CliRunner().invoke(main, ["report", str(chain / "last"), "--pairs", "0", *options])
        assert ran.exit_code == 0
        page = next((chain / "last" / "report" / "sites").glob("last.example-*.html"))
        told[bool(options)] = page.read_text(encoding="utf-8").count("first.example")

    assert told[False] == 0
    assert told[True] > 0


def test_what_comes_later_finds_its_source_in_the_archive(
    lines: Lines, model: Path, tmp_path: Path
) -> None:
    """A copy in the second crawl names the article of the first as its source."""
    rules = Rules(archive=tmp_path / "seen.duckdb")
    run([lines("one", story(1), story(2))], tmp_path / "1", machine=ONE, model=model, rules=rules)
    second = lines("two", copied(2, 3, 5))
    summary = run([second], tmp_path / "2", machine=ONE, model=model, rules=rules)
    found = verdicts(tmp_path / "2")["a3"]

    assert summary["articles"] == summary["taken"] == 1
    assert (found["source_id"], found["source_url"]) == ("a2", "https://s2.example/a")
    assert found["evidence"]
    assert archive.stats(tmp_path / "seen.duckdb")["articles"] == 3


def test_two_runs_tell_what_one_run_over_both_tells(model: Path, tmp_path: Path) -> None:
    """The demo's feeds in one run, and in two with an archive, end with the same later verdicts."""
    feeds = sorted(crawl().iterdir(), reverse=True)
    first, second = feeds[: len(feeds) // 2], feeds[len(feeds) // 2 :]
    rules = Rules(archive=tmp_path / "seen.duckdb")
    run([*first, *second], tmp_path / "both", machine=ONE, model=model)
    run(first, tmp_path / "1", machine=ONE, model=model, rules=rules)
    run(second, tmp_path / "2", machine=ONE, model=model, rules=rules)
    late, both = verdicts(tmp_path / "2"), verdicts(tmp_path / "both")

    assert len(late) > 5
    assert any(row["source_id"] in verdicts(tmp_path / "1") for row in late.values())
    assert {name: both[name] for name in late} == late


def test_the_same_crawl_again_changes_nothing(lines: Lines, model: Path, tmp_path: Path) -> None:
    """Articles that the archive holds are rejected as known, and it stays as it is."""
    path, rules = lines("one", story(1), {"text": "Too short."}), Rules(archive=tmp_path / "seen")
    run([path], tmp_path / "1", machine=ONE, model=model, rules=rules)
    before = contents(tmp_path / "seen")
    summary = run([path], tmp_path / "2", machine=ONE, model=model, rules=rules)
    add([path], tmp_path / "seen", machine=ONE)
    rejected = pq.read_table(tmp_path / "2" / "rejected.parquet").to_pylist()

    assert summary["rejections"] == {"fewer_than_40_words": 1, "known": 1}
    assert rejected[0]["detail"] == "the same as a1 in the archive"
    assert contents(tmp_path / "seen") == before


def test_an_id_that_the_archive_holds_is_not_given_twice(
    lines: Lines, model: Path, tmp_path: Path
) -> None:
    """Another article that comes with a known id gets a longer one."""
    rules = Rules(archive=tmp_path / "seen")
    run([lines("one", story(1))], tmp_path / "1", machine=ONE, model=model, rules=rules)
    other = lines("two", story(2) | {"id": "a1"})
    run([other], tmp_path / "2", machine=ONE, model=model, rules=rules)

    (name,) = verdicts(tmp_path / "2")
    assert name.startswith("a1~")
    assert list(archive.verify(tmp_path / "seen")) == []


def test_added_articles_are_sources_without_verdicts(
    lines: Lines, model: Path, tmp_path: Path
) -> None:
    """What was added unjudged is found by what comes later."""
    counts = add([lines("old", story(1), {"text": "Short."})], tmp_path / "seen", machine=ONE)
    rules = Rules(archive=tmp_path / "seen")
    run([lines("new", copied(1, 2, 4))], tmp_path / "1", machine=ONE, model=model, rules=rules)
    held = archive.stats(tmp_path / "seen")

    assert (counts["read"], counts["added"], counts["rejected"]) == (2, 1, 1)
    assert verdicts(tmp_path / "1")["a2"]["source_id"] == "a1"
    assert (held["articles"], held["verdicts"], held["runs"]) == (2, 1, 2)
    assert not (tmp_path / "seen.adding").exists()


# ---------------------------------------------------------------- forgetting


def test_a_forgotten_article_leaves_no_word_in_the_file(
    lines: Lines, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its text is gone from every table and from the bytes, and so is what quoted it."""
    uncompressed(monkeypatch)
    path = tmp_path / "seen"
    rules = Rules(archive=path)
    text = str(story(1)["text"])
    rewritten = copied(1, 2, 4) | {"text": text.replace("said", "told us").replace("old", "new")}
    crawled = lines("one", story(1), rewritten, story(3))
    run([crawled], tmp_path / "1", machine=ONE, model=model, rules=rules)
    telling = next(word for word in text.split() if word[-6:].isdigit())
    assert telling.encode() in path.read_bytes()

    gone = archive.forget(path, ["https://s1.example/a", "a2"])
    assert gone == ["a1", "a2"]
    assert telling.encode() not in path.read_bytes()
    assert not path.with_name("seen.wal").exists()
    assert list(archive.verify(path)) == []
    assert archive.stats(path)["articles"] == 1
    again = run([crawled], tmp_path / "2", machine=ONE, model=model, rules=rules)
    assert again["rejections"] == {"forgotten": 2, "known": 1}


def test_what_was_made_from_a_forgotten_article_keeps_its_verdict(
    lines: Lines, model: Path, tmp_path: Path
) -> None:
    """The copy's score stays; the source's id, title, address and evidence do not."""
    path = tmp_path / "seen"
    crawled = lines("one", story(1), copied(1, 2, 4))
    run([crawled], tmp_path / "1", machine=ONE, model=model, rules=Rules(archive=path))
    archive.forget(path, ["a1"])
    with duckdb.connect(str(path), read_only=True) as connection:
        query = "select id, source_id, source_url, source_title, evidence, score from verdicts"
        (row,) = connection.execute(query).fetchall()

    assert row == ("a2", None, None, None, [], verdicts(tmp_path / "1")["a2"]["score"])


@pytest.mark.parametrize(
    "changes",
    [
        {"text": str(story(1)["text"]).replace(" and", ", and").replace("Monday", "MONDAY")},
        {"text": f"{story(1)['text']} Correction: an earlier version misspelt a name."},
        {"url": "http://s1.example/a"},
        {"url": "https://www.s1.example/a/", "text": f"{story(1)['text']} More of it."},
        {"url": "https://s1.example/a?amp=1"},
        {"url": ""},
    ],
)
def test_a_forgotten_article_does_not_come_back_changed(
    lines: Lines, model: Path, tmp_path: Path, changes: dict[str, object]
) -> None:
    """Neither the page with another text, nor the words elsewhere, nor what a copy of it quotes."""
    path = tmp_path / "seen"
    add([lines("one", story(1), story(3))], path, machine=ONE)
    archive.forget(path, ["a1"])
    before = contents(path)
    again = lines("two", story(1) | changes)
    add([again], path, machine=ONE)
    assert contents(path) == before

    text = str(story(1)["text"]).replace("said", "told us").replace("old", "new")
    copy = lines("three", story(1) | changes, copied(1, 2, 4) | {"text": text})
    run([copy], tmp_path / "1", machine=ONE, model=model, rules=Rules(archive=path))
    with duckdb.connect(str(path), read_only=True) as connection:
        query = "select id, source_id, source_url, source_title, evidence from verdicts"
        assert connection.execute(query).fetchall() == [("a2", None, None, None, [])]
    assert verdicts(tmp_path / "1")["a2"]["source_id"] == "a1"
    assert archive.stats(path)["articles"] == 2
    assert archive.stats(path)["forgotten"] == 1
    assert list(archive.verify(path)) == []


def test_a_takedown_names_nothing_in_the_clear(lines: Lines, tmp_path: Path) -> None:
    """An id that says whose the article was is in no table afterwards."""
    path = tmp_path / "seen"
    add([lines("one", story(1) | {"id": "confession-of-j-doe"}, story(3))], path, machine=ONE)
    archive.forget(path, ["confession-of-j-doe"])

    assert "j-doe" not in repr(contents(path))


def test_what_is_not_there_cannot_be_forgotten(lines: Lines, tmp_path: Path) -> None:
    """An unknown id is named, and nothing is removed."""
    add([lines("one", story(1))], tmp_path / "seen", machine=ONE)
    before = contents(tmp_path / "seen")

    with pytest.raises(DetectorError, match="no article with the id or URL a9") as error:
        archive.forget(tmp_path / "seen", ["a1", "a9"])
    assert "nothing was removed" in error.value.hint
    assert contents(tmp_path / "seen") == before


def test_nothing_is_forgotten_by_an_empty_name(lines: Lines, tmp_path: Path) -> None:
    """The empty word is no id, though articles without an address have it for one."""
    nameless = story(1)
    del nameless["url"]
    add([lines("one", nameless)], tmp_path / "seen", machine=ONE)

    with pytest.raises(DetectorError, match="no article with the id or URL"):
        archive.forget(tmp_path / "seen", [""])
    assert archive.stats(tmp_path / "seen")["articles"] == 1


def test_forgetting_makes_no_archive_and_is_a_change_of_one(lines: Lines, tmp_path: Path) -> None:
    """A mistyped path stays free; a takedown is the last link of the chain."""
    with pytest.raises(DetectorError, match="there is no archive"):
        archive.forget(tmp_path / "typo", ["a1"])
    assert not (tmp_path / "typo").exists()

    add([lines("one", story(1))], tmp_path / "seen", machine=ONE)
    before = archive.head(tmp_path / "seen")
    archive.forget(tmp_path / "seen", ["a1"])
    with duckdb.connect(str(tmp_path / "seen"), read_only=True) as connection:
        query = "select run, previous, link from runs order by number desc limit 1"
        run, previous, link = connection.execute(query).fetchall()[0]
    assert (run, previous) == ("takedown", before)
    assert link == archive.head(tmp_path / "seen")


def uncompressed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have DuckDB store texts as they are, so that words can be looked for in the bytes."""
    connect = duckdb.connect

    def plainly(*arguments: Any, **options: Any) -> duckdb.DuckDBPyConnection:
        connection = connect(*arguments, **options)
        connection.execute("pragma force_compression = 'uncompressed'")
        return connection

    monkeypatch.setattr(duckdb, "connect", plainly)


# ---------------------------------------------------------------- what is beside it


def names_in(folder: Path) -> list[str]:
    """Name what is in a folder."""
    return sorted(path.name for path in folder.iterdir())


def test_reading_writes_nothing_beside_the_archive(
    lines: Lines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading commands need no right to write where the archive is."""
    folder = tmp_path / "shared"
    folder.mkdir()
    path = folder / "seen[1]"
    add([lines("one", story(1))], path, machine=ONE)
    before, during = names_in(folder), []
    connect = duckdb.connect

    def watched(*arguments: Any, **options: Any) -> duckdb.DuckDBPyConnection:
        during.append(names_in(folder))
        return connect(*arguments, **options)

    monkeypatch.setattr(duckdb, "connect", watched)
    archive.stats(path)
    assert list(archive.verify(path)) == []
    archive.head(path)
    with archive.judged(path):
        pass
    assert during == [before] * 4


def test_what_a_killed_takedown_spilled_is_swept(
    lines: Lines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It spills beside the archive under a name that the next change removes."""
    folder = tmp_path / "shared"
    folder.mkdir()
    path, during = folder / "seen[1]", []
    add([lines("one", story(1), story(2))], path, machine=ONE)
    before = names_in(folder)
    monkeypatch.setattr(takedown, "check_found", lambda *_: during.extend(names_in(folder)))
    archive.forget(path, ["a1"])
    for left in set(during) - set(before):
        (folder / left).mkdir()
        (folder / left / "spilled").touch()

    assert names_in(folder) != before
    (folder / ".seen[1].new-notes").mkdir()  # somebody's own
    add([lines("two", story(3))], path, machine=ONE)
    assert set(names_in(folder)) == {*before, ".seen[1].new-notes"}


def test_a_refused_command_leaves_nothing_behind(lines: Lines, tmp_path: Path) -> None:
    """Neither a lock nor a folder is made beside a file that is no archive, or beside none."""
    folder = tmp_path / "feeds"
    folder.mkdir()
    (folder / "feed.xml").write_text("<rss/>")
    (folder / "empty").touch()
    crawled = str(lines("one", story(1)))
    for words, said in (
        (["add", "feed.xml", crawled], "is damaged, or no archive of unspun"),
        (["add", "empty", crawled], "is damaged, or no archive of unspun"),
        (["forget", "feed.xml", "a1"], "is damaged, or no archive of unspun"),
        (["forget", "typo", "a1"], "there is no archive"),
    ):
        result = CliRunner().invoke(main, ["archive", words[0], str(folder / words[1]), words[2]])
        assert said in result.output
        assert result.exit_code == 1
    assert names_in(folder) == ["empty", "feed.xml"]


def test_an_archive_that_is_not_there_is_told_by_every_reader(tmp_path: Path) -> None:
    """Whether or not its folder is there, a command says that there is no archive."""
    suspect = Article(id="a1", text=str(story(1)["text"]))
    for path in (tmp_path / "typo.duckdb", tmp_path / "no" / "seen.duckdb"):
        for read in (archive.stats, archive.head, lambda path: list(archive.verify(path))):
            with pytest.raises(DetectorError, match="there is no archive"):
                read(path)
        with pytest.raises(DetectorError, match="there is no archive"), archive.judged(path):
            pass
        with pytest.raises(DetectorError, match="there is no archive"):
            possible_sources(path, suspect)


# ---------------------------------------------------------------- versions and damage


def test_a_newer_archive_is_refused(lines: Lines, tmp_path: Path) -> None:
    """An archive of a newer schema is not touched, and the error says what to do."""
    path = tmp_path / "seen"
    add([lines("one", story(1))], path, machine=ONE)
    with duckdb.connect(str(path)) as connection:
        connection.execute("update about set schema_version = 99")

    with pytest.raises(DetectorError, match="written by a newer unspun: schema 99") as error:
        archive.stats(path)
    assert "upgrade unspun" in error.value.hint


def test_an_older_archive_is_migrated(
    lines: Lines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each migration runs once, in order, and the version is noted."""
    path = tmp_path / "seen"
    add([lines("one", story(1))], path, machine=ONE)
    steps = ["alter table {archive}.runs add column note varchar"]
    monkeypatch.setattr(files, "MIGRATIONS", {files.VERSION: steps})
    for module in (schema, files):
        monkeypatch.setattr(module, "VERSION", module.VERSION + 1)
    for _ in range(2):
        files.ready(path)

    with duckdb.connect(str(path), read_only=True) as connection:
        assert connection.execute("select schema_version from about").fetchall() == [
            (files.VERSION,)
        ]
        assert connection.execute("select note from runs").fetchall() == [(None,)]


@pytest.mark.parametrize("part", [0.0, 0.1, 0.5, 0.8, 0.99])
def test_a_truncated_archive_is_told(lines: Lines, tmp_path: Path, part: float) -> None:
    """Whatever part of the file is left, reading ends in an error, not in fewer articles."""
    path = tmp_path / "seen"
    add([lines("one", *map(story, range(40)))], path, machine=ONE)
    os.truncate(path, int(path.stat().st_size * part))

    with pytest.raises(DetectorError, match="is damaged, or no archive") as error:
        list(archive.verify(path))
    assert "restore it" in error.value.hint


@pytest.mark.parametrize("place", [3, 1000, 4100, 8200, 12300, *range(13_000, 2_000_000, 262_143)])
def test_an_altered_byte_is_told(lines: Lines, tmp_path: Path, place: int) -> None:
    """Wherever a byte of the file is another, `verify` refuses it, or nothing read it; and what
    the other commands meet of it is told in a line as well.
    """
    path = tmp_path / "seen"
    add([lines("one", *map(story, range(60)))], path, machine=ONE)
    content = bytearray(path.read_bytes())
    content[place % len(content)] ^= 0xFF
    new = lines("new", story(99))

    def told(*words: str) -> str:
        path.write_bytes(content)
        result = CliRunner().invoke(main, ["archive", *words])
        assert result.exception is None or isinstance(result.exception, SystemExit)
        assert (result.exit_code == 0) == ("is damaged, or no archive" not in result.output)
        return result.output

    answers = [told("verify", str(path)), told("stats", str(path)), told("forget", str(path), "a7")]
    answers.append(told("add", str(path), str(new), "--jobs", "1"))
    if place < 4096:
        assert all("is damaged" in answer for answer in answers)


def test_a_message_that_speaks_of_blocks_is_of_no_lock(tmp_path: Path) -> None:
    """What DuckDB says of a damaged block is damage; of a lock it says so."""
    for message, said in (("Corrupt block 7", "is damaged"), ("Could not set lock", "is in use")):
        with pytest.raises(DetectorError, match=said), files.readable(tmp_path / "seen"):
            raise duckdb.IOException(message)


@pytest.mark.parametrize(
    ("found", "altered"),
    [("+00:00", "+99:99"), ('"link"', '"lunk"'), ('"parts": {}', '"parts": []'), ("2", "9")],
)
def test_an_altered_head_of_a_folder_is_told(tmp_path: Path, found: str, altered: str) -> None:
    """A head that is JSON, and holds what no head does, is refused like one that is none."""
    head = FolderHead().after("run", "content")
    (tmp_path / head.name).write_text(head.text.replace(found, altered))

    with pytest.raises(DetectorError, match=r"is damaged|written by a newer"):
        list(archive.verify(tmp_path))


def test_other_files_are_no_archives(tmp_path: Path) -> None:
    """A text file, another database and nothing at all are told apart from an archive."""
    (tmp_path / "text").write_text("Not a database. " * 100)
    duckdb.connect(str(tmp_path / "other")).close()

    for name, message in (("text", "damaged"), ("other", "no table"), ("none", "there is no")):
        with pytest.raises(DetectorError, match=message):
            archive.stats(tmp_path / name)


def test_verify_names_what_was_altered(lines: Lines, tmp_path: Path) -> None:
    """A changed text, a loose row and a broken chain are each named."""
    path = tmp_path / "seen"
    add([lines("one", story(1), story(2))], path, machine=ONE)
    with duckdb.connect(str(path)) as connection:
        connection.execute("update articles set text = text || '!' where id = 'a1'")
        connection.execute("update terms set article = 9 where article = 2")
        connection.execute("update runs set content = 'x'")
    faults = list(archive.verify(path))

    assert faults[0] == "change 1 does not follow from the one before"
    assert faults[1].endswith("terms of no article")
    assert faults[2:] == ["article a1 is not what was added"]


# ---------------------------------------------------------------- two at once, and the dead


def test_a_second_run_says_who_holds_the_archive(lines: Lines, model: Path, tmp_path: Path) -> None:
    """While one process holds the archive, another is told its number, or waits."""
    path, rules = lines("one", story(1)), Rules(archive=tmp_path / "seen")
    told: list[str] = []
    with archive.held(tmp_path / "seen"):
        with pytest.raises(DetectorError, match=f"held by process {os.getpid()}") as error:
            run([path], tmp_path / "1", machine=ONE, model=model, rules=rules)
        waiting = subprocess.Popen(command(path, tmp_path, "2", "--wait"))
        time.sleep(3)
        assert waiting.poll() is None
    assert "--wait" in error.value.hint
    assert waiting.wait(timeout=60) == 0
    with archive.held(tmp_path / "seen", wait=True, tell=told.append):
        assert told == []
    assert archive.stats(tmp_path / "seen")["articles"] == 1


def command(crawled: Path, folder: Path, out: str, *options: str) -> list[str]:
    """Give the command line of a run with the archive ``seen``."""
    arguments = ["batch", str(crawled), "--archive", str(folder / "seen"), "--jobs", "1"]
    arguments += ["--out", str(folder / out), "--window", "0", *options]
    return [sys.executable, "-m", "detector", *arguments]


def test_a_run_that_is_killed_at_any_moment_ends_like_a_calm_one(
    lines: Lines, tmp_path: Path
) -> None:
    """Twenty kill -9 at random moments: the rerun's tables and the archive are those of no kill."""
    old = lines("old", *(story(i) for i in range(30)))
    new = lines(
        "new", *(copied(i, 100 + i, 9) for i in range(20)), *(story(i, 3) for i in (50, 51))
    )
    base = tmp_path / "base"
    add([old], base, machine=ONE)
    calm, rough = tmp_path / "calm", tmp_path / "rough"
    for folder in (calm, rough):
        folder.mkdir()
        shutil.copy(base, folder / "seen")
    before = time.monotonic()
    subprocess.run(command(new, calm, "out"), check=False, capture_output=True)
    whole = time.monotonic() - before
    chance = random.Random(5)
    for attempt in range(20):
        process = subprocess.Popen(
            command(new, rough, "out"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        # Later and later, so that every stage is killed in, the last ones included.
        time.sleep(whole * (0.3 + 0.75 * chance.random() * (attempt + 1) / 20))
        process.kill()
        process.wait()
    subprocess.run(command(new, rough, "out"), check=False, capture_output=True)

    for name in ("articles", "rejected", "verdicts"):
        path = f"out/{name}.parquet"
        assert pq.read_table(rough / path).equals(pq.read_table(calm / path))
    assert contents(rough / "seen") == contents(calm / "seen")
    assert list(archive.verify(rough / "seen")) == []


@pytest.mark.parametrize("moment", ["looking for sources", "judging: 1", "writing", "adding"])
def test_what_others_added_meanwhile_is_looked_at(
    lines: Lines, model: Path, tmp_path: Path, moment: str
) -> None:
    """A run that goes on after another changed the archive finds what is there now."""
    rules = Rules(archive=tmp_path / "seen")
    new = lines("new", copied(1, 2, 9))

    def stop(state: str) -> None:
        if state.startswith(moment):
            raise KeyboardInterrupt

    with pytest.raises(DetectorError, match="keeps what is done"):
        run([new], tmp_path / "1", machine=ONE, model=model, rules=rules, progress=stop)
    add([lines("old", story(1))], tmp_path / "seen", machine=ONE)
    run([new], tmp_path / "1", machine=ONE, model=model, rules=rules)

    assert verdicts(tmp_path / "1")["a2"]["source_id"] == "a1"


@contextmanager
def killed_at(monkeypatch: pytest.MonkeyPatch, step: str) -> Iterator[None]:
    """Interrupt a run where it comes to a step."""

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(f"detector.batch.running.{step}", killed)
        with pytest.raises(DetectorError):
            yield


def test_a_run_killed_after_the_archive_took_it_in_only_writes_its_summary(
    lines: Lines, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the transaction and the summary nothing is lost or done twice."""
    path, rules = lines("one", story(1), copied(1, 2, 9)), Rules(archive=tmp_path / "seen")
    whole = run([path], tmp_path / "calm", machine=ONE, model=model, rules=rules)
    shutil.rmtree(tmp_path / "calm")
    (tmp_path / "seen").unlink()
    with killed_at(monkeypatch, "summarise"):
        run([path], tmp_path / "1", machine=ONE, model=model, rules=rules)
    before = contents(tmp_path / "seen")
    summary = run([path], tmp_path / "1", machine=ONE, model=model, rules=rules)

    assert contents(tmp_path / "seen") == before
    counted = {name for name in whole if name not in ("seconds", "peak_megabytes")}
    assert {name: summary[name] for name in counted} == {name: whole[name] for name in counted}


def test_a_killed_run_has_its_result_whatever_was_added_after_it(
    lines: Lines, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that the archive took in before it was killed is known there behind other changes."""
    path, rules = lines("one", story(1), copied(1, 2, 9)), Rules(archive=tmp_path / "seen")
    with killed_at(monkeypatch, "summarise"):
        run([path], tmp_path / "1", machine=ONE, model=model, rules=rules)
    before = verdicts(tmp_path / "1")
    run([lines("two", story(3))], tmp_path / "2", machine=ONE, model=model, rules=rules)
    held = contents(tmp_path / "seen")
    summary = run([path], tmp_path / "1", machine=ONE, model=model, rules=rules)

    assert (summary["articles"], summary["rejections"]) == (2, {})
    assert verdicts(tmp_path / "1") == before
    assert contents(tmp_path / "seen") == held


def test_a_killed_run_is_not_taken_for_the_same_run_elsewhere(
    lines: Lines, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What another folder's run of the same inputs added is known; nothing is waited for here."""
    path, rules = lines("one", story(1), copied(1, 2, 9)), Rules(archive=tmp_path / "seen")
    with killed_at(monkeypatch, "write_parquet"):
        run([path], tmp_path / "1", machine=ONE, model=model, rules=rules)
    run([path], tmp_path / "2", machine=ONE, model=model, rules=rules)
    summary = run([path], tmp_path / "1", machine=ONE, model=model, rules=rules)

    assert (summary["articles"], summary["rejections"]) == (0, {"known": 2})


def test_a_killed_addition_tells_what_it_added(
    lines: Lines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An addition that was killed when the archive had it counts the same when it is repeated."""
    path = lines("one", story(1), story(2, 7), {"text": "Short."})

    def taken_in(*given: Any) -> None:
        additions.take_in(*given)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(archive, "take_in", taken_in)
        with pytest.raises(DetectorError):
            add([path], tmp_path / "seen", machine=ONE)
    held = contents(tmp_path / "seen")
    counts = add([path], tmp_path / "seen", machine=ONE)

    assert (counts["read"], counts["added"]) == (3, 2)
    assert counts["rejections"] == {"fewer_than_40_words": 1}
    assert contents(tmp_path / "seen") == held
    assert not (tmp_path / "seen.adding").exists()


def test_a_failed_addition_leaves_the_archive_as_it_was(
    lines: Lines, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error within the transaction undoes all of it."""
    path, rules = tmp_path / "seen", Rules(archive=tmp_path / "seen")
    add([lines("one", story(1))], path, machine=ONE)
    before = contents(path)
    monkeypatch.setattr(additions, "note", lambda *_: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        run([lines("two", story(2))], tmp_path / "1", machine=ONE, model=model, rules=rules)
    assert contents(path) == before


def test_a_full_disk_is_said_of_the_archive(tmp_path: Path) -> None:
    """What DuckDB says of a full disk, at a commit or a write, is the user's to mend."""
    for error in (duckdb.TransactionException, duckdb.IOException):
        full = error('Could not write file "seen.wal": No space left on device')
        no_space = pytest.raises(DetectorError, match="no space left for")
        with no_space as told, files.readable(tmp_path / "seen"):
            raise full
        assert "make room" in told.value.hint
    with pytest.raises(duckdb.TransactionException), files.readable(tmp_path / "seen"):
        raise duckdb.TransactionException("conflict")


def test_without_an_archive_none_is_spoken_of() -> None:
    """What a run without one cannot read or write are its own files."""
    for message in ("No files found", "No space left on device"):
        with pytest.raises(DetectorError) as told, files.readable(None):
            raise duckdb.IOException(message)
        assert "None" not in str(told.value)
        assert "no archive" not in str(told.value)


# ---------------------------------------------------------------- the commands


def test_the_commands_add_count_check_and_forget(lines: Lines, tmp_path: Path) -> None:
    """Each command says what it did, for people and for programs."""
    path = str(tmp_path / "seen")

    def call(*arguments: str) -> str:
        result = CliRunner().invoke(main, ["archive", *arguments])
        assert result.exit_code == 0, result.output
        return result.output

    crawled = str(lines("one", story(1), story(2, 7), {"text": "Short."}))
    added = json.loads(call("add", path, crawled, "--json", "--memory", "500MB"))
    counts = json.loads(call("stats", path, "--json"))

    assert added["added"] == counts["articles"] == 2
    assert (counts["from"][:10], counts["to"][:10]) == ("2026-03-01", "2026-03-07")
    assert "rejections: fewer than 40 words 1" in call("stats", path).replace("_", " ")
    assert call("verify", path).endswith("is whole.\n")
    assert "Removed 1" in call("forget", path, "a1")
    assert json.loads(call("stats", path, "--json"))["forgotten"] == 1


def test_verify_ends_with_an_error_where_something_is_wrong(lines: Lines, tmp_path: Path) -> None:
    """A fault is printed, and the exit status tells programs."""
    path = tmp_path / "seen"
    add([lines("one", story(1))], path, machine=ONE)
    with duckdb.connect(str(path)) as connection:
        connection.execute("update articles set text = 'other'")
    result = CliRunner().invoke(main, ["archive", "verify", str(path)])

    assert (result.exit_code, "is not what was added" in result.output) == (1, True)


@pytest.mark.parametrize(("size", "code"), [("500M", 0), ("1.5 GiB", 0), ("much", 2)])
def test_memory_is_written_as_people_write_it(
    lines: Lines, tmp_path: Path, size: str, code: int
) -> None:
    """Sizes with units are read; what is no size is wrong usage."""
    call = ["archive", "add", str(tmp_path / "seen"), str(lines("one", story(1)))]

    assert CliRunner().invoke(main, [*call, "--memory", size]).exit_code == code
