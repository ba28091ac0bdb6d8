"""One article held against an archive, which stays as it is."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from detector.batch import Machine, Rules, add, run
from detector.batch.lookup import possible_sources
from detector.candidates import CANDIDATES, Reach
from detector.cli import main
from detector.demo import crawl
from detector.ingest import read
from detector.records import Article

ONE = Machine(jobs=1)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an archive of the bundled crawl."""
    path = tmp_path_factory.mktemp("seen") / "seen.duckdb"
    add([crawl()], path, machine=ONE)
    return path


@pytest.fixture(scope="module")
def original() -> Article:
    """Give an article of the bundled crawl."""
    found = [item for item in read([crawl()]) if isinstance(item, Article)]
    return max(found, key=lambda article: len(article.text))


@pytest.fixture(scope="module")
def copied(original: Article, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write an article of the crawl out once more, under another address."""
    path = tmp_path_factory.mktemp("copied") / "suspect.jsonl"
    record = {"url": "https://mirror.example/1", "text": original.text, "date": "2039-01-01"}
    path.write_text(json.dumps(record) + "\n")
    return path


def told(suspect: Path, against: Path) -> dict[str, Any]:
    """Ask the command line about one article."""
    result = CliRunner().invoke(main, ["score", str(suspect), "--against", str(against), "--json"])
    assert result.exit_code in (0, 3), result.output
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def test_the_source_is_found_in_the_archive(seen: Path, copied: Path, original: Article) -> None:
    """An article of the archive that stands on another page is found as its source."""
    answer = told(copied, seen)

    assert answer["source"]["url"] == original.url
    assert answer["relation"] == "copy"


def test_it_is_what_a_run_finds(seen: Path, copied: Path, tmp_path: Path) -> None:
    """A crawl of that article alone, with that archive, tells the same."""
    archive = shutil.copy(seen, tmp_path / "seen.duckdb")
    rules = Rules(Reach(), archive=Path(archive))
    run([copied], tmp_path / "out", machine=ONE, rules=rules)
    (row,) = pq.read_table(tmp_path / "out" / "verdicts.parquet").to_pylist()
    answer = told(copied, seen)

    assert answer["source"]["id"] == row["source_id"]
    for name in ("relation", "first", "attributed"):
        assert answer[name] == row[name], name
    for name in ("score", "coverage"):
        assert answer[name] == pytest.approx(row[name], abs=1e-6), name


def test_the_archive_stays_as_it_is(seen: Path, copied: Path) -> None:
    """Looking an article up adds nothing and leaves nothing behind."""
    before = hashlib.sha256(seen.read_bytes()).digest(), sorted(seen.parent.iterdir())
    told(copied, seen)

    assert (hashlib.sha256(seen.read_bytes()).digest(), sorted(seen.parent.iterdir())) == before


def test_few_candidates_come_and_the_likeliest_first(seen: Path, original: Article) -> None:
    """However large the archive, there is little to align."""
    suspect = Article("x", original.text, url="https://mirror.example/1")
    found = possible_sources(seen, suspect)

    assert 0 < len(found) <= CANDIDATES
    assert found[0].url == original.url


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Too short to be judged.", "fewer_than_40_words"),
        (" ".join(f"{word}ing zebras juggle" for word in "abcdefghijklmnop"), "no_source"),
    ],
)
def test_what_has_nothing_in_common_has_no_source(
    seen: Path, tmp_path: Path, text: str, reason: str
) -> None:
    """A short text is refused with its reason; a foreign one is told by its style alone."""
    path = tmp_path / "suspect.txt"
    path.write_text(text)

    assert told(path, seen)["cannot_tell"] == reason


def test_a_damaged_archive_is_said_to_be_one(seen: Path, copied: Path, tmp_path: Path) -> None:
    """A file that was cut off ends in one line that says so."""
    broken = tmp_path / "seen.duckdb"
    broken.write_bytes(seen.read_bytes()[:20_000])
    result = CliRunner().invoke(main, ["score", str(copied), "--against", str(broken)])

    assert result.exit_code == 1
    assert "is damaged" in result.output


def test_an_archive_of_the_version_before_is_said_to_be_one(
    seen: Path, copied: Path, tmp_path: Path
) -> None:
    """Reading changes no archive, so it says how one is brought up to date."""
    old = Path(shutil.copy(seen, tmp_path / "seen.duckdb"))
    with duckdb.connect(str(old)) as connection:
        connection.execute("update about set schema_version = 1")
    result = CliRunner().invoke(main, ["score", str(copied), "--against", str(old)])

    assert result.exit_code == 1
    assert "written by an older unspun" in result.output
