"""The benchmarks run; what they measure is for their own command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from detector.records import Article

BENCH = Path(__file__).parent / "bench"
ROOT = BENCH.parent.parent
RIVALS = ["datasketch", "difflib", "import sklearn", "import sklearn", "lexicalrichness"]
RIVALS += ["naive pipeline", "nupunkt + re", "pysbd", "rensa", "textstat", "trafilatura"]
LIMITS = ["a look-up a byte", "a look-up a word", "edit distance in C", "words counted in C"]
LIMITS += ["words counted in C", "words found"]
STAGES = ["clean", "segment", "sketch", "align", "article features", "pair features"]
SMALL = ("--count", "3", "--crawl", "3", "--earlier", "6", "--repeat", "1", "--longest", "700")
NEWS = (
    Article(id="quay", text="Mayor Odalys Brink opened the quay.\n\nThe quay at Tarnmouth is new."),
    Article(id="bees", text="Bees were seen in Felderby, and Tarnmouth has none."),
)


def run(out: Path, *options: str, path: str = "") -> dict[str, Any]:
    """Run the benchmarks over the fictional crawl, this checkout's code and what is in `path`."""
    places = os.pathsep.join(filter(None, [path, str(ROOT)]))
    done = subprocess.run(
        [sys.executable, str(BENCH), *options, "--out", str(out)],
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": places},
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(out.read_text())
    return told


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Run all in small."""
    return run(tmp_path_factory.mktemp("bench") / "bench.json", *SMALL)


def row_of(told: dict[str, Any], what: str) -> dict[str, Any]:
    """Find the one row of a name."""
    (row,) = (row for row in told["rows"] if row["what"] == what)
    found: dict[str, Any] = row
    return found


def test_the_table_has_every_row_and_a_ratio(told: dict[str, Any]) -> None:
    """Over three articles each row has both times and their ratio, and the file names versions."""
    compared = [row for row in told["rows"] if "rival" in row]

    assert sorted(row["rival"] for row in compared) == sorted(RIVALS + LIMITS)
    assert all(row["ratio"] > 0 and row["rival_seconds"] > 0 for row in compared)
    assert row_of(told, "features and score of a pair")["pairs_a_second"] > 0
    assert told["articles"] == 3
    assert "pysbd" in told["versions"]


def test_growth_has_each_stage_at_each_length_asked_for(told: dict[str, Any]) -> None:
    """Up to 700 words there is one length, of about as many words, and every stage took time."""
    (row,) = told["growth"]

    assert 690 <= row["words"] <= 730
    assert row["sentences"] > 20
    assert list(row["cpu_seconds"]) == STAGES
    assert min(row["cpu_seconds"].values()) > 0


def test_both_pipelines_judge_the_crawl_and_find_the_planted_copy(told: dict[str, Any]) -> None:
    """Of three new articles one is a copy, and each side's verdict names its original."""
    row = row_of(told, "JSON lines to verdicts")

    assert (row["articles"], row["copies"]) == (3, 1)
    assert row["copies_found"] == row["rival_copies_found"] == 1
    assert min(row["cpu_seconds"], row["rival_cpu_seconds"]) > 0


def test_pages_give_back_the_articles_that_were_put_on_them(told: dict[str, Any]) -> None:
    """Every page yields an article fit to be judged, with its words and none of the furniture."""
    row = row_of(told, "pages to clean articles")

    assert row["pages"] == row["fit"] == 3
    assert row["page_bytes"] > 30_000
    assert 0.97 < row["words_of_those_written"] < 1.03


def test_the_size_is_that_of_the_base_installation(
    told: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What declared dependencies need counts, by whichever extra; what tests need does not."""
    row = row_of(told, "install size, base")

    assert row["megabytes"] > sum(row["largest"].values()) > 100
    assert max(row["largest"].values()) == next(iter(row["largest"].values()))
    monkeypatch.syspath_prepend(str(BENCH))
    needed = set(import_module("installed").base("unspun"))
    assert {"unspun", "numpy", "trafilatura", "justext", "lxml-html-clean", "scipy"} <= needed
    assert not {"pytest", "pysbd", "datasketch", "matplotlib", "pyspark"} & needed
    assert len(needed) == row["distributions"]


def test_a_rival_that_is_not_installed_is_named_and_left_out(tmp_path: Path) -> None:
    """Without pysbd its rows say why they are missing."""
    lacking = "raise ModuleNotFoundError(\"No module named 'pysbd'\")\n"
    (tmp_path / "pysbd.py").write_text(lacking)

    told = run(tmp_path / "out.json", "--count", "1", "--only", "sentences and", path=str(tmp_path))

    assert told["rows"] == [{"what": "segmentation", "skipped": "No module named 'pysbd'"}]


def test_long_articles_have_the_words_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Joined news has exactly so many words, in paragraphs of the news; a second round renames."""
    monkeypatch.syspath_prepend(str(BENCH))
    inputs = import_module("inputs")
    words = sum(len(article.text.split()) for article in NEWS)

    for length in (1, words - 1, words, words + 5, 10 * words):
        assert len(inputs.joined(NEWS, length).text.split()) == length
    first, second = inputs.joined(NEWS, words), list(islice(inputs.endless(NEWS), 4))[2:]
    assert first.text.split("\n\n") == [p for a in NEWS for p in a.text.split("\n\n")]
    for article, renamed in zip(NEWS, second, strict=True):
        assert renamed.text != article.text
        assert [w for w in renamed.text.split() if w.islower()] == [
            w for w in article.text.split() if w.islower()
        ]
